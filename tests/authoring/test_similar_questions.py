"""Existing questions that a new one may repeat are found."""

from __future__ import annotations

import pytest

from inquiry_site.authoring.similar_questions import find_similar
from inquiry_site.build import check
from inquiry_site.config import Config
from inquiry_site.model import Kind
from tests.support.knowledge_bases import line, note

FILES = {
    "notes/spacing.md": note("Does spaced practice help memory after a week?"),
    "notes/sleep.md": note("Does sleep consolidate memory?"),
    "notes/draft.md": note("Is cramming enough for a test?", draft="true"),
    "lines/memory.md": line("What makes people remember longest?"),
}


@pytest.mark.parametrize(
    ("question", "kind", "repeated"),
    [
        ("Does spaced practice help memory after a week?", Kind.NOTE, "spacing"),
        ("does  spaced practice help memory after a WEEK?", Kind.LINE, "spacing"),
        ("Does spaced practice really help memory after a week?", Kind.NOTE, "spacing"),
        ("Does spaced practice really help memory after a week?", Kind.LINE, ""),
        ("Is cramming enough for a test, then?", Kind.NOTE, "draft"),
        ("What makes people remember the longest?", Kind.LINE, "memory"),
        ("Does coffee keep people awake?", Kind.NOTE, ""),
    ],
)
def test_a_repeated_question_is_found(question: str, kind: Kind, repeated: str):
    graph = check(FILES, Config(drafts=True)).knowledge.graph
    similar = find_similar(graph, question, kind)
    assert (similar.repeated.id if similar.repeated else "") == repeated
    if repeated:
        assert similar.nearest[0].id == repeated


def test_similar_questions_are_shown_even_if_none_is_repeated():
    graph = check(FILES).knowledge.graph
    similar = find_similar(graph, "Does practice help memory in old age?", Kind.NOTE)
    assert similar.repeated is None
    assert "spacing" in [document.id for document in similar.nearest]
