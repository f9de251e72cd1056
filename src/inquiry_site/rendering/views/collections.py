"""Define and build the views of a source, a topic, the indexes and the home page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from inquiry_site.knowledge.bibliography import NoteSource, Source
from inquiry_site.knowledge.topics import Topic
from inquiry_site.model import InquiringLine, Note, Quote, SourceCheck
from inquiry_site.rendering.urls import HOME
from inquiry_site.rendering.views.builder import (
    LineCardView,
    LinkView,
    NoteCardView,
    ReferenceView,
    ViewBuilder,
)
from inquiry_site.rendering.views.doubts import DoubtView, introduction_doubt_views
from inquiry_site.rendering.views.propose import OfferView, note_offers, problem_offers
from inquiry_site.text.person_names import given_name_first

_MOST_RELATED_TOPICS = 5
_MOST_QUESTIONS = 3
_VERDICTS = ("answered", "partly", "contested", "open")


@dataclass(frozen=True, slots=True)
class UseView:
    """A note that relies on a source, with its quotes from it."""

    note: NoteCardView
    quotes: tuple[Quote, ...]
    lines: tuple[LineCardView, ...]
    """Lines that cite the note."""
    checked: SourceCheck | None
    """When and how far the note's author read the source."""


@dataclass(frozen=True, slots=True)
class SourceView:
    """A source: its record and every note that relies on it."""

    key: str
    reference: ReferenceView
    authors: tuple[str, ...]
    uses: tuple[UseView, ...]
    offers: tuple[OfferView, ...]


@dataclass(frozen=True, slots=True)
class VerdictCountView:
    """A verdict and the number of lines that have it."""

    verdict: str
    count: int


@dataclass(frozen=True, slots=True)
class TopicView:
    """A topic: its lines and notes."""

    slug: str
    name: str
    description: str
    """What the topic asks; empty if nobody has described it."""
    lines: tuple[LineCardView, ...]
    open_questions: tuple[LineCardView, ...]
    notes: tuple[NoteCardView, ...]
    together: tuple[LinkView, ...]
    """The topics that occur together with it most often."""
    doubts: tuple[DoubtView, ...]
    """What its introduction rests on although it no longer holds, the nearest first."""
    verdicts: tuple[VerdictCountView, ...]
    """The number of its lines with each verdict."""
    sources: int
    """Number of sources on which its notes rely."""
    years: str
    """First and last year of these sources."""
    offers: tuple[OfferView, ...]


@dataclass(frozen=True, slots=True)
class TopicCardView:
    """A topic in a list."""

    name: str
    href: str
    lines: int
    notes: int
    questions: tuple[LinkView, ...]
    """The first few of its lines, sorted by decreasing number of cited notes."""
    description: str


@dataclass(frozen=True, slots=True)
class SourceCardView:
    """A source in a list."""

    reference: ReferenceView
    """Its ``checked`` is the most thorough reading of any note, the latest of these."""
    notes: int


@dataclass(frozen=True, slots=True)
class IndexView:
    """Lists of the whole site, for the indexes and the home page."""

    site_name: str
    site_description: str
    lines: tuple[LineCardView, ...]
    """Lines that are not open, sorted by decreasing number of cited notes."""
    open_questions: tuple[LineCardView, ...]
    notes: tuple[NoteCardView, ...]
    sources: tuple[SourceCardView, ...]
    """Sources, sorted by decreasing year."""
    topics: tuple[TopicCardView, ...]
    hrefs: IndexHrefs
    offers: tuple[OfferView, ...]


@dataclass(frozen=True, slots=True)
class IndexHrefs:
    """Links to the indexes."""

    home: str
    lines: str
    notes: str
    sources: str
    topics: str


def source_view(source: Source, builder: ViewBuilder) -> SourceView:
    """Build the view of a source's page."""
    uses = []
    for identifier in source.notes:
        note = builder.knowledge.graph.note(identifier)
        if note is not None:
            entries = builder.knowledge.bibliography.of_note[identifier]
            entry = next(entry for entry in entries if entry.key == source.key)
            lines = _citing_lines(identifier, builder)
            uses.append(UseView(builder.note_card(note), entry.quotes, lines, entry.checked))
    return SourceView(
        source.key,
        builder.reference(NoteSource(source.key, ())),
        tuple(map(given_name_first, source.reference.authors)),
        tuple(uses),
        problem_offers(source.key, builder),
    )


