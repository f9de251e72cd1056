"""The most similar rows of each row of a table, updated as single rows change."""

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

_RESERVE = 4
"""Lists hold 1/4 more entries than requested, so that a list stays long enough when an entry drops out."""


@dataclass(frozen=True, slots=True)
class SearchBudget:
    """Limits of the search for similar pages, per page and signal."""

    max_candidates: int
    """Candidates kept."""
    max_terms: int
    """Terms looked up, the heaviest first."""
    max_cost: int
    """Maximum sum of the document frequencies of the terms looked up."""

    def halved(self) -> SearchBudget:
        """Return half the budget, for weaker signals."""
        return SearchBudget(self.max_candidates, self.max_terms, self.max_cost // 2)


def search_budget(pages: int) -> SearchBudget:
    """Return the limits for a collection of the given number of pages.

    Up to 2,000 pages they exclude next to nothing. They fall as the collection grows, so that the total cost grows
    linearly with the number of pages rather than with its square.
    """
    doublings = max(0, pages.bit_length() - 11)
    kept, terms = max(100 - 20 * doublings, 40), max(160 >> doublings, 64)
    return SearchBudget(kept, terms, max_cost=max(24_000 >> max(0, 2 * doublings - 1), 750))


@dataclass(frozen=True, slots=True)
class SimilarRows:
    """The most similar rows of each row, with what an update needs."""

    best: Rows
    """The most similar rows, at most ``SearchBudget.kept`` per row, each with its product."""
    _queries: Matrix = field(repr=False)
    """The terms that each row looks up."""
    _costs: Floats = field(repr=False)
    """The cost of looking up each term: its document frequency, rounded to a power of two."""
    _listed: Matrix = field(repr=False)
    """The most similar rows including the reserve."""
    _floor: Floats = field(repr=False)
    """For each row, an upper bound on the products that are not listed; 0 if all are listed."""


@dataclass(frozen=True, slots=True)
class Queries:
    """Query weights of rows, where they differ from their document weights.

    They have the same columns, and no entry above 1.
    """

    changed: Flags
    """Flags of the rows whose query differs from the previous run."""
    compute: Callable[[Ints], Matrix]
    """Returns the queries of the rows with the given indices."""


def find_similar(
    rows: Rows,
    allowed: Flags,
    limits: SearchBudget,
    before: SimilarRows | None = None,
    columns: Ints | None = None,
    queries: Queries | None = None,
) -> SimilarRows:
    """Return for each row the rows with the greatest products; ``before`` does not affect the result.

    Only the heaviest entries of a row are looked up (Moffat and Zobel 1996), and fewer of them if they are common:
    an entry costs as much as the number of rows that share it, rounded to a power of two. The rounding means that a
    changed row seldom changes what other rows look up.

    Args:
        rows: the table; if its rows have length one, products are cosines.
        allowed: flags of the rows that may be listed.
        limits: the limits of the search.
        before: the result of the previous run, for a table with the same number of rows.
        columns: the new index of each column of that run; None if none moved.
        queries: the queries of the rows; by default the rows themselves.
    """
    table, queries = rows.table, queries or Queries(rows.changed, lambda indices: rows.table[indices])
    costs = round_to_powers(frequency(table))
    if before is not None:
        width = table.shape[1]
        cost_changed = remap_values(before._costs, columns, width) != costs
        query_changed = queries.changed | rows_with(table, cost_changed)
        if is_few(query_changed | rows.changed):
            query_terms = remap_columns(before._queries, columns, width)
            return _SimilarityUpdate(rows, queries, allowed, limits, before, query_terms, costs).run(
                np.flatnonzero(query_changed)
            )
    all_rows = np.arange(table.shape[0])
    query_terms = _heaviest_terms(queries.compute(all_rows), costs, limits)
    listed, floor = _search(query_terms, table, all_rows, allowed, limits)
    best = top_entries(listed, limits.max_candidates)
    changed = np.ones(len(all_rows), dtype=np.bool_) if before is None else rows_that_differ(before.best.table, best)
    return SimilarRows(Rows(best, changed), query_terms, costs, listed, floor)


def _heaviest_terms(rows: Matrix, costs: Floats, limits: SearchBudget) -> Matrix:
    return entries_within_budget(top_entries(rows, limits.max_terms), costs, limits.max_cost)


def _search(
    query_terms: Matrix, table: Matrix, rows: Ints, allowed: Flags, limits: SearchBudget
) -> tuple[Matrix, Floats]:
    """Return the lists of these rows, and the floor of each."""
    right = Matrix(table.T)
    lists, floors = [], []
    for block in row_blocks(len(rows)):
        products = allowed_entries(Matrix(query_terms[block] @ right), rows[block], allowed)
        listed, floor = _truncate(products, limits)
        lists.append(listed)
        floors.append(floor)
    return stack_rows(lists, (len(rows), table.shape[0])), np.concatenate((*floors, np.zeros(0)))


def _truncate(products: Matrix, limits: SearchBudget) -> tuple[Matrix, Floats]:
    """Return the products to list, and for each row an upper bound on the rest."""
    keep = limits.max_candidates + limits.max_candidates // _RESERVE
    listed = top_entries(products, keep)
    if listed.nnz == products.nnz:
        return listed, np.zeros(products.shape[0])
    return listed, np.where(np.diff(products.indptr) > keep, row_minima(listed), 0.0)


@dataclass(frozen=True, slots=True)
class _SimilarityUpdate:
    """An update of the result of a previous run."""

    rows: Rows
    queries: Queries
    allowed: Flags
    limits: SearchBudget
    before: SimilarRows
    query_terms: Matrix
    """The terms looked up in the previous run."""
    costs: Floats

    def run(self, changed_queries: Ints) -> SimilarRows:
        """Search again for rows whose query changed; for all others, compare only the changed rows."""
        table = self.rows.table
        query_terms = (
            replace_rows(
                self.query_terms,
                changed_queries,
                _heaviest_terms(self.queries.compute(changed_queries), self.costs, self.limits),
            )
            if len(changed_queries)
            else self.query_terms
        )
        is_searched = np.zeros(table.shape[0], dtype=np.bool_)
        is_searched[changed_queries] = True
        listed, floor, is_affected = self._merge(query_terms, is_searched)
        rows = np.flatnonzero(is_searched)
        if len(rows):
            new_lists, new_floors = _search(query_terms[rows], table, rows, self.allowed, self.limits)
            listed = replace_rows(listed, rows, new_lists)
            floor[rows] = new_floors
        is_affected[rows] = True
        return self._result(query_terms, listed, floor, np.flatnonzero(is_affected))

    def _merge(self, query_terms: Matrix, is_searched: Flags) -> tuple[Matrix, Floats, Flags]:
        """Update the lists with the new products of the changed rows.

        Sets ``is_searched`` for rows whose list is no longer long enough and has to be searched again.

        Returns:
            The lists, the floors, and flags of the rows whose list may have changed.
        """
        before, floor = self.before._listed, self.before._floor.copy()
        changed, is_affected = self.rows.changed, np.zeros_like(is_searched)
        columns = np.flatnonzero(changed)
        if not len(columns):
            return before, floor, is_affected
        all_rows = np.arange(len(floor))
        products = Matrix(query_terms @ Matrix(self.rows.table[columns].T))
        new = allowed_entries(
            Matrix((products.data, columns[products.indices], products.indptr), shape=before.shape),
            all_rows,
            self.allowed,
        )
        row_of_entry = np.repeat(all_rows, np.diff(new.indptr))
        is_affected[row_of_entry[new.data >= floor[row_of_entry]]] = True
        is_affected = (is_affected | rows_with(before, changed)) & ~is_searched
        affected = np.flatnonzero(is_affected)
        if not len(affected):
            return before, floor, is_affected
        kept = before[affected]
        merged = Matrix(select_entries(kept, ~changed[kept.indices]) + new[affected])
        merged.sort_indices()
        listed, merged_floor = _truncate(merged, self.limits)
        floor[affected] = merged_floor = np.maximum(merged_floor, floor[affected])
        is_certain = (listed.data > np.repeat(merged_floor, np.diff(listed.indptr))).astype(np.float64)
        is_short = row_sums(listed, is_certain) < self.limits.max_candidates
        is_searched[affected[is_short & (merged_floor > 0)]] = True
        return replace_rows(before, affected, listed), floor, is_affected

    def _result(self, query_terms: Matrix, listed: Matrix, floor: Floats, affected: Ints) -> SimilarRows:
        best, changed = self.before.best.table, np.zeros(len(floor), dtype=np.bool_)
        if len(affected):
            new_best = top_entries(listed[affected], self.limits.max_candidates)
            changed[affected] = rows_that_differ(best[affected], new_best)
            best = replace_rows(best, affected, new_best)
        return SimilarRows(Rows(best, changed), query_terms, self.costs, listed, floor)
