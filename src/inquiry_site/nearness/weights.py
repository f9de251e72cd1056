"""How often things stand on pages, and how much each weighs there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeVar

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
)

_TERMS = 256
"""The heaviest terms of a page that are kept."""
_RARITY = 0.7
"""Rarity counts a little less than its logarithm: a page asks with all its words, and its rarest are often chance."""
_LETTERS = 3
"""So many letters of a word in a row: words with one stem, prefix or ending have most of them in common."""
_LETTERS_RARITY = 1.5
_SATURATED = 1.2
"""How soon a word that a page repeats counts no more."""
_ABOVE_ALL = 8.0
"""Above the square root of any rarity."""

Weigh = Callable[[Matrix, Floats], Matrix]


@dataclass(frozen=True, slots=True)
class Weighted:
    """A table of what stands on which page."""

    counts: Matrix = field(repr=False)
    rows: Rows
    """The weights, each row of length one."""
    follows: bool
    """Whether it was made from a run before, so that the columns of that one are known."""
    columns: Ints | None
    """Where they stand now, if not where they were."""
    _rarity: Floats = field(repr=False)

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
        return Weighted(counts, renewed(None, changed, lambda rows: weigh(counts, rare)), False, None, rare)
    width = counts.shape[1]
    affected = changed | touching(counts, spread(before._rarity, columns, width) != rare)
    last = Rows(moved(before.rows.table, columns, width), before.rows.changed)
    return Weighted(counts, renewed(last, affected, lambda rows: weigh(counts[rows], rare)), True, columns, rare)


def of_words(counts: Matrix, rare: Floats) -> Matrix:
    """Square root of the frequency times rarity, the heaviest terms only, length one (Salton and Buckley 1988)."""
    weights = counts.copy()
    weights.data = np.sqrt(weights.data)
    return unit(best(scaled(weights, columns=rare**_RARITY), _TERMS))


def of_things(counts: Matrix, rare: Floats) -> Matrix:
    """Topics or papers, each by its rarity; length one."""
    return unit(scaled(counts, columns=rare))


def of_letters(counts: Matrix, rare: Floats) -> Matrix:
    """Runs of letters: common ones stand in every title, and all together must not outweigh the few that tell."""
    return unit(best(scaled(counts, columns=rare**_LETTERS_RARITY), _TERMS))


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


@lru_cache(maxsize=1 << 17)
def letters(run: str) -> tuple[str, ...]:
    """A word's runs of letters, its beginning and end among them."""
    written = f" {run.casefold()} "
    return tuple(written[at : at + _LETTERS] for at in range(len(written) - _LETTERS + 1))


@dataclass(frozen=True, slots=True)
class Things:
    """What pages share of one kind."""

    weights: Weighted
    _numbering: Numbering = field(repr=False)
    _of_page: Sequence[object] = field(repr=False)


_Given = TypeVar("_Given")


def things(
    of_page: Sequence[_Given],
    read: Callable[[_Given], Collection[str]],
    before: Things | None = None,
    weigh: Weigh = of_things,
) -> Things:
    """What pages share of one kind.

    Args:
        of_page: for each page what is read.
        read: what is shared, of what is given for a page.
        before: the same of other pages.
        weigh: makes weights of counts and rarities.
    """
    if before is not None:
        pairs = zip(of_page, before._of_page, strict=True)
        changed = np.fromiter((one is not other and one != other for one, other in pairs), np.bool_, len(of_page))
        if is_few(changed):
            rows = np.flatnonzero(changed)
            found = [read(of_page[row]) for row in rows.tolist()]
            numbering, columns = before._numbering.extended(thing for some in found for thing in some)
            counts = moved(before.weights.counts, columns, len(numbering.names))
            counts = spliced(counts, rows, _counted(found, numbering.place))
            weights = weighted(counts, rarity(counts), weigh, changed, before.weights, columns)
            return Things(weights, numbering, of_page)
    found = [read(given) for given in of_page]
    numbering = Numbering.of(thing for some in found for thing in some)
    counts = _counted(found, numbering.place)
    weights = weighted(counts, rarity(counts), weigh, np.ones(len(found), dtype=np.bool_))
    return Things(weights, numbering, of_page)


def _counted(found: Iterable[Collection[str]], place: Mapping[str, int]) -> Matrix:
    return matrix([dict.fromkeys((place[thing] for thing in some), 1.0) for some in found], len(place))