def _citing_lines(note: str, builder: ViewBuilder) -> tuple[LineCardView, ...]:
    backlinks = builder.knowledge.backlinks.get(note, ())
    return _line_cards((builder.knowledge.graph.line(backlink.source) for backlink in backlinks), builder)


def topic_view(topic: Topic, builder: ViewBuilder) -> TopicView:
    """Build the view of a topic's page."""
    graph = builder.knowledge.graph
    lines = _line_cards((graph.line(line) for line in topic.lines), builder)
    verdicts = Counter(line.verdict for line in lines)
    bibliography = builder.knowledge.bibliography
    keys = {source.key for note in topic.notes for source in bibliography.of_note.get(note, ())}
    years = sorted({bibliography.sources[key].reference.year for key in keys})
    return TopicView(
        slug=topic.slug,
        name=topic.name,
        description=topic.file.description if topic.file else "",
        lines=tuple(line for line in lines if line.verdict != "open"),
        open_questions=tuple(line for line in lines if line.verdict == "open"),
        notes=_note_cards((graph.note(note) for note in topic.notes), builder),
        together=_related_topics(topic, builder),
        doubts=introduction_doubt_views(topic.file, builder) if topic.file else (),
        verdicts=tuple(VerdictCountView(verdict, verdicts[verdict]) for verdict in _VERDICTS if verdicts[verdict]),
        sources=len(keys),
        years="–".join(map(str, dict.fromkeys((years[0], years[-1])))) if years else "",
        offers=note_offers(builder, topic.slug),
    )


def _related_topics(topic: Topic, builder: ViewBuilder) -> tuple[LinkView, ...]:
    topics = builder.knowledge.topics
    counts = Counter(slug for page in (*topic.lines, *topic.notes) for slug in topics.of_document[page])
    del counts[topic.slug]
    slugs = sorted(counts, key=lambda slug: (-counts[slug], slug))[:_MOST_RELATED_TOPICS]
    return tuple(builder.topic(topics.by_slug[slug].name, slug) for slug in slugs)


def _topic_card(topic: Topic, builder: ViewBuilder) -> TopicCardView:
    graph, sources = builder.knowledge.graph, builder.knowledge.sources
    lines = sorted(topic.lines, key=lambda line: (-len(sources[line]), line))[:_MOST_QUESTIONS]
    questions = tuple(builder.document(graph.documents[line]) for line in lines)
    href = builder.topic(topic.name, topic.slug).href
    description = topic.file.description if topic.file else ""
    return TopicCardView(topic.name, href, len(topic.lines), len(topic.notes), questions, description)


def index_view(builder: ViewBuilder) -> IndexView:
    """Build the view that the indexes and the home page share."""
    knowledge = builder.knowledge
    lines = sorted(_line_cards(knowledge.graph.lines, builder), key=lambda line: (-line.note_count, line.id))
    topics = [_topic_card(topic, builder) for topic in knowledge.topics.by_slug.values()]
    sources = [
        SourceCardView(builder.reference(NoteSource(s.key, (), s.checked)), len(s.notes))
        for s in knowledge.bibliography.sources.values()
    ]
    return IndexView(
        site_name=builder.config.site_name,
        site_description=builder.config.site_description,
        lines=tuple(line for line in lines if line.verdict != "open"),
        open_questions=tuple(line for line in lines if line.verdict == "open"),
        notes=tuple(
            sorted(_note_cards(knowledge.graph.notes, builder), key=lambda note: (note.title.casefold(), note.id))
        ),
        sources=tuple(
            sorted(sources, key=lambda s: (-s.reference.year, s.reference.title.casefold(), s.reference.href))
        ),
        topics=tuple(sorted(topics, key=lambda topic: (-topic.lines - topic.notes, topic.name.casefold()))),
        hrefs=index_hrefs(builder),
        offers=note_offers(builder),
    )


def index_hrefs(builder: ViewBuilder) -> IndexHrefs:
    """Return links from a page to the indexes."""
    home, lines, notes, sources, topics = (
        builder.href(builder.urls.page(name).url) for name in (HOME, "lines", "notes", "sources", "topics")
    )
    return IndexHrefs(home, lines, notes, sources, topics)


def _line_cards(lines: Iterable[InquiringLine | None], builder: ViewBuilder) -> tuple[LineCardView, ...]:
    return tuple(builder.line_card(line) for line in lines if line is not None)


def _note_cards(notes: Iterable[Note | None], builder: ViewBuilder) -> tuple[NoteCardView, ...]:
    return tuple(builder.note_card(note) for note in notes if note is not None)
