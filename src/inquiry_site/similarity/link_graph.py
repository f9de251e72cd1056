"""The link graph, and random walks over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inquiry_site.similarity.sparse import (
    Flags,
    Floats,
    Ints,
    Matrix,
    build_matrix,
    frequency,
    normalize_sums,
    rows_with,
    select_entries,
    top_product,
    weighted_sum,
)

_HUB = 300
"""A page with more links than this is a hub: being linked from it does not relate two pages."""
_RESTART = 0.3
"""Probability of a restart at each step."""
STEPS = 3
"""Steps of a random walk over links."""
_MAX_FRONTIER = 400
"""Pages from which a walk continues after each step: the most probable ones."""


@dataclass(frozen=True, slots=True)
class LinkGraph:
    """Links between pages, as matrices of pages by pages with entries of 1."""

    out: Matrix
    """Entry (i, j): page i links to page j."""
    both: Matrix
    """Entry (i, j): page i links to page j, or page j links to page i."""


def build_link_graph(lists: Sequence[Sequence[int]]) -> LinkGraph:
    """Build the graph from the link targets of each page, given as page indices."""
    out = build_matrix([dict.fromkeys(targets, 1.0) for targets in lists], len(lists))
    both = Matrix(out + out.T)
    both.sort_indices()
    both.data = np.ones_like(both.data)
    return LinkGraph(out, both)


def popularity(links: LinkGraph) -> Floats:
    """Return for each page a factor from 0 to 1 that grows with its number of incoming links.

    It discounts pages with few incoming links, such as an index that itself links to everything: links do not recommend
    them.
    """
    in_links = frequency(links.out)
    return np.asarray(in_links / (in_links + 1.0))


def without_hubs(links: Matrix) -> Matrix:
    """Empty the rows of pages with more than ``_HUB`` links."""
    width = np.diff(links.indptr)
    return select_entries(links, np.repeat(width <= _HUB, width))


def random_walk(links: Matrix, rows: Ints | None = None, steps: int = STEPS) -> Matrix:
    """Run a random walk with restart, cut after a few steps (Tong et al. 2006; Page et al. 1999).

    Args:
        links: the strength of the link from each page (row) to each other page (column).
        rows: the pages to start from; all pages if None.
        steps: the number of steps.

    Returns:
        How strongly each page (column) is reached from each start (row).
    """
    first = normalize_sums(links)
    first = first if rows is None else first[rows]
    transitions = normalize_sums(without_hubs(links))
    reached, weighted_steps, weight = first, [], _RESTART
    for step in range(steps):
        reached = top_product(reached, transitions, _MAX_FRONTIER) if step else first
        weight *= 1 - _RESTART
        weighted_steps.append((weight, reached))
    return weighted_sum(weighted_steps, (first.shape[0], links.shape[1]))


def rows_reached(links: Matrix, changed: Flags, steps: int = STEPS) -> Flags:
    """Return flags of the pages from which a walk can pass a changed page before its last step."""
    for _ in range(steps - 1):
        changed = changed | rows_with(links, changed)
    return changed
