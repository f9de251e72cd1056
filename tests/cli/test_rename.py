"""``inquiry rename``."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from inquiry_site.files import FileChangedError
from tests.support.command import inquiry
from tests.support.knowledge_bases import line, note, write
from tests.test_files import kb


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    files = {
        "mkdocs.yml": "site_name: A test\nnav:\n  - notes/old.md\n",
        "notes/old.md": note("Old?", "Once."),
        "lines/l.md": line(body="So [[old]]."),
        "lines/faulty.md": "---\ntitle: [old\n---\n",
    }
    return write(tmp_path, files)


def test_rename_changes_all_files_and_says_what_it_could_not_change(desk: Path):
    result = inquiry("rename", "old", "new", "-C", str(desk))
    assert result.exit_code == 0
    assert result.stdout == "notes/old.md is now notes/new.md; 1 place changed, and the old address leads there.\n"
    assert result.stderr == (
        "warning: lines/faulty.md has errors and may still name “old”.\n"
        "warning: mkdocs.yml contains notes/old.md: change it there.\n"
    )
    assert not (desk / "notes/old.md").exists()
    assert "aliases: [old]" in (desk / "notes/new.md").read_text()
    assert (desk / "lines/l.md").read_text().endswith("So [[new]].")


def test_a_dry_run_shows_a_diff_and_writes_nothing(desk: Path):
    write(desk, {"lines/m.md": line("M?", "So \x1b[31m [[old]].")})
    before = kb(desk)
    result = inquiry("rename", "notes/old.md", "new", "--dry-run", "-C", str(desk))
    assert result.exit_code == 0
    assert "-So [[old]].\n+So [[new]].\n" in result.stdout
    assert "rename from notes/old.md\nrename to notes/new.md\n--- a/notes/old.md\n+++ b/notes/new.md\n" in result.stdout
    assert "+So \\x1b[31m [[new]].\n" in result.stdout
    assert "\x1b" not in result.stdout
    assert kb(desk) == before


@pytest.mark.parametrize(
    ("old", "new", "status", "message"),
    [
        ("odl", "new", 1, "error: No note or line has the id “odl”.\nhelp: Did you mean old"),
        ("old", "New one", 2, "error: “New one” is not an id.\nhelp: An id consists of"),
        ("old", "l", 2, "error: lines/l.md has the id “l”."),
        ("old", "old", 2, "error: “old” is the id already."),
        ("old", "\x1b[31m", 2, "error: “\\x1b[31m” is not an id."),
    ],
)
def test_rename_refuses_what_it_cannot_do(desk: Path, old: str, new: str, status: int, message: str):
    before = kb(desk)
    result = inquiry("rename", old, new, "-C", str(desk))
    assert (result.exit_code, result.stdout) == (status, "")
    assert message in result.stderr
    assert kb(desk) == before


def test_rename_refuses_files_that_changed_meanwhile_and_files_behind_links(
    desk: Path, monkeypatch: pytest.MonkeyPatch
):
    def changed(*_: object) -> None:
        raise FileChangedError("lines/l.md has changed since it was read")

    with monkeypatch.context() as patched:
        patched.setattr(import_module("inquiry_site.adapters.cli.rename"), "replace_files", changed)
        result = inquiry("rename", "old", "new", "-C", str(desk))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "lines/l.md has changed since it was read; nothing was changed." in result.stderr
    (desk / "lines/l.md").rename(desk / "elsewhere.md")
    (desk / "lines/l.md").symlink_to(desk / "elsewhere.md")
    before = kb(desk)
    result = inquiry("rename", "old", "new", "-C", str(desk))
    assert "lines/l.md is a link; nothing was changed." in result.stderr
    assert kb(desk) == before


def test_a_full_disk_leaves_all_files_as_they_were(desk: Path, monkeypatch: pytest.MonkeyPatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = kb(desk)
    monkeypatch.setattr(Path, "write_bytes", full)
    result = inquiry("rename", "old", "new", "-C", str(desk))
    assert "cannot be changed: No space left on device; all of them are as before." in result.stderr
    assert kb(desk) == before
