"""Measure a long-running preview: save one note repeatedly, and fetch its page after each save.

    python -m bench.preview [--notes 1000] [--saves 1000] [--own] [--broken]

Starts a real ``mkdocs serve`` on a generated knowledge base, or with ``--own`` on a copy of this repository's. Prints
the memory of the server (resident set; Linux only) after 10, 100, 1,000 … saves, its ratio to the memory after 10, and
the median time from a save to the response over the first and the last saves. Quote the ratios, because machines
differ. With ``--broken``, every other save leaves the note without valid frontmatter.
"""

from __future__ import annotations

import argparse
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.knowledge_base import make
from bench.speed.processes import QUIET, free_port, wait_for_answer
from bench.whole_site import CONFIG

ROOT = Path(__file__).parents[1]
_FAULTY = "This file has errors"
_COPIED = ("notes", "lines", "docs", "templates", "mkdocs.yml", "references.bib")
_BASELINE_SAVES = 10
"""Saves before the memory is first read, and the least number of saves over which a median is taken."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.preview", description=__doc__)
    parser.add_argument("--notes", type=int, default=1000)
    parser.add_argument("--saves", type=int, default=1000)
    parser.add_argument("--own", action="store_true", help="serve a copy of this repository's knowledge base")
    parser.add_argument("--broken", action="store_true", help="make the note faulty with every other save")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        base = own_base(Path(name)) if arguments.own else generated_base(Path(name), arguments.notes)
        run = measure(base, arguments.saves, arguments.broken)
    print(
        f"{'this repository' if arguments.own else f'{arguments.notes} notes'}, {arguments.saves} saves of one note\n"
    )
    print(report(run))


@dataclass
class Run:
    """The measurements of one run."""

    seconds: list[float] = field(default_factory=list)
    """Time from each save to the response that contains it."""
    mebibytes: dict[int, float] = field(default_factory=dict)
    """The server's resident set, by number of saves."""


def own_base(folder: Path) -> Path:
    """Copy this repository's knowledge base into a folder, and return the folder."""
    for name in _COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name)
        elif source.exists():
            shutil.copy(source, folder / name)
    return folder


def generated_base(folder: Path, notes: int) -> Path:
    """Write a knowledge base of this many notes and a tenth as many lines into a folder, and return the folder."""
    make(folder, notes, max(1, notes // 10))
    (folder / "mkdocs.yml").write_text(f"{CONFIG}plugins: [inquiry]\n", encoding="utf-8")
    return folder


def measure(base: Path, saves: int, broken: bool = False) -> Run:
    """Save the first note of a base repeatedly while a preview serves it; every other save may be faulty."""
    note = min((base / "notes").rglob("*.md"))
    text = note.read_text(encoding="utf-8")
    page = note.relative_to(base).with_suffix("").as_posix() if note.parent.name == "notes" else f"notes/{note.stem}"
    run = Run()
    with preview(base) as (process, address):
        for number in range(1, saves + 1):
            # The text keeps its length, so that growth of the page is not mistaken for a leak.
            revised = f"{text}\n\nRevision {number:06}.\n"
            is_broken = broken and number % 2 == 0
            note.write_text(f"---\ntitle: [{revised}" if is_broken else revised, encoding="utf-8")
            expected = _FAULTY if is_broken else f"Revision {number:06}."
            run.seconds.append(wait_for_answer(f"{address}{page}/", expected))
            if number == saves or _is_power_of_ten(number):
                run.mebibytes[number] = resident_mebibytes(process.pid)
                print(f"{number:>6} saves: {run.mebibytes[number]:7.0f} MiB", file=sys.stderr, flush=True)
    return run


def _is_power_of_ten(number: int) -> bool:
    return number >= _BASELINE_SAVES and set(str(number)[1:]) == {"0"} and str(number)[0] == "1"


@contextmanager
def preview(base: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Run ``mkdocs serve`` in a folder; yield the process and the URL of the site."""
    port = free_port()
    command = [sys.executable, "-m", "mkdocs", "serve", "-q", "-a", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, cwd=base, env=QUIET, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    config = (base / "mkdocs.yml").read_text(encoding="utf-8")
    # A site with a site_url is served below its path.
    path = re.search(r"^site_url: https?://[^/\s]+(/\S*)?", config, re.MULTILINE)
    address = f"http://127.0.0.1:{port}{(path[1] if path else None) or '/'}"
    try:
        wait_for_answer(address, "")
        yield process, address
    finally:
        process.terminate()
        process.wait()


def resident_mebibytes(process: int) -> float:
    """Return the resident set size of a process (Linux only)."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")) / 1024


def report(run: Run) -> str:
    """Return the table of results."""
    first = run.mebibytes.get(_BASELINE_SAVES) or next(iter(run.mebibytes.values()))
    lines = [f"{'saves':>8} {'MiB':>8} {'ratio':>8}"]
    lines += [f"{saves:>8} {size:>8.0f} {size / first:>8.2f}" for saves, size in run.mebibytes.items()]
    count = min(max(_BASELINE_SAVES, len(run.seconds) // 10), len(run.seconds))
    start, end = statistics.median(run.seconds[:count]), statistics.median(run.seconds[-count:])
    lines += ["", f"save to answer, median of the first {count} saves: {start:.3f} s"]
    lines += [f"save to answer, median of the last {count} saves:  {end:.3f} s, {end / start:.2f} of the first"]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
