"""Define and build the view of what needs maintenance: thin, doubtful or outdated evidence, and open questions."""

from __future__ import annotations

from dataclasses import dataclass

from inquiry_site.knowledge.standing import SOURCE
from inquiry_site.model import Note
from inquiry_site.rendering.views.builder import LineCardView, LinkView, NoteCardView, ViewBuilder


@dataclass(frozen=True, slots=True)
class DueView:
    """A line whose notes have changed since it was last reviewed against them."""

    line: LineCardView
    reviewed: str
    notes: tuple[LinkView, ...]


@dataclass(frozen=True, slots=True)
class HealthView:
    """The health of the whole knowledge base."""

    due: tuple[DueView, ...]
    doubtful: tuple[NoteCardView, ...]
    """Notes that are disputed, superseded or retracted, or rely on a retracted source."""
    single: tuple[NoteCardView, ...]
    """Notes whose claim relies on a single source."""
    unquoted: tuple[NoteCardView, ...]
    """Notes without a verbatim passage."""
    uncited: tuple[NoteCardView, ...]
    """Notes that no line cites."""
    open_questions: tuple[LineCardView, ...]


def health_view(builder: ViewBuilder) -> HealthView:
    """Build the view of the page on the health of the knowledge base, sorted by title."""
    graph, relations = builder.knowledge.graph, builder.knowledge.relations
    lines = sorted(graph.lines, key=lambda line: (line.title.casefold(), line.id))
    notes = sorted(graph.notes, key=lambda note: (note.title.casefold(), note.id))
    cited = {entry.note for line in lines for entry in builder.knowledge.sources[line.id]}
    return HealthView(
        due=tuple(
            DueView(
                builder.line_card(line),
                str(line.reviewed),
                tuple(builder.document(graph.documents[note]) for note in relations.due[line.id]),
            )
            for line in lines
            if relations.due[line.id]
        ),
        doubtful=_cards([note for note in notes if note.status != "active" or _is_doubtful(note, builder)], builder),
        single=_cards(
            [note for note in notes if len(builder.knowledge.bibliography.of_note.get(note.id, ())) == 1], builder
        ),
        unquoted=_cards([note for note in notes if not any(entry.quotes for entry in note.evidence)], builder),
        uncited=_cards([note for note in notes if note.id not in cited], builder),
        open_questions=tuple(builder.line_card(line) for line in lines if line.is_open),
    )


def _cards(notes: list[Note], builder: ViewBuilder) -> tuple[NoteCardView, ...]:
    return tuple(map(builder.note_card, notes))


def _is_doubtful(note: Note, builder: ViewBuilder) -> bool:
    """Return whether another note supersedes a note, or its source was retracted."""
    standing = builder.knowledge.standing
    doubts = standing.of_page.get(note.id, ())
    return note.id in standing.fallen or any(doubt.path.target.startswith(SOURCE) for doubt in doubts)
