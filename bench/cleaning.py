"""Measure what sanitising authors' HTML costs a whole build.

    python -m bench.cleaning [NOTES] [PAIRS]

Builds the same knowledge base with ``html: safe`` and ``html: trusted`` alternately, without a cache. Prints the ratios
of wall-clock time and of CPU time for each pair of builds; quote the medians of these ratios.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.knowledge_base import make
from bench.speed.processes import QUIET

SETTINGS = "site_name: Bench\ntheme: {name: material, font: false}\nplugins: [{inquiry: {html: HTML}}]\n"
HTML = (
    "\n<details><summary>More</summary>What <kbd>was</kbd> measured.</details>\n\n"
    "| a | b |\n|--:|---|\n| 1 | <span class='note' title='b'>2</span> |\n\n[A link](https://example.org) and `code`.\n"
)
"""HTML added to each note, because generated notes contain none."""


def build(folder: Path) -> tuple[float, float]:
    """Build a site without a cache; return its wall-clock seconds and its CPU seconds."""
    for output in ("site", ".cache"):
        shutil.rmtree(folder / output, ignore_errors=True)
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "mkdocs", "build", "--quiet"], cwd=folder, env=QUIET)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"the build in {folder} failed")
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime


def main(notes: int, pairs: int) -> None:
    """Build in pairs and print the ratios."""
    with tempfile.TemporaryDirectory() as name:
        folders = {html: Path(name, html) for html in ("safe", "trusted")}
        for html, folder in folders.items():
            make(folder, notes, max(1, notes // 10))
            for path in (folder / "notes").glob("*.md"):
                path.write_text(path.read_text(encoding="utf-8") + HTML, encoding="utf-8")
            (folder / "mkdocs.yml").write_text(SETTINGS.replace("HTML", html), encoding="utf-8")
        build(folders["safe"])
        ratios = []
        for pair in range(pairs):
            order = ("safe", "trusted") if pair % 2 else ("trusted", "safe")
            times = {html: build(folders[html]) for html in order}
            ratios.append([times["safe"][kind] / times["trusted"][kind] for kind in (0, 1)])
            print(f"pair {pair + 1}: wall clock {ratios[-1][0]:.3f}, processors {ratios[-1][1]:.3f}", flush=True)
        wall, processors = (statistics.median(ratio[kind] for ratio in ratios) for kind in (0, 1))
    print(f"{notes} notes, cleaned to trusted: wall clock {wall:.3f}, processors {processors:.3f}")


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    main(*(given + [10_000, 5][len(given) :]))
