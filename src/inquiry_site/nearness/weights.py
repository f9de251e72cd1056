"""How often things stand on pages, and how much each weighs there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from inquiry_site.nearness.numbering import Numbering
from inquiry_site.nearness.sparse import (
    Flags,
    Floats,
    Ints,
    Matrix,
    Rows,
    best,
    is_few,
    matrix,
    moved,
    rarity,
    renewed,
    scaled,
    spliced,
    spread,
    touching,
    unit,
    unlike,
)

_TERMS = 256
"""The heaviest terms of a page that are kept."""
_RARITY = 0.7
"""Rarity counts a little less than its logarithm: a page asks with all its words, and its rarest are often chance."""
_SATURATED = 1.2
"""How soon a word that a page repeats counts no more."""
_ABOVE_ALL = 8.0
"""Above the square root of any rarity."""

Weigh = Callable[[Matrix, Floats], Matrix]


@dataclass(frozen=True, slots=True)
class Weighted:
    """A table of what stands on which page."""

    counts: Matrix = field(repr=False)
    rare: Floats = field(repr=False)
    """How rare each thing is."""
    rows: Rows
    """The weights, each row of length one."""
    affected: Flags = field(repr=False)
    """The pages on which something stands more or less often than before, or is more or less rare."""
    follows: bool
    """Whether it was made from a run before, so that the columns of that one are known."""
    columns: Ints | None
    """Where they stand now, if not where they were."""

    def moved(self, before: Rows) -> Rows | None:
        """Another table of the run before, its columns where they stand now; none if that is not known."""
        return Rows(moved(before.table, self.columns, self.counts.shape[1]), before.changed) if self.follows else None


def weighted(
    counts: Matrix,
    rare: Floats,
    weigh: Weigh,
    changed: Flags,
    before: Weighted | None = None,
    columns: Ints | None = None,
) -> Weighted:
    """The weights of what is counted.

    Args:
        counts: how often each thing stands on each page.
        rare: how rare each thing is.
        weigh: makes weights of counts and rarities.
        changed: the pages on which something else stands than in the run before.
        before: that run.
        columns: where its columns stand now, if not where they were.
    """
    if before is None:
        rows = renewed(None, changed, lambda rows: weigh(counts[rows], rare))
        return Weighted(counts, rare, rows, changed, False, None)
    width = counts.shape[1]
    affected = changed | touching(counts, spread(before.rare, columns, width) != rare)
    last = Rows(moved(before.rows.table, columns, width), before.rows.changed)
    rows = renewed(last, affected, lambda some: weigh(counts[some], rare))
    return Weighted(counts, rare, rows, affected, True, columns)


def of_words(counts: Matrix, rare: Floats) -> Matrix:
    """Square root of the frequency times rarity, the heaviest terms only, length one (Salton and Buckley 1988)."""
    weights = counts.copy()
    weights.data = np.sqrt(weights.data)
    return unit(best(scaled(weights, columns=rare**_RARITY), _TERMS))


def of_things(counts: Matrix, rare: Floats) -> Matrix:
    """Topics or papers, each by its rarity; length one."""
    return unit(scaled(counts, columns=rare))


def asked(counts: Matrix, rare: Floats) -> Matrix:
    """What a page asks for, as BM25 weighs its words (Robertson and Zaragoza 2009); no entry is above 1."""
    weights = counts.copy()
    weights.data = weights.data / (weights.data + _SATURATED)
    return scaled(weights, columns=np.sqrt(rare) / _ABOVE_ALL)


def answered(counts: Matrix, rare: Floats) -> Matrix:
    """What a page has of it, however long it is."""
    present = counts.copy()
    present.data = np.ones_like(present.data)
    return scaled(present, columns=np.sqrt(rare))


@dataclass(frozen=True, slots=True)
class Things:
    """What pages share of one kind."""

    weights: Weighted
    _numbering: Numbering = field(repr=False)
    _of_page: Sequence[Collection[str]] = field(repr=False)


def things(of_page: Sequence[Collection[str]], before: Things | None = None) -> Things:
    """What pages share of one kind.

    Args:
        of_page: what is shared, for each page.
        before: the same of other pages.
    """
    if before is not None:
        changed = unlike(of_page, before._of_page)
        if is_few(changed):
            rows = np.flatnonzero(changed)
            found = [of_page[row] for row in rows.tolist()]
            numbering, columns = before._numbering.extended(thing for some in found for thing in some)
            counts = moved(before.weights.counts, columns, len(numbering.names))
            counts = spliced(counts, rows, _counted(found, numbering.place))
            weights = weighted(counts, rarity(counts), of_things, changed, before.weights, columns)
            return Things(weights, numbering, of_page)
    numbering = Numbering.of(thing for some in of_page for thing in some)
    counts = _counted(of_page, numbering.place)
    weights = weighted(counts, rarity(counts), of_things, np.ones(len(of_page), dtype=np.bool_))
    return Things(weights, numbering, of_page)


def _counted(found: Iterable[Collection[str]], place: Mapping[str, int]) -> Matrix:
    return matrix([dict.fromkeys((place[thing] for thing in some), 1.0) for some in found], len(place))
