"""Builds with faults: after each, the published folder is one whole version of the site, the old or the new one.

    python -m tests.support.faults [--rounds 200] [--seed 0]

Every round edits a knowledge base, builds it with a fault chosen by the seed while a reader polls the site, compares
the published folder byte by byte with clean builds of the old and the new files, and builds once more without the
fault, which must give the new version and leave nothing behind. Printed: rounds by kind, how many of them published,
and every failure. Builds with a fault are processes of their own; Linux only.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.in_process import mkdocs_build
from tests.support.knowledge_bases import ROOT, SMALL, note
from tests.support.sites import contents, heed_interrupts, left_over

Site = dict[str, bytes]
BUILD = (sys.executable, "-m", "mkdocs", "build")
INJECTED = (sys.executable, "-m", "tests.support.injection")
MARKED = ("notes/spacing-helps.md", "notes/sleep-consolidates.md", "docs/method.md")
"""Files that contain the number of the version."""
READ = ("notes/spacing-helps/index.html", "notes/sleep-consolidates/index.html", "method/index.html")
"""Their pages."""
_VERSIONS = 6
_MARK = re.compile(rb"Version (\d+)\.")
_QUIET = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}
_PATH = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
"""PYTHONPATH of processes that import ``tests``."""


@dataclass
class Round:
    """One build with a fault."""

    folder: Path
    chance: random.Random
    seconds: float
    """Approximate duration of a build."""
    must_fail: bool = False
    environment: dict[str, str] = field(default_factory=dict)

    def run(self, *command: str, kill: int = 0) -> int:
        """Run a build, sending it the signal ``kill``, if any, part-way through; return its exit status."""
        process = subprocess.Popen(
            command or BUILD,
            cwd=self.folder,
            env={**_QUIET, "PYTHONPATH": _PATH, **self.environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=heed_interrupts,
        )
        if kill:
            try:
                process.wait(self.seconds * self.chance.uniform(0.1, 0.9))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, kill)
        return process.wait(300)

    def inject(self, kind: str) -> int:
        """Run a build with a fault at one of its system calls."""
        self.environment = {"FAULT": kind, "FAULT_AT": str(self.chance.randrange(1, 460))}
        return self.run(*INJECTED)


def strict(round_: Round) -> None:
    """Warnings under ``--strict``, sometimes where ``--quiet`` hides them."""
    path = round_.folder / "notes/warned.md"
    path.write_text((round_.folder / MARKED[0]).read_text().replace("---\n", "---\nunheard-of: 1\n", 1))
    options = round_.chance.choice([("--strict",), ("--strict", "--quiet")])
    assert round_.run(*BUILD, *options) == 1, f"mkdocs build {' '.join(options)} did not end with 1"
    path.unlink()
    round_.must_fail = True


def broken_template(round_: Round) -> None:
    """A broken template of the site."""
    path = round_.folder / "templates/note.html"
    path.parent.mkdir()
    path.write_text(round_.chance.choice(["{% if %}", "{{ nothing.at.all }}", "{% include 'gone.html' %}"]))
    assert round_.run() == 1
    shutil.rmtree(path.parent)
    round_.must_fail = True


def limited_file(round_: Round) -> None:
    """A limit on the size of files: writing fails in the middle of one."""
    blocks = round_.chance.choice([1, 8, 20, 40, 80, 150])
    round_.run("bash", "-c", f"ulimit -f {blocks}; exec {' '.join(BUILD)}")


def full_disk(round_: Round) -> None:
    """Nothing can be written from some system call on."""
    round_.inject("full")


def killed(round_: Round) -> None:
    """Killed after some time."""
    round_.run(kill=signal.SIGKILL)


def killed_at_a_call(round_: Round) -> None:
    """Killed at one of the system calls that write."""
    round_.inject("kill")


def killed_while_publishing(round_: Round) -> None:
    """Killed at one of the last system calls."""
    round_.environment = {"FAULT": "kill-late", "FAULT_AT": str(round_.chance.randrange(1, 240))}
    round_.run(*INJECTED)


def interrupted(round_: Round) -> None:
    """Ended by Ctrl-C or SIGTERM; the staging folder must be removed too."""
    status = round_.run(kill=round_.chance.choice([signal.SIGINT, signal.SIGTERM]))
    assert status == 0 or not left_over(round_.folder), left_over(round_.folder)


def two_at_once(round_: Round) -> None:
    """Two or three overlapping builds."""
    delay = round_.chance.uniform(0, round_.seconds)
    others = [threading.Thread(target=round_.run) for _ in range(round_.chance.choice([1, 2]))]
    for other in others:
        other.start()
        time.sleep(delay)
    assert round_.run() == 0
    for other in others:
        other.join()


def two_versions_at_once(round_: Round) -> None:
    """A note changes after the first build has read it, then a second build starts."""
    other = threading.Thread(target=round_.run)
    other.start()
    while other.is_alive() and not left_over(round_.folder):
        time.sleep(0.01)
    path = round_.folder / MARKED[0]
    path.write_text(path.read_text(encoding="utf-8").replace("title: ", "title: Once more, ", 1), encoding="utf-8")
    time.sleep(round_.chance.uniform(0, round_.seconds / 2))
    assert round_.run() == 0
    other.join()


def clock_set_back(round_: Round) -> None:
    """``time.time`` runs backwards, and files have times in the past and the future."""
    for path in [*round_.folder.rglob("*.md"), *(round_.folder / "site").rglob("*.html")]:
        if round_.chance.random() < 0.5:
            moment = round_.chance.choice([0, 10**9, 2**31, 2**32])
            os.utime(path, (moment, moment))
    round_.inject("clock")


def same_size_and_time(round_: Round) -> None:
    """Pages of the site change, with size and modification time preserved."""
    for page in round_.chance.sample(READ, 2):
        path = round_.folder / "site" / page
        stat = path.stat()
        with path.open("r+b") as file:
            file.seek(path.read_bytes().index(b"</html>") + 2)
            file.write(b"H")
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert round_.run() == 0


def changing_files(round_: Round) -> None:
    """A file is deleted, truncated, changed or replaced by a folder while the build reads."""
    action = round_.chance.choice(["delete", "cut", "change", "folder"])
    target = round_.chance.choice(["notes/passing.md", MARKED[0], MARKED[2], "notes/picture.svg"])
    round_.environment = {"FAULT": action, "FAULT_AT": str(round_.chance.randrange(1, 25)), "FAULT_FILE": target}
    round_.run(*INJECTED)


FAULTS: dict[str, Callable[[Round], None]] = {
    fault.__name__: fault
    for fault in (
        strict,
        broken_template,
        limited_file,
        full_disk,
        killed,
        killed_at_a_call,
        killed_while_publishing,
        interrupted,
        two_at_once,
        two_versions_at_once,
        clock_set_back,
        same_size_and_time,
        changing_files,
    )
}


class Base:
    """A knowledge base, its published site, and clean builds of its versions."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(shutil.copytree(SMALL, folder / "kb"))
        self._texts = {name: (self.folder / name).read_text(encoding="utf-8") for name in MARKED}
        self._clean = folder / "clean"
        self._sites: dict[tuple[tuple[str, bytes], ...], Site] = {}
        self.version = 0
        self.edit()
        assert mkdocs_build(self.folder, "-q").returncode == 0
        self.edit()
        began = time.perf_counter()
        subprocess.run([*BUILD, "-q"], cwd=self.folder, env=_QUIET, check=True)
        self.seconds = time.perf_counter() - began
        (self.folder / "site/.git").mkdir()
        (self.folder / "site/.git/HEAD").write_text("ref: refs/heads/gh-pages\n")

    def edit(self) -> None:
        """Write the next version of the files."""
        self.version = self.version % _VERSIONS + 1
        for name, text in self._texts.items():
            (self.folder / name).write_text(f"{text}\n\nVersion {self.version}.\n", encoding="utf-8")

    def clean_site(self) -> Site:
        """Return the site of a clean build of the current files; empty if the build fails."""
        files = {name: data for name, data in contents(self.folder).items() if not name.startswith((".", "site/"))}
        key = tuple(sorted(files.items()))
        if key not in self._sites:
            shutil.rmtree(self._clean, ignore_errors=True)
            for name, data in files.items():
                (self._clean / name).parent.mkdir(parents=True, exist_ok=True)
                (self._clean / name).write_bytes(data)
            mkdocs_build(self._clean, "-q")
            self._sites[key] = contents(self._clean / "site")
        return self._sites[key]

    def published(self) -> Site:
        """Return the published site without hidden files."""
        return {name: data for name, data in contents(self.folder / "site").items() if not name.startswith(".")}


