"""The build cache: what is loaded, and what is ignored."""

from __future__ import annotations

import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from inquiry_site import build
from inquiry_site.files import CACHE_FOLDER
from inquiry_site.publishing.cache import BuildCache
from inquiry_site.publishing.manifest import BuildManifest, CachedState, FileStat
from tests.support.knowledge_bases import line, note

FILES = {"notes/a.md": note(), "lines/l.md": line(body="It is so [[a]].")}
CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "cut": lambda data: data[:-1],
    "longer": lambda data: data + b".",
    "of another format": lambda data: data.replace(b"inquiry", b"enquiry", 1),
    "changed in the middle": lambda data: data[:100] + bytes([data[100] ^ 1]) + data[101:],
}


@pytest.fixture(autouse=True)
def key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user without a key."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    return tmp_path / "home" / "inquiry-site" / "key"


@pytest.fixture
def manifest() -> BuildManifest:
    built = build(FILES)
    return BuildManifest(
        config_hash="c",
        sources_hash="s",
        state_hash="s",
        stale_since_state=frozenset({"notes/a.md"}),
        check_date=None,
        site="/site",
        pages=built.pages,
        redirects=built.redirects,
        assets=built.assets,
        theme_texts={"search_label": "Search"},
        warnings=("W",),
        layout_hashes={"note": "h"},
        always_render=frozenset(),
        outputs={"index.html": FileStat(1, 2, 3, 4)},
    )


@pytest.fixture
def cache(tmp_path: Path, manifest: BuildManifest) -> BuildCache:
    """A cache that holds a manifest."""
    cache = BuildCache(tmp_path)
    assert cache.save_manifest(manifest) == ""
    return cache


def test_a_manifest_is_read_back_as_it_was_saved(cache: BuildCache, manifest: BuildManifest):
    assert cache.load_manifest() == manifest


def test_a_state_is_read_back_by_a_build_with_the_same_settings(tmp_path: Path):
    built, cache = build(FILES), BuildCache(tmp_path)
    assert cache.save_state(CachedState("c", "s", {}, built.parsed, built.knowledge)) == ""
    state = cache.load_state("c")
    assert state is not None
    assert state.parsed == built.parsed
    assert state.knowledge.graph.documents == built.knowledge.graph.documents
    assert cache.load_state("other settings") is None
    assert cache.load_manifest() is None


@pytest.mark.parametrize("change", CHANGES)
def test_a_damaged_file_is_ignored(cache: BuildCache, tmp_path: Path, change: str):
    path = tmp_path / CACHE_FOLDER / "manifest"
    path.write_bytes(CHANGES[change](path.read_bytes()))
    assert cache.load_manifest() is None


def test_a_file_of_another_kind_is_ignored(cache: BuildCache, tmp_path: Path):
    folder = tmp_path / CACHE_FOLDER
    (folder / "state").write_bytes((folder / "manifest").read_bytes())
    assert cache.load_state("c") is None


def test_a_cache_signed_with_another_key_is_ignored(cache: BuildCache, key: Path, manifest: BuildManifest):
    key.write_bytes(b"x" * 32)
    assert cache.load_manifest() is None
    assert cache.save_manifest(manifest) == ""
    assert cache.load_manifest() == manifest


@pytest.mark.skipif(sys.platform == "win32", reason="files have no permissions there")
def test_only_the_user_can_read_the_key(cache: BuildCache, key: Path):
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_the_folder_is_kept_out_of_repositories_and_backups(cache: BuildCache, tmp_path: Path):
    folder = tmp_path / CACHE_FOLDER
    assert (folder / ".gitignore").read_text() == "*\n"
    assert (folder / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55")
    assert sorted(path.name for path in folder.iterdir()) == [".gitignore", "CACHEDIR.TAG", "manifest"]


def test_a_file_at_the_path_of_the_folder_is_reported_and_kept(tmp_path: Path, manifest: BuildManifest):
    (tmp_path / ".cache").write_text("Mine.")
    cache = BuildCache(tmp_path)
    assert cache.save_manifest(manifest)
    assert cache.load_manifest() is None
    assert (tmp_path / ".cache").read_text() == "Mine."


def test_a_failed_save_keeps_the_previous_file(cache: BuildCache, tmp_path: Path, manifest: BuildManifest):
    before = (tmp_path / CACHE_FOLDER / "manifest").read_bytes()
    assert cache.save_manifest(lambda: None)  # type: ignore[arg-type]
    assert (tmp_path / CACHE_FOLDER / "manifest").read_bytes() == before
    assert [path.name for path in (tmp_path / CACHE_FOLDER).iterdir() if path.name.startswith(".manifest")] == []


@pytest.mark.parametrize("link", [".cache", CACHE_FOLDER])
def test_a_folder_that_is_a_link_is_neither_read_nor_written_nor_cleared(
    tmp_path: Path, manifest: BuildManifest, link: str
):
    outside = tmp_path / "outside"
    other = BuildCache(outside)
    assert other.save_manifest(manifest) == ""
    project = tmp_path / "project"
    (project / link).parent.mkdir(parents=True)
    (project / link).symlink_to(outside / link, target_is_directory=True)
    before = (outside / CACHE_FOLDER / "manifest").read_bytes()
    cache = BuildCache(project)
    assert cache.load_manifest() is None
    assert "is a link" in cache.save_manifest(manifest)
    with pytest.raises(OSError, match="is a link"):
        cache.clear()
    assert (outside / CACHE_FOLDER / "manifest").read_bytes() == before


def test_clearing_deletes_the_folder_once(cache: BuildCache, tmp_path: Path):
    assert cache.clear()
    assert not (tmp_path / CACHE_FOLDER).exists()
    assert not cache.clear()
