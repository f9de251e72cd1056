"""Reading and writing trees of files."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from inquiry_site import build, read_tree
from inquiry_site.file_content import Asset, Unreadable
from inquiry_site.files import FileChangedError, replace_files, write_tree


def put(path: Path, content: bytes = b"text") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def test_a_tree_is_read_in_a_fixed_order(tmp_path: Path) -> None:
    for name in ("notes/b.md", "notes/a.md", "notes/sub/c.md", "notes/sub/c.png", "lines/l.md", "references.bib"):
        put(tmp_path / name)
    for name in ("templates/note.html", "README.md", "docs/index.md", "notes/.hidden.md", "notes/.git/x.md"):
        put(tmp_path / name)
    tree = read_tree(tmp_path)
    assert list(tree) == [
        *("notes/a.md", "notes/b.md", "notes/sub/c.md", "notes/sub/c.png"),
        *("lines/l.md", "docs/index.md", "templates/note.html", "references.bib"),
    ]
    assert tree["notes/a.md"] == b"text"
    assert tree["notes/sub/c.png"] == Asset()


def test_a_missing_folder_is_an_empty_tree(tmp_path: Path) -> None:
    assert read_tree(tmp_path) == read_tree(tmp_path / "nowhere") == {}


def test_a_folder_named_like_a_document_is_not_entered(tmp_path: Path) -> None:
    put(tmp_path / "notes/x.md/inner.md")
    assert read_tree(tmp_path) == {"notes/x.md": Unreadable("it is a folder, not a file")}


def test_a_folder_without_permission_is_not_confused_with_one_named_like_a_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "notes/secret/x.md")
    put(tmp_path / "lines/l.md")
    scandir = os.scandir

    def refuse(path: os.PathLike[str]) -> Any:
        if Path(path).name in refused:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    refused = {"secret"}
    assert read_tree(tmp_path) == {"notes/secret": Unreadable("permission denied"), "lines/l.md": b"text"}
    refused = {"notes"}
    tree = read_tree(tmp_path)
    assert tree["notes"] == Unreadable("permission denied")
    (found,) = (diagnostic for diagnostic in build(tree).diagnostics if diagnostic.code == "files/unreadable")
    assert found.message == "This path cannot be read: permission denied."
    assert found.hint == "Give yourself read permission."


def test_a_file_in_place_of_a_folder_is_unreadable(tmp_path: Path) -> None:
    put(tmp_path / "notes")
    assert read_tree(tmp_path) == {"notes": Unreadable("it is a file, not a folder")}


def test_link_cycles_are_reported(tmp_path: Path) -> None:
    put(tmp_path / "notes/sub/x.md")
    (tmp_path / "notes/sub/loop").symlink_to("..")
    (tmp_path / "notes/self.md").symlink_to("self.md")
    tree = read_tree(tmp_path)
    assert tree["notes/sub/loop"] == Unreadable("it is a link to a folder")
    assert isinstance(tree["notes/self.md"], Unreadable)
    assert tree["notes/sub/x.md"] == b"text"


def test_links_to_existing_files_are_followed(tmp_path: Path) -> None:
    put(tmp_path / "elsewhere/x.md")
    put(tmp_path / "notes/a.md")
    (tmp_path / "notes/x.md").symlink_to(tmp_path / "elsewhere/x.md")
    (tmp_path / "notes/gone.md").symlink_to("nowhere.md")
    (tmp_path / "references.bib").symlink_to("nowhere.bib")
    dangling = Unreadable("it is a link to a file that does not exist")
    assert read_tree(tmp_path) == {
        "notes/a.md": b"text",
        "notes/gone.md": dangling,
        "notes/x.md": b"text",
        "references.bib": dangling,
    }


def test_pipes_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    os.mkfifo(tmp_path / "notes/pipe.md")
    assert read_tree(tmp_path) == {"notes/pipe.md": Unreadable("it is neither a file nor a folder")}


def test_unreadable_files_are_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "notes/x.md")

    def refuse(path: object, mode: str) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    # Root can read every file, so the error is simulated.
    monkeypatch.setattr("inquiry_site.files.open", refuse, raising=False)
    assert read_tree(tmp_path) == {"notes/x.md": Unreadable("permission denied")}


def test_unreadable_folders_are_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "notes/closed/y.md")
    scan = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert isinstance(read_tree(tmp_path)["notes/closed"], Unreadable)


def test_a_tree_is_written_with_its_folders(tmp_path: Path) -> None:
    write_tree(tmp_path / "new/site", {"a/b/c.md": b"c", "d.md": b"d"})
    assert (tmp_path / "new/site/a/b/c.md").read_bytes() == b"c"
    assert (tmp_path / "new/site/d.md").read_bytes() == b"d"


def test_nothing_is_written_if_a_file_exists_already(tmp_path: Path) -> None:
    put(tmp_path / "b.md", b"mine")
    with pytest.raises(FileExistsError, match=r"b\.md already exists"):
        write_tree(tmp_path, {"a.md": b"a", "b.md": b"b"})
    assert [path.name for path in tmp_path.iterdir()] == ["b.md"]
    assert (tmp_path / "b.md").read_bytes() == b"mine"


@pytest.mark.parametrize("impossible", ["a.md/b.md", "deep/er/" + "x" * 300, "x/" + "y" * 300 + "/z"])
def test_nothing_is_left_if_a_file_cannot_be_written(tmp_path: Path, impossible: str) -> None:
    with pytest.raises(OSError):  # noqa: PT011 - the subclass depends on the system
        write_tree(tmp_path / "new", {"a.md": b"a", "sub/c.md": b"c", impossible: b"b"})
    assert list(tmp_path.iterdir()) == []


def kb(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


CHANGES = {"notes/a.md": (b"a", b"A"), "notes/b.md": (b"b", b"B"), "lines/c.md": (b"c", b"C")}


@pytest.fixture
def three(tmp_path: Path) -> Path:
    for path, (before, _) in CHANGES.items():
        put(tmp_path / path, before)
    (tmp_path / "notes/a.md").chmod(0o640)
    return tmp_path


def test_files_are_replaced_and_one_is_renamed(three: Path) -> None:
    replace_files(three, CHANGES, ("notes/a.md", "notes/z.md"))
    assert kb(three) == {"notes/z.md": b"A", "notes/b.md": b"B", "lines/c.md": b"C"}
    assert (three / "notes/z.md").stat().st_mode & 0o777 == 0o640


def test_nothing_is_replaced_if_a_file_has_changed(three: Path) -> None:
    put(three / "lines/c.md", b"changed in an editor")
    before = kb(three)
    with pytest.raises(FileChangedError, match=r"lines/c\.md has changed"):
        replace_files(three, CHANGES, ("notes/a.md", "notes/z.md"))
    assert kb(three) == before


def test_nothing_is_replaced_if_the_new_name_exists(three: Path) -> None:
    put(three / "notes/z.md", b"z")
    before = kb(three)
    with pytest.raises(FileExistsError):
        replace_files(three, CHANGES, ("notes/a.md", "notes/z.md"))
    assert kb(three) == before


@pytest.mark.parametrize("method", ["write_bytes", "replace", "unlink"])
@pytest.mark.parametrize("failing", range(4))
@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
def test_all_files_are_restored_if_one_cannot_be_replaced(
    three: Path, monkeypatch: pytest.MonkeyPatch, method: str, failing: int, error: BaseException
) -> None:
    before, original, calls = kb(three), getattr(Path, method), iter(range(100))
    after = {"notes/z.md": b"A", "notes/b.md": b"B", "lines/c.md": b"C"}

    def fail_once(path: Path, *arguments: object, **options: object) -> object:
        if next(calls) == failing:
            raise error
        return original(path, *arguments, **options)

    with monkeypatch.context() as patched:
        patched.setattr(Path, method, fail_once)
        try:
            replace_files(three, CHANGES, ("notes/a.md", "notes/z.md"))
        except OSError:
            allowed = [before]
        except KeyboardInterrupt:
            allowed = [before, after]
        else:
            allowed = [after]
    # A temporary file that cannot be deleted remains, under a hidden name.
    assert {path: content for path, content in kb(three).items() if "/.inquiry-" not in path} in allowed
