"""Pack circles into a disc, deterministically."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

_RECENT = 10
"""A new circle may touch this many of the circles placed last; earlier ones are already surrounded."""
_GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle in the plane."""

    x: float
    y: float
    r: float

    def overlaps(self, other: Circle) -> bool:
        """Return whether two circles share more than a point."""
        return math.hypot(self.x - other.x, self.y - other.y) < self.r + other.r - 1e-6


def pack(radii: Sequence[float]) -> list[Circle]:
    """Return circles of the given radii that do not overlap, placed in order, each as close to the centre as possible.

    Works best with the largest first. The greedy rule is that of Wang et al., Visualization of large hierarchical data
    by circle packing (CHI 2006), with a grid instead of a front chain.

    Args:
        radii: the radii of the circles.

    Returns:
        One circle per radius, in the same order. The origin is the centre of their bounding box.
    """
    placed: list[Circle] = []
    cell = 2 * max(radii, default=1.0)
    grid: dict[tuple[int, int], list[Circle]] = {}
    for radius in radii:
        free = (c for c in _candidates(placed, radius) if not _overlaps_any(c, grid, cell))
        closest = min(free, key=lambda c: (round(math.hypot(c.x, c.y), 6), c.x, c.y), default=None)
        circle = closest or _outside(placed, radius)
        placed.append(circle)
        grid.setdefault((int(circle.x // cell), int(circle.y // cell)), []).append(circle)
    return _centred(placed)


def _centred(circles: Sequence[Circle]) -> list[Circle]:
    """Move circles so that the centre of their bounding box is the origin."""
    if not circles:
        return []
    left, right = min(c.x - c.r for c in circles), max(c.x + c.r for c in circles)
    top, bottom = min(c.y - c.r for c in circles), max(c.y + c.r for c in circles)
    return [Circle(c.x - (left + right) / 2, c.y - (top + bottom) / 2, c.r) for c in circles]


def _candidates(placed: Sequence[Circle], radius: float) -> Iterator[Circle]:
    """Yield positions at which a circle touches two of the circles placed last, or the only one."""
    if not placed:
        yield Circle(0.0, 0.0, radius)
    elif len(placed) == 1:
        yield Circle(placed[0].x + placed[0].r + radius, placed[0].y, radius)
    for one, other in combinations(placed[-_RECENT:], 2):
        yield from _tangent_circles(one, other, radius)


def _tangent_circles(one: Circle, other: Circle, radius: float) -> Iterator[Circle]:
    """Yield the two circles that touch both others from outside, or none if these are too far apart."""
    to_one, to_other = one.r + radius, other.r + radius
    distance = math.hypot(other.x - one.x, other.y - one.y)
    if not 0 < distance <= to_one + to_other:
        return
    along = (to_one**2 - to_other**2 + distance**2) / (2 * distance)
    across = math.sqrt(max(to_one**2 - along**2, 0.0))
    ux, uy = (other.x - one.x) / distance, (other.y - one.y) / distance
    for sign in (1, -1):
        yield Circle(one.x + along * ux - sign * across * uy, one.y + along * uy + sign * across * ux, radius)


def _overlaps_any(circle: Circle, grid: dict[tuple[int, int], list[Circle]], cell: float) -> bool:
    column, row = int(circle.x // cell), int(circle.y // cell)
    return any(
        circle.overlaps(other)
        for dx in (-1, 0, 1)
        for dy in (-1, 0, 1)
        for other in grid.get((column + dx, row + dy), ())
    )


def _outside(placed: Sequence[Circle], radius: float) -> Circle:
    distance = max(math.hypot(c.x, c.y) + c.r for c in placed) + radius
    angle = len(placed) * _GOLDEN_ANGLE
    return Circle(distance * math.cos(angle), distance * math.sin(angle), radius)


def sunflower(count: int, spacing: float) -> list[tuple[float, float]]:
    """Return points spread evenly over a disc (Vogel 1979), as pairs (x, y), neighbours about ``spacing`` apart."""
    radii = (0.6 * spacing * math.sqrt(i + 0.5) for i in range(count))
    return [(r * math.cos(i * _GOLDEN_ANGLE), r * math.sin(i * _GOLDEN_ANGLE)) for i, r in enumerate(radii)]


def enclosing_radius(circles: Sequence[Circle]) -> float:
    """Return the radius of the smallest disc around the origin that contains all circles."""
    return max((math.hypot(c.x, c.y) + c.r for c in circles), default=0.0)
