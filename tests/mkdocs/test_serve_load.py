"""A preview under load: its memory does not grow, and after any change of files it converges to the current site.

The counts are small enough for every run; ``PREVIEW_LOAD=10 python -m pytest -n 0 -s tests/mkdocs/test_serve_load.py``
multiplies them by ten. Each test prints what it did.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.knowledge_base import make
from bench.preview import preview, resident_mebibytes
from bench.speed.processes import wait_for_answer
from tests.support.knowledge_bases import mkdocs_yml, note, write
from tests.support.sites import served_by

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory and changes are reported as Linux does")

LOAD = int(os.environ.get("PREVIEW_LOAD", "1"))
PAGES = ("", "notes/", "lines/", "topics/", "sources/", "health/", "graph.json", "search/index.json")
_RELOADING = re.compile(rb"<script>\s*var livereload = .*?</script>", re.DOTALL)
_ADDRESS = re.compile(rb"127\.0\.0\.1:\d+")
_PATIENCE = 120 * LOAD
"""Seconds."""
NOTICED = 1.5
"""Seconds within which a preview notices a change and rebuilds."""
HALF_SAVED = 0.3
"""Seconds between two steps of a save; the preview waits for a tenth of a second before it builds."""


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Sixty notes and six lines."""
    make(tmp_path / "kb", 60, 6)
    return write(tmp_path / "kb", {"mkdocs.yml": mkdocs_yml()})


def fetched(address: str, pages: tuple[str, ...]) -> dict[str, bytes]:
    """Fetch pages of a preview, without what differs between two previews of the same files."""
    found = {}
    for page in pages:
        try:
            with urllib.request.urlopen(f"{address}{page}", timeout=_PATIENCE) as answer:
                content = answer.read()
        except OSError as error:
            content = str(error).encode()
        found[page] = _ADDRESS.sub(b"", _RELOADING.sub(b"", content))
    return found


def expected(folder: Path, pages: tuple[str, ...]) -> dict[str, bytes]:
    """Fetch pages of a preview started on the current files."""
    copy = folder.with_name(f"{folder.name}-fresh")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder, copy, symlinks=True, ignore=shutil.ignore_patterns("site", ".cache"))
    with served_by("mkdocs", copy, patience=_PATIENCE) as address:
        return fetched(address, pages)


@contextmanager
def settles(folder: Path, *pages: str) -> Iterator[None]:
    """Serve a folder while the block changes files; the preview must converge to the current files."""
    compared = (*PAGES, *pages)
    with served_by("mkdocs", folder, patience=_PATIENCE) as address:
        fetched(address, compared)
        yield
        wanted = expected(folder, compared)
        end = time.monotonic() + _PATIENCE
        while (shown := fetched(address, compared)) != wanted and time.monotonic() < end:
            time.sleep(0.2)
        assert [page for page in compared if shown[page] != wanted[page]] == []
        # A pending build must not change them again.
        time.sleep(1)
        assert fetched(address, compared) == wanted
    print(f"\n{len(compared)} pages settled", end="; ")


def append(path: Path, text: str) -> None:
    path.write_text(f"{path.read_text(encoding='utf-8')}\n\n{text}\n", encoding="utf-8")


def test_memory_does_not_grow_with_the_number_of_saves(base: Path):
    path, address_of = base / "notes/note-7.md", "notes/note-7/"
    text = path.read_text(encoding="utf-8")
    sizes, others = [], []
    with preview(base) as (process, address):
        for number in range(1, 40 * LOAD + 1):
            beside = path.with_suffix(".new") if number % 2 else path
            beside.write_text(f"{text}\n\nRevision {number:06}.\n", encoding="utf-8")
            beside.replace(path)
            wait_for_answer(f"{address}{address_of}", f"Revision {number:06}.")
            sizes.append(resident_mebibytes(process.pid))
            others.append(sum(1 for kind in ("fd", "task") for _ in Path(f"/proc/{process.pid}/{kind}").iterdir()))
    early, late = sizes[9], sizes[-1]
    print(f"\n{len(sizes)} saves: {early:.0f} MiB after 10, {late:.0f} MiB at the end")
    assert late < 1.15 * early
    assert max(others[-10:]) <= max(others[:10]) + 2, "open files and threads"


def test_many_saves_in_a_short_time_converge(base: Path):
    count = 60 * LOAD
    with settles(base, "notes/note-3/", "notes/note-4/"):
        for number in range(count):
            append(base / f"notes/note-{3 + number % 2}.md", f"Save {number}.")
            time.sleep(0.1)
    print(f"{count} saves, ten a second")


