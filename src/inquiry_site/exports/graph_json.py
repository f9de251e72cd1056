"""Export the whole graph as JSON Graph Format 2 (https://jsongraphformat.info), one node or edge per line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from inquiry_site.config import Config
from inquiry_site.knowledge import Knowledge
from inquiry_site.knowledge.ranking import Ranked
from inquiry_site.knowledge.topics import Topic
from inquiry_site.model import AnyDocument, InquiringLine
from inquiry_site.rendering.i18n import Translations
from inquiry_site.rendering.urls import SiteUrls

FORMAT = 1
_BATCH_SIZE = 1000

_JsonObject = dict[str, Any]


def source_node(key: str) -> str:
    """Return the node id of a source; the prefix keeps it distinct from notes and lines."""
    return f"source:{key}"


def topic_node(slug: str) -> str:
    """Return the node id of a topic."""
    return f"topic:{slug}"


def render_graph_json(knowledge: Knowledge, config: Config, translations: Translations) -> Iterator[str]:
    """Yield the graph as JSON text in chunks, because it may be large; the same knowledge gives the same bytes."""
    head = {"directed": True, "type": "inquiry-site", "metadata": {"format": FORMAT, "site_url": config.site_url}}
    urls = SiteUrls(config.use_directory_urls, config.docs_dir)
    yield f'{{"graph": {_json(head)[:-1]}, "nodes": {{\n'
    yield from _comma_separated(f"{_json(name)}: {_json(node)}" for name, node in _nodes(knowledge, urls))
    yield '\n}, "edges": [\n'
    yield from _comma_separated(map(_json, _edges(knowledge, translations)))
    yield "\n]}}\n"


def _comma_separated(rows: Iterable[str]) -> Iterator[str]:
    separator = ""
    for batch in _batched(rows, _BATCH_SIZE):
        yield separator + ",\n".join(batch)
        separator = ",\n"


def _batched(rows: Iterable[str], size: int) -> Iterator[list[str]]:
    """Yield rows in lists of the given size; the last may be shorter."""
    remaining = iter(rows)
    while batch := list(islice(remaining, size)):
        yield batch


_json = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode


def _nodes(knowledge: Knowledge, urls: SiteUrls) -> Iterator[tuple[str, _JsonObject]]:
    for document in knowledge.graph.documents.values():
        yield document.id, _document_node(document, urls)
    for key, source in knowledge.bibliography.sources.items():
        record = {"authors": list(source.reference.authors), "year": source.reference.year}
        yield source_node(key), _node(source.reference.title, "source", urls.source(key).url, record)
    for slug, topic in knowledge.topics.by_slug.items():
        yield topic_node(slug), _node(topic.name, "topic", urls.topic(slug).url, _topic_metadata(topic))


def _topic_metadata(topic: Topic) -> _JsonObject:
    return {"description": topic.file.description} if topic.file and topic.file.description else {}


def _document_node(document: AnyDocument, urls: SiteUrls) -> _JsonObject:
    metadata: _JsonObject = {"description": document.description}
    if isinstance(document, InquiringLine):
        metadata |= {"answer": document.answer, "verdict": document.verdict}
    else:
        metadata |= {"status": document.status}
    return _node(document.title, document.kind.noun, urls.document(document).url, metadata)


def _node(label: str, kind: str, url: str, metadata: _JsonObject) -> _JsonObject:
    return {"label": label, "metadata": {"kind": kind, "url": url, **metadata}}


def _edges(knowledge: Knowledge, translations: Translations) -> Iterator[_JsonObject]:
    """Yield edges by the id of their source node, then by relation in a fixed order, then by rank or position."""
    for document in knowledge.graph.documents.values():
        yield from _citations(document, knowledge)
        if isinstance(document, InquiringLine):
            yield from _neighbours(document.id, "next", knowledge.ranking.next_lines[document.id], translations)
        else:
            yield from _neighbours(document.id, "related", knowledge.ranking.related_notes[document.id], translations)
            for source in knowledge.bibliography.of_note.get(document.id, ()):
                quotes = [{"text": quote.text, "locator": quote.locator} for quote in source.quotes]
                yield _edge(document.id, source_node(source.key), "evidence", {"quotes": quotes})
            for relation in knowledge.relations.outgoing.get(document.id, ()):
                yield _edge(document.id, relation.target, relation.type.value, {"because": relation.because})
        for slug in knowledge.topics.of_document.get(document.id, ()):
            yield _edge(document.id, topic_node(slug), "about", {})


def _citations(document: AnyDocument, knowledge: Knowledge) -> Iterator[_JsonObject]:
    graph = knowledge.graph
    for target, passages in graph.passages[document.id].items():
        sentences = [graph.sentence_text(document, p.sentence) for p in passages if p.sentence >= 0]
        yield _edge(document.id, target, "cites", {"sentences": sentences})


def _neighbours(
    page: str, relation: str, ranked: Iterable[Ranked], translations: Translations
) -> Iterator[_JsonObject]:
    for rank, neighbour in enumerate(ranked, 1):
        reasons = [translations.reason(reason) for reason in neighbour.reasons]
        yield _edge(page, neighbour.id, relation, {"rank": rank, "score": neighbour.score, "reasons": reasons})


def _edge(source: str, target: str, relation: str, metadata: _JsonObject) -> _JsonObject:
    return {"source": source, "target": target, "relation": relation, "metadata": metadata}
