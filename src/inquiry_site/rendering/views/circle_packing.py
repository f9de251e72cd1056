"""Circles packed into a disc, the same circles always in the same way."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

_TRIED = 10
"""A circle is put beside two of so many placed last: those before them are walled in."""
_GOLDEN = math.pi * (3 - math.sqrt(5))


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle in the plane."""

    x: float
    y: float
    r: float

    def overlaps(self, other: Circle) -> bool:
        """Whether both share more than a point."""
        return math.hypot(self.x - other.x, self.y - other.y) < self.r + other.r - 1e-6


def pack(radii: Sequence[float]) -> list[Circle]:
    """Circles of these radii that do not overlap, in their order, each as near to the middle as it finds room.

    Best with the largest first. The greedy rule is that of Wang et al., Visualization of large hierarchical data by
    circle packing (CHI 2006), with a grid instead of a front chain.
    """
    placed: list[Circle] = []
    cell = 2 * max(radii, default=1.0)
    grid: dict[tuple[int, int], list[Circle]] = {}
    for radius in radii:
        free = (c for c in _candidates(placed, radius) if not _meets(c, grid, cell))
        found = min(free, key=lambda c: (round(math.hypot(c.x, c.y), 6), c.x, c.y), default=None)
        circle = found or _outside(placed, radius)
        placed.append(circle)
        grid.setdefault((int(circle.x // cell), int(circle.y // cell)), []).append(circle)
    return _centred(placed)


def _centred(circles: Sequence[Circle]) -> list[Circle]:
    """The same circles with the middle of the box around them at the origin."""
    if not circles:
        return []
    left, right = min(c.x - c.r for c in circles), max(c.x + c.r for c in circles)
    top, bottom = min(c.y - c.r for c in circles), max(c.y + c.r for c in circles)
    return [Circle(c.x - (left + right) / 2, c.y - (top + bottom) / 2, c.r) for c in circles]


def _candidates(placed: Sequence[Circle], radius: float) -> Iterator[Circle]:
    """Where a circle touches two that are placed, or the only one."""
    if not placed:
        yield Circle(0.0, 0.0, radius)
    elif len(placed) == 1:
        yield Circle(placed[0].x + placed[0].r + radius, placed[0].y, radius)
    for one, other in combinations(placed[-_TRIED:], 2):
        yield from _beside(one, other, radius)


def _beside(one: Circle, other: Circle, radius: float) -> Iterator[Circle]:
    """The two circles that touch both others from outside; none where these stand too far apart."""
    near, far, distance = one.r + radius, other.r + radius, math.hypot(other.x - one.x, other.y - one.y)
    if not 0 < distance <= near + far:
        return
    along = (near**2 - far**2 + distance**2) / (2 * distance)
    aside = math.sqrt(max(near**2 - along**2, 0.0))
    ux, uy = (other.x - one.x) / distance, (other.y - one.y) / distance
    for sign in (1, -1):
        yield Circle(one.x + along * ux - sign * aside * uy, one.y + along * uy + sign * aside * ux, radius)


def _meets(circle: Circle, grid: dict[tuple[int, int], list[Circle]], cell: float) -> bool:
    column, row = int(circle.x // cell), int(circle.y // cell)
    return any(
        circle.overlaps(other)
        for dx in (-1, 0, 1)
        for dy in (-1, 0, 1)
        for other in grid.get((column + dx, row + dy), ())
    )


def _outside(placed: Sequence[Circle], radius: float) -> Circle:
    reach = max(math.hypot(c.x, c.y) + c.r for c in placed) + radius
    angle = len(placed) * _GOLDEN
    return Circle(reach * math.cos(angle), reach * math.sin(angle), radius)


def sunflower(count: int, spacing: float) -> list[tuple[float, float]]:
    """Points spread evenly over a disc (Vogel 1979), neighbours about ``spacing`` apart."""
    reaches = (0.6 * spacing * math.sqrt(i + 0.5) for i in range(count))
    return [(reach * math.cos(i * _GOLDEN), reach * math.sin(i * _GOLDEN)) for i, reach in enumerate(reaches)]


def enclosing_radius(circles: Sequence[Circle]) -> float:
    """The radius of a disc about the middle that holds all of them."""
    return max((math.hypot(c.x, c.y) + c.r for c in circles), default=0.0)
