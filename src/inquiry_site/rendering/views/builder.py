"""The parts that pages share, and how they are made from knowledge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote

from markupsafe import Markup

from inquiry_site.config import Config
from inquiry_site.graph import Passage, plain_words
from inquiry_site.knowledge import Knowledge
from inquiry_site.knowledge.bibliography import identities
from inquiry_site.knowledge.ranking import Ranked
from inquiry_site.model import AnyDocument, InquiringLine, Note, Quote, Reference
from inquiry_site.rendering.body.resolve import anchor_of
from inquiry_site.rendering.i18n import Translations
from inquiry_site.rendering.urls import SiteUrls, relative_url

_AUTHORS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link."""

    title: str
    href: str


@dataclass(frozen=True, slots=True)
class SentencePartView:
    """A stretch of a citing sentence."""

    text: str
    number: int = 0
    """Number of the source cited here; 0 for plain words or a page that is no source of this one."""
    own: bool = False
    """Whether the page that shows the sentence is what is cited here."""


@dataclass(frozen=True, slots=True)
class SentenceView:
    """A sentence that cites, with the address of its place; without words where a card stands by itself."""

    words: tuple[SentencePartView, ...]
    href: str


@dataclass(frozen=True, slots=True)
class ReferenceView:
    """A source as the reader sees it."""

    title: str
    authors: str
    """All names, shortened after eight."""
    short_authors: str
    """One or two names, or the first ``et al.``"""
    year: int
    venue: str
    type: str
    retracted: str
    href: str
    """The source's page on this site."""
    links: tuple[LinkView, ...]
    """Where it is published."""
    quotes: tuple[Quote, ...] = ()


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
    """Their names."""


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
    """Their names."""


@dataclass(frozen=True, slots=True)
class RankedView:
    """A neighbour with its reasons."""

    title: str
    href: str
    text: str
    """A note's claim; what a line explores."""
    reasons: tuple[str, ...]
    verdict: str
    """Of a line; empty for a note."""
    shared: tuple[int, ...] = ()
    """Of a line: the numbers of the page's own Sources that it cites too."""


@dataclass(frozen=True, slots=True)
class CitedByView:
    """A page that cites this one."""

    title: str
    href: str
    kind: str
    sentences: tuple[SentenceView, ...]
    also: tuple[int, ...] = ()
    """On a note, of a line that cites it: the numbers of the note's Relations whose other note the line cites too."""


