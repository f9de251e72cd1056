"""The knowledge base of this repository follows docs/editorial.md."""

from __future__ import annotations

import re
from functools import cache

import pytest

from inquiry_site import Build, build
from inquiry_site.files import read_tree
from inquiry_site.model import InquiringLine, Note, RelationType
from tests.support.knowledge_bases import ROOT


@cache
def own() -> Build:
    """Build the knowledge base of this repository."""
    return build(read_tree(ROOT))


def notes() -> list[Note]:
    return [page for page in own().knowledge.graph.documents.values() if isinstance(page, Note)]


def answered_lines() -> list[InquiringLine]:
    pages = own().knowledge.graph.documents.values()
    return [page for page in pages if isinstance(page, InquiringLine) and page.body.text.strip()]


def words(text: str) -> int:
    return len(text.split())


def test_the_knowledge_base_has_its_minimum_size():
    documents = own().knowledge.graph.documents.values()
    assert len(notes()) >= 60
    assert len(answered_lines()) >= 11
    assert len([page for page in documents if isinstance(page, InquiringLine) and not page.body.text.strip()]) >= 5


def test_the_knowledge_base_has_no_diagnostics():
    assert own().diagnostics == ()


@pytest.mark.parametrize("note", notes(), ids=lambda note: note.id)
def test_a_note_has_quotes_limits_and_relations(note: Note):
    assert 80 <= words(note.body.text) <= 250
    assert note.scope.holds
    assert note.scope.not_shown
    assert any(entry.quotes for entry in note.evidence)
    for entry in note.evidence:
        reference = own().knowledge.graph.reference(entry)
        assert reference is not None
        assert reference.authors
        assert reference.year
        assert reference.doi or reference.arxiv


@pytest.mark.parametrize("line", answered_lines(), ids=lambda line: line.id)
def test_a_line_cites_six_to_ten_notes(line: InquiringLine):
    cited = [page for page in own().knowledge.graph.passages[line.id] if own().knowledge.graph.note(page)]
    assert 400 <= words(line.body.text) <= 900
    assert 6 <= len(cited) <= 10
    assert line.answer


def test_disagreements_are_recorded():
    disputes = (RelationType.CONTRADICTS, RelationType.QUALIFIES)
    assert len([relation for note in notes() for relation in note.relations if relation.type in disputes]) >= 20


def test_every_source_is_in_the_table_of_confirmed_papers_and_no_other():
    table = (ROOT / "docs/editorial.md").read_text(encoding="utf-8").split("\n## Sources")[1]
    listed = re.findall(r"^\| [^|]+ \| (\d{4}\.\d{5}) \| [^|]+ \| [^|]+ \|$", table, re.MULTILINE)
    references = [own().knowledge.graph.reference(entry) for note in notes() for entry in note.evidence]
    assert sorted(listed) == sorted({reference.arxiv for reference in references if reference})
