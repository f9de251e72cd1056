"""Circles laid out without overlap."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from inquiry_site.rendering.views.circle_packing import enclosing_radius, pack, sunflower


@given(st.lists(st.floats(1, 30), max_size=40))
def test_packed_circles_never_overlap_and_waste_little(radii: list[float]):
    radii = sorted(radii, reverse=True)
    circles = pack(radii)
    assert [circle.r for circle in circles] == radii
    assert not any(one.overlaps(other) for i, one in enumerate(circles) for other in circles[:i])
    assert enclosing_radius(circles) <= 4 * math.sqrt(sum(r * r for r in radii)) + 1
    assert circles == pack(radii)


def test_seeds_of_a_sunflower_do_not_overlap():
    points = sunflower(200, 3.0)
    nearest = min(math.dist(one, other) for i, one in enumerate(points) for other in points[:i])
    assert nearest > 1.5
