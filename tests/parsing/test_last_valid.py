"""The last valid versions that a preview keeps."""

from __future__ import annotations

from collections.abc import Mapping

from inquiry_site.model import AnyDocument, ParsedFiles
from inquiry_site.parsing.last_valid import keep_last_valid, with_last_valid
from inquiry_site.parsing.parser import parse_files
from tests.support.knowledge_bases import note

FAULTY = "---\ntitle: [\n---\n"


def kept_after(*versions: Mapping[str, str]) -> dict[str, AnyDocument]:
    """Return what is kept after a series of builds."""
    kept: dict[str, AnyDocument] = {}
    before = ParsedFiles()
    for files in versions:
        parsed = parse_files(files)
        kept, before = keep_last_valid(parsed, before, kept), parsed
    return kept


def test_nothing_is_kept_of_valid_files():
    assert kept_after({"notes/a.md": note()}, {"notes/a.md": note("Is it new?")}) == {}


def test_the_latest_valid_version_is_kept_until_the_file_is_valid_again():
    versions = [{"notes/a.md": text} for text in (note("One?"), note("Two?"), FAULTY, "", FAULTY)]
    assert kept_after(*versions)["notes/a.md"].title == "Two?"
    assert kept_after(*versions, {"notes/a.md": note("Three?")}) == {}


def test_a_file_that_never_was_valid_has_no_last_version():
    assert kept_after({"notes/a.md": FAULTY}, {"notes/a.md": FAULTY}) == {}


def test_a_file_that_is_deleted_and_created_again_keeps_its_version():
    assert set(kept_after({"notes/a.md": note()}, {}, {"notes/a.md": ""})) == {"notes/a.md"}


def test_only_the_latest_of_many_deleted_files_are_kept():
    many = {f"notes/n{number:03}.md": note() for number in range(100)}
    assert len(kept_after(many, {})) == 20
    assert len(kept_after({"notes/a.md": note()}, {}, many, {})) == 20
    assert "notes/z.md" in kept_after(many, {"notes/z.md": note()}, {})
    assert len(kept_after(many, dict.fromkeys(many, FAULTY))) == 100, "every faulty file keeps its version"


def test_faulty_files_are_replaced_and_nothing_else():
    parsed = parse_files({"notes/a.md": FAULTY, "notes/b.md": note("Is b?"), "notes/c.md": FAULTY})
    (kept,) = (entry.document for entry in parse_files({"notes/a.md": note("Is a?")}).documents)
    assert kept is not None
    replaced = with_last_valid(parsed, {"notes/a.md": kept})
    assert [entry.document and entry.document.title for entry in replaced.documents] == ["Is a?", "Is b?", None]
    assert replaced.documents[1] is parsed.documents[1]
    assert with_last_valid(parsed, {}) is parsed