@dataclass(frozen=True, slots=True)
class ViewBuilder:
    """What every view is made from: the knowledge, the addresses, and where the page stands."""

    knowledge: Knowledge
    addresses: SiteUrls
    config: Config
    records: Mapping[str, ReferenceView]
    """Each source without its link: the same on every page, so it is made once."""
    url: str
    words: Translations

    def href(self, target: str) -> str:
        """A link from this page to an address of the site."""
        return relative_url(self.url, target)

    def document(self, document: AnyDocument) -> LinkView:
        """A link to a note or line."""
        return LinkView(document.title, self.href(self.addresses.document(document).url))

    def topics(self, document: AnyDocument) -> tuple[LinkView, ...]:
        """Links to the topics of a note or line."""
        topics = self.knowledge.topics
        return tuple(self.topic(topics.by_slug[slug].name, slug) for slug in topics.of_document.get(document.id, ()))

    def topic(self, name: str, slug: str) -> LinkView:
        """A link to a topic."""
        return LinkView(name, self.href(self.addresses.topic(slug).url))

    def reference(self, key: str, quotes: tuple[Quote, ...] = ()) -> ReferenceView:
        """A source of this site."""
        return replace(self.records[key], href=self.href(self.addresses.source(key).url), quotes=quotes)

    def references(self, note: str) -> tuple[ReferenceView, ...]:
        """The sources of a note, with what it quotes from each."""
        return tuple(
            self.reference(source.key, source.quotes) for source in self.knowledge.bibliography.of_note.get(note, ())
        )

    def note_card(self, note: Note) -> NoteCardView:
        """A note for a list."""
        link = self.document(note)
        references, topics = self.references(note.id), self._topic_names(note)
        return NoteCardView(note.id, note.title, link.href, note.description, note.status, references, topics)

    def line_card(self, line: InquiringLine) -> LineCardView:
        """A line for a list."""
        count = len(self.knowledge.sources[line.id])
        href = self.document(line).href
        topics = self._topic_names(line)
        return LineCardView(line.id, line.title, href, line.description, line.answer, line.verdict, count, topics)

    def _topic_names(self, document: AnyDocument) -> tuple[str, ...]:
        topics = self.knowledge.topics
        return tuple(topics.by_slug[slug].name for slug in topics.of_document.get(document.id, ()))

    def ranked(self, neighbours: Iterable[Ranked], page: str = "") -> tuple[RankedView, ...]:
        """Neighbours for a list; ``page`` is the line whose next lines they are."""
        numbers = self.numbers(page)
        views = []
        for found in neighbours:
            document = self.knowledge.graph.documents[found.id]
            verdict = document.verdict if isinstance(document, InquiringLine) else ""
            link = self.document(document)
            reasons = tuple(map(self.words.reason, found.reasons))
            shared = (
                tuple(sorted(numbers[note] for note in self.numbers(found.id) if note in numbers)) if numbers else ()
            )
            views.append(RankedView(link.title, link.href, document.description, reasons, verdict, shared))
        return tuple(views)

    def sentences(
        self, citing: AnyDocument, passages: Iterable[Passage], own: str, numbers: dict[str, int]
    ) -> tuple[SentenceView, ...]:
        """The sentences of a page that cite ``own``; ``numbers`` gives the numbers of that page's sources."""
        here = self.addresses.document(citing).url
        origin = "" if here == self.url else self.href(here)
        return tuple(
            SentenceView(self._words(citing, passage, own, numbers), f"{origin}#{anchor_of(passage.citation)}")
            for passage in passages
        )

    def _words(
        self, citing: AnyDocument, passage: Passage, own: str, numbers: dict[str, int]
    ) -> tuple[SentencePartView, ...]:
        if passage.sentence < 0:
            return ()
        graph = self.knowledge.graph
        words = []
        for part in citing.body.sentences[passage.sentence].parts:
            if isinstance(part, str):
                words.append(SentencePartView(part))
                continue
            citation, resolution = citing.body.citations[part], graph.citations[citing.id][part]
            target = graph.documents.get(resolution.id)
            text = plain_words(citation.words) or (target.title if target else citation.target)
            bare = not citation.words
            words.append(SentencePartView(text, numbers.get(resolution.id, 0) if bare else 0, resolution.id == own))
        return tuple(words)

    def numbers(self, line: str) -> dict[str, int]:
        """The number of each of a line's sources, by the id of the note."""
        return {entry.note: number for number, entry in enumerate(self.knowledge.sources.get(line, ()), 1)}

    def cited_by(self, document: AnyDocument, related: Mapping[str, int] | None = None) -> tuple[CitedByView, ...]:
        """Every page that cites one, with the sentences that do; ``related`` numbers the notes of its relations."""
        views = []
        for backlink in self.knowledge.backlinks.get(document.id, ()):
            citing = self.knowledge.graph.documents[backlink.source]
            link = self.document(citing)
            # As the sentence reads where it stands: with the numbers of that line's own Sources.
            numbers = self.numbers(citing.id)
            sentences = self.sentences(citing, backlink.passages, document.id, numbers)
            also = tuple(number for note, number in (related or {}).items() if note in numbers)
            views.append(CitedByView(link.title, link.href, citing.kind.noun, sentences, also))
        return tuple(views)


class ReferenceCache(dict[str, ReferenceView]):
    """Every source by its key, without its link on this site; each is made when somebody asks."""

    def __init__(self, knowledge: Knowledge, words: Translations) -> None:
        super().__init__()
        self._sources = knowledge.bibliography.sources
        self._words = words

    def __missing__(self, key: str) -> ReferenceView:
        """A source that nobody has asked for yet."""
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
    """Where a source can be read, each under the name readers know."""
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
    """``Family, Given`` as readers say it."""
    family, comma, given = name.partition(",")
    return f"{given.strip()} {family.strip()}" if comma and given.strip() else name


def _author_list(names: list[str], words: Translations) -> str:
    if len(names) > _AUTHORS_SHOWN:
        shown = words["list_comma"].join(names[:_AUTHORS_SHOWN])
        return words.format_count("authors_more", len(names) - _AUTHORS_SHOWN, names=Markup(shown))  # noqa: S704 - plain text
    return words.join_list(names)


def _short_authors(names: list[str], words: Translations) -> str:
    families = [_family_name(name) for name in names]
    return words["et_al"].format(first=families[0]) if len(families) > 2 else words.join_list(families)


_PARTICLES = frozenset(
    {
        "van",
        "von",
        "de",
        "der",
        "den",
        "del",
        "della",
        "di",
        "da",
        "dos",
        "du",
        "la",
        "le",
        "el",
        "al",
        "bin",
        "ibn",
        "ten",
        "ter",
    }
)


def _family_name(name: str) -> str:
    """The last word of a name, with the particles before it."""
    words = name.split()
    start = len(words) - 1
    while start > 1 and words[start - 1].lower() in _PARTICLES:
        start -= 1
    return " ".join(words[start:])
