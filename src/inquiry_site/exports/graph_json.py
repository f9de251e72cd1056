"""The whole graph in JSON Graph Format 2 (https://jsongraphformat.info), one node or edge a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from inquiry_site.config import Config
from inquiry_site.knowledge import Knowledge
from inquiry_site.knowledge.ranking import Ranked
from inquiry_site.model import AnyDocument, InquiringLine
from inquiry_site.rendering.i18n import Translations
from inquiry_site.rendering.urls import SiteUrls

FORMAT = 1
_AT_ONCE = 1000

_JsonObject = dict[str, Any]


def source_node(key: str) -> str:
    """The id of a source's node: its prefix keeps it apart from every note and line."""
    return f"source:{key}"


def topic_node(slug: str) -> str:
    """The id of a topic's node."""
    return f"topic:{slug}"


def render_graph_json(knowledge: Knowledge, config: Config, words: Translations) -> Iterator[str]:
    """The graph as text in pieces, for it may be long; the same knowledge gives the same bytes."""
    head = {"directed": True, "type": "inquiry-site", "metadata": {"format": FORMAT, "site_url": config.site_url}}
    addresses = SiteUrls(config.use_directory_urls, config.docs_dir)
    yield f'{{"graph": {_json(head)[:-1]}, "nodes": {{\n'
    yield from _listed(f"{_json(name)}: {_json(node)}" for name, node in _nodes(knowledge, addresses))
    yield '\n}, "edges": [\n'
    yield from _listed(map(_json, _edges(knowledge, words)))
    yield "\n]}}\n"


def _listed(rows: Iterable[str]) -> Iterator[str]:
    before = ""
    for some in _batched(rows, _AT_ONCE):
        yield before + ",\n".join(some)
        before = ",\n"


def _batched(rows: Iterable[str], size: int) -> Iterator[list[str]]:
    """Rows in lists of so many; the last may be shorter."""
    left = iter(rows)
    while some := list(islice(left, size)):
        yield some


_json = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode


def _nodes(knowledge: Knowledge, addresses: SiteUrls) -> Iterator[tuple[str, _JsonObject]]:
    for document in knowledge.graph.documents.values():
        yield document.id, _document_node(document, addresses)
    for key, source in knowledge.bibliography.sources.items():
        record = {"authors": list(source.reference.authors), "year": source.reference.year}
        yield source_node(key), _node(source.reference.title, "source", addresses.source(key).url, record)
    for slug, topic in knowledge.topics.by_slug.items():
        yield topic_node(slug), _node(topic.name, "topic", addresses.topic(slug).url, {})


def _document_node(document: AnyDocument, addresses: SiteUrls) -> _JsonObject:
    more: _JsonObject = {"description": document.description}
    if isinstance(document, InquiringLine):
        more |= {"answer": document.answer, "verdict": document.verdict}
    else:
        more |= {"status": document.status}
    return _node(document.title, document.kind.noun, addresses.document(document).url, more)


def _node(label: str, kind: str, url: str, more: _JsonObject) -> _JsonObject:
    return {"label": label, "metadata": {"kind": kind, "url": url, **more}}


def _edges(knowledge: Knowledge, words: Translations) -> Iterator[_JsonObject]:
    """By source node in the order of ids, then by relation in a fixed order, then by rank or place."""
    for document in knowledge.graph.documents.values():
        yield from _citations(document, knowledge)
        if isinstance(document, InquiringLine):
            yield from _neighbours(document.id, "next", knowledge.ranking.next_lines[document.id], words)
        else:
            yield from _neighbours(document.id, "related", knowledge.ranking.related_notes[document.id], words)
            for taken in knowledge.bibliography.of_note.get(document.id, ()):
                quotes = [{"text": quote.text, "locator": quote.locator} for quote in taken.quotes]
                yield _edge(document.id, source_node(taken.key), "evidence", {"quotes": quotes})
            for tie in knowledge.relations.outgoing.get(document.id, ()):
                yield _edge(document.id, tie.target, tie.type.value, {"because": tie.because})
        for slug in knowledge.topics.of_document.get(document.id, ()):
            yield _edge(document.id, topic_node(slug), "about", {})


def _citations(document: AnyDocument, knowledge: Knowledge) -> Iterator[_JsonObject]:
    graph = knowledge.graph
    for target, passages in graph.passages[document.id].items():
        sentences = [graph.sentence_text(document, p.sentence) for p in passages if p.sentence >= 0]
        yield _edge(document.id, target, "cites", {"sentences": sentences})


def _neighbours(page: str, relation: str, ranked: Iterable[Ranked], words: Translations) -> Iterator[_JsonObject]:
    for rank, found in enumerate(ranked, 1):
        reasons = [words.reason(reason) for reason in found.reasons]
        yield _edge(page, found.id, relation, {"rank": rank, "score": found.score, "reasons": reasons})


def _edge(source: str, target: str, relation: str, metadata: _JsonObject) -> _JsonObject:
    return {"source": source, "target": target, "relation": relation, "metadata": metadata}
