"""The whole index as files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from inquiry_site.collector import without_collecting
from inquiry_site.config import Config
from inquiry_site.knowledge import Knowledge
from inquiry_site.rendering.addresses import Addresses
from inquiry_site.rendering.exports.search import MANIFEST
from inquiry_site.rendering.exports.search import files as parts
from inquiry_site.rendering.exports.search.entries import KINDS, OtherPage, Result, entries, facet
from inquiry_site.rendering.exports.search.postings import IndexedDocument, Postings, indexed_document, merge
from inquiry_site.rendering.views.parts import ReferenceRecords
from inquiry_site.rendering.words import Words

SPOKEN = (
    *("search", "search_words", "search_found", "search_none", "search_instead", "search_filters", "search_failed"),
    *("search_close", "more", "filter_any", "filter_kind", "filter_topic", "filter_verdict", "filter_year"),
    *("lines", "notes", "sources", "search_pages"),
    *("verdict_answered", "verdict_partly", "verdict_contested", "verdict_open"),
    *("status_disputed", "status_superseded", "status_retracted"),
)
"""The keys of the words that the search says in the browser."""
_VERDICTS = ("answered", "partly", "contested", "open")


def render_search(
    knowledge: Knowledge, config: Config, words: Words, others: Iterable[OtherPage] = ()
) -> dict[str, bytes]:
    """The files of the search by their paths in the site; the same pages give the same bytes.

    Args:
        knowledge: lines, notes and sources.
        config: the settings.
        words: the site's language.
        others: pages that are none of ours, as those of the docs folder.
    """
    addresses = Addresses(config.use_directory_urls, config.docs_dir)
    results: list[Result] = []

    def documents() -> Iterator[IndexedDocument]:
        # One after the other: the texts of all of them at once would be as large as the knowledge base again.
        for entry in entries(knowledge, addresses, ReferenceRecords(knowledge, words), others):
            results.append(entry.result)
            yield indexed_document(entry)

    with without_collecting():
        postings = merge(documents())
        return _files(results, postings, _filters(results, knowledge, words), words)


def _files(results: list[Result], postings: Postings, filters: object, words: Words) -> dict[str, bytes]:
    files = parts.Files()
    first, names = parts.add_terms(files, postings)
    kinds = [result.kind for result in results]
    manifest = {
        "format": parts.FORMAT,
        "kinds": {kind: kinds.count(kind) for kind in KINDS},
        "first": first,
        "terms": "".join(names),
        "results": parts.add_results(files, results),
        "vocabulary": parts.add_vocabulary(files, postings),
        "filters": files.add_json(filters),
        "common": parts.common_words(postings),
        "broad": parts.add_answers(files, first, postings, results),
        "words": {key: words.plain(key) for key in SPOKEN},
    }
    files.contents[MANIFEST] = parts.as_json(manifest)
    return files.contents


def _filters(results: list[Result], knowledge: Knowledge, words: Words) -> dict[str, list[list[Any]]]:
    """What can be chosen from in each filter: its term, its name and how many pages it leaves."""
    counts = parts.facet_counts(results)
    topics = {facet("topic", slug): topic.name for slug, topic in knowledge.topics.by_slug.items()}
    verdicts = {facet("verdict", verdict): words[f"verdict_{verdict}"] for verdict in _VERDICTS}
    years = sorted({source.reference.year for source in knowledge.bibliography.sources.values()}, reverse=True)
    names = {"topic": topics, "verdict": verdicts, "year": {facet("year", year): str(year) for year in years}}
    return {
        kind: [[term, name, counts[term]] for term, name in known.items() if counts[term]]
        for kind, known in names.items()
    }
