"""Build the search index of a site as a set of files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from inquiry_site.config import Config
from inquiry_site.gc_control import gc_paused
from inquiry_site.knowledge import Knowledge
from inquiry_site.rendering.i18n import Translations
from inquiry_site.rendering.urls import SiteUrls
from inquiry_site.rendering.views.builder import ReferenceCache
from inquiry_site.search import MANIFEST, index_files
from inquiry_site.search.entries import KINDS, HandWrittenPage, SearchResult, facet, search_entries
from inquiry_site.search.postings import IndexedDocument, Postings, indexed_document, merge

UI_STRING_KEYS = (
    *("search", "search_words", "search_found", "search_none", "search_instead", "search_filters", "search_failed"),
    *("search_close", "more", "filter_any", "filter_kind", "filter_topic", "filter_verdict", "filter_year"),
    *("lines", "notes", "sources", "search_pages"),
    *("verdict_answered", "verdict_partly", "verdict_contested", "verdict_open"),
    *("status_disputed", "status_superseded", "status_retracted"),
)
"""Keys of the UI strings that the search shows in the browser."""
_VERDICTS = ("answered", "partly", "contested", "open")


def render_search(
    knowledge: Knowledge, config: Config, translations: Translations, others: Iterable[HandWrittenPage] = ()
) -> dict[str, bytes]:
    """Return the files of the search index by their paths in the site; the same pages give the same bytes.

    Args:
        knowledge: lines, notes and sources.
        config: the settings.
        translations: the UI strings in the site's language.
        others: pages not generated from a knowledge base, such as those in the docs folder.
    """
    urls = SiteUrls(config.use_directory_urls, config.docs_dir)
    results: list[SearchResult] = []

    def documents() -> Iterator[IndexedDocument]:
        # A generator, because the texts of all entries together are as large as the knowledge base.
        for entry in search_entries(knowledge, urls, ReferenceCache(knowledge, translations), others):
            results.append(entry.result)
            yield indexed_document(entry)

    with gc_paused():
        postings = merge(documents())
        return _index_files(results, postings, _filters(results, knowledge, translations), translations)


def _index_files(
    results: list[SearchResult], postings: Postings, filters: object, translations: Translations
) -> dict[str, bytes]:
    files = index_files.IndexFiles()
    first_terms, file_names = index_files.add_terms(files, postings)
    kinds = [result.kind for result in results]
    manifest = {
        "format": index_files.FORMAT,
        "kinds": {kind: kinds.count(kind) for kind in KINDS},
        "first": first_terms,
        "terms": "".join(file_names),
        "results": index_files.add_results(files, results),
        "vocabulary": index_files.add_vocabulary(files, postings),
        "filters": files.add_json(filters),
        "common": index_files.common_words(postings),
        "broad": index_files.add_answers(files, first_terms, postings, results),
        "words": {key: translations.plain(key) for key in UI_STRING_KEYS},
    }
    files.contents[MANIFEST] = index_files.as_json(manifest)
    return files.contents


def _filters(
    results: list[SearchResult], knowledge: Knowledge, translations: Translations
) -> dict[str, list[list[Any]]]:
    """Return the options of each filter: term, display name and number of pages; options without pages are omitted."""
    counts = index_files.facet_counts(results)
    topics = {facet("topic", slug): topic.name for slug, topic in knowledge.topics.by_slug.items()}
    verdicts = {facet("verdict", verdict): translations[f"verdict_{verdict}"] for verdict in _VERDICTS}
    years = sorted({source.reference.year for source in knowledge.bibliography.sources.values()}, reverse=True)
    names = {"topic": topics, "verdict": verdicts, "year": {facet("year", year): str(year) for year in years}}
    return {
        kind: [[term, name, counts[term]] for term, name in names_by_term.items() if counts[term]]
        for kind, names_by_term in names.items()
    }
