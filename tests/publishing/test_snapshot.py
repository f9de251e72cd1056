"""Files are read while nothing changes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from inquiry_site.file_content import FileContent
from inquiry_site.files import read_tree
from inquiry_site.publishing import snapshot
from inquiry_site.publishing.snapshot import ChangingFilesError, read_snapshot
from tests.support.knowledge_bases import write


def test_files_that_change_while_they_are_read_are_reread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write(tmp_path, {"notes/a.md": "one", "notes/b.md": "one"})
    times: list[int] = []

    def reading(root: Path, *options: Any) -> dict[str, FileContent]:
        files = read_tree(root, *options)
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
