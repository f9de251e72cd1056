"""Publishing: a site takes the place of the former one whole, when it should, or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from inquiry_site.files import read_tree
from inquiry_site.model import FileContent
from inquiry_site.publishing import snapshot
from inquiry_site.publishing import staging as stage
from inquiry_site.publishing.snapshot import ChangingFilesError, read_snapshot
from inquiry_site.publishing.staging import StagingDirectory
from tests.support.in_process import mkdocs_build
from tests.support.knowledge_bases import note, write
from tests.support.sites import build_site, contents, heed_interrupts, run

WARNED = note("Is there a warning?", **{"unheard-of": "1"})


def left_over(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if ".building-" in path.name]


@pytest.mark.parametrize("options", [(), ("--quiet",)], ids=["", "quiet"])
def test_warnings_under_strict_leave_the_former_site(small_copy: Path, options: tuple[str, ...]):
    before = contents(build_site(small_copy))
    write(small_copy, {"notes/warned.md": WARNED})
    done = run("mkdocs", "build", "--strict", *options, cwd=small_copy)
    assert done.returncode == 1
    said = [line for line in done.stderr.splitlines() if "Nothing was published" in line]
    assert len(said) == 1
    assert f"1 warning in strict mode. {small_copy / 'site'} is unchanged." in said[0]
    assert contents(small_copy / "site") == before
    assert left_over(small_copy) == []
    assert mkdocs_build(small_copy).returncode == 0
    assert (small_copy / "site/notes/warned/index.html").is_file()


def test_warnings_of_the_engine_under_strict_leave_the_former_site(small_copy: Path):
    before = contents(build_site(small_copy))
    write(small_copy, {"docs/more.md": "# More\n\nSee [there](nowhere.md).\n"})
    done = mkdocs_build(small_copy, "--strict")
    assert done.returncode == 1
    assert "Nothing was published: 1 warning in strict mode" in done.stderr
    assert contents(small_copy / "site") == before


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals there")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_leaves_the_former_site_and_nothing_else(small_copy: Path, number: signal.Signals):
    before = contents(build_site(small_copy))
    hook = "import pathlib, time\ndef on_env(env, **_):\n    pathlib.Path('at-work').touch()\n    time.sleep(60)\n"
    config = (small_copy / "mkdocs.yml").read_text(encoding="utf-8")
    write(small_copy, {"hook.py": hook, "mkdocs.yml": f"{config}hooks: [hook.py]\n", "notes/b.md": note("Is it new?")})
    build = subprocess.Popen(
        [sys.executable, "-m", "mkdocs", "build", "-q"],
        cwd=small_copy,
        stderr=subprocess.DEVNULL,
        preexec_fn=heed_interrupts,
    )
    end = time.monotonic() + 60
    while not (small_copy / "at-work").exists() and time.monotonic() < end:
        time.sleep(0.05)
    assert left_over(small_copy)
    build.send_signal(number)
    assert build.wait(60) in {1, 128 + number}
    assert contents(small_copy / "site") == before
    assert left_over(small_copy) == []


def test_a_page_that_changes_during_a_build_is_not_published_half(small_copy: Path):
    before = contents(build_site(small_copy))
    hook = (
        "import pathlib\ndef on_env(env, **_):\n    path = pathlib.Path('docs/method.md')\n"
        "    path.write_text(path.read_text() + 'More.')\n    return env\n"
    )
    config = (small_copy / "mkdocs.yml").read_text(encoding="utf-8")
    write(small_copy, {"hook.py": hook, "mkdocs.yml": f"{config}hooks: [hook.py]\n"})
    done = mkdocs_build(small_copy)
    assert done.returncode == 1
    assert "docs/method.md changed during the build" in done.stderr
    assert "Traceback" not in done.stderr
    assert contents(small_copy / "site") == before


def test_what_somebody_added_to_the_site_goes_with_the_next_build(small_copy: Path):
    before = contents(build_site(small_copy))
    write(small_copy / "site", {"notes/extra.html": "Not ours."})
    assert contents(build_site(small_copy)) == before


def test_a_page_changed_to_its_former_size_and_time_is_made_again(small_copy: Path):
    before = contents(build_site(small_copy))
    page = small_copy / "site/notes/spacing-helps/index.html"
    times = page.stat().st_atime_ns, page.stat().st_mtime_ns
    page.write_bytes(page.read_bytes().replace(b"Sources", b"sources"))
    os.utime(page, ns=times)
    assert contents(build_site(small_copy)) == before


def test_files_that_change_while_they_are_read_are_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write(tmp_path, {"notes/a.md": "one", "notes/b.md": "one"})
    times: list[int] = []

    def reading(root: Path, docs_dir: str, largest: int) -> dict[str, FileContent]:
        files = read_tree(root, docs_dir, largest)
        times.append(1)
        if len(times) <= changes:
            write(tmp_path, {"notes/a.md": f"{len(times)}", "notes/b.md": f"{len(times)}"})
        return files

    monkeypatch.setattr(snapshot, "read_tree", reading)
    monkeypatch.setattr(snapshot, "_PAUSE", 0)
    changes = 2
    assert read_snapshot(tmp_path, "docs") == {"notes/a.md": b"2", "notes/b.md": b"2"}
    changes = 99
    with pytest.raises(ChangingFilesError, match=r"notes/a\.md"):
        read_snapshot(tmp_path, "docs")


def published(site: Path, text: str) -> StagingDirectory:
    """Publish a site of one page."""
    build = StagingDirectory(site)
    write(build.folder, {"index.html": text, "notes/index.html": text})
    build.publish()
    return build


@pytest.mark.skipif(sys.platform == "win32", reason="folders cannot be locked there")
@pytest.mark.parametrize("moment", [0, 2**31, 2**32])
def test_no_clock_decides_which_build_is_abandoned(tmp_path: Path, moment: int):
    running, killed = StagingDirectory(tmp_path / "site"), tmp_path / ".site.building-killed"
    killed.mkdir()
    for folder in (running.folder, killed):
        os.utime(folder, (moment, moment))
    StagingDirectory(tmp_path / "site").discard()
    assert running.folder.is_dir()
    assert not killed.exists()


def test_hidden_files_are_there_at_every_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    site = tmp_path / "site"
    published(site, "one").discard()
    write(site, {".git/HEAD": "main", ".git/refs/main": "1"})
    seen = []

    def swap(one: Path, other: Path) -> bool:
        seen.append([(folder / ".git/HEAD").read_text() for folder in (one, other)])
        return swapping(one, other)

    swapping = stage._swap
    monkeypatch.setattr(stage, "_swap", swap)
    build = published(site, "two")
    assert seen == [["main", "main"]]
    assert not (build.folder / ".git").exists()
    build.discard()
    assert contents(site) == {".git/HEAD": b"main", ".git/refs/main": b"1", **dict.fromkeys(PAGES, b"two")}


PAGES = ("index.html", "notes/index.html")


def test_without_an_exchange_of_folders_a_killed_build_leaves_the_former_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    site = tmp_path / "site"
    published(site, "one").discard()
    monkeypatch.setattr(stage, "_exchange", lambda one, other: False)
    published(site, "two").discard()
    assert contents(site) == dict.fromkeys(PAGES, b"two")
    # Killed between the two moves.
    site.rename(tmp_path / ".site.building-killed.old")
    StagingDirectory(site).discard()
    assert contents(site) == dict.fromkeys(PAGES, b"two")
    assert left_over(tmp_path) == []


def test_where_the_folder_cannot_be_moved_a_full_disk_leaves_the_former_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    site, copied = tmp_path / "site", []
    published(site, "one").discard()
    write(site, {".git/HEAD": "main"})

    def copy(source: Path, target: Path) -> None:
        copied.append(source)
        if len(copied) == 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        copying(source, target)

    copying = shutil.copy2
    monkeypatch.setattr(stage, "_swap", lambda one, other: False)
    monkeypatch.setattr(shutil, "copy2", copy)
    with pytest.raises(OSError, match="No space"):
        published(site, "two")
    assert contents(site) == {".git/HEAD": b"main", **dict.fromkeys(PAGES, b"one")}
    published(site, "three").discard()
    assert contents(site) == {".git/HEAD": b"main", **dict.fromkeys(PAGES, b"three")}