@contextmanager
def polled(site: Path, mixes: list[str]) -> Iterator[None]:
    """Read pages of an open folder repeatedly while the block runs; all must be of one version."""
    over = threading.Event()

    def poll() -> None:
        while not over.is_set():
            descriptor = os.open(site, os.O_RDONLY | os.O_DIRECTORY)
            try:
                found = [_version(descriptor, page) for page in READ]
            except FileNotFoundError:
                # The old site, opened before the swap, may be deleted after it.
                found = []
            finally:
                os.close(descriptor)
            if len(set(found)) > 1:
                mixes.append(f"a reader found versions {found}")
            over.wait(0.002)

    reader = threading.Thread(target=poll)
    reader.start()
    try:
        yield
    finally:
        over.set()
        reader.join()


def _version(folder: int, page: str) -> bytes:
    descriptor = os.open(page, os.O_RDONLY, dir_fd=folder)
    with os.fdopen(descriptor, "rb") as file:
        found = _MARK.search(file.read())
    return found[1] if found else b"none"


def play(base: Base, kind: str, chance: random.Random) -> tuple[bool, list[str]]:
    """Run a round; return whether it published, and what is wrong."""
    former, wrong = base.published(), list[str]()
    base.edit()
    if kind == "changing_files":
        (base.folder / "notes/passing.md").write_text(note("Is it passing?", "It is, for [[spacing-helps]]."))
        (base.folder / "notes/picture.svg").write_text("<svg/>" * 1000)
    before = base.clean_site()
    round_ = Round(base.folder, chance, base.seconds)
    with polled(base.folder / "site", wrong):
        try:
            FAULTS[kind](round_)
        except AssertionError as error:
            wrong.append(str(error))
    after, published = base.clean_site(), base.published()
    versions = [former] if round_.must_fail else [former, before, after]
    if kind == "same_size_and_time":
        versions = [before]
    if published not in versions:
        nearest = min(versions, key=lambda site: len(_differing(site, published)))
        wrong.append(f"published no whole version; differing: {_differing(nearest, published)[:5]}")
    for passing in ("notes/passing.md", "notes/picture.svg", *MARKED):
        path = base.folder / passing
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    base.version -= 1
    base.edit()
    status = mkdocs_build(base.folder, "-q").returncode
    if status or base.published() != base.clean_site():
        wrong.append(f"the next build ended with {status}; {_differing(base.clean_site(), base.published())[:5]}")
    if left_over(base.folder) or not (base.folder / "site/.git/HEAD").exists():
        wrong.append(f"left: {left_over(base.folder)}, .git: {(base.folder / 'site/.git').exists()}")
    return published != former, wrong


def _differing(one: Site, other: Site) -> list[str]:
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def main() -> int:
    """Run rounds and print the counts."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.faults", description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kind", choices=sorted(FAULTS))
    given = parser.parse_args()
    rounds, published, failed = Counter[str](), Counter[str](), Counter[str]()
    with tempfile.TemporaryDirectory() as name:
        base = Base(Path(name))
        for number in range(given.rounds):
            chance = random.Random(f"{given.seed}/{number}")
            kind = given.kind or [*FAULTS][number % len(FAULTS)]
            has_published, wrong = play(base, kind, chance)
            rounds[kind] += 1
            published[kind] += has_published
            failed[kind] += bool(wrong)
            for problem in wrong:
                print(f"round {number}, {kind}: {problem}", flush=True)
    print(f"{'fault':28}{'rounds':>8}{'published':>11}{'not whole':>11}")
    for kind, count in rounds.items():
        print(f"{kind:28}{count:>8}{published[kind]:>11}{failed[kind]:>11}")
    print(f"{'all':28}{rounds.total():>8}{published.total():>11}{failed.total():>11}")
    return bool(failed.total())


if __name__ == "__main__":
    raise SystemExit(main())
