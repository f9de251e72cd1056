"""Find the pages that a change makes stale; all others are the same as before."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from operator import is_not, ne

from inquiry_site.knowledge import Knowledge
from inquiry_site.knowledge.ranking import Neighbours, Ranked
from inquiry_site.knowledge.standing import SOURCE, Doubt
from inquiry_site.model import Document
from inquiry_site.rendering.pages import OVERVIEW_PATHS
from inquiry_site.rendering.urls import SiteUrls


def stale_pages(before: Knowledge, now: Knowledge, shown: tuple[int, int]) -> frozenset[str]:
    """Return the paths of all existing pages that may be stale.

    A page shows its own document, the documents that it cites or is related to, its neighbours, and the sentences that
    cite it, which may cite others too. It is therefore enough to find the documents that changed, or whose derived
    values changed, and to follow these links from them.

    Args:
        before: the knowledge before some files changed, with the same settings, UI strings and templates.
        now: the current knowledge, in which unchanged documents are the same objects.
        shown: how many next lines and related notes a page shows.
    """
    if before is now:
        return frozenset()
    changed = frozenset(_changed_documents(before, now, shown))
    documents = changed | frozenset(_dependents(changed, now, shown)) | frozenset(_stale_doubts(before, now, changed))
    if before.graph.glossary != now.graph.glossary:
        documents |= now.graph.documents.keys()
    cited = changed | {target for document in changed for target in now.graph.passages.get(document, ())}
    urls = SiteUrls()
    paths = {urls.document(now.graph.documents[document]).path for document in documents & now.graph.documents.keys()}
    paths |= {urls.source(key).path for key in _stale_sources(before, now, cited)}
    paths |= {
        urls.topic(slug).path
        for slug in (*_stale_topics(before, now, cited), *_stale_introductions(before, now, changed))
    }
    return frozenset(paths | OVERVIEW_PATHS if _overviews_are_stale(before, now) else paths)


def _overviews_are_stale(before: Knowledge, now: Knowledge) -> bool:
    """Return whether anything changed that overview pages may show: anything but the text of bodies."""
    tables = [*_derived_tables(before, now), (before.bibliography.sources, now.bibliography.sources)]
    tables.append((before.topics.by_slug, now.topics.by_slug))
    return any(_differing_keys(before.graph.documents, now.graph.documents, _differ_beyond_body)) or any(
        any(_differing_keys(old, new)) for old, new in tables
    )


def _differ_beyond_body(old: object, new: object) -> bool:
    if old is new:
        return False
    if not isinstance(old, Document) or not isinstance(new, Document) or type(old) is not type(new):
        return True
    return replace(new, body=old.body) != old


def _changed_documents(before: Knowledge, now: Knowledge, shown: tuple[int, int]) -> Iterator[str]:
    """Yield the ids of documents that were added, removed or changed, or whose derived values changed."""
    yield from _differing_keys(before.graph.documents, now.graph.documents, is_not)
    yield from _differing_keys(before.graph.attachments, now.graph.attachments)
    for old, new in _derived_tables(before, now):
        yield from _differing_keys(old, new)
    for key in _changed_references(before, now):
        yield from now.bibliography.sources[key].notes
    for slug in _renamed_topics(before, now):
        yield from (*now.topics.by_slug[slug].lines, *now.topics.by_slug[slug].notes)
    yield from _changed_neighbours(before.neighbours, now.neighbours, shown)


def _derived_tables(before: Knowledge, now: Knowledge) -> Iterator[tuple[Mapping[str, object], Mapping[str, object]]]:
    """Yield pairs of tables (before, now) of the values derived from each document, by id."""
    yield before.graph.citations, now.graph.citations
    yield before.graph.heading_ids, now.graph.heading_ids
    yield before.backlinks, now.backlinks
    yield before.sources, now.sources
    for name in ("outgoing", "incoming", "disagreements", "due"):
        yield getattr(before.relations, name), getattr(now.relations, name)
    yield before.topics.of_document, now.topics.of_document
    yield before.bibliography.of_note, now.bibliography.of_note
    yield before.standing.of_page, now.standing.of_page


def _differing_keys(
    before: Mapping[str, object], now: Mapping[str, object], differ: Callable[[object, object], bool] = ne
) -> Iterator[str]:
    """Yield the keys that only one of two tables has, or whose values differ."""
    yield from before.keys() ^ now.keys()
    yield from (key for key, value in now.items() if differ(before.get(key, value), value))


def _changed_neighbours(before: Neighbours, now: Neighbours, shown: tuple[int, int]) -> Iterator[str]:
    lines, notes = shown
    for old, new, most in (
        (before.next_lines, now.next_lines, lines),
        (before.related_notes, now.related_notes, notes),
        (before.bearing, now.bearing, None),
    ):
        for page, neighbours in new.items():
            previous = old.get(page)
            if previous is not neighbours and (
                previous is None or _shown_neighbours(previous[:most]) != _shown_neighbours(neighbours[:most])
            ):
                yield page


def _shown_neighbours(neighbours: Iterable[Ranked]) -> list[tuple[str, object]]:
    """Return the parts of neighbours that pages show: ids and reasons, but not scores."""
    return [(neighbour.id, neighbour.reasons) for neighbour in neighbours]


def _changed_references(before: Knowledge, now: Knowledge) -> Iterator[str]:
    old = before.bibliography.sources
    for key, source in now.bibliography.sources.items():
        if key not in old or old[key].reference != source.reference:
            yield key


def _renamed_topics(before: Knowledge, now: Knowledge) -> Iterator[str]:
    old = before.topics.by_slug
    for slug, topic in now.topics.by_slug.items():
        if slug not in old or old[slug].name != topic.name:
            yield slug


def _dependents(changed: AbstractSet[str], now: Knowledge, shown: tuple[int, int]) -> Iterator[str]:
    """Yield the ids of documents whose pages show parts of a changed document."""
    graph, backlinks, relations = now.graph, now.backlinks, now.relations
    for document in changed:
        yield from graph.passages.get(document, ())
        for backlink in backlinks.get(document, ()):
            yield backlink.source
            yield from graph.passages[backlink.source]
        yield from (relation.target for relation in relations.outgoing.get(document, ()))
        yield from (relation.source for relation in relations.incoming.get(document, ()))
    lines, notes = shown
    neighbours = now.neighbours
    for table, most in ((neighbours.next_lines, lines), (neighbours.related_notes, notes), (neighbours.bearing, None)):
        for page, ranked in table.items():
            if any(neighbour.id in changed for neighbour in ranked[:most]):
                yield page


def _stale_doubts(before: Knowledge, now: Knowledge, changed: AbstractSet[str]) -> Iterator[str]:
    """Yield the ids of pages that rest on something that no longer holds, by a path with a changed page or source."""
    nodes = changed | {SOURCE + key for key in _changed_references(before, now)}
    yield from (page for page, doubts in now.standing.of_page.items() if _name_any(doubts, nodes, now))


def _name_any(doubts: Iterable[Doubt], nodes: AbstractSet[str], now: Knowledge) -> bool:
    """Return whether the notice of any doubt names one of some pages and sources."""
    fallen = now.standing.fallen
    return any(not nodes.isdisjoint((*doubt.path.steps, *fallen[doubt.path.root].newer)) for doubt in doubts)


def _stale_sources(before: Knowledge, now: Knowledge, documents: Collection[str]) -> Iterator[str]:
    """Yield the keys of sources that changed, and of those on which any of the given notes relies."""
    yield from _differing_keys(before.bibliography.sources, now.bibliography.sources)
    for document in documents:
        yield from (source.key for source in now.bibliography.of_note.get(document, ()))


def _stale_topics(before: Knowledge, now: Knowledge, documents: Collection[str]) -> Iterator[str]:
    """Yield the slugs of topics that changed, and of those of the given documents; all slugs if one was renamed."""
    if any(_renamed_topics(before, now)):
        yield from now.topics.by_slug
    yield from _differing_keys(before.topics.by_slug, now.topics.by_slug)
    for document in documents:
        yield from now.topics.of_document.get(document, ())


def _stale_introductions(before: Knowledge, now: Knowledge, changed: AbstractSet[str]) -> Iterator[str]:
    """Yield the slugs of topics whose introduction shows a changed document or doubt, or a changed glossary's entry."""
    nodes = changed | {SOURCE + key for key in _changed_references(before, now)}
    has_new_terms = before.graph.glossary != now.graph.glossary
    for slug, topic in now.topics.by_slug.items():
        if topic.file:
            resolutions = now.graph.other_citations.get(topic.file.path, ())
            are_new = resolutions != before.graph.other_citations.get(topic.file.path, ())
            doubts = now.standing.of_topic.get(topic.file.path, ())
            are_new = are_new or doubts != before.standing.of_topic.get(topic.file.path, ())
            is_changed = any(resolution.id in changed for resolution in resolutions) or _name_any(doubts, nodes, now)
            if has_new_terms or are_new or is_changed:
                yield slug
