"""Compare ranking all next lines and related notes with a plain MkDocs build of the same pages.

    python -m bench.ranking [NOTES]

Each is measured alternately in a separate process, three times. Prints the medians, their ratio, and the growth of the
cost per page from 1,000 notes to five times NOTES, relative to n·log n. Then, in one process, compares the time of
updating the ranking after an edit with that of computing it without a previous one.
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
    """Return the seconds of the ranking, and the peak memory (MiB) of reading, resolving and ranking a base."""
    knowledge = check(read_tree(base)).knowledge
    start = time.perf_counter()
    _ = knowledge.ranking
    return time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def in_a_process(base: Path) -> tuple[float, float]:
    """Run ``rank`` in a new process, so that earlier measurements do not count towards its memory."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(rank, (base,))


def edited(text: str, rng: random.Random, notes: int) -> dict[str, str]:
    """Return a note's text after each of several typical edits, by a description of the edit."""
    words = " ".join(rng.sample(text.split()[-90:], 8))
    return {
        "a sentence added": f"{text}\n\n{words.capitalize()}.\n",
        "a new word": f"{text}\n\nUnheard-of {notes}th.\n",
        "another question": text.replace(" matter?", " count?", 1),
        "another tag": text.replace("tags: [", "tags: [judge, ", 1),
        "another citation": f"{text}\n\nSee [[note-{rng.randrange(notes)}]].\n",
    }


def rank_again(base: Path) -> tuple[float, dict[str, float]]:
    """Time full rankings and updates after each kind of edit, and check that both give the same result.

    Returns:
        The median seconds of a full ranking, and those of an update by kind of edit.
    """
    rng, files = random.Random(0), read_tree(base)
    first = build(files)
    notes = sum(path.startswith("notes/") for path in files)
    update_times: dict[str, list[float]] = {}
    full_times: list[float] = []
    for _ in range(_RUNS):
        path = f"notes/note-{rng.randrange(notes)}.md"
        for kind, text in edited(first.texts[path], rng, notes).items():
            edited_files = {**files, path: text}
            updated, recomputed = check(edited_files, before=first).knowledge, check(edited_files).knowledge
            with gc_paused():
                for knowledge, times in ((updated, update_times.setdefault(kind, [])), (recomputed, full_times)):
                    start = time.perf_counter()
                    _ = knowledge.ranking
                    times.append(time.perf_counter() - start)
            if updated.ranking != recomputed.ranking:
                raise AssertionError(f"{kind}: the updated ranking differs from the recomputed one")
            gc.collect()
    return statistics.median(full_times), {kind: statistics.median(times) for kind, times in update_times.items()}


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
            base_of_size = Path(name, str(number))
            make(base_of_size, number, number // 10)
            seconds, memory = in_a_process(base_of_size)
            pages = number + number // 10
            cost = seconds / (pages * math.log(pages)) * 1e6
            print(f"  {number:>6} notes: {seconds:7.2f} s, {memory:6.0f} MiB, {cost:6.2f} µs for each n·log n")
        full_seconds, update_seconds = rank_again(base)
        print(f"  after one edit of a note, beside {full_seconds:.2f} s from nothing")
        for kind, seconds in update_seconds.items():
            print(f"    {kind:<20} {seconds:8.3f} s, 1/{full_seconds / seconds:.0f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
