"""A line may cite a single note while the knowledge base has no other."""

from __future__ import annotations

from inquiry_site.build import check
from tests.support.knowledge_bases import line, note


def codes(files: dict[str, str]) -> list[str]:
    return [d.code for d in check(files).diagnostics if d.code == "shape/single-source"]


def test_the_first_line_cites_the_only_note():
    files = {"notes/a.md": note(), "lines/l.md": line(body="It holds [[a]].")}
    assert codes(files) == []
    assert codes({**files, "lines/l.md": line(body="It holds.")}) == ["shape/single-source"], "it could cite the note"
    assert codes({**files, "notes/b.md": note("Does it not?")}) == ["shape/single-source"]
