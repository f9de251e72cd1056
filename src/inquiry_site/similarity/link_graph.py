"""Who links whom, and where a walk over links leads."""

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
"""A page with more links than this tells nothing of any two of them."""
_RESTART = 0.3
STEPS = 3
_REACHED = 400
"""So many pages are followed from step to step."""


@dataclass(frozen=True, slots=True)
class LinkGraph:
    """Who links whom."""

    out: Matrix
    both: Matrix
    """Either way."""


def build_link_graph(lists: Sequence[Sequence[int]]) -> LinkGraph:
    """The links of pages, given for each page in its order."""
    out = build_matrix([dict.fromkeys(found, 1.0) for found in lists], len(lists))
    both = Matrix(out + out.T)
    both.sort_indices()
    both.data = np.ones_like(both.data)
    return LinkGraph(out, both)


def popularity(links: LinkGraph) -> Floats:
    """A page that hardly anyone links (an index, which itself links everything) is not what links recommend."""
    found = frequency(links.out)
    return np.asarray(found / (found + 1.0))


def without_hubs(links: Matrix) -> Matrix:
    """Without the rows of pages that link or are linked too much."""
    width = np.diff(links.indptr)
    return select_entries(links, np.repeat(width <= _HUB, width))


def random_walk(links: Matrix, rows: Ints | None = None, steps: int = STEPS) -> Matrix:
    """A random walk with restart, cut after a few steps (Tong et al. 2006; Page et al. 1999).

    Args:
        links: how strongly each page is tied to others.
        rows: the pages to start from; all where it is left out.
        steps: how many steps are taken.
    """
    first = normalize_sums(links)
    first = first if rows is None else first[rows]
    onward = normalize_sums(without_hubs(links))
    reached, found, weight = first, [], _RESTART
    for step in range(steps):
        reached = top_product(reached, onward, _REACHED) if step else first
        weight *= 1 - _RESTART
        found.append((weight, reached))
    return weighted_sum(found, (first.shape[0], links.shape[1]))


def rows_reached(links: Matrix, changed: Flags, steps: int = STEPS) -> Flags:
    """From where a walk leads over one of these pages before its last step."""
    for _ in range(steps - 1):
        changed = changed | rows_with(links, changed)
    return changed
