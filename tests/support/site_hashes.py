"""Hash every file of four sites under two engines, to show that a refactoring changes no byte of them.

    python -m tests.support.site_hashes write before.json
    python -m tests.support.site_hashes compare before.json

The sites are the small fixture, the starter, this repository's own content as of one revision, and a generated
knowledge base of 1,000 notes. Each is built from nothing, then once more after a note was edited. Templates are the
shipped ones of the working tree. ``compare`` lists each file that differs and ends with status 1 if any does.

    python -m tests.support.site_hashes compare before.json --strings a5e423c

gives every site the UI strings of a revision, so that only differences besides those of ``git diff a5e423c --
templates/languages`` are left.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from bench.knowledge_base import make
from tests.support.knowledge_bases import ROOT, SMALL
from tests.support.sites import contents, run

ENGINES = ("mkdocs", "properdocs")
REVISION = "a5e423c"
"""Of this repository's content: the pages of ``docs/`` change with the code that they describe."""
CONTENT = ("notes", "lines", "docs", "mkdocs.yml")
DAY = "1790000000"
"""Seconds since 1970 of the builds, so that no page depends on the day."""

Hashes = dict[str, str]


def small(folder: Path) -> None:
    """Copy the fixture."""
    shutil.copytree(SMALL, folder)


def starter(folder: Path) -> None:
    """Write what ``inquiry init`` writes."""
    done = run("inquiry_site.adapters.cli", "init", str(folder), "--name", "Starter", cwd=ROOT)
    assert done.returncode == 0, done.stderr


def own(folder: Path) -> None:
    """Extract this repository's content."""
    extract(REVISION, CONTENT, folder)


def extract(revision: str, paths: tuple[str, ...], folder: Path) -> None:
    """Write files of a revision below a folder."""
    archive = subprocess.run(["git", "archive", revision, *paths], cwd=ROOT, check=True, capture_output=True).stdout
    with tarfile.open(fileobj=BytesIO(archive)) as files:
        files.extractall(folder, filter="data")


def generated(folder: Path) -> None:
    """Generate 1,000 notes and 100 lines."""
    make(folder, 1000, 100)
    settings = "site_name: Generated\nsite_url: https://example.org/kb/\ntheme: {name: material}\nplugins: [inquiry]\n"
    (folder / "mkdocs.yml").write_text(settings, encoding="utf-8")


SITES = {"small": small, "starter": starter, "own": own, "generated": generated}


def built(folder: Path, engine: str) -> Hashes:
    """Build a site and return the SHA-256 of each of its files."""
    done = run(engine, "build", "-q", cwd=folder, SOURCE_DATE_EPOCH=DAY, XDG_CACHE_HOME=str(folder.parent / "home"))
    assert done.returncode == 0, done.stderr
    return {name: sha256(data).hexdigest() for name, data in contents(folder / "site").items()}


def edit(folder: Path) -> None:
    """Add a sentence to the first note and change the title of the last."""
    notes = sorted((folder / "notes").rglob("*.md"))
    first = notes[0].read_text(encoding="utf-8")
    notes[0].write_text(f"{first}\nOne more sentence about what was measured here.\n", encoding="utf-8")
    last = notes[-1].read_text(encoding="utf-8")
    notes[-1].write_text(last.replace("title: ", "title: Again, ", 1), encoding="utf-8")


def all_hashes(strings: str) -> Iterator[tuple[str, Hashes]]:
    """Yield the name and the hashes of each build, with the UI strings of a revision unless it is empty."""
    for name, write in SITES.items():
        for engine in ENGINES:
            with tempfile.TemporaryDirectory() as temporary:
                folder = Path(temporary) / "kb"
                write(folder)
                if strings:
                    extract(strings, ("templates/languages",), folder)
                yield f"{name}, {engine}, from nothing", built(folder, engine)
                edit(folder)
                yield f"{name}, {engine}, after an edit", built(folder, engine)


def total(hashes: Hashes) -> str:
    """Return one hash for a whole site."""
    return sha256("".join(f"{name} {hashes[name]}\n" for name in sorted(hashes)).encode()).hexdigest()[:16]


def main(verb: str, path: str, option: str = "", strings: str = "") -> int:
    """Write the hashes of all builds to a file, or compare them with it."""
    before: dict[str, Hashes] = json.loads(Path(path).read_text(encoding="utf-8")) if verb == "compare" else {}
    now: dict[str, Hashes] = {}
    differences = 0
    for name, hashes in all_hashes(strings):
        now[name] = hashes
        former = before.get(name, hashes)
        changed = sorted(file for file in former.keys() | hashes.keys() if former.get(file) != hashes.get(file))
        differences += len(changed)
        print(f"{total(hashes)}  {len(hashes):5} files  {name}{'' if not changed else ': ' + ', '.join(changed)}")
    if verb == "write":
        Path(path).write_text(json.dumps(now, indent=1, sort_keys=True), encoding="utf-8")
    else:
        print(f"{differences} files differ")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
