"""Lines and notes as the pages that the engine ranks."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from inquiry_site.graph import KnowledgeGraph
from inquiry_site.knowledge.ranking.values import Facts
from inquiry_site.model import AnyDocument, InquiringLine
from inquiry_site.nearness.pages import Page

_CITATION = re.compile(r"!?\[\[[^\]|]*(?:\|([^\]]*))?\]\]")
"""What a citation is called is no word of the text that cites it; an author's own words for it are."""


def line_pages(graph: KnowledgeGraph, facts: Facts) -> Iterator[Page]:
    """The lines, each with the notes it cites and what these rest on and dispute."""
    ties = _tie_names(facts)
    for line in graph.lines:
        notes = graph.cited_notes(line.id)
        shared = {
            "notes": notes,
            "papers": [source for note in notes for source in sorted(facts.sources.get(note, ()))],
            "topics": facts.topics.get(line.id, ()),
            "ties": [tie for note in notes for tie in ties.get(note, ())],
        }
        yield _page(line, graph, shared)


def note_pages(graph: KnowledgeGraph, facts: Facts) -> Iterator[Page]:
    """The notes; and the open questions, which are no neighbours of theirs but have them for neighbours."""
    ties, citing = _tie_names(facts), citing_lines(graph)
    for note in graph.notes:
        shared = {
            "lines": citing.get(note.id, ()),
            "papers": sorted(facts.sources.get(note.id, ())),
            "topics": facts.topics.get(note.id, ()),
            "ties": ties.get(note.id, ()),
        }
        yield _page(note, graph, shared)
    for line in graph.lines:
        if line.is_open:
            yield _page(line, graph, {"topics": facts.topics.get(line.id, ())}, offered=False)


def cited_together(graph: KnowledgeGraph) -> Iterator[list[str]]:
    """For each line the notes that it cites, in their order."""
    for line in graph.lines:
        yield graph.cited_notes(line.id)


def _page(
    document: AnyDocument, graph: KnowledgeGraph, shared: Mapping[str, Sequence[str]], offered: bool = True
) -> Page:
    answer = document.answer if isinstance(document, InquiringLine) else ""
    # What a line's author chose as next is a neighbour even where the text links it.
    chosen = set(document.next) if isinstance(document, InquiringLine) else set()
    return Page(
        id=document.id,
        title=document.title,
        description=f"{document.description} {answer}",
        text=_CITATION.sub(r" \1 ", document.body.text),
        links=[target for target in graph.passages[document.id] if target not in chosen],
        shared=shared,
        offered=offered,
    )


def citing_lines(graph: KnowledgeGraph) -> Mapping[str, list[str]]:
    """For each note the lines that cite it."""
    found: dict[str, list[str]] = defaultdict(list)
    for line in graph.lines:
        for target in graph.cited_notes(line.id):
            found[target].append(line.id)
    return found


def _tie_names(facts: Facts) -> Mapping[str, list[str]]:
    """A name for each relation, borne by the notes at both its ends."""
    found: dict[str, list[str]] = defaultdict(list)
    for ties in facts.ties.values():
        for tie in ties:
            name = f"{tie.source} {tie.type.value} {tie.target}"
            found[tie.source].append(name)
            found[tie.target].append(name)
    return found
