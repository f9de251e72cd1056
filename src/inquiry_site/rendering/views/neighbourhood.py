"""The view of what a line or a note touches: notes in a row, arcs between those that speak of one another, lines below.

An arc diagram (Wattenberg 2002, https://doi.org/10.1109/INFVIS.2002.1173155): its order is that of the page's own list,
so each dot is found again by its number, and nothing has to be laid out by trial.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inquiry_site.model import InquiringLine, Note, RelationType
from inquiry_site.rendering.views.builder import ViewBuilder

_WIDTH = 600.0
_STEP = 44.0
"""Widest distance between two notes of the row, in units of the drawing."""
_ARC = 74.0
"""Height of the widest arc."""
_DROP = 78
"""From the row to the lines below."""
_RADIUS = 11
_MOST_NOTES, _MOST_LINES = 11, 6
"""How many a note's drawing shows; a line's shows all its sources and the next lines that the page lists."""
_KINDS = {
    RelationType.CONTRADICTS: "contradicts",
    RelationType.QUALIFIES: "qualifies",
    RelationType.SUPPORTS: "agrees",
    RelationType.EXTENDS: "agrees",
    RelationType.SUPERSEDES: "qualifies",
}


@dataclass(frozen=True, slots=True)
class DotView:
    """A note of the row, or a line below it."""

    x: int
    label: str
    """Its number in the page's list: Sources, Next, Relations or Cited by; empty for the page's own note."""
    href: str
    kind: str
    """``own`` for the page's note, ``note`` for another; a line's verdict."""


@dataclass(frozen=True, slots=True)
class ArcsView:
    """All arcs of one kind as the path of an SVG; ``kind`` is ``contradicts``, ``qualifies`` or ``agrees``."""

    kind: str
    path: str


@dataclass(frozen=True, slots=True)
class NeighbourhoodView:
    """The drawing, from 0 0 to ``width`` and ``height``."""

    width: int
    height: int
    row: int
    """How far down the notes stand."""
    below: int
    """How far down the lines stand."""
    radius: float
    notes: tuple[DotView, ...]
    lines: tuple[DotView, ...]
    arcs: tuple[ArcsView, ...]
    cites: str
    """From each line to the notes of the row that it cites, as the path of an SVG."""


def around_line(line: InquiringLine, next_lines: Sequence[str], desk: ViewBuilder) -> NeighbourhoodView | None:
    """A line's sources by their numbers and the next lines in their order; nothing where nothing is tied."""
    notes = [entry.note for entry in desk.knowledge.sources[line.id]]
    dots = [DotView(0, str(number), f"#iq-s{number}", "note") for number in range(1, len(notes) + 1)]
    return _drawing(notes, dots, next_lines, desk)


def relation_numbers(note: Note, desk: ViewBuilder) -> dict[str, int]:
    """The notes of a note's relations with their numbers in its Relations, each by the first."""
    relations = desk.knowledge.relations
    outgoing = [tie.target for tie in relations.outgoing.get(note.id, ())]
    incoming = [tie.source for tie in relations.incoming.get(note.id, ())]
    numbers: dict[str, int] = {}
    for number, other in enumerate((*outgoing, *incoming), 1):
        numbers.setdefault(other, number)
    return numbers


def around_note(note: Note, numbers: Mapping[str, int], desk: ViewBuilder) -> NeighbourhoodView | None:
    """A note amid those that it is related to, by their ``relation_numbers``, and the lines that cite it."""
    knowledge = desk.knowledge
    others = list(numbers)[: _MOST_NOTES - 1]
    row = [*others[::2][::-1], note.id, *others[1::2]]
    dots = [
        DotView(0, str(numbers[name]), desk.document(knowledge.graph.documents[name]).href, "note")
        if name in numbers
        else DotView(0, "", "", "own")
        for name in row
    ]
    citing = [backlink.source for backlink in knowledge.backlinks.get(note.id, ())]
    lines = [name for name in citing if knowledge.graph.line(name)][:_MOST_LINES]
    return _drawing(row, dots, lines, desk, of=note.id)


def _drawing(
    notes: Sequence[str], dots: Sequence[DotView], lines: Sequence[str], desk: ViewBuilder, of: str = ""
) -> NeighbourhoodView | None:
    step = min(_STEP, _WIDTH / max(len(notes), 1))
    radius = round(min(_RADIUS, step * 0.4), 1)
    width = max(step * len(notes), _STEP * 2 * len(lines))
    places = dict(zip(notes, _spread(len(notes), step, width), strict=True))
    below = dict(zip(lines, _spread(len(lines), width / max(len(lines), 1), width), strict=True))
    spans, row = _arcs(places, desk, radius, of)
    base = row + (_DROP if lines else 0)
    cites = "".join(
        f"M{below[line]:g} {base - _RADIUS:g}L{places[entry.note]:g} {row + radius:g}"
        for line in lines
        for entry in desk.knowledge.sources[line]
        if entry.note in places
    )
    if not spans and not cites:
        return None
    return NeighbourhoodView(
        width=round(width),
        height=base + _RADIUS + 2,
        row=row,
        below=base,
        radius=radius,
        notes=tuple(DotView(places[n], d.label, d.href, d.kind) for n, d in zip(notes, dots, strict=True)),
        lines=tuple(_ring(line, x, str(rank), desk) for rank, (line, x) in enumerate(below.items(), 1)),
        arcs=spans,
        cites=cites,
    )


def _spread(count: int, step: float, width: float) -> list[int]:
    first = (width - step * count) / 2 + step / 2
    return [round(first + step * place) for place in range(count)]


def _ring(line: str, x: int, label: str, desk: ViewBuilder) -> DotView:
    document = desk.knowledge.graph.documents[line]
    verdict = document.verdict if isinstance(document, InquiringLine) else ""
    return DotView(x, label, desk.document(document).href, verdict)


def _arcs(places: dict[str, int], desk: ViewBuilder, radius: float, of: str) -> tuple[tuple[ArcsView, ...], int]:
    """The arcs by kind, those ``of`` one note alone where it is given, and how far down the row leaves them room."""
    pairs: dict[tuple[str, str], str] = {}
    for note in places:
        for tie in desk.knowledge.relations.outgoing.get(note, ()):
            if tie.target in places and of in {"", tie.source, tie.target}:
                pairs.setdefault((min(note, tie.target), max(note, tie.target)), _KINDS[tie.type])
    widths = {pair: abs(places[pair[0]] - places[pair[1]]) for pair in pairs}
    heights = {pair: _ARC * math.sqrt(width / _WIDTH) for pair, width in widths.items()}
    row = round(max(heights.values(), default=0) + radius + 2)
    paths: dict[str, list[str]] = {}
    for pair, kind in sorted(pairs.items()):
        start, end = sorted((places[pair[0]], places[pair[1]]))
        top = row - radius
        # The top of a quadratic curve lies half way to its control point.
        path = f"M{start:g} {top:g}Q{(start + end) / 2:g} {top - 2 * heights[pair]:.1f} {end:g} {top:g}"
        paths.setdefault(kind, []).append(path)
    return tuple(ArcsView(kind, "".join(found)) for kind, found in sorted(paths.items())), row
