"""Search entries: the texts of each page with their weights, and what a result shows about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from textwrap import shorten

from inquiry_site.knowledge import Knowledge
from inquiry_site.knowledge.bibliography import Source
from inquiry_site.model import AnyDocument, Body, InquiringLine, Note
from inquiry_site.rendering.urls import SiteUrls
from inquiry_site.rendering.views.builder import ReferenceView

KINDS = ("line", "note", "source", "page")
"""Kinds of pages, in the order of the results."""
TITLE, TOPIC, CLAIM, PAPER = 24, 16, 12, 8
"""The weight of one occurrence of a word, by the kind of text. In a body, it falls from 4 to 1 with its length."""
_MAX_TEXT = 240
"""Maximum length of a claim in a result, in characters."""


@dataclass(frozen=True, slots=True)
class HandWrittenPage:
    """A page of the site that is not generated from a knowledge base."""

    title: str
    url: str
    text: str


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search result shows about a page, and the filters that select it."""

    kind: str
    title: str
    url: str
    text: str
    """The text below the title."""
    badge: str = ""
    """The verdict of a line, or the status of a note unless it is active; a key of the UI strings."""
    facets: tuple[str, ...] = ()
    """The filters that select the page, as returned by ``facet``."""


@dataclass(frozen=True, slots=True)
class SearchEntry:
    """A page to be indexed."""

    result: SearchResult
    body: str
    texts: tuple[tuple[int, str], ...] = ()
    """Texts to index besides title and body, each with the weight of an occurrence."""


def facet(name: str, value: object) -> str:
    """Return a filter as a term of the index; its colons distinguish it from words."""
    return f":{name}:{value}"


def search_entries(
    knowledge: Knowledge, urls: SiteUrls, records: dict[str, ReferenceView], others: Iterable[HandWrittenPage]
) -> Iterator[SearchEntry]:
    """Yield the entries of all pages, in the order of their kinds and then by id."""
    for line in knowledge.graph.lines:
        yield _line(line, knowledge, urls)
    for note in knowledge.graph.notes:
        yield _note(note, knowledge, urls)
    for key, source in knowledge.bibliography.sources.items():
        yield _source(source, urls, records[key])
    for page in sorted(others, key=lambda page: page.url):
        yield SearchEntry(SearchResult("page", page.title, page.url, _shortened(page.text)), page.text)


def _line(line: InquiringLine, knowledge: Knowledge, urls: SiteUrls) -> SearchEntry:
    shown, facets = (
        _shortened(line.answer or line.description),
        (*_topics(line, knowledge), facet("verdict", line.verdict)),
    )
    url = urls.document(line).url
    texts = ((TOPIC, _names(line, knowledge)), (CLAIM, f"{line.answer} {line.description}"))
    return SearchEntry(
        SearchResult("line", line.title, url, shown, f"verdict_{line.verdict}", facets), body_text(line.body), texts
    )


def _note(note: Note, knowledge: Knowledge, urls: SiteUrls) -> SearchEntry:
    sources = knowledge.bibliography.of_note.get(note.id, ())
    references = [knowledge.bibliography.sources[source.key].reference for source in sources]
    years = (facet("year", year) for year in sorted({paper.year for paper in references}))
    badge = "" if note.status == "active" else f"status_{note.status}"
    url, facets = urls.document(note).url, (*_topics(note, knowledge), *years)
    papers = " ".join(text for paper in references for text in (paper.title, *paper.authors, str(paper.year)))
    quotes = (quote.text for source in sources for quote in source.quotes)
    return SearchEntry(
        SearchResult("note", note.title, url, _shortened(note.description), badge, facets),
        " ".join((body_text(note.body), *quotes, *note.scope.holds, *note.scope.not_shown)),
        ((TOPIC, _names(note, knowledge)), (CLAIM, note.description), (PAPER, papers)),
    )


def _source(source: Source, urls: SiteUrls, record: ReferenceView) -> SearchEntry:
    paper = source.reference
    url, shown = urls.source(source.key).url, filter(None, (record.short_authors, str(paper.year), paper.venue))
    badge = "status_retracted" if paper.retracted else ""
    return SearchEntry(
        SearchResult("source", paper.title, url, ", ".join(shown), badge, (facet("year", paper.year),)),
        f"{paper.doi} {paper.arxiv} {paper.isbn} {paper.url} {paper.venue} {paper.year}",
        ((CLAIM, " ".join(paper.authors)),),
    )


def _names(document: AnyDocument, knowledge: Knowledge) -> str:
    """Return the names of a document and of its topics, which are the words of its tags unless they have a title."""
    topics = (knowledge.topics.by_slug[slug] for slug in knowledge.topics.of_document.get(document.id, ()))
    titles = (topic.file.title for topic in topics if topic.file)
    return " ".join((*document.tags, *titles, *document.aliases))


def _topics(document: AnyDocument, knowledge: Knowledge) -> Iterator[str]:
    return (facet("topic", slug) for slug in knowledge.topics.of_document.get(document.id, ()))


def _shortened(text: str) -> str:
    return text if len(text) <= _MAX_TEXT else shorten(text, _MAX_TEXT, placeholder="…")


def body_text(body: Body) -> str:
    """Return the text of a body without the targets of citations, URLs and comments."""
    citations = ((citation.start, citation.end, citation.label) for citation in body.citations)
    links = ((link.start, link.end, "") for link in (*body.links, *body.external_links))
    files = ((file.start, file.end, file.label) for file in body.files)
    comments = ((start, end, "") for start, end in body.comments)
    cuts = sorted((*citations, *links, *files, *comments))
    if not cuts:
        return body.text
    parts: list[str] = []
    position = body.offset
    for start, end, words in cuts:
        if start >= position:
            parts += (body.text[position - body.offset : start - body.offset], words)
            position = end
    return " ".join((*parts, body.text[position - body.offset :]))
