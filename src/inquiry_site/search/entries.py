"""What is searched: each page with its texts, what they weigh, and what a result shows of it."""

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
"""In the order of the results."""
TITLE, TOPIC, CLAIM, PAPER = 24, 16, 12, 8
"""What one mention of a word weighs, by where it stands; in a body it is from 4 to 1, the longer the less."""
_SHOWN = 240
"""Characters of a claim that a result shows."""


@dataclass(frozen=True, slots=True)
class HandWrittenPage:
    """A page of the site that is none of ours."""

    title: str
    url: str
    text: str


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What is shown of a page that is found, and what it can be filtered by."""

    kind: str
    title: str
    url: str
    text: str
    """Beneath the title."""
    badge: str = ""
    """The verdict of a line, or the status of a note that is in doubt: a key of the site's words."""
    facets: tuple[str, ...] = ()
    """See ``facet``."""


@dataclass(frozen=True, slots=True)
class SearchEntry:
    """A page as it is searched."""

    result: SearchResult
    body: str
    texts: tuple[tuple[int, str], ...] = ()
    """What else is searched besides the title, with what a mention weighs there."""


def facet(name: str, value: object) -> str:
    """A filter as a term of the index; no word holds a colon."""
    return f":{name}:{value}"


def search_entries(
    knowledge: Knowledge, addresses: SiteUrls, records: dict[str, ReferenceView], others: Iterable[HandWrittenPage]
) -> Iterator[SearchEntry]:
    """Every page that is searched, in the order of the kinds and then of ids."""
    for line in knowledge.graph.lines:
        yield _line(line, knowledge, addresses)
    for note in knowledge.graph.notes:
        yield _note(note, knowledge, addresses)
    for key, source in knowledge.bibliography.sources.items():
        yield _source(source, addresses, records[key])
    for page in sorted(others, key=lambda page: page.url):
        yield SearchEntry(SearchResult("page", page.title, page.url, _shortened(page.text)), page.text)


def _line(line: InquiringLine, knowledge: Knowledge, addresses: SiteUrls) -> SearchEntry:
    shown, facets = (
        _shortened(line.answer or line.description),
        (*_topics(line, knowledge), facet("verdict", line.verdict)),
    )
    url = addresses.document(line).url
    texts = ((TOPIC, _names(line)), (CLAIM, f"{line.answer} {line.description}"))
    return SearchEntry(
        SearchResult("line", line.title, url, shown, f"verdict_{line.verdict}", facets), body_text(line.body), texts
    )


def _note(note: Note, knowledge: Knowledge, addresses: SiteUrls) -> SearchEntry:
    taken = knowledge.bibliography.of_note.get(note.id, ())
    references = [knowledge.bibliography.sources[source.key].reference for source in taken]
    years = (facet("year", year) for year in sorted({paper.year for paper in references}))
    badge = "" if note.status == "active" else f"status_{note.status}"
    url, facets = addresses.document(note).url, (*_topics(note, knowledge), *years)
    papers = " ".join(text for paper in references for text in (paper.title, *paper.authors, str(paper.year)))
    quotes = (quote.text for source in taken for quote in source.quotes)
    return SearchEntry(
        SearchResult("note", note.title, url, _shortened(note.description), badge, facets),
        " ".join((body_text(note.body), *quotes, *note.scope.holds, *note.scope.not_shown)),
        ((TOPIC, _names(note)), (CLAIM, note.description), (PAPER, papers)),
    )


def _source(source: Source, addresses: SiteUrls, record: ReferenceView) -> SearchEntry:
    paper = source.reference
    url, shown = addresses.source(source.key).url, filter(None, (record.short_authors, str(paper.year), paper.venue))
    badge = "status_retracted" if paper.retracted else ""
    return SearchEntry(
        SearchResult("source", paper.title, url, ", ".join(shown), badge, (facet("year", paper.year),)),
        f"{paper.doi} {paper.arxiv} {paper.isbn} {paper.url} {paper.venue} {paper.year}",
        ((CLAIM, " ".join(paper.authors)),),
    )


def _names(document: AnyDocument) -> str:
    return " ".join((*document.tags, *document.aliases))


def _topics(document: AnyDocument, knowledge: Knowledge) -> Iterator[str]:
    return (facet("topic", slug) for slug in knowledge.topics.of_document.get(document.id, ()))


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN else shorten(text, _SHOWN, placeholder="…")


def body_text(body: Body) -> str:
    """A body's own words: without the names of what it cites, addresses and comments."""
    citations = ((found.start, found.end, found.words) for found in body.citations)
    links = ((found.start, found.end, "") for found in (*body.links, *body.addresses))
    comments = ((start, end, "") for start, end in body.comments)
    cuts = sorted((*citations, *links, *comments))
    if not cuts:
        return body.text
    parts: list[str] = []
    position = body.offset
    for start, end, words in cuts:
        if start >= position:
            parts += (body.text[position - body.offset : start - body.offset], words)
            position = end
    return " ".join((*parts, body.text[position - body.offset :]))
