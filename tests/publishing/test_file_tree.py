"""Files of a site: written, recorded, compared, and shared with another folder by hard links."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from inquiry_site.publishing.file_tree import (
    final_stats,
    hardlink_files,
    hardlink_tree,
    is_identical,
    stat_file,
    stat_tree,
    sync_tree,
    unchanged_files,
    write_file,
)
from tests.support.knowledge_bases import write
from tests.support.sites import contents

SITE = {"index.html": "home", "notes/a/index.html": "a", "notes/b/index.html": "b"}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return write(tmp_path / "site", SITE)


def inodes(folder: Path) -> dict[str, int]:
    return {name: stat.inode for name, stat in stat_tree(folder).items()}


@pytest.mark.parametrize(
    ("content", "written"),
    [("é", "é".encode()), (b"\xff", b"\xff"), (["a", "b"], b"ab"), ("\ud800", b"&#55296;"), ("", b"")],
    ids=["text", "bytes", "pieces", "half a character", "nothing"],
)
def test_a_file_is_written_with_its_folders_and_recorded(tmp_path: Path, content: str, written: bytes):
    stat = write_file(tmp_path, "deep/er/page.html", content)
    assert (tmp_path / "deep/er/page.html").read_bytes() == written
    assert stat == stat_file(tmp_path / "deep/er/page.html")
    assert stat.size == len(written)


def test_a_missing_file_has_no_record(tmp_path: Path):
    assert stat_file(tmp_path / "missing") is None


def test_hidden_files_at_the_top_are_no_part_of_a_tree(site: Path):
    write(site, {".git/HEAD": "main", "notes/.nojekyll": ""})
    assert stat_tree(site).keys() == SITE.keys() | {"notes/.nojekyll"}


def test_a_link_is_recorded_and_not_entered(site: Path, tmp_path: Path):
    (site / "more").symlink_to(write(tmp_path / "outside", {"secret.txt": ""}), target_is_directory=True)
    assert stat_tree(site).keys() == SITE.keys() | {"more"}


def test_a_file_changed_to_the_same_size_and_time_is_not_unchanged(site: Path):
    stats = stat_tree(site)
    path = site / "index.html"
    path.write_text("HOME")
    os.utime(path, ns=(stats["index.html"].modified, stats["index.html"].modified))
    assert unchanged_files(site, stats, [*SITE, "unknown.html"]) == SITE.keys() - {"index.html"}


@pytest.mark.parametrize(
    ("written", "kept", "is_same"),
    [
        ({"index.html": "home"}, ["notes/a/index.html", "notes/b/index.html"], True),
        ({"index.html": "HOME"}, ["notes/a/index.html", "notes/b/index.html"], False),
        ({"index.html": "home"}, ["notes/a/index.html"], False),
        ({"index.html": "home", "new.html": ""}, ["notes/a/index.html", "notes/b/index.html"], False),
    ],
    ids=["the same", "another page", "one page fewer", "one page more"],
)
def test_a_site_is_compared_with_what_was_written_and_kept(
    site: Path, tmp_path: Path, written: dict[str, str], kept: list[str], is_same: bool
):
    built = write(tmp_path / "built", written)
    assert is_identical(built, written, kept, site, stat_tree(site)) is is_same


def test_a_site_with_an_unknown_file_is_not_identical(site: Path, tmp_path: Path):
    stats = stat_tree(site)
    write(site, {"extra.html": ""})
    assert not is_identical(tmp_path, [], SITE, site, stats)
    assert final_stats(site, stats) is None


def test_final_records_are_those_after_files_were_linked(site: Path, tmp_path: Path):
    before = stat_tree(site)
    hardlink_tree(site, tmp_path / "other")
    after = final_stats(site, before)
    assert after == stat_tree(site)
    assert after != before
    write(site, {"index.html": "changed"})
    assert final_stats(site, before) is None


def test_files_are_linked_rather_than_copied_and_missing_ones_returned(site: Path, tmp_path: Path):
    stats = stat_tree(site)
    (site / "index.html").unlink()
    write(site, {"notes/b/index.html": "published by another build"})
    assert hardlink_files(site, tmp_path / "stage", stats) == ["index.html", "notes/b/index.html"]
    assert inodes(tmp_path / "stage") == {"notes/a/index.html": stats["notes/a/index.html"].inode}


def test_files_are_copied_where_the_disk_has_no_links(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def link(*paths: object, **options: object) -> None:
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))

    monkeypatch.setattr(os, "link", link)
    assert hardlink_files(site, tmp_path / "stage", stat_tree(site)) == []
    hardlink_tree(site, tmp_path / "tree")
    assert contents(tmp_path / "stage") == contents(tmp_path / "tree") == contents(site)
    assert not {*inodes(tmp_path / "stage").values()} & {*inodes(site).values()}


def test_a_tree_is_linked_with_its_links_as_links(site: Path, tmp_path: Path):
    (site / "latest").symlink_to("index.html")
    hardlink_tree(site, tmp_path / "other")
    assert (tmp_path / "other" / "latest").readlink() == Path("index.html")
    assert inodes(tmp_path / "other") == inodes(site)


def test_a_folder_is_synced_with_the_site_and_what_was_built(site: Path, tmp_path: Path):
    spare, built = tmp_path / "spare", write(tmp_path / "built", {"notes/a/index.html": "new a"})
    hardlink_tree(site, spare)
    write(spare, {"gone/deep/index.html": "of a former build"})
    kept = {name: stat for name, stat in stat_tree(site).items() if name != "notes/a/index.html"}
    assert sync_tree(spare, site, kept, built, ["notes/a/index.html"]) == []
    assert contents(spare) == {
        "index.html": b"home",
        "notes/a/index.html": b"new a",
        "notes/b/index.html": b"b",
    }
    assert not (spare / "gone").exists()
    assert (site / "notes/a/index.html").read_text() == "a", "the published file shares nothing with the new one"
    assert inodes(spare)["index.html"] == inodes(site)["index.html"]


def test_syncing_returns_kept_files_that_disappeared(site: Path, tmp_path: Path):
    kept = stat_tree(site)
    (site / "index.html").unlink()
    (tmp_path / "spare").mkdir()
    assert sync_tree(tmp_path / "spare", site, kept, tmp_path, []) == ["index.html"]
    assert stat_tree(tmp_path / "spare").keys() == SITE.keys() - {"index.html"}
