"""Which rows of a table are like which: cosines, the best of each row, kept up to date as single rows change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from inquiry_site.similarity.sparse import (
    Flags,
    Floats,
    Ints,
    Matrix,
    Rows,
    allowed_entries,
    entries_within_budget,
    frequency,
    is_few,
    remap_columns,
    remap_values,
    replace_rows,
    round_to_powers,
    row_blocks,
    row_minima,
    row_sums,
    rows_that_differ,
    rows_with,
    select_entries,
    stack_rows,
    top_entries,
)

_SPARE = 4
"""One part in so many more is kept than asked for: a list of which one falls out is still whole."""


@dataclass(frozen=True, slots=True)
class SearchBudget:
    """How much is looked at for each page."""

    kept: int
    """Candidates of each kind that a page keeps."""
    terms: int
    """The heaviest terms of a page that are looked up."""
    budget: int
    """Fewer, if so many pages have been seen before."""

    def halved(self) -> SearchBudget:
        """For evidence that tells less."""
        return SearchBudget(self.kept, self.terms, self.budget // 2)


def search_budget(pages: int) -> SearchBudget:
    """All there is in a collection of up to 2,000 pages; less for each page of a larger one.

    So what is looked at grows with the pages and not with their square.
    """
    doublings = max(0, pages.bit_length() - 11)
    kept, asked = max(100 - 20 * doublings, 40), max(160 >> doublings, 64)
    return SearchBudget(kept, asked, budget=max(24_000 >> max(0, 2 * doublings - 1), 750))


@dataclass(frozen=True, slots=True)
class SimilarRows:
    """The rows that are most like each row."""

    best: Rows
    """So many as the effort says, each with its cosine."""
    _queries: Matrix = field(repr=False)
    _costs: Floats = field(repr=False)
    _listed: Matrix = field(repr=False)
    """The best with some to spare."""
    _floor: Floats = field(repr=False)
    """Nothing that is not listed is above it; 0 where everything is listed."""


@dataclass(frozen=True, slots=True)
class Queries:
    """What rows ask for, where that is not simply what they have: in the same columns, no entry above 1."""

    changed: Flags
    make: Callable[[Ints], Matrix]
    """Makes the rows with these numbers."""


def find_similar(
    rows: Rows,
    allowed: Flags,
    much: SearchBudget,
    before: SimilarRows | None = None,
    columns: Ints | None = None,
    asking: Queries | None = None,
) -> SimilarRows:
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
    table, asking = rows.table, asking or Queries(rows.changed, lambda some: rows.table[some])
    costs = round_to_powers(frequency(table))
    if before is not None:
        width = table.shape[1]
        crossing = remap_values(before._costs, columns, width) != costs
        again = asking.changed | rows_with(table, crossing)
        if is_few(again | rows.changed):
            asked = remap_columns(before._queries, columns, width)
            return _SimilarityUpdate(rows, asking, allowed, much, before, asked, costs).run(np.flatnonzero(again))
    everything = np.arange(table.shape[0])
    asked = _heaviest_terms(asking.make(everything), costs, much)
    listed, floor = _search(asked, table, everything, allowed, much)
    found = top_entries(listed, much.kept)
    changed = np.ones(len(everything), dtype=np.bool_) if before is None else rows_that_differ(before.best.table, found)
    return SimilarRows(Rows(found, changed), asked, costs, listed, floor)


def _heaviest_terms(rows: Matrix, costs: Floats, much: SearchBudget) -> Matrix:
    return entries_within_budget(top_entries(rows, much.terms), costs, much.budget)


def _search(asked: Matrix, table: Matrix, rows: Ints, allowed: Flags, much: SearchBudget) -> tuple[Matrix, Floats]:
    """What is listed for these rows, and their floors."""
    right = Matrix(table.T)
    lists, floors = [], []
    for block in row_blocks(len(rows)):
        found = allowed_entries(Matrix(asked[block] @ right), rows[block], allowed)
        listed, floor = _truncate(found, much)
        lists.append(listed)
        floors.append(floor)
    return stack_rows(lists, (len(rows), table.shape[0])), np.concatenate((*floors, np.zeros(0)))


def _truncate(found: Matrix, much: SearchBudget) -> tuple[Matrix, Floats]:
    """What of these rows is listed, above which none of the rest is."""
    keep = much.kept + much.kept // _SPARE
    listed = top_entries(found, keep)
    if listed.nnz == found.nnz:
        return listed, np.zeros(found.shape[0])
    return listed, np.where(np.diff(found.indptr) > keep, row_minima(listed), 0.0)


@dataclass(frozen=True, slots=True)
class _SimilarityUpdate:
    """A run after another."""

    rows: Rows
    asking: Queries
    allowed: Flags
    much: SearchBudget
    before: SimilarRows
    asked: Matrix
    """As before."""
    costs: Floats

    def run(self, asking: Ints) -> SimilarRows:
        """Look up anew for these rows; for all others only what has changed of those that they might list."""
        table = self.rows.table
        asked = (
            replace_rows(self.asked, asking, _heaviest_terms(self.asking.make(asking), self.costs, self.much))
            if len(asking)
            else self.asked
        )
        again = np.zeros(table.shape[0], dtype=np.bool_)
        again[asking] = True
        listed, floor, touched = self._merge(asked, again)
        rows = np.flatnonzero(again)
        if len(rows):
            made, above = _search(asked[rows], table, rows, self.allowed, self.much)
            listed = replace_rows(listed, rows, made)
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
        new = allowed_entries(
            Matrix((found.data, columns[found.indices], found.indptr), shape=before.shape), every, self.allowed
        )
        of_row = np.repeat(every, np.diff(new.indptr))
        touched[of_row[new.data >= floor[of_row]]] = True
        touched = (touched | rows_with(before, changed)) & ~again
        affected = np.flatnonzero(touched)
        if not len(affected):
            return before, floor, touched
        kept = before[affected]
        merged = Matrix(select_entries(kept, ~changed[kept.indices]) + new[affected])
        merged.sort_indices()
        listed, above = _truncate(merged, self.much)
        floor[affected] = above = np.maximum(above, floor[affected])
        surely = (listed.data > np.repeat(above, np.diff(listed.indptr))).astype(np.float64)
        short = row_sums(listed, surely) < self.much.kept
        again[affected[short & (above > 0)]] = True
        return replace_rows(before, affected, listed), floor, touched

    def _result(self, asked: Matrix, listed: Matrix, floor: Floats, touched: Ints) -> SimilarRows:
        found, changed = self.before.best.table, np.zeros(len(floor), dtype=np.bool_)
        if len(touched):
            made = top_entries(listed[touched], self.much.kept)
            changed[touched] = rows_that_differ(found[touched], made)
            found = replace_rows(found, touched, made)
        return SimilarRows(Rows(found, changed), asked, self.costs, listed, floor)
