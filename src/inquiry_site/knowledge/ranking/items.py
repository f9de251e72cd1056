"""Convert lines and notes to the items that ``similarity.engine`` compares."""

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
"""A citation. Its target is not part of the citing text; a label written by the author (group 1) is."""


def line_items(graph: KnowledgeGraph, inputs: RankingInputs, before: Pages | None = None) -> Pages:
    """Return the items of lines, with the notes they cite and the sources, topics and relations of those notes.

    Args:
        graph: the graph.
        inputs: sources, topics and relations of the documents.
        before: the items of the previous build; unchanged ones are reused.
    """
    relations, cited = _relation_names(inputs), graph.cited_notes
    papers = {note: sorted(keys) for note, keys in inputs.sources.items()}
    shared: dict[str, Mapping[str, Collection[str]]] = {
        "notes": cited,
        "papers": {line: [paper for note in notes for paper in papers.get(note, ())] for line, notes in cited.items()},
        "topics": {line: inputs.topics.get(line, ()) for line in cited},
        "ties": {line: [name for note in notes for name in relations.get(note, ())] for line, notes in cited.items()},
    }
    return _items(graph.lines, graph, shared, before)


def note_items(graph: KnowledgeGraph, inputs: RankingInputs, before: Pages | None = None) -> Pages:
    """Return the items of notes and of open questions.

    Notes may be neighbours of open questions, but not the other way round.

    Args:
        graph: the graph.
        inputs: sources, topics and relations of the documents.
        before: the items of the previous build; unchanged ones are reused.
    """
    open_questions = [line for line in graph.lines if line.is_open]
    shared: dict[str, Mapping[str, Collection[str]]] = {
        "lines": graph.citing_lines,
        "papers": inputs.sources,
        "topics": inputs.topics,
        "ties": _relation_names(inputs),
    }
    return _items((*graph.notes, *open_questions), graph, shared, before)


def _items(
    documents: Iterable[AnyDocument],
    graph: KnowledgeGraph,
    shared: Mapping[str, Mapping[str, Collection[str]]],
    before: Pages | None,
) -> Pages:
    by_id = {document.id: document for document in documents}
    links = {page: tuple(graph.passages[page]) for page in by_id}
    pages = Pages({}, by_id, links, shared)
    changed = by_id.keys() if before is None else _changed_items(pages, before)
    reused = before.of if before else {}
    items = {page: _item(document, pages) if page in changed else reused[page] for page, document in by_id.items()}
    return replace(pages, of=items)


def _changed_items(pages: Pages, before: Pages) -> Collection[str]:
    """Return the ids of documents whose text, links or shared features differ from the previous build."""
    changed = {page for page, document in pages._documents.items() if before._documents.get(page) is not document}
    for kind, current in (("links", pages._links), *pages._shared.items()):
        earlier = before._links if kind == "links" else before._shared[kind]
        if current != earlier:
            changed.update(page for page in pages._documents if current.get(page, ()) != earlier.get(page, ()))
    return changed


def _item(document: AnyDocument, pages: Pages) -> Item:
    links = list(pages._links[document.id])
    if isinstance(document, InquiringLine):
        # A next line chosen by the author is a neighbour even if the text links to it.
        links = [target for target in links if target not in document.next]
    answer = document.answer if isinstance(document, InquiringLine) else ""
    return Item(
        id=document.id,
        title=document.title,
        description=f"{document.description} {answer}",
        text=_CITATION.sub(r" \1 ", document.body.published_text),
        links=links,
        shared={kind: features.get(document.id, ()) for kind, features in pages._shared.items()},
        is_candidate=isinstance(document, Note) or "notes" in pages._shared,
    )


def _relation_names(inputs: RankingInputs) -> Mapping[str, list[str]]:
    """Return the names of the relations of each note, as source or target; each relation has a unique name."""
    names_of: dict[str, list[str]] = defaultdict(list)
    for relations in inputs.relations.values():
        for relation in relations:
            name = f"{relation.source} {relation.type.value} {relation.target}"
            names_of[relation.source].append(name)
            names_of[relation.target].append(name)
    return names_of
