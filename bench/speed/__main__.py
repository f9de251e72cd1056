"""Compare building and rebuilding a whole site with other tools on the same pages.

    python -m bench.speed [--notes 10000] [--runs 3] [--peers FOLDER] [--growth] [--check]

The corpus is generated from a seed: notes of about 150 words and a tenth as many lines. The peers are installed from
PyPI into a separate environment in FOLDER (by default a temporary one; ``--no-peers`` measures only ours). All tools
run alternately, each cold build starts with an empty folder, and medians are printed. Quote the ratios, because
machines differ. ``--growth`` also builds 1,000 and 50,000 notes. ``--check`` reports whether rebuilds give the same
files as first builds, and exits with 1 if not; its times are meaningless.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bench.knowledge_base import make
from bench.speed.peers import Peer, install, peers
from bench.speed.processes import Run, follow, free_port, run, serving
from bench.whole_site import CONFIG

OURS = "inquiry"
MKDOCS = (sys.executable, "-m", "mkdocs")


def main() -> int:
    """Measure and print; with ``--check``, return 1 if a rebuild differs from a first build."""
    parser = argparse.ArgumentParser(prog="python -m bench.speed", description=__doc__)
    parser.add_argument("--notes", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        base = knowledge_base(folder / "base", arguments.notes)
        if arguments.check:
            return 0 if check(base) else 1
        tools = [] if arguments.no_peers else peers(install((arguments.peers or folder / "peers").absolute()))
        for peer in tools:
            peer.make(base, folder / peer.name)
        table = measure(base, folder, tools, arguments.runs)
        report(table, base, arguments.notes)
        if arguments.growth:
            growth(folder)
    return 0


def knowledge_base(folder: Path, notes: int) -> Path:
    """Write a knowledge base of this many notes and a tenth as many lines, and return its folder."""
    make(folder, notes, max(1, notes // 10))
    (folder / "mkdocs.yml").write_text(f"{CONFIG}plugins: [inquiry]\n", encoding="utf-8")
    return folder


@dataclass
class Table:
    """The measurements, by tool and row."""

    seconds: dict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(list))
    memory: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def add(self, tool: str, row: str, result: Run) -> None:
        """Add the result of a run."""
        self.seconds[tool, row].append(result.seconds)
        self.memory[tool] = max(self.memory[tool], result.mebibytes)

    def median(self, tool: str, row: str) -> float:
        """Return the median seconds of a row; NaN if it was not measured."""
        seconds = self.seconds.get((tool, row))
        return statistics.median(seconds) if seconds else float("nan")


def measure(base: Path, folder: Path, tools: list[Peer], runs: int) -> Table:
    """Measure all tools alternately, ``runs`` times each."""
    table = Table()
    for number in range(runs):
        cold(base, ("site", ".cache"))
        for row, edit in (("cold", None), ("unchanged", None), ("one note", "notes/note-{}.md")):
            if edit:
                change(base / edit.format(number + 7), number)
            table.add(OURS, row, run((*MKDOCS, "build", "-q"), base))
        for peer in tools:
            site = folder / peer.name
            cold(site, peer.made)
            table.add(peer.name, "cold", run(peer.build, site))
            print(f"run {number + 1}: {peer.name} {table.seconds[peer.name, 'cold'][-1]:.1f} s", file=sys.stderr)
    served(base, "notes/note-{}.md", (*MKDOCS, "serve", "-q", "-a", "127.0.0.1:{port}"), runs, table, OURS)
    for peer in tools:
        if peer.serve:
            served(folder / peer.name, peer.note, peer.serve, runs, table, peer.name)
    return table


def cold(folder: Path, outputs: tuple[str, ...]) -> None:
    """Move the outputs of earlier builds away; deleting many files would slow the disk during the next build."""
    for name in outputs:
        if (folder / name).exists():
            aside = folder.parent / "aside" / f"{folder.name}-{name}-{time.time_ns()}"
            aside.parent.mkdir(exist_ok=True)
            (folder / name).rename(aside)


def change(note: Path, number: int) -> None:
    """Add a sentence to a note."""
    note.write_text(note.read_text(encoding="utf-8") + f"\nIn run {number} it says more.\n", encoding="utf-8")


def served(folder: Path, note: str, command: tuple[str, ...], runs: int, table: Table, tool: str) -> None:
    """Measure the time from saving a note to the server's response with the change."""
    port = free_port()
    address = f"http://localhost:{port}/notes/note-{{}}/"
    filled = tuple(part.format(port=port) for part in command)
    with serving(filled, folder, address.format(1)):
        for number in range(runs + 1):
            seconds = follow(folder / note.format(number + 3), address.format(number + 3), f"Quagga{number}")
            # The first edit only warms up the server.
            if number:
                table.seconds[tool, "serve"].append(seconds)


