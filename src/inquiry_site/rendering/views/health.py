"""The view of what maintainers look after: evidence that is thin, in doubt or out of date, and open questions."""

from __future__ import annotations

from dataclasses import dataclass

from inquiry_site.model import Note
from inquiry_site.rendering.views.builder import LineCardView, LinkView, NoteCardView, ViewBuilder


@dataclass(frozen=True, slots=True)
class DueView:
    """A line whose notes have changed since it was last read against them."""

    line: LineCardView
    reviewed: str
    notes: tuple[LinkView, ...]


@dataclass(frozen=True, slots=True)
class HealthView:
    """The state of the whole knowledge base."""

    due: tuple[DueView, ...]
    doubtful: tuple[NoteCardView, ...]
    """Notes that are disputed, superseded or retracted, or rest on a source that was retracted."""
    single: tuple[NoteCardView, ...]
    """Notes whose claim rests on one source."""
    unquoted: tuple[NoteCardView, ...]
    """Notes without a verbatim passage."""
    uncited: tuple[NoteCardView, ...]
    """Notes that no line cites."""
    open_questions: tuple[LineCardView, ...]


def health_view(desk: ViewBuilder) -> HealthView:
    """Everything that the page on the state of the knowledge base shows, in the order of titles."""
    graph, relations = desk.knowledge.graph, desk.knowledge.relations
    lines = sorted(graph.lines, key=lambda line: (line.title.casefold(), line.id))
    notes = sorted(graph.notes, key=lambda note: (note.title.casefold(), note.id))
    cited = {entry.note for line in lines for entry in desk.knowledge.sources[line.id]}
    return HealthView(
        due=tuple(
            DueView(
                desk.line_card(line),
                str(line.reviewed),
                tuple(desk.document(graph.documents[note]) for note in relations.due[line.id]),
            )
            for line in lines
            if relations.due[line.id]
        ),
        doubtful=_cards([note for note in notes if note.status != "active" or _rests_on_retracted(note, desk)], desk),
        single=_cards([note for note in notes if len(desk.knowledge.bibliography.of_note.get(note.id, ())) == 1], desk),
        unquoted=_cards([note for note in notes if not any(entry.quotes for entry in note.evidence)], desk),
        uncited=_cards([note for note in notes if note.id not in cited], desk),
        open_questions=tuple(desk.line_card(line) for line in lines if line.is_open),
    )


def _cards(notes: list[Note], desk: ViewBuilder) -> tuple[NoteCardView, ...]:
    return tuple(map(desk.note_card, notes))


def _rests_on_retracted(note: Note, desk: ViewBuilder) -> bool:
    sources = desk.knowledge.bibliography.of_note.get(note.id, ())
    return any(desk.records[source.key].retracted for source in sources)
