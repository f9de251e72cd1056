"""Lines and notes as the pages that the engine ranks."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from inquiry_site.graph import KnowledgeGraph
from inquiry_site.knowledge.ranking.types import Pages, RankingInputs
from inquiry_site.model import AnyDocument, InquiringLine, Note
from inquiry_site.similarity.corpus import Item

_CITATION = re.compile(r"!?\[\[[^\]|]*(?:\|([^\]]*))?\]\]")
"""What a citation is called is no word of the text that cites it; an author's own words for it are."""


def line_items(graph: KnowledgeGraph, facts: RankingInputs, before: Pages | None = None) -> Pages:
    """The lines, each with the notes it cites and what these rest on and dispute.

    Args:
        graph: the graph.
        facts: what is known beyond it.
        before: pages that were made earlier: those of which nothing has changed are taken from there.
    """
    ties, cited = _relation_names(facts), graph.cited_notes
    papers = {note: sorted(found) for note, found in facts.sources.items()}
    shared: dict[str, Mapping[str, Collection[str]]] = {
        "notes": cited,
        "papers": {line: [paper for note in notes for paper in papers.get(note, ())] for line, notes in cited.items()},
        "topics": {line: facts.topics.get(line, ()) for line in cited},
        "ties": {line: [tie for note in notes for tie in ties.get(note, ())] for line, notes in cited.items()},
    }
    return _items(graph.lines, graph, shared, before)


def note_items(graph: KnowledgeGraph, facts: RankingInputs, before: Pages | None = None) -> Pages:
    """The notes; and the open questions, which are no neighbours of theirs but have them for neighbours.

    Args:
        graph: the graph.
        facts: what is known beyond it.
        before: pages that were made earlier: those of which nothing has changed are taken from there.
    """
    is_open = [line for line in graph.lines if line.is_open]
    shared: dict[str, Mapping[str, Collection[str]]] = {
        "lines": graph.citing_lines,
        "papers": facts.sources,
        "topics": facts.topics,
        "ties": _relation_names(facts),
    }
    return _items((*graph.notes, *is_open), graph, shared, before)


def _items(
    documents: Iterable[AnyDocument],
    graph: KnowledgeGraph,
    shared: Mapping[str, Mapping[str, Collection[str]]],
    before: Pages | None,
) -> Pages:
    known = {document.id: document for document in documents}
    links = {page: tuple(graph.passages[page]) for page in known}
    made = Pages({}, known, links, shared)
    changed = known.keys() if before is None else _changed_items(made, before)
    kept = before.of if before else {}
    pages = {page: _item(document, made) if page in changed else kept[page] for page, document in known.items()}
    return replace(made, of=pages)


def _changed_items(pages: Pages, before: Pages) -> Collection[str]:
    """The pages that are not made of the same as before."""
    changed = {page for page, document in pages._documents.items() if before._documents.get(page) is not document}
    for kind, found in (("links", pages._links), *pages._shared.items()):
        earlier = before._links if kind == "links" else before._shared[kind]
        if found != earlier:
            changed.update(page for page in pages._documents if found.get(page, ()) != earlier.get(page, ()))
    return changed


def _item(document: AnyDocument, pages: Pages) -> Item:
    links = list(pages._links[document.id])
    if isinstance(document, InquiringLine):
        # What a line's author chose as next is a neighbour even where the text links it.
        links = [target for target in links if target not in document.next]
    answer = document.answer if isinstance(document, InquiringLine) else ""
    return Item(
        id=document.id,
        title=document.title,
        description=f"{document.description} {answer}",
        text=_CITATION.sub(r" \1 ", document.body.text),
        links=links,
        shared={kind: found.get(document.id, ()) for kind, found in pages._shared.items()},
        is_candidate=isinstance(document, Note) or "notes" in pages._shared,
    )


def _relation_names(facts: RankingInputs) -> Mapping[str, list[str]]:
    """A name for each relation, borne by the notes at both its ends."""
    found: dict[str, list[str]] = defaultdict(list)
    for ties in facts.relations.values():
        for tie in ties:
            name = f"{tie.source} {tie.type.value} {tie.target}"
            found[tie.source].append(name)
            found[tie.target].append(name)
    return found
