"""Publishing: a site takes the place of the former one whole, when it should, or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from pathlib import Path

import pytest

from inquiry_site.publishing import staging as stage
from inquiry_site.publishing.staging import StagingDirectory
from tests.support.knowledge_bases import write
from tests.support.sites import contents, left_over


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
