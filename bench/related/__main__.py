"""Compare our ranking with others on evaluation sets: ``python -m bench.related [SET.jsonl …]``.

Without an argument, the sets of ``bench.related.sets`` are generated first, from PyPI packages at pinned versions.
Ours is measured end to end: the pages of a set become notes that cite one another, which the product parses and ranks.
Prints for each set nDCG@5 and recall@10 of every ranking, and the ratio of ours to the best single one.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.related.corpus import Entry, as_files, read_set, score
from bench.related.rankers import RANKERS
from bench.related.sets import make_sets
from inquiry_site.build import check


def ours(entries: Sequence[Entry]) -> dict[str, list[str]]:
    """Return the related pages of each page as the product ranks them."""
    files, page_of = as_files(entries)
    ranking = check(files).knowledge.ranking
    return {
        page_of[note]: [page_of[neighbour.id] for neighbour in related]
        for note, related in ranking.related_notes.items()
    }


def compare(path: Path) -> None:
    """Compare all rankings on one set, and print a table."""
    entries = read_set(path)
    print(f"\n{path.stem}: {len(entries)} pages")
    print(f"{'':26}{'nDCG@5':>8}{'recall@10':>11}")
    best = 0.0
    for name, ranker in RANKERS.items():
        try:
            gain, recall = score(entries, ranker(entries))
        except ImportError as missing:
            print(f"  {name:<24}{'left out: ' + missing.name + ' is not installed' if missing.name else 'left out'}")
            continue
        if name != "fixed mix of four":
            best = max(best, gain)
        print(f"  {name:<24}{gain:>8.3f}{recall:>11.3f}")
    gain, recall = score(entries, ours(entries))
    print(f"  {'ours':<24}{gain:>8.3f}{recall:>11.3f}   ratio to the best single one {gain / best:.2f}")


def main(paths: Sequence[str]) -> None:
    """Compare on the given sets, or on generated ones."""
    with tempfile.TemporaryDirectory() as folder:
        for path in [Path(path) for path in paths] or make_sets(Path(folder)):
            compare(path)


if __name__ == "__main__":
    main(sys.argv[1:])
