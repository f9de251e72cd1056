"""The view of the whole knowledge base at a glance: topics hold lines, lines hold the notes that they rest on."""

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
_SHARED = 2
"""Lines that share so many notes are joined."""
_MOST_TIES = 3


@dataclass(frozen=True, slots=True)
class MapLineView:
    """A line on the map."""

    title: str
    href: str
    verdict: str
    notes: int
    """How many notes it rests on, those drawn in other lines included."""
    x: float
    y: float
    r: float


@dataclass(frozen=True, slots=True)
class MapTopicView:
    """A topic on the map, with the lines drawn in it."""

    name: str
    href: str
    """Empty for what has no topic."""
    lines: tuple[MapLineView, ...]
    notes: int
    """How many notes are drawn in it."""
    x: float
    y: float
    r: float


@dataclass(frozen=True, slots=True)
class MapView:
    """The map. Its middle is the origin."""

    radius: float
    topics: tuple[MapTopicView, ...]
    dots: str
    """All notes, as the path of an SVG that draws a dot for each."""
    notes: tuple[LinkView, ...]
    """The same notes in the same order."""
    ties: str
    """Lines that share notes, as the path of an SVG."""


@dataclass(frozen=True, slots=True)
class _Cell:
    """A line, or what no line cites, with the notes drawn in it."""

    line: InquiringLine | None
    notes: tuple[Note, ...]

    @property
    def radius(self) -> float:
        return _DOT * 0.6 * math.sqrt(max(len(self.notes), 3) + 1) + _MARGIN


def map_view(desk: ViewBuilder) -> MapView:
    """The map of everything, laid out from what belongs together: the same files give the same map."""
    groups = _groups(desk)
    inside = {name: pack([cell.radius for cell in cells]) for name, cells in groups.items()}
    radii = {name: enclosing_radius(circles) + 2 * _MARGIN for name, circles in inside.items()}
    order = sorted(groups, key=lambda name: (-radii[name], name))
    topics, dots, notes, centres = [], [], [], {}
    for name, place in zip(order, pack([radii[name] for name in order]), strict=True):
        lines = []
        for cell, circle in zip(groups[name], inside[name], strict=True):
            x, y = place.x + circle.x, place.y + circle.y
            dots += [f"M{x + dx:.1f} {y + dy:.1f}h0" for dx, dy in sunflower(len(cell.notes), _DOT)]
            notes += [desk.document(note) for note in cell.notes]
            if cell.line:
                lines.append(_line(cell.line, Circle(x, y, circle.r), desk))
                centres[cell.line.id] = (x, y)
        topics.append(_topic(name, tuple(lines), sum(len(cell.notes) for cell in groups[name]), place, desk))
    reach = max((math.hypot(t.x, t.y) + t.r for t in topics), default=1.0)
    return MapView(round(reach + 3 * _MARGIN, 1), tuple(topics), "".join(dots), tuple(notes), _ties(centres, desk))


def _groups(desk: ViewBuilder) -> dict[str, list[_Cell]]:
    """For each topic's slug its cells, the largest first; each line and note stands once, under its first topic."""
    knowledge = desk.knowledge
    citing: dict[str, list[str]] = defaultdict(list)
    for line in knowledge.graph.lines:
        for entry in knowledge.sources[line.id]:
            citing[entry.note].append(line.id)
    owned: dict[str, list[Note]] = defaultdict(list)
    alone: dict[str, list[Note]] = defaultdict(list)
    # Those that few lines cite first: what many cite then goes where there is least.
    for note in sorted(knowledge.graph.notes, key=lambda note: (len(citing[note.id]), note.id)):
        if citing[note.id]:
            owned[min(citing[note.id], key=lambda line: (len(owned[line]), line))].append(note)
        else:
            alone[_first_topic(note, desk)].append(note)
    groups: dict[str, list[_Cell]] = defaultdict(list)
    for line in knowledge.graph.lines:
        groups[_first_topic(line, desk)].append(_Cell(line, tuple(owned[line.id])))
    for name, notes in alone.items():
        groups[name].append(_Cell(None, tuple(notes)))
    return {name: sorted(cells, key=_by_size) for name, cells in groups.items()}


def _by_size(cell: _Cell) -> tuple[int, str]:
    return -len(cell.notes), cell.line.id if cell.line else ""


def _first_topic(document: AnyDocument, desk: ViewBuilder) -> str:
    return next(iter(desk.knowledge.topics.of_document.get(document.id, ())), "")


def _line(line: InquiringLine, circle: Circle, desk: ViewBuilder) -> MapLineView:
    count = len(desk.knowledge.sources[line.id])
    place = (round(value, 1) for value in (circle.x, circle.y, circle.r - 1))
    return MapLineView(line.title, desk.document(line).href, line.verdict, count, *place)


def _topic(slug: str, lines: tuple[MapLineView, ...], notes: int, circle: Circle, desk: ViewBuilder) -> MapTopicView:
    name = desk.knowledge.topics.by_slug[slug].name if slug else ""
    href = desk.topic(name, slug).href if slug else ""
    place = (round(value, 1) for value in (circle.x, circle.y, circle.r - 1))
    return MapTopicView(name, href, lines, notes, *place)


def _ties(centres: dict[str, tuple[float, float]], desk: ViewBuilder) -> str:
    """Between lines that share notes; for each line the strongest few."""
    citing: dict[str, list[str]] = defaultdict(list)
    for line in desk.knowledge.graph.lines:
        for entry in desk.knowledge.sources[line.id]:
            citing[entry.note].append(line.id)
    shared: dict[str, Counter[str]] = defaultdict(Counter)
    for lines in citing.values():
        for one in lines[:50]:
            shared[one].update(other for other in lines[:50] if other != one)
    pairs = {
        (min(line, other), max(line, other))
        for line, counts in shared.items()
        for other, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_MOST_TIES]
        if count >= _SHARED
    }
    return "".join(
        f"M{centres[one][0]:.1f} {centres[one][1]:.1f}L{centres[other][0]:.1f} {centres[other][1]:.1f}"
        for one, other in sorted(pairs)
    )
