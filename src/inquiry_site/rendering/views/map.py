"""Define and build the view of the map: topics contain lines, and lines contain the notes that they cite."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass

from inquiry_site.model import AnyDocument, InquiringLine, Note
from inquiry_site.rendering.views.builder import LinkView, ViewBuilder
from inquiry_site.rendering.views.circle_packing import Circle, enclosing_radius, pack, sunflower

_DOT = 3.0
"""Distance between two notes, in units of the drawing."""
_MARGIN = 2.5
_FEWEST_SHARED = 2
"""Minimum number of shared notes for which two lines are connected."""
_MOST_CONNECTIONS = 3
"""Maximum number of connections that one line contributes, the strongest first."""


@dataclass(frozen=True, slots=True)
class MapLineView:
    """A line on the map."""

    title: str
    href: str
    verdict: str
    notes: int
    """Number of notes that it cites, including those drawn in other lines."""
    x: float
    y: float
    r: float


@dataclass(frozen=True, slots=True)
class MapTopicView:
    """A topic on the map, with the lines drawn in it."""

    name: str
    href: str
    """Empty for the group of pages without a topic."""
    lines: tuple[MapLineView, ...]
    notes: int
    """Number of notes drawn in it."""
    x: float
    y: float
    r: float


@dataclass(frozen=True, slots=True)
class MapView:
    """The map, centred on the origin."""

    radius: float
    topics: tuple[MapTopicView, ...]
    dots: str
    """An SVG path that draws a dot for each note."""
    notes: tuple[LinkView, ...]
    """Links to the notes, in the order of the dots."""
    ties: str
    """An SVG path that connects lines which share notes."""


@dataclass(frozen=True, slots=True)
class _Cell:
    """A line with the notes drawn in it, or, without a line, the uncited notes of a topic."""

    line: InquiringLine | None
    notes: tuple[Note, ...]

    @property
    def radius(self) -> float:
        return _DOT * 0.6 * math.sqrt(max(len(self.notes), 3) + 1) + _MARGIN


def map_view(builder: ViewBuilder) -> MapView:
    """Build the view of the map. The layout is deterministic: the same files give the same map."""
    groups = _groups(builder)
    packed = {name: pack([cell.radius for cell in cells]) for name, cells in groups.items()}
    radii = {name: enclosing_radius(circles) + 2 * _MARGIN for name, circles in packed.items()}
    order = sorted(groups, key=lambda name: (-radii[name], name))
    topics, dots, notes, centres = [], [], [], {}
    for name, outer in zip(order, pack([radii[name] for name in order]), strict=True):
        lines = []
        for cell, circle in zip(groups[name], packed[name], strict=True):
            x, y = outer.x + circle.x, outer.y + circle.y
            dots += [f"M{x + dx:.1f} {y + dy:.1f}h0" for dx, dy in sunflower(len(cell.notes), _DOT)]
            notes += [builder.document(note) for note in cell.notes]
            if cell.line:
                lines.append(_line(cell.line, Circle(x, y, circle.r), builder))
                centres[cell.line.id] = (x, y)
        topics.append(_topic(name, tuple(lines), sum(len(cell.notes) for cell in groups[name]), outer, builder))
    radius = max((math.hypot(t.x, t.y) + t.r for t in topics), default=1.0)
    connections = _connections(centres, builder)
    return MapView(round(radius + 3 * _MARGIN, 1), tuple(topics), "".join(dots), tuple(notes), connections)


def _groups(builder: ViewBuilder) -> dict[str, list[_Cell]]:
    """Return the cells of each topic by slug, the largest first. Each line and note occurs once.

    Lines and uncited notes belong to their first topic (an empty slug if they have none), cited notes to one of the
    lines that cite them.
    """
    knowledge = builder.knowledge
    citing: dict[str, list[str]] = defaultdict(list)
    for line in knowledge.graph.lines:
        for entry in knowledge.sources[line.id]:
            citing[entry.note].append(line.id)
    owned: dict[str, list[Note]] = defaultdict(list)
    uncited: dict[str, list[Note]] = defaultdict(list)
    # Notes cited by few lines are assigned first; the others then go to the lines with the fewest notes.
    for note in sorted(knowledge.graph.notes, key=lambda note: (len(citing[note.id]), note.id)):
        if citing[note.id]:
            owned[min(citing[note.id], key=lambda line: (len(owned[line]), line))].append(note)
        else:
            uncited[_first_topic(note, builder)].append(note)
    groups: dict[str, list[_Cell]] = defaultdict(list)
    for line in knowledge.graph.lines:
        groups[_first_topic(line, builder)].append(_Cell(line, tuple(owned[line.id])))
    for name, notes in uncited.items():
        groups[name].append(_Cell(None, tuple(notes)))
    return {name: sorted(cells, key=_by_size) for name, cells in groups.items()}


def _by_size(cell: _Cell) -> tuple[int, str]:
    return -len(cell.notes), cell.line.id if cell.line else ""


def _first_topic(document: AnyDocument, builder: ViewBuilder) -> str:
    return next(iter(builder.knowledge.topics.of_document.get(document.id, ())), "")


def _line(line: InquiringLine, circle: Circle, builder: ViewBuilder) -> MapLineView:
    count = len(builder.knowledge.sources[line.id])
    geometry = (round(value, 1) for value in (circle.x, circle.y, circle.r - 1))
    return MapLineView(line.title, builder.document(line).href, line.verdict, count, *geometry)


def _topic(slug: str, lines: tuple[MapLineView, ...], notes: int, circle: Circle, builder: ViewBuilder) -> MapTopicView:
    name = builder.knowledge.topics.by_slug[slug].name if slug else ""
    href = builder.topic(name, slug).href if slug else ""
    geometry = (round(value, 1) for value in (circle.x, circle.y, circle.r - 1))
    return MapTopicView(name, href, lines, notes, *geometry)


def _connections(centres: dict[str, tuple[float, float]], builder: ViewBuilder) -> str:
    """Return an SVG path that connects lines which share notes, for each line only the strongest connections."""
    citing: dict[str, list[str]] = defaultdict(list)
    for line in builder.knowledge.graph.lines:
        for entry in builder.knowledge.sources[line.id]:
            citing[entry.note].append(line.id)
    shared: dict[str, Counter[str]] = defaultdict(Counter)
    for lines in citing.values():
        for one in lines[:50]:
            shared[one].update(other for other in lines[:50] if other != one)
    pairs = {
        (min(line, other), max(line, other))
        for line, counts in shared.items()
        for other, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_MOST_CONNECTIONS]
        if count >= _FEWEST_SHARED
    }
    return "".join(
        f"M{centres[one][0]:.1f} {centres[one][1]:.1f}L{centres[other][0]:.1f} {centres[other][1]:.1f}"
        for one, other in sorted(pairs)
    )