def report(table: Table, base: Path, notes: int) -> None:
    """Print the table."""
    tools = list(dict.fromkeys(tool for tool, _ in table.seconds))
    ours = {row: table.median(OURS, row) for row in ("cold", "unchanged", "one note", "serve")}
    print(f"{notes} notes and {max(1, notes // 10)} lines, medians\n")
    print(f"{'':22}{'cold':>9}{'ours to it':>12}{'MiB':>8}{'save to answer':>16}{'ours to it':>12}")
    for tool in tools:
        cold, serve = table.median(tool, "cold"), table.median(tool, "serve")
        ratios = f"{ours['cold'] / cold:>12.2f}", f"{ours['serve'] / serve:>12.2f}"
        print(f"{tool:22}{cold:>8.1f}s{ratios[0]}{table.memory[tool]:>8.0f}{serve:>15.2f}s{ratios[1]}")
    for row, name in (("unchanged", "again, nothing changed"), ("one note", "again, one note changed")):
        print(f"{name:24}{ours[row]:>7.2f}s{ours[row] / ours['cold']:>10.3f} of the cold build")
    for kind in ("notes", "lines"):
        sizes = sorted(path.stat().st_size for path in (base / "site" / kind).glob("*/index.html"))
        print(f"bytes of a page of {kind}: {statistics.median(sizes):,.0f}, {sizes[-1]:,} at most")


def growth(folder: Path) -> None:
    """Print the cost per page in small and large knowledge bases."""
    costs = {}
    for notes in (1_000, 10_000, 50_000):
        base = knowledge_base(folder / f"growth-{notes}", notes)
        result = run((*MKDOCS, "build", "-q"), base)
        pages = sum(1 for _ in (base / "site").rglob("index.html"))
        costs[notes] = result.seconds / pages * 1000
        print(f"{notes:>6} notes: {result.seconds:7.1f} s, {result.mebibytes:5.0f} MiB, {costs[notes]:.2f} ms a page")
        shutil.rmtree(base)
    print(f"cost of a page, 50,000 to 1,000 notes: {costs[50_000] / costs[1_000]:.2f}")


def check(base: Path) -> bool:
    """Return whether rebuilds after edits give the same files as first builds of the same sources."""
    build = (*MKDOCS, "build", "-q")
    run(build, base)
    first = contents(base / "site")
    edits: list[tuple[str, Callable[[], None]]] = [
        ("nothing", lambda: None),
        ("a body", lambda: change(base / "notes/note-7.md", 0)),
        ("a deleted note", lambda: delete(base, "note-8", "note-9")),
        ("a title", lambda: rename(base / "notes/note-9.md")),
    ]
    is_right = len(first) > 1000
    for name, edit in edits:
        edit()
        run(build, base)
        rebuilt = contents(base / "site")
        with ExitStack() as stack:
            cold_base = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "cold"
            shutil.copytree(base, cold_base, ignore=shutil.ignore_patterns("site", ".cache"))
            run(build, cold_base)
            is_same = rebuilt == contents(cold_base / "site")
        print(f"after {name}: {len(rebuilt)} files, {'the same as' if is_same else 'NOT those of'} a first build")
        is_right &= is_same
    return is_right


def delete(base: Path, note: str, instead: str) -> None:
    """Delete a note, and change all citations of it to another note."""
    (base / "notes" / f"{note}.md").unlink()
    for path in (*(base / "notes").glob("*.md"), *(base / "lines").glob("*.md")):
        text = path.read_text(encoding="utf-8")
        changed = text.replace(f"[[{note}]]", f"[[{instead}]]").replace(f"to: {note},", f"to: {instead},")
        if changed != text:
            path.write_text(changed, encoding="utf-8")


def rename(note: Path) -> None:
    """Change the title of a note."""
    text = note.read_text(encoding="utf-8")
    note.write_text(text.replace("title: Does ", "title: Does truly ", 1), encoding="utf-8")


def contents(site: Path) -> dict[str, bytes]:
    """Return the content of every file of a site, by path."""
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in sorted(site.rglob("*")) if path.is_file()}


if __name__ == "__main__":
    raise SystemExit(main())
