"""Define and build the views of a line and of a note."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from inquiry_site.model import InquiringLine, Note
from inquiry_site.parsing.word_count import count_words
from inquiry_site.rendering.views.builder import (
    CitedByView,
    LinkView,
    NoteCardView,
    RankedView,
    ReferenceView,
    SentenceView,
    ViewBuilder,
)
from inquiry_site.rendering.views.disagreements import DisagreementView, disagreement_views
from inquiry_site.rendering.views.doubts import DoubtView, doubt_views
from inquiry_site.rendering.views.neighbourhood import NeighbourhoodView, around_line, around_note, relation_numbers
from inquiry_site.rendering.views.propose import OfferView, document_offers

_WORDS_A_MINUTE = 230
"""How many words of English non-fiction adults read in a minute: 238 in the meta-analysis of Brysbaert (2019)."""


@dataclass(frozen=True, slots=True)
class SourceEntryView:
    """One of a line's Sources."""

    number: int
    """Its position in the order of first citation, from 1."""
    note: NoteCardView
    sentences: tuple[SentenceView, ...]


@dataclass(frozen=True, slots=True)
class LineView:
    """An inquiring line."""

    id: str
    title: str
    description: str
    answer: str
    verdict: str
    is_open: bool
    date: dt.date | None
    updated: dt.date | None
    reviewed: dt.date | None
    draft: bool
    topics: tuple[LinkView, ...]
    minutes: int
    """How long its text takes to read, at least 1."""
    due: tuple[LinkView, ...]
    """Notes whose claim changed after the line was last reviewed against them."""
    doubts: tuple[DoubtView, ...]
    """What it rests on although it no longer holds, the nearest first."""
    sources: tuple[SourceEntryView, ...]
    disagreements: tuple[DisagreementView, ...]
    around: NeighbourhoodView | None
    """A drawing of its sources and next lines; None if none of them are connected."""
    next: tuple[RankedView, ...]
    bearing: tuple[RankedView, ...]
    """For an open question: the notes that may bear on it."""
    cited_by: tuple[CitedByView, ...]
    offers: tuple[OfferView, ...]


@dataclass(frozen=True, slots=True)
class RelationView:
    """A relation of a note; ``type`` is one of the five relation types."""

    type: str
    note: LinkView
    because: str


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note."""

    id: str
    title: str
    claim: str
    status: str
    date: dt.date | None
    updated: dt.date | None
    draft: bool
    topics: tuple[LinkView, ...]
    doubts: tuple[DoubtView, ...]
    """What it rests on although it no longer holds, its own sources first."""
    holds: tuple[str, ...]
    not_shown: tuple[str, ...]
    evidence: tuple[ReferenceView, ...]
    relations: tuple[RelationView, ...]
    """Relations that this note states to others."""
    related_by: tuple[RelationView, ...]
    """Relations that others state to this note."""
    around: NeighbourhoodView | None
    """A drawing of its related notes and the lines that cite it; None if none of them are connected."""
    cited_by: tuple[CitedByView, ...]
    related: tuple[RankedView, ...]
    offers: tuple[OfferView, ...]


def line_view(line: InquiringLine, builder: ViewBuilder) -> LineView:
    """Build the view of a line's page."""
    knowledge = builder.knowledge
    neighbours = knowledge.neighbours
    shown = neighbours.next_lines[line.id][: builder.config.next_lines]
    return LineView(
        id=line.id,
        title=line.title,
        description=line.description,
        answer=line.answer,
        verdict=line.verdict,
        is_open=line.is_open,
        date=line.date,
        updated=line.updated,
        reviewed=line.reviewed,
        draft=line.draft,
        topics=builder.topics(line),
        minutes=max(1, round(count_words(line.body) / _WORDS_A_MINUTE)),
        due=tuple(builder.document(knowledge.graph.documents[note]) for note in knowledge.relations.due[line.id]),
        doubts=doubt_views(line, builder),
        sources=_sources(line, builder),
        disagreements=disagreement_views(knowledge.relations.disagreements[line.id], builder.numbers(line.id), builder),
        around=around_line(line, [neighbour.id for neighbour in shown], builder),
        next=builder.ranked(shown, line.id),
        bearing=builder.ranked(neighbours.bearing.get(line.id, ())),
        cited_by=builder.cited_by(line),
        offers=document_offers(line, builder),
    )


def _sources(line: InquiringLine, builder: ViewBuilder) -> tuple[SourceEntryView, ...]:
    cited = builder.knowledge.sources[line.id]
    numbers = builder.numbers(line.id)
    return tuple(
        SourceEntryView(
            number=numbers[entry.note],
            note=_card(entry.note, builder),
            sentences=builder.sentences(line, entry.passages, entry.note, numbers),
        )
        for entry in cited
    )


def _card(note: str, builder: ViewBuilder) -> NoteCardView:
    document = builder.knowledge.graph.note(note)
    assert document is not None  # noqa: S101 - sources contain ids of notes only
    return builder.note_card(document)


def note_view(note: Note, builder: ViewBuilder) -> NoteView:
    """Build the view of a note's page."""
    knowledge = builder.knowledge
    documents = knowledge.graph.documents
    outgoing = knowledge.relations.outgoing.get(note.id, ())
    incoming = knowledge.relations.incoming.get(note.id, ())
    numbers = relation_numbers(note, builder)
    return NoteView(
        id=note.id,
        title=note.title,
        claim=note.description,
        status=note.status,
        date=note.date,
        updated=note.updated,
        draft=note.draft,
        topics=builder.topics(note),
        doubts=doubt_views(note, builder),
        holds=note.scope.holds,
        not_shown=note.scope.not_shown,
        evidence=builder.references(note.id),
        relations=tuple(RelationView(t.type.value, builder.document(documents[t.target]), t.because) for t in outgoing),
        related_by=tuple(
            RelationView(t.type.value, builder.document(documents[t.source]), t.because) for t in incoming
        ),
        around=around_note(note, numbers, builder),
        cited_by=builder.cited_by(note, numbers),
        related=builder.ranked(knowledge.neighbours.related_notes[note.id][: builder.config.related_notes]),
        offers=document_offers(note, builder),
    )
