"""All next and related lists, beside a plain MkDocs build of the same pages.

    python -m bench.ranking [NOTES]

Each is measured in a process of its own, one after the other, three times; printed are the medians, their ratio, and
how the cost of a page grows from 1,000 notes to five times NOTES, relative to n·log n. Then, in one process, what it
takes to rank again after an edit, as a part of ranking from nothing.
"""

from __future__ import annotations

import gc
import math
import multiprocessing
import random
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

from bench.knowledge_base import make
from bench.whole_site import measure, plain_copy
from inquiry_site.build import build, check
from inquiry_site.files import read_tree
from inquiry_site.gc_control import gc_paused

_RUNS = 3
SEARCH = (
    "site_name: Bench\ntheme: {name: material, font: false}\nplugins: [search]\nnot_in_nav: |\n  /notes/\n  /lines/\n"
)


def rank(base: Path) -> tuple[float, float]:
    """Seconds of the ranking, and the peak memory in MiB of a process that reads, links and ranks a base."""
    knowledge = check(read_tree(base)).knowledge
    began = time.perf_counter()
    _ = knowledge.ranking
    return time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def in_a_process(base: Path) -> tuple[float, float]:
    """The same in a new process, whose memory nothing else has filled."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(rank, (base,))


def edited(text: str, chance: random.Random, notes: int) -> dict[str, str]:
    """A note's text after usual edits, by what was done."""
    some = " ".join(chance.sample(text.split()[-90:], 8))
    return {
        "a sentence added": f"{text}\n\n{some.capitalize()}.\n",
        "a new word": f"{text}\n\nUnheard-of {notes}th.\n",
        "another question": text.replace(" matter?", " count?", 1),
        "another tag": text.replace("tags: [", "tags: [judge, ", 1),
        "another citation": f"{text}\n\nSee [[note-{chance.randrange(notes)}]].\n",
    }


def rank_again(base: Path) -> tuple[float, dict[str, float]]:
    """Seconds of a first ranking, and after each kind of edit the median of three; each is checked to be the same."""
    chance, files = random.Random(0), read_tree(base)
    first = build(files)
    notes = sum(path.startswith("notes/") for path in files)
    taken: dict[str, list[float]] = {}
    whole: list[float] = []
    for _ in range(_RUNS):
        path = f"notes/note-{chance.randrange(notes)}.md"
        for kind, text in edited(first.texts[path], chance, notes).items():
            after = {**files, path: text}
            again, anew = check(after, before=first).knowledge, check(after).knowledge
            with gc_paused():
                for knowledge, times in ((again, taken.setdefault(kind, [])), (anew, whole)):
                    began = time.perf_counter()
                    _ = knowledge.ranking
                    times.append(time.perf_counter() - began)
            if again.ranking != anew.ranking:
                raise AssertionError(f"{kind}: ranked again is not ranked anew")
            gc.collect()
    return statistics.median(whole), {kind: statistics.median(times) for kind, times in taken.items()}


def main(notes: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        base, peer = Path(name, "base"), Path(name, "peer")
        make(base, notes, notes // 10)
        plain_copy(base, peer)
        (peer / "mkdocs.yml").write_text(SEARCH, encoding="utf-8")
        runs = [(in_a_process(base), measure(peer)) for _ in range(_RUNS)]
        ours, theirs = (statistics.median(run[side][0] for run in runs) for side in (0, 1))
        print(f"{notes} notes and {notes // 10} lines, median of {_RUNS}")
        print(f"  all next and related lists {ours:8.2f} s {statistics.median(run[0][1] for run in runs):8.0f} MiB")
        print(f"  plain MkDocs and Material  {theirs:8.2f} s")
        print(f"  ratio                      {ours / theirs:8.3f}")
        for number in (1_000, notes, 5 * notes):
            grown = Path(name, str(number))
            make(grown, number, number // 10)
            seconds, memory = in_a_process(grown)
            pages = number + number // 10
            cost = seconds / (pages * math.log(pages)) * 1e6
            print(f"  {number:>6} notes: {seconds:7.2f} s, {memory:6.0f} MiB, {cost:6.2f} µs for each n·log n")
        whole, again = rank_again(base)
        print(f"  after one edit of a note, beside {whole:.2f} s from nothing")
        for kind, seconds in again.items():
            print(f"    {kind:<20} {seconds:8.3f} s, 1/{whole / seconds:.0f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
