"""Define and build the drawing of a page's neighbourhood: notes in a row, arcs between related ones, lines below.

It is an arc diagram (Wattenberg 2002, https://doi.org/10.1109/INFVIS.2002.1173155). The order is that of the page's own
list, so readers find each dot by its number, and no iterative layout is needed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inquiry_site.model import InquiringLine, Note, RelationType
from inquiry_site.rendering.views.builder import ViewBuilder

_WIDTH = 600.0
_STEP = 44.0
"""Maximum distance between two notes of the row, in units of the drawing."""
_ARC = 74.0
"""Height of an arc across the full width."""
_DROP = 78
"""Distance from the row to the lines below."""
_RADIUS = 11
_MOST_NOTES, _MOST_LINES = 11, 6
"""Maximum notes and lines in a note's drawing. A line's drawing shows all its sources and the listed next lines."""
_KINDS = {
    RelationType.CONTRADICTS: "contradicts",
    RelationType.QUALIFIES: "qualifies",
    RelationType.SUPPORTS: "agrees",
    RelationType.EXTENDS: "agrees",
    RelationType.SUPERSEDES: "qualifies",
}


@dataclass(frozen=True, slots=True)
class DotView:
    """A note in the row, or a line below it."""

    x: int
    label: str
    """Its number in the page's list: Sources, Next, Relations or Cited by; empty for the page's own note."""
    href: str
    kind: str
    """``own`` for the page's own note, ``note`` for another; for a line, its verdict."""


@dataclass(frozen=True, slots=True)
class ArcsView:
    """An SVG path of all arcs of one kind; ``kind`` is ``contradicts``, ``qualifies`` or ``agrees``."""

    kind: str
    path: str


@dataclass(frozen=True, slots=True)
class NeighbourhoodView:
    """The drawing of a neighbourhood, with the origin at the top left."""

    width: int
    height: int
    row: int
    """Vertical position of the notes."""
    below: int
    """Vertical position of the lines."""
    radius: float
    notes: tuple[DotView, ...]
    lines: tuple[DotView, ...]
    arcs: tuple[ArcsView, ...]
    cites: str
    """An SVG path from each line to the notes of the row that it cites."""


def around_line(line: InquiringLine, next_lines: Sequence[str], builder: ViewBuilder) -> NeighbourhoodView | None:
    """Build the drawing of a line's sources, by number, and its next lines, in order; None without connections."""
    notes = [entry.note for entry in builder.knowledge.sources[line.id]]
    dots = [DotView(0, str(number), f"#iq-s{number}", "note") for number in range(1, len(notes) + 1)]
    return _drawing(notes, dots, next_lines, builder)


def relation_numbers(note: Note, builder: ViewBuilder) -> dict[str, int]:
    """Return the number of each related note in a note's Relations, by id; the first one if it occurs repeatedly."""
    relations = builder.knowledge.relations
    outgoing = [relation.target for relation in relations.outgoing.get(note.id, ())]
    incoming = [relation.source for relation in relations.incoming.get(note.id, ())]
    numbers: dict[str, int] = {}
    for number, other in enumerate((*outgoing, *incoming), 1):
        numbers.setdefault(other, number)
    return numbers


def around_note(note: Note, numbers: Mapping[str, int], builder: ViewBuilder) -> NeighbourhoodView | None:
    """Build the drawing of a note between its related notes, with the lines that cite it; None without connections.

    Args:
        note: the note of the page.
        numbers: its ``relation_numbers``.
        builder: the builder of the page's views.
    """
    knowledge = builder.knowledge
    others = list(numbers)[: _MOST_NOTES - 1]
    row = [*others[::2][::-1], note.id, *others[1::2]]
    dots = [
        DotView(0, str(numbers[name]), builder.document(knowledge.graph.documents[name]).href, "note")
        if name in numbers
        else DotView(0, "", "", "own")
        for name in row
    ]
    citing = [backlink.source for backlink in knowledge.backlinks.get(note.id, ())]
    lines = [name for name in citing if knowledge.graph.line(name)][:_MOST_LINES]
    return _drawing(row, dots, lines, builder, of=note.id)


def _drawing(
    notes: Sequence[str], dots: Sequence[DotView], lines: Sequence[str], builder: ViewBuilder, of: str = ""
) -> NeighbourhoodView | None:
    step = min(_STEP, _WIDTH / max(len(notes), 1))
    radius = round(min(_RADIUS, step * 0.4), 1)
    width = max(step * len(notes), _STEP * 2 * len(lines))
    note_xs = dict(zip(notes, _spread(len(notes), step, width), strict=True))
    line_xs = dict(zip(lines, _spread(len(lines), width / max(len(lines), 1), width), strict=True))
    arcs, row = _arcs(note_xs, builder, radius, of)
    base = row + (_DROP if lines else 0)
    cites = "".join(
        f"M{line_xs[line]:g} {base - _RADIUS:g}L{note_xs[entry.note]:g} {row + radius:g}"
        for line in lines
        for entry in builder.knowledge.sources[line]
        if entry.note in note_xs
    )
    if not arcs and not cites:
        return None
    return NeighbourhoodView(
        width=round(width),
        height=base + _RADIUS + 2,
        row=row,
        below=base,
        radius=radius,
        notes=tuple(DotView(note_xs[n], d.label, d.href, d.kind) for n, d in zip(notes, dots, strict=True)),
        lines=tuple(_line_dot(line, x, str(rank), builder) for rank, (line, x) in enumerate(line_xs.items(), 1)),
        arcs=arcs,
        cites=cites,
    )


def _spread(count: int, step: float, width: float) -> list[int]:
    first = (width - step * count) / 2 + step / 2
    return [round(first + step * index) for index in range(count)]


def _line_dot(line: str, x: int, label: str, builder: ViewBuilder) -> DotView:
    document = builder.knowledge.graph.documents[line]
    verdict = document.verdict if isinstance(document, InquiringLine) else ""
    return DotView(x, label, builder.document(document).href, verdict)


def _arcs(xs: dict[str, int], builder: ViewBuilder, radius: float, of: str) -> tuple[tuple[ArcsView, ...], int]:
    """Build the arcs between related notes.

    Args:
        xs: the horizontal position of each note, by id.
        builder: the builder of the page's views.
        radius: the radius of the dots.
        of: the id of the note whose arcs alone are drawn; all arcs if empty.

    Returns:
        The arcs by kind, and the vertical position of the row that leaves room for them.
    """
    pairs: dict[tuple[str, str], str] = {}
    for note in xs:
        for relation in builder.knowledge.relations.outgoing.get(note, ()):
            other = relation.target
            if other in xs and of in {"", relation.source, other}:
                pairs.setdefault((min(note, other), max(note, other)), _KINDS[relation.type])
    widths = {pair: abs(xs[pair[0]] - xs[pair[1]]) for pair in pairs}
    heights = {pair: _ARC * math.sqrt(width / _WIDTH) for pair, width in widths.items()}
    row = round(max(heights.values(), default=0) + radius + 2)
    paths: dict[str, list[str]] = {}
    for pair, kind in sorted(pairs.items()):
        start, end = sorted((xs[pair[0]], xs[pair[1]]))
        top = row - radius
        # The apex of a quadratic curve is half way to its control point.
        path = f"M{start:g} {top:g}Q{(start + end) / 2:g} {top - 2 * heights[pair]:.1f} {end:g} {top:g}"
        paths.setdefault(kind, []).append(path)
    return tuple(ArcsView(kind, "".join(parts)) for kind, parts in sorted(paths.items())), row
