"""Which rows of a table are like which: cosines, the best of each row, kept up to date as single rows change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from inquiry_site.nearness.sparse import (
    Flags,
    Floats,
    Ints,
    Matrix,
    Rows,
    affordable,
    best,
    blocks,
    differing,
    frequency,
    is_few,
    least,
    moved,
    only,
    rounded,
    row_sums,
    spliced,
    spread,
    stacked,
    touching,
    where,
)

_SPARE = 4
"""One part in so many more is kept than asked for: a list of which one falls out is still whole."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is looked at for each page."""

    kept: int
    """Candidates of each kind that a page keeps."""
    asked: int
    """The heaviest terms of a page that are looked up."""
    budget: int
    """Fewer, if so many pages have been seen before."""

    def half(self) -> Effort:
        """For evidence that tells less."""
        return Effort(self.kept, self.asked, self.budget // 2)


def effort(pages: int) -> Effort:
    """All there is in a collection of up to 2,000 pages; less for each page of a larger one.

    So what is looked at grows with the pages and not with their square.
    """
    doublings = max(0, pages.bit_length() - 11)
    kept, asked = max(100 - 20 * doublings, 40), max(160 >> doublings, 64)
    return Effort(kept, asked, budget=max(24_000 >> max(0, 2 * doublings - 1), 750))


@dataclass(frozen=True, slots=True)
class Similar:
    """The rows that are most like each row."""

    best: Rows
    """So many as the effort says, each with its cosine."""
    _asked: Matrix = field(repr=False)
    _costs: Floats = field(repr=False)
    _listed: Matrix = field(repr=False)
    """The best with some to spare."""
    _floor: Floats = field(repr=False)
    """Nothing that is not listed is above it; 0 where everything is listed."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What rows ask for, where that is not simply what they have: in the same columns, no entry above 1."""

    changed: Flags
    make: Callable[[Ints], Matrix]
    """Makes the rows with these numbers."""


def similar(
    rows: Rows,
    allowed: Flags,
    much: Effort,
    before: Similar | None = None,
    columns: Ints | None = None,
    asking: Asking | None = None,
) -> Similar:
    """Products of rows, the best of each row: the same whether there was a run before or not.

    Only the heaviest entries of a row are looked up (Moffat and Zobel 1996), fewer where many rows share them. What
    many share costs the more for it, in powers of two: a changed row seldom changes what others look up.

    Args:
        rows: the table; where its rows are of length one, products are cosines.
        allowed: which rows may be listed.
        much: how much is looked at.
        before: the run before, of a table with as many rows.
        columns: where the columns of that run stand now, if not where they were.
        asking: what the rows ask for; what they have, where it is left out.
    """
    table, asking = rows.table, asking or Asking(rows.changed, lambda some: rows.table[some])
    costs = rounded(frequency(table))
    if before is not None:
        width = table.shape[1]
        crossing = spread(before._costs, columns, width) != costs
        again = asking.changed | touching(table, crossing)
        if is_few(again | rows.changed):
            asked = moved(before._asked, columns, width)
            return _Update(rows, asking, allowed, much, before, asked, costs).run(np.flatnonzero(again))
    everything = np.arange(table.shape[0])
    asked = _asked_of(asking.make(everything), costs, much)
    listed, floor = _look_up(asked, table, everything, allowed, much)
    found = best(listed, much.kept)
    changed = np.ones(len(everything), dtype=np.bool_) if before is None else differing(before.best.table, found)
    return Similar(Rows(found, changed), asked, costs, listed, floor)


def _asked_of(rows: Matrix, costs: Floats, much: Effort) -> Matrix:
    return affordable(best(rows, much.asked), costs, much.budget)


def _look_up(asked: Matrix, table: Matrix, rows: Ints, allowed: Flags, much: Effort) -> tuple[Matrix, Floats]:
    """What is listed for these rows, and their floors."""
    right = Matrix(table.T)
    lists, floors = [], []
    for block in blocks(len(rows)):
        found = only(Matrix(asked[block] @ right), rows[block], allowed)
        listed, floor = _cut(found, much)
        lists.append(listed)
        floors.append(floor)
    return stacked(lists, (len(rows), table.shape[0])), np.concatenate((*floors, np.zeros(0)))


def _cut(found: Matrix, much: Effort) -> tuple[Matrix, Floats]:
    """What of these rows is listed, above which none of the rest is."""
    keep = much.kept + much.kept // _SPARE
    listed = best(found, keep)
    if listed.nnz == found.nnz:
        return listed, np.zeros(found.shape[0])
    return listed, np.where(np.diff(found.indptr) > keep, least(listed), 0.0)


@dataclass(frozen=True, slots=True)
class _Update:
    """A run after another."""

    rows: Rows
    asking: Asking
    allowed: Flags
    much: Effort
    before: Similar
    asked: Matrix
    """As before."""
    costs: Floats

    def run(self, asking: Ints) -> Similar:
        """Look up anew for these rows; for all others only what has changed of those that they might list."""
        table = self.rows.table
        asked = (
            spliced(self.asked, asking, _asked_of(self.asking.make(asking), self.costs, self.much))
            if len(asking)
            else self.asked
        )
        again = np.zeros(table.shape[0], dtype=np.bool_)
        again[asking] = True
        listed, floor, touched = self._merge(asked, again)
        rows = np.flatnonzero(again)
        if len(rows):
            made, above = _look_up(asked[rows], table, rows, self.allowed, self.much)
            listed = spliced(listed, rows, made)
            floor[rows] = above
        touched[rows] = True
        return self._result(asked, listed, floor, np.flatnonzero(touched))

    def _merge(self, asked: Matrix, again: Flags) -> tuple[Matrix, Floats, Flags]:
        """The lists with the changed rows in their new places; ``again`` gets those of which too little is left."""
        before, floor = self.before._listed, self.before._floor.copy()
        changed, touched = self.rows.changed, np.zeros_like(again)
        columns = np.flatnonzero(changed)
        if not len(columns):
            return before, floor, touched
        every = np.arange(len(floor))
        found = Matrix(asked @ Matrix(self.rows.table[columns].T))
        new = only(Matrix((found.data, columns[found.indices], found.indptr), shape=before.shape), every, self.allowed)
        of_row = np.repeat(every, np.diff(new.indptr))
        touched[of_row[new.data >= floor[of_row]]] = True
        touched = (touched | touching(before, changed)) & ~again
        affected = np.flatnonzero(touched)
        if not len(affected):
            return before, floor, touched
        kept = before[affected]
        merged = Matrix(where(kept, ~changed[kept.indices]) + new[affected])
        merged.sort_indices()
        listed, above = _cut(merged, self.much)
        floor[affected] = above = np.maximum(above, floor[affected])
        surely = (listed.data > np.repeat(above, np.diff(listed.indptr))).astype(np.float64)
        short = row_sums(listed, surely) < self.much.kept
        again[affected[short & (above > 0)]] = True
        return spliced(before, affected, listed), floor, touched

    def _result(self, asked: Matrix, listed: Matrix, floor: Floats, touched: Ints) -> Similar:
        found, changed = self.before.best.table, np.zeros(len(floor), dtype=np.bool_)
        if len(touched):
            made = best(listed[touched], self.much.kept)
            changed[touched] = differing(found[touched], made)
            found = spliced(found, touched, made)
        return Similar(Rows(found, changed), asked, self.costs, listed, floor)
