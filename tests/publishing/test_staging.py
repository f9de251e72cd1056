"""The staging directory: swapped in atomically, discarded, kept as the spare site."""

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
def test_abandoned_staging_folders_are_recognised_without_a_clock(tmp_path: Path, moment: int):
    running, killed = StagingDirectory(tmp_path / "site"), tmp_path / ".site.building-killed"
    killed.mkdir()
    for folder in (running.folder, killed):
        os.utime(folder, (moment, moment))
    StagingDirectory(tmp_path / "site").discard()
    assert running.folder.is_dir()
    assert not killed.exists()


def test_hidden_files_exist_at_every_moment_of_a_swap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
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


def test_a_build_killed_between_two_renames_is_repaired_by_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    site = tmp_path / "site"
    published(site, "one").discard()
    monkeypatch.setattr(stage, "_exchange", lambda one, other: False)
    published(site, "two").discard()
    assert contents(site) == dict.fromkeys(PAGES, b"two")
    # As a build leaves it that is killed between the two renames.
    site.rename(tmp_path / ".site.building-killed.old")
    StagingDirectory(site).discard()
    assert contents(site) == dict.fromkeys(PAGES, b"two")
    assert left_over(tmp_path) == []


def test_a_full_disk_restores_a_site_whose_folder_cannot_be_moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
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


def test_the_first_site_is_published_with_its_parent_folders(tmp_path: Path):
    published(tmp_path / "deep" / "site", "one").discard()
    assert contents(tmp_path / "deep") == {f"site/{page}": b"one" for page in PAGES}


def test_discarding_removes_the_staging_folder_only(tmp_path: Path):
    published(tmp_path / "site", "one").discard()
    build = StagingDirectory(tmp_path / "site")
    write(build.folder, {"index.html": "two"})
    build.discard()
    assert contents(tmp_path) == {f"site/{page}": b"one" for page in PAGES}
    assert left_over(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="folders have no permissions there")
def test_the_staging_folder_has_the_permissions_of_any_other(tmp_path: Path):
    (tmp_path / "plain").mkdir()
    build = StagingDirectory(tmp_path / "site")
    assert build.folder.stat().st_mode == (tmp_path / "plain").stat().st_mode
    build.discard()


def test_a_file_at_the_path_of_the_site_is_an_error(tmp_path: Path):
    (tmp_path / "site").write_text("Mine.")
    with pytest.raises(NotADirectoryError, match="will not be replaced"):
        StagingDirectory(tmp_path / "site")
    assert left_over(tmp_path) == []


@pytest.mark.parametrize(("files", "is_site"), [({}, True), ({"404.html": ""}, True), ({"thesis.txt": "Mine."}, False)])
def test_a_link_is_followed_only_to_a_site_or_an_empty_folder(tmp_path: Path, files: dict[str, str], is_site: bool):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "site").symlink_to(write(tmp_path / "elsewhere", files), target_is_directory=True)
    if not is_site:
        with pytest.raises(FileExistsError, match="not a site and would be replaced"):
            StagingDirectory(tmp_path / "site")
        return
    published(tmp_path / "site", "one").discard()
    assert contents(tmp_path / "elsewhere") == dict.fromkeys(PAGES, b"one")


def test_the_replaced_site_is_kept_as_spare_and_reused_by_one_build(tmp_path: Path):
    site, spare = tmp_path / "site", tmp_path / ".cache" / "spare"
    published(site, "one").discard()
    build = published(site, "two")
    assert build.keep_as_spare(spare)
    build.discard()
    assert contents(spare) == dict.fromkeys(PAGES, b"one")
    first, second = StagingDirectory(site), StagingDirectory(site)
    former = first.folder
    assert first.reuse_spare(spare) == former
    assert contents(first.folder) == dict.fromkeys(PAGES, b"one")
    assert second.reuse_spare(spare) is None
    for build in (first, second):
        build.discard()
    assert left_over(tmp_path) == []


def test_an_older_spare_is_replaced(tmp_path: Path):
    site, spare = tmp_path / "site", write(tmp_path / "spare", {"unknown.html": "?"})
    published(site, "one").discard()
    build = published(site, "two")
    assert build.keep_as_spare(spare)
    build.discard()
    assert contents(spare) == dict.fromkeys(PAGES, b"one")


def test_no_spare_is_reused_behind_a_link(tmp_path: Path):
    outside = write(tmp_path / "outside", {"precious.txt": "Mine."})
    (tmp_path / "spare").symlink_to(outside, target_is_directory=True)
    build = StagingDirectory(tmp_path / "site")
    assert build.reuse_spare(tmp_path / "spare") is None
    assert build.reuse_spare(tmp_path / "missing") is None
    build.discard()
    assert contents(outside) == {"precious.txt": b"Mine."}
