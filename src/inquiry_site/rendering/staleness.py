"""Which pages a change reaches: all others read as they did before."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from operator import is_not, ne

from inquiry_site.knowledge import Knowledge
from inquiry_site.knowledge.ranking import Neighbours, Ranked
from inquiry_site.model import Document
from inquiry_site.rendering.pages import OVERVIEW_PATHS
from inquiry_site.rendering.urls import SiteUrls


def stale_pages(before: Knowledge, now: Knowledge, shown: tuple[int, int]) -> frozenset[str]:
    """The paths of all pages that may read otherwise than before, as far as they are there now.

    A page shows its own document, those that it cites or is tied to, its neighbours, and the sentences that cite it,
    which cite others beside it. So it is enough to know of which documents anything is another than before, whether
    they were changed or something was derived of them that was not, and to go those ways from them.

    Args:
        before: the knowledge before some files changed, of the same settings, words and templates.
        now: the knowledge now, in which documents that have not changed are the same objects.
        shown: how many next lines and related notes a page shows.
    """
    if before is now:
        return frozenset()
    changed = frozenset(_changed_documents(before, now, shown))
    documents = changed | frozenset(_dependents(changed, now, shown))
    cited = changed | {target for document in changed for target in now.graph.passages.get(document, ())}
    addresses = SiteUrls()
    paths = {
        addresses.document(now.graph.documents[document]).path for document in documents & now.graph.documents.keys()
    }
    paths |= {addresses.source(key).path for key in _stale_sources(before, now, cited)}
    paths |= {addresses.topic(slug).path for slug in _stale_topics(before, now, cited)}
    return frozenset(paths | OVERVIEW_PATHS if _overviews_are_stale(before, now) else paths)


def _overviews_are_stale(before: Knowledge, now: Knowledge) -> bool:
    """Whether anything is another than the words of bodies, of which no page that tells of the whole site shows any."""
    tables = [*_derived_tables(before, now), (before.bibliography.sources, now.bibliography.sources)]
    tables.append((before.topics.by_slug, now.topics.by_slug))
    return any(_differing_keys(before.graph.documents, now.graph.documents, _differ_beyond_body)) or any(
        any(_differing_keys(was, found)) for was, found in tables
    )


def _differ_beyond_body(was: object, found: object) -> bool:
    if was is found:
        return False
    if not isinstance(was, Document) or not isinstance(found, Document) or type(was) is not type(found):
        return True
    return replace(found, body=was.body) != was


def _changed_documents(before: Knowledge, now: Knowledge, shown: tuple[int, int]) -> Iterator[str]:
    """Documents that are new or gone, or of which anything is another than before."""
    yield from _differing_keys(before.graph.documents, now.graph.documents, is_not)
    for was, found in _derived_tables(before, now):
        yield from _differing_keys(was, found)
    for key in _changed_references(before, now):
        yield from now.bibliography.sources[key].notes
    for slug in _renamed_topics(before, now):
        yield from (*now.topics.by_slug[slug].lines, *now.topics.by_slug[slug].notes)
    yield from _changed_neighbours(before.neighbours, now.neighbours, shown)


def _derived_tables(before: Knowledge, now: Knowledge) -> Iterator[tuple[Mapping[str, object], Mapping[str, object]]]:
    """What is derived of each document, then and now."""
    yield before.graph.citations, now.graph.citations
    yield before.graph.heading_ids, now.graph.heading_ids
    yield before.backlinks, now.backlinks
    yield before.sources, now.sources
    for name in ("outgoing", "incoming", "disagreements", "due"):
        yield getattr(before.relations, name), getattr(now.relations, name)
    yield before.topics.of_document, now.topics.of_document
    yield before.bibliography.of_note, now.bibliography.of_note


def _differing_keys(
    before: Mapping[str, object], now: Mapping[str, object], differ: Callable[[object, object], bool] = ne
) -> Iterator[str]:
    """Keys that only one of two tables has, or whose values differ."""
    yield from before.keys() ^ now.keys()
    yield from (key for key, value in now.items() if differ(before.get(key, value), value))


def _changed_neighbours(before: Neighbours, now: Neighbours, shown: tuple[int, int]) -> Iterator[str]:
    lines, notes = shown
    for was, found, most in (
        (before.next_lines, now.next_lines, lines),
        (before.related_notes, now.related_notes, notes),
        (before.bearing, now.bearing, None),
    ):
        for page, neighbours in found.items():
            told = was.get(page)
            if told is not neighbours and (
                told is None or _shown_neighbours(told[:most]) != _shown_neighbours(neighbours[:most])
            ):
                yield page


def _shown_neighbours(neighbours: Iterable[Ranked]) -> list[tuple[str, object]]:
    """What pages show of neighbours; their scores they do not."""
    return [(found.id, found.reasons) for found in neighbours]


def _changed_references(before: Knowledge, now: Knowledge) -> Iterator[str]:
    was = before.bibliography.sources
    for key, source in now.bibliography.sources.items():
        if key not in was or was[key].reference != source.reference:
            yield key


def _renamed_topics(before: Knowledge, now: Knowledge) -> Iterator[str]:
    was = before.topics.by_slug
    for slug, topic in now.topics.by_slug.items():
        if slug not in was or was[slug].name != topic.name:
            yield slug


def _dependents(changed: AbstractSet[str], now: Knowledge, shown: tuple[int, int]) -> Iterator[str]:
    """The documents whose pages show something of one of these."""
    graph, backlinks, relations = now.graph, now.backlinks, now.relations
    for document in changed:
        yield from graph.passages.get(document, ())
        for backlink in backlinks.get(document, ()):
            yield backlink.source
            yield from graph.passages[backlink.source]
        yield from (tie.target for tie in relations.outgoing.get(document, ()))
        yield from (tie.source for tie in relations.incoming.get(document, ()))
    lines, notes = shown
    neighbours = now.neighbours
    for table, most in ((neighbours.next_lines, lines), (neighbours.related_notes, notes), (neighbours.bearing, None)):
        for page, found in table.items():
            if any(other.id in changed for other in found[:most]):
                yield page


def _stale_sources(before: Knowledge, now: Knowledge, documents: Collection[str]) -> Iterator[str]:
    """Sources of which anything is another, and those on which one of these notes rests."""
    yield from _differing_keys(before.bibliography.sources, now.bibliography.sources)
    for document in documents:
        yield from (source.key for source in now.bibliography.of_note.get(document, ()))


def _stale_topics(before: Knowledge, now: Knowledge, documents: Collection[str]) -> Iterator[str]:
    """Topics of which anything is another, and those of these documents; all of them where one has another name."""
    if any(_renamed_topics(before, now)):
        yield from now.topics.by_slug
    yield from _differing_keys(before.topics.by_slug, now.topics.by_slug)
    for document in documents:
        yield from now.topics.of_document.get(document, ())
