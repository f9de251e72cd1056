"""Define the views that several kinds of page share, and build them from the knowledge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote

from markupsafe import Markup

from inquiry_site.config import Config
from inquiry_site.graph import Passage, plain_label
from inquiry_site.knowledge import Knowledge
from inquiry_site.knowledge.bibliography import NoteSource, identities
from inquiry_site.knowledge.ranking import Ranked
from inquiry_site.model import AnyDocument, InquiringLine, Note, Quote, Reference, SourceCheck
from inquiry_site.rendering.body.resolve import anchor_of
from inquiry_site.rendering.i18n import Translations
from inquiry_site.rendering.urls import SiteUrls, relative_url

_MOST_AUTHORS = 8


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link."""

    title: str
    href: str


@dataclass(frozen=True, slots=True)
class WordsView:
    """A part of a citing sentence: plain text or a citation."""

    text: str
    number: int = 0
    """Number of the cited source; 0 for plain text and for a page that is not a source of the citing one."""
    own: bool = False
    """Whether the page that shows the sentence is the cited one."""


@dataclass(frozen=True, slots=True)
class SentenceView:
    """A citing sentence, with a link to it; ``words`` is empty if the citation is a card by itself."""

    words: tuple[WordsView, ...]
    href: str


@dataclass(frozen=True, slots=True)
class ReferenceView:
    """A source as shown to readers; ``checked`` (with ``on``, ``extent``, ``version``) is how a note's author read it.

    ``extent`` is ``abstract`` or ``text``, and ``checked`` is None if the note does not record it.
    """

    title: str
    authors: str
    """All names, shortened after eight."""
    short_authors: str
    """One or two names, or the first followed by ``et al.``"""
    year: int
    venue: str
    type: str
    retracted: str
    href: str
    """The source's page on this site."""
    links: tuple[LinkView, ...]
    """Links to where it is published."""
    quotes: tuple[Quote, ...] = ()
    checked: SourceCheck | None = None


@dataclass(frozen=True, slots=True)
class NoteCardView:
    """A note in a list: its question, claim and sources."""

    id: str
    title: str
    href: str
    claim: str
    status: str
    references: tuple[ReferenceView, ...]
    topics: tuple[str, ...] = ()
    """Names of its topics."""


@dataclass(frozen=True, slots=True)
class LineCardView:
    """A line in a list: its question and short answer."""

    id: str
    title: str
    href: str
    description: str
    answer: str
    verdict: str
    note_count: int
    topics: tuple[str, ...] = ()
    """Names of its topics."""


@dataclass(frozen=True, slots=True)
class RankedView:
    """A next line or related note, with the reasons for it."""

    title: str
    href: str
    text: str
    """The claim of a note, or the description of a line."""
    reasons: tuple[str, ...]
    verdict: str
    """The verdict of a line; empty for a note."""
    shared: tuple[int, ...] = ()
    """For a line: the numbers of the page's own Sources that it also cites."""


@dataclass(frozen=True, slots=True)
class CitedByView:
    """A page that cites this one."""

    title: str
    href: str
    kind: str
    sentences: tuple[SentenceView, ...]
    also: tuple[int, ...] = ()
    """For a line that cites a note: the numbers of the note's Relations whose other note the line also cites."""