def test_a_checkout_that_changes_half_of_the_files_converges(base: Path):
    make(base, 600 * LOAD, 6)
    other = base.with_name("other")
    make(other, 600 * LOAD, 6, seed=1)
    paths = sorted((base / "notes").iterdir())[::2]
    with settles(base, *(f"notes/{path.stem}/" for path in paths[:: len(paths) // 5])):
        for path in paths:
            # Like git: delete the old file, create a new one.
            path.unlink()
            shutil.copy(other / "notes" / path.name, path)
    print(f"{len(paths)} of {600 * LOAD} files")


def copy(source: Path, target: Path) -> None:
    """Copy a file or a folder: a moved one would still be watched."""
    shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)


@pytest.mark.parametrize("pause", [0.0, NOTICED])
@pytest.mark.parametrize("name", ["notes", "docs", "mkdocs.yml"])
def test_deleted_and_restored_files_converge(base: Path, name: str, pause: float):
    write(base, {"references.bib": "", "lines/deep/er/x.md": (base / "lines/line-0.md").read_bytes()})
    kept = base.with_name("kept")
    with settles(base, "notes/note-5/", "lines/x/", "about/"):
        copy(base / name, kept)
        shutil.rmtree(base / name) if (base / name).is_dir() else (base / name).unlink()
        time.sleep(pause)
        copy(kept, base / name)
        time.sleep(pause)
        if name == "mkdocs.yml":
            write(base, {name: mkdocs_yml(more="site_description: Another.\n")})
        else:
            append(base / name / ("note-5.md" if name == "notes" else "about.md"), "It is followed afterwards.")
    print(f"{name}, {pause} s")


def vim(path: Path, content: str) -> None:
    """Write like Vim: a swap file, a probe, a backup, then a new file."""
    swap, probe, backup = path.with_name(f".{path.name}.swp"), path.with_name("4913"), path.with_name(f"{path.name}~")
    swap.write_text("swap")
    probe.touch()
    probe.unlink()
    path.rename(backup)
    path.write_text(content, encoding="utf-8")
    backup.unlink()
    swap.unlink()


def emacs(path: Path, content: str) -> None:
    """Write like Emacs: a lock, an autosave, a backup that is kept."""
    lock, autosave = path.with_name(f".#{path.name}"), path.with_name(f"#{path.name}#")
    lock.symlink_to("user@host.1234:5678")
    autosave.write_text(content, encoding="utf-8")
    time.sleep(HALF_SAVED)
    shutil.copy(path, path.with_name(f"{path.name}~"))
    path.write_text(content, encoding="utf-8")
    autosave.unlink()
    lock.unlink()


def replaced_by_rename(path: Path, content: str) -> None:
    beside = path.with_name(f"{path.name}.tmp.1234")
    beside.write_text(content, encoding="utf-8")
    time.sleep(HALF_SAVED)
    beside.rename(path)


def deleted_then_created(path: Path, content: str) -> None:
    path.unlink()
    time.sleep(HALF_SAVED)
    path.write_text(content, encoding="utf-8")


def truncated_then_written(path: Path, content: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.flush()
        time.sleep(HALF_SAVED)
        file.write(content[: len(content) // 2])
        file.flush()
        time.sleep(HALF_SAVED)
        file.write(content[len(content) // 2 :])


WAYS = [vim, emacs, replaced_by_rename, deleted_then_created, truncated_then_written]


@pytest.mark.parametrize("save", WAYS, ids=[way.__name__ for way in WAYS])
def test_saves_of_every_editor_converge(base: Path, save: Callable[[Path, str], None]):
    paths = [base / "notes/note-2.md", base / "references.bib", base / "mkdocs.yml"]
    write(base, {"references.bib": "@misc{a, title={A}, author={A}, year={2020}}\n"})
    count = 3 * LOAD
    with settles(base, "notes/note-2/"):
        for number in range(count):
            for path, more in zip(paths, (f"Save {number}.", f"% {number}", f"# {number}"), strict=True):
                save(path, f"{path.read_text(encoding='utf-8')}\n\n{more}\n")
                time.sleep(0.2)
        save(paths[0], note("Is it the last?"))
        save(paths[2], mkdocs_yml(more="site_description: The last.\n"))
    print(f"{count + 1} saves of a note, of references.bib and of mkdocs.yml")
