"""The views of a source, a topic, the indexes and the home page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from inquiry_site.knowledge.bibliography import Source
from inquiry_site.knowledge.topics import Topic
from inquiry_site.model import InquiringLine, Note, Quote
from inquiry_site.rendering.urls import HOME
from inquiry_site.rendering.views.builder import (
    LineCardView,
    LinkView,
    NoteCardView,
    ReferenceView,
    ViewBuilder,
    given_name_first,
)

_TOGETHER = 5
_QUESTIONS = 3
_VERDICTS = ("answered", "partly", "contested", "open")


@dataclass(frozen=True, slots=True)
class UseView:
    """A note that rests on a source, with what it quotes from it."""

    note: NoteCardView
    quotes: tuple[Quote, ...]
    lines: tuple[LineCardView, ...]
    """The lines that cite the note."""


@dataclass(frozen=True, slots=True)
class SourceView:
    """A source: its record and every note that rests on it."""

    key: str
    reference: ReferenceView
    authors: tuple[str, ...]
    uses: tuple[UseView, ...]


@dataclass(frozen=True, slots=True)
class VerdictCountView:
    """How many lines have one verdict."""

    verdict: str
    count: int


@dataclass(frozen=True, slots=True)
class TopicView:
    """A topic: its lines and notes."""

    slug: str
    name: str
    lines: tuple[LineCardView, ...]
    open_questions: tuple[LineCardView, ...]
    notes: tuple[NoteCardView, ...]
    together: tuple[LinkView, ...]
    """Topics that most of its pages have too."""
    verdicts: tuple[VerdictCountView, ...]
    """How its lines are answered."""
    sources: int
    """How many sources its notes rest on."""
    years: str
    """From the first to the last of these."""


@dataclass(frozen=True, slots=True)
class TopicCardView:
    """A topic in a list."""

    name: str
    href: str
    lines: int
    notes: int
    questions: tuple[LinkView, ...]
    """The first few of its lines, those that rest on the most notes first."""


@dataclass(frozen=True, slots=True)
class SourceCardView:
    """A source in a list."""

    reference: ReferenceView
    notes: int


@dataclass(frozen=True, slots=True)
class IndexView:
    """The whole site in lists: what the indexes and the home page show."""

    site_name: str
    site_description: str
    lines: tuple[LineCardView, ...]
    """Answered lines, those that rest on the most notes first."""
    open_questions: tuple[LineCardView, ...]
    notes: tuple[NoteCardView, ...]
    sources: tuple[SourceCardView, ...]
    """The latest first."""
    topics: tuple[TopicCardView, ...]
    hrefs: IndexHrefs


@dataclass(frozen=True, slots=True)
class IndexHrefs:
    """The addresses of the indexes."""

    home: str
    lines: str
    notes: str
    sources: str
    topics: str


def source_view(source: Source, desk: ViewBuilder) -> SourceView:
    """Everything that the page of a source shows."""
    uses = []
    for identifier in source.notes:
        note = desk.knowledge.graph.note(identifier)
        if note is not None:
            taken = next(found for found in desk.knowledge.bibliography.of_note[identifier] if found.key == source.key)
            uses.append(UseView(desk.note_card(note), taken.quotes, _citing_lines(identifier, desk)))
    return SourceView(
        source.key, desk.reference(source.key), tuple(map(given_name_first, source.reference.authors)), tuple(uses)
    )


def _citing_lines(note: str, desk: ViewBuilder) -> tuple[LineCardView, ...]:
    backlinks = desk.knowledge.backlinks.get(note, ())
    return _line_cards((desk.knowledge.graph.line(backlink.source) for backlink in backlinks), desk)


def topic_view(topic: Topic, desk: ViewBuilder) -> TopicView:
    """Everything that the page of a topic shows."""
    graph = desk.knowledge.graph
    lines = _line_cards((graph.line(line) for line in topic.lines), desk)
    verdicts = Counter(line.verdict for line in lines)
    books = desk.knowledge.bibliography
    keys = {taken.key for note in topic.notes for taken in books.of_note.get(note, ())}
    years = sorted({books.sources[key].reference.year for key in keys})
    return TopicView(
        slug=topic.slug,
        name=topic.name,
        lines=tuple(line for line in lines if line.verdict != "open"),
        open_questions=tuple(line for line in lines if line.verdict == "open"),
        notes=_note_cards((graph.note(note) for note in topic.notes), desk),
        together=_together(topic, desk),
        verdicts=tuple(VerdictCountView(verdict, verdicts[verdict]) for verdict in _VERDICTS if verdicts[verdict]),
        sources=len(keys),
        years="–".join(map(str, dict.fromkeys((years[0], years[-1])))) if years else "",
    )


def _together(topic: Topic, desk: ViewBuilder) -> tuple[LinkView, ...]:
    topics = desk.knowledge.topics
    shared = Counter(slug for page in (*topic.lines, *topic.notes) for slug in topics.of_document[page])
    del shared[topic.slug]
    first = sorted(shared, key=lambda slug: (-shared[slug], slug))[:_TOGETHER]
    return tuple(desk.topic(topics.by_slug[slug].name, slug) for slug in first)


def _topic_card(topic: Topic, desk: ViewBuilder) -> TopicCardView:
    graph, sources = desk.knowledge.graph, desk.knowledge.sources
    lines = sorted(topic.lines, key=lambda line: (-len(sources[line]), line))[:_QUESTIONS]
    questions = tuple(desk.document(graph.documents[line]) for line in lines)
    href = desk.topic(topic.name, topic.slug).href
    return TopicCardView(topic.name, href, len(topic.lines), len(topic.notes), questions)


def index_view(desk: ViewBuilder) -> IndexView:
    """Everything that an index or the home page may show."""
    knowledge = desk.knowledge
    lines = sorted(_line_cards(knowledge.graph.lines, desk), key=lambda line: (-line.note_count, line.id))
    topics = [_topic_card(topic, desk) for topic in knowledge.topics.by_slug.values()]
    sources = [SourceCardView(desk.reference(s.key), len(s.notes)) for s in knowledge.bibliography.sources.values()]
    return IndexView(
        site_name=desk.config.site_name,
        site_description=desk.config.site_description,
        lines=tuple(line for line in lines if line.verdict != "open"),
        open_questions=tuple(line for line in lines if line.verdict == "open"),
        notes=tuple(
            sorted(_note_cards(knowledge.graph.notes, desk), key=lambda note: (note.title.casefold(), note.id))
        ),
        sources=tuple(
            sorted(sources, key=lambda s: (-s.reference.year, s.reference.title.casefold(), s.reference.href))
        ),
        topics=tuple(sorted(topics, key=lambda topic: (-topic.lines - topic.notes, topic.name.casefold()))),
        hrefs=index_hrefs(desk),
    )


def index_hrefs(desk: ViewBuilder) -> IndexHrefs:
    """Links from a page to the indexes."""
    home, lines, notes, sources, topics = (
        desk.href(desk.addresses.page(name).url) for name in (HOME, "lines", "notes", "sources", "topics")
    )
    return IndexHrefs(home, lines, notes, sources, topics)


def _line_cards(lines: Iterable[InquiringLine | None], desk: ViewBuilder) -> tuple[LineCardView, ...]:
    return tuple(desk.line_card(line) for line in lines if line is not None)


def _note_cards(notes: Iterable[Note | None], desk: ViewBuilder) -> tuple[NoteCardView, ...]:
    return tuple(desk.note_card(note) for note in notes if note is not None)