@dataclass(frozen=True, slots=True)
class ViewBuilder:
    """Builds the shared views of one page from the knowledge, with links relative to the page's URL."""

    knowledge: Knowledge
    urls: SiteUrls
    config: Config
    references_by_key: Mapping[str, ReferenceView]
    """Each source by key, without its link on this site. Built only once, because it is the same on every page."""
    url: str
    translations: Translations

    def href(self, target: str) -> str:
        """Return a link from this page to a URL of the site."""
        return relative_url(self.url, target)

    def document(self, document: AnyDocument) -> LinkView:
        """Return a link to a note or line."""
        return LinkView(document.title, self.href(self.urls.document(document).url))

    def topics(self, document: AnyDocument) -> tuple[LinkView, ...]:
        """Return links to the topics of a note or line."""
        topics = self.knowledge.topics
        return tuple(self.topic(topics.by_slug[slug].name, slug) for slug in topics.of_document.get(document.id, ()))

    def topic(self, name: str, slug: str) -> LinkView:
        """Return a link to a topic."""
        return LinkView(name, self.href(self.urls.topic(slug).url))

    def reference(self, source: NoteSource) -> ReferenceView:
        """Return the view of a source, with its link on this site and what a note records of it."""
        href = self.href(self.urls.source(source.key).url)
        return replace(self.references_by_key[source.key], href=href, quotes=source.quotes, checked=source.checked)

    def references(self, note: str) -> tuple[ReferenceView, ...]:
        """Return the sources of a note, each with the note's quotes from it."""
        return tuple(map(self.reference, self.knowledge.bibliography.of_note.get(note, ())))

    def note_card(self, note: Note) -> NoteCardView:
        """Return the view of a note in a list."""
        link = self.document(note)
        references, topics = self.references(note.id), self._topic_names(note)
        return NoteCardView(note.id, note.title, link.href, note.description, note.status, references, topics)

    def line_card(self, line: InquiringLine) -> LineCardView:
        """Return the view of a line in a list."""
        count = len(self.knowledge.sources[line.id])
        href = self.document(line).href
        topics = self._topic_names(line)
        return LineCardView(line.id, line.title, href, line.description, line.answer, line.verdict, count, topics)

    def _topic_names(self, document: AnyDocument) -> tuple[str, ...]:
        topics = self.knowledge.topics
        return tuple(topics.by_slug[slug].name for slug in topics.of_document.get(document.id, ()))

    def ranked(self, neighbours: Iterable[Ranked], page: str = "") -> tuple[RankedView, ...]:
        """Return the views of neighbours in a list; ``page`` is the id of the line whose next lines they are."""
        numbers = self.numbers(page)
        views = []
        for neighbour in neighbours:
            document = self.knowledge.graph.documents[neighbour.id]
            verdict = document.verdict if isinstance(document, InquiringLine) else ""
            link = self.document(document)
            reasons = tuple(map(self.translations.reason, neighbour.reasons))
            shared = (
                tuple(sorted(numbers[note] for note in self.numbers(neighbour.id) if note in numbers))
                if numbers
                else ()
            )
            views.append(RankedView(link.title, link.href, document.description, reasons, verdict, shared))
        return tuple(views)

    def sentences(
        self, citing: AnyDocument, passages: Iterable[Passage], own: str, numbers: dict[str, int]
    ) -> tuple[SentenceView, ...]:
        """Return the sentences of a page that cite another.

        Args:
            citing: the page that contains the sentences.
            passages: its citations of the other page.
            own: the id of the cited page.
            numbers: the numbers of the citing page's sources, by id.
        """
        url = self.urls.document(citing).url
        origin = "" if url == self.url else self.href(url)
        return tuple(
            SentenceView(self._sentence_parts(citing, passage, own, numbers), f"{origin}#{anchor_of(passage.citation)}")
            for passage in passages
        )

    def _sentence_parts(
        self, citing: AnyDocument, passage: Passage, own: str, numbers: dict[str, int]
    ) -> tuple[WordsView, ...]:
        if passage.sentence < 0:
            return ()
        graph = self.knowledge.graph
        parts = []
        for part in citing.body.sentences[passage.sentence].parts:
            if isinstance(part, str):
                parts.append(WordsView(part))
                continue
            citation, resolution = citing.body.citations[part], graph.citations[citing.id][part]
            target = graph.documents.get(resolution.id)
            text = plain_label(citation.label) or (target.title if target else citation.target)
            number = 0 if citation.label else numbers.get(resolution.id, 0)
            parts.append(WordsView(text, number, resolution.id == own))
        return tuple(parts)

    def numbers(self, line: str) -> dict[str, int]:
        """Return the number of each of a line's sources, by id of the note."""
        return {entry.note: number for number, entry in enumerate(self.knowledge.sources.get(line, ()), 1)}

    def cited_by(self, document: AnyDocument, related: Mapping[str, int] | None = None) -> tuple[CitedByView, ...]:
        """Return every page that cites a document, with the sentences that do.

        Args:
            document: the cited note or line.
            related: the numbers of a note's Relations, by id of the other note.
        """
        views = []
        for backlink in self.knowledge.backlinks.get(document.id, ()):
            citing = self.knowledge.graph.documents[backlink.source]
            link = self.document(citing)
            # Sentences keep the numbers of the citing line's own Sources.
            numbers = self.numbers(citing.id)
            sentences = self.sentences(citing, backlink.passages, document.id, numbers)
            also = tuple(number for note, number in (related or {}).items() if note in numbers)
            views.append(CitedByView(link.title, link.href, citing.kind.noun, sentences, also))
        return tuple(views)


class ReferenceCache(dict[str, ReferenceView]):
    """The view of every source by key, without its link on this site; built on demand."""

    def __init__(self, knowledge: Knowledge, words: Translations) -> None:
        super().__init__()
        self._sources = knowledge.bibliography.sources
        self._words = words

    def __missing__(self, key: str) -> ReferenceView:
        """Build and cache the view of a source."""
        record = self[key] = _reference_view(self._sources[key].reference, self._words)
        return record


def _reference_view(reference: Reference, words: Translations) -> ReferenceView:
    names = [given_name_first(name) for name in reference.authors]
    return ReferenceView(
        title=reference.title,
        authors=_author_list(names, words),
        short_authors=_short_authors(names, words),
        year=reference.year,
        venue=reference.venue,
        type=reference.type,
        retracted=reference.retracted,
        href="",
        links=publication_links(reference),
    )


def publication_links(reference: Reference) -> tuple[LinkView, ...]:
    """Return links to where a source is published, titled with its identifiers or the host name."""
    links = []
    for identity in identities(reference):
        scheme, _, value = identity.partition(":")
        if scheme == "doi":
            links.append(LinkView(f"doi:{value}", f"https://doi.org/{quote(value, safe='/:;()')}"))
        elif scheme == "arxiv":
            links.append(LinkView(f"arXiv:{value}", f"https://arxiv.org/abs/{quote(value, safe='/')}"))
        elif scheme == "isbn":
            links.append(LinkView(f"ISBN {value}", f"https://search.worldcat.org/search?q=bn%3A{quote(value)}"))
    if reference.url.startswith(("https://", "http://")) and reference.url not in {link.href for link in links}:
        links.append(LinkView(reference.url.split("/")[2], reference.url))
    return tuple(links)


def given_name_first(name: str) -> str:
    """Return a name as ``Given Family``, even if it is written ``Family, Given``."""
    family, comma, given = name.partition(",")
    return f"{given.strip()} {family.strip()}" if comma and given.strip() else name


def _author_list(names: list[str], words: Translations) -> str:
    if len(names) > _MOST_AUTHORS:
        shown = words["list_comma"].join(names[:_MOST_AUTHORS])
        return words.format_count("authors_more", len(names) - _MOST_AUTHORS, names=Markup(shown))  # noqa: S704 - plain text
    return words.join_list(names)


def _short_authors(names: list[str], words: Translations) -> str:
    families = [_family_name(name) for name in names]
    return words["et_al"].format(first=families[0]) if len(families) > 2 else words.join_list(families)


_PARTICLES = frozenset("van von de der den del della di da dos du la le el al bin ibn ten ter".split())


def _family_name(name: str) -> str:
    """Return the last word of a name, with the particles before it."""
    words = name.split()
    start = len(words) - 1
    while start > 1 and words[start - 1].lower() in _PARTICLES:
        start -= 1
    return " ".join(words[start:])
