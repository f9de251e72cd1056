"""Sparse matrices: weighting, products in blocks, the greatest entries of each row.

The result for a row does not depend on how many other rows are computed with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

if TYPE_CHECKING:
    Matrix = sp.csr_matrix[np.float64]
else:
    Matrix = sp.csr_matrix

BLOCK = 512
"""Rows per block of a product."""
_CHUNK_ROWS = 4096
"""Rows computed at a time, which bounds the memory of intermediate results."""
_NARROW_FACTOR = 4
"""Rows of at most this many times the entries kept are partitioned as one dense array."""
FEW_SHARE = 1 / 2
"""A table is recomputed as a whole if more than this share of its rows changed."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A table, and flags of the rows that differ from the previous run (all, in a first run)."""

    table: Matrix
    changed: Flags


def is_few(changed: Flags) -> bool:
    """Return whether replacing the changed rows is cheaper than recomputing the table."""
    return int(np.count_nonzero(changed)) <= FEW_SHARE * len(changed)


def update_rows(before: Rows | None, changed: Flags, compute: Callable[[Ints], Matrix]) -> Rows:
    """Recompute the changed rows of a table, and flag those whose entries differ.

    Args:
        before: the table of the previous run, if there was one.
        changed: flags of the rows that may differ from it.
        compute: returns the rows with the given indices.
    """
    if before is None or not is_few(changed):
        all_rows = np.arange(len(changed))
        starts = range(0, len(changed), _CHUNK_ROWS)
        computed = (
            stack_rows([compute(all_rows[start : start + _CHUNK_ROWS]) for start in starts])
            if len(all_rows) > _CHUNK_ROWS
            else compute(all_rows)
        )
        return Rows(computed, np.ones_like(changed) if before is None else rows_that_differ(before.table, computed))
    rows = np.flatnonzero(changed)
    if not len(rows):
        return Rows(before.table, changed)
    computed = compute(rows)
    differs = np.zeros_like(changed)
    differs[rows[rows_that_differ(before.table[rows], computed)]] = True
    return Rows(replace_rows(before.table, rows, computed), differs)


def rows_that_differ(one: Matrix, other: Matrix) -> Flags:
    """Return flags of the rows in which two tables with sorted columns differ."""
    widths, other_widths = np.diff(one.indptr), np.diff(other.indptr)
    differs = np.asarray(widths != other_widths)
    of_one, of_other = np.repeat(~differs, widths), np.repeat(~differs, other_widths)
    unequal = (one.indices[of_one] != other.indices[of_other]) | (one.data[of_one] != other.data[of_other])
    rows = np.repeat(np.arange(len(widths)), widths)[of_one]
    differs[rows[unequal]] = True
    return differs


def items_that_differ(items: Sequence[object], others: Sequence[object]) -> Flags:
    """Return flags of the positions at which two sequences of equal length differ."""
    pairs = zip(items, others, strict=True)
    return np.fromiter((one is not other and one != other for one, other in pairs), np.bool_, len(items))


def replace_rows(table: Matrix, rows: Ints, replacements: Matrix) -> Matrix:
    """Return the table with the given rows replaced.

    Args:
        table: the table.
        rows: ascending indices of the rows to replace.
        replacements: the new rows, one per index; their width is the width of the result.
    """
    starts, ends = table.indptr[rows].tolist(), table.indptr[rows + 1].tolist()
    data: list[Any] = []
    indices: list[Any] = []
    copied = 0
    for index, (start, end) in enumerate(zip(starts, ends, strict=True)):
        new = slice(replacements.indptr[index], replacements.indptr[index + 1])
        data += [table.data[copied:start], replacements.data[new]]
        indices += [table.indices[copied:start], replacements.indices[new]]
        copied = end
    widths = np.diff(table.indptr)
    widths[rows] = np.diff(replacements.indptr)
    entries = (np.concatenate([*data, table.data[copied:]]), np.concatenate([*indices, table.indices[copied:]]))
    return Matrix((*entries, np.concatenate(([0], np.cumsum(widths)))), shape=(table.shape[0], replacements.shape[1]))


def rows_with(table: Matrix, columns: Flags) -> Flags:
    """Return flags of the rows that have an entry in one of the flagged columns."""
    has_entry = np.zeros(table.shape[0], dtype=np.bool_)
    if columns.any():
        hits = np.flatnonzero(columns[table.indices])
        has_entry[np.searchsorted(table.indptr, hits, side="right") - 1] = True
    return has_entry


def remap_columns(table: Matrix, columns: Ints | None, width: int) -> Matrix:
    """Return the table with its columns moved to new indices, in the same order.

    Args:
        table: the table.
        columns: the new index of each column; None if none moved.
        width: the number of columns of the result.
    """
    if columns is None:
        return table
    return Matrix((table.data, columns[table.indices].astype(np.int32), table.indptr), shape=(table.shape[0], width))


def remap_values(values: Floats, columns: Ints | None, width: int) -> Floats:
    """Return one value per column, moved to the columns' new indices; NaN for new columns."""
    if columns is None:
        return values
    remapped = np.full(width, np.nan)
    remapped[columns] = values
    return remapped


def build_matrix(entries: Sequence[Mapping[int, float]], width: int) -> Matrix:
    """Return a matrix built from each row's entries, given as column → value."""
    starts = np.cumsum([0, *(len(row) for row in entries)])
    columns = np.fromiter((column for row in entries for column in row), np.int32, starts[-1])
    values = np.fromiter((value for row in entries for value in row.values()), np.float64, starts[-1])
    matrix = Matrix((values, columns, starts), shape=(len(entries), width))
    matrix.sort_indices()
    return matrix


def count_table(rows: Sequence[Sequence[int]], width: int) -> Matrix:
    """Return how often each column index occurs in each row."""
    starts = np.cumsum([0, *map(len, rows)])
    columns = np.fromiter(chain.from_iterable(rows), np.int32, starts[-1])
    counts = Matrix((np.ones(len(columns)), columns, starts), shape=(len(rows), width))
    counts.sum_duplicates()
    return counts


def empty_matrix(rows: int, columns: int) -> Matrix:
    """Return a matrix without entries."""
    return Matrix((rows, columns), dtype=np.float64)


def frequency(table: Matrix) -> Floats:
    """Return the number of rows in which each column has an entry."""
    return np.bincount(table.indices, minlength=table.shape[1]).astype(np.float64)


def rarity(table: Matrix) -> Floats:
    """Return the inverse document frequency of each column (Spärck Jones 1972).

    The frequency of the commonest column takes the place of the number of rows, so a row that shares nothing with
    the others has no effect.
    """
    frequencies = round_to_powers(frequency(table))
    commonest = frequencies.max(initial=1.0)
    return np.asarray(np.log1p(commonest / np.maximum(frequencies, 1.0)))


def round_to_powers(values: Floats, steps: int = 1) -> Floats:
    """Round each value to a power of two, or to one of ``steps`` steps per doubling.

    A single page then seldom changes the rounded value.
    """
    return np.asarray(np.exp2(np.rint(np.log2(np.maximum(values, 1.0)) * steps) / steps))


def scale(table: Matrix, rows: Floats | None = None, columns: Floats | None = None) -> Matrix:
    """Return the table with each row and each column multiplied by its factor."""
    scaled = table.copy()
    if columns is not None:
        scaled.data *= columns[scaled.indices]
    if rows is not None:
        scaled.data *= np.repeat(rows, np.diff(scaled.indptr))
    return scaled


def normalize_rows(table: Matrix) -> Matrix:
    """Scale rows to length one, so that their products are cosines (Salton and McGill 1983)."""
    return scale(table, rows=_inverse(np.sqrt(row_sums(table, table.data**2))))


def normalize_sums(table: Matrix) -> Matrix:
    """Scale rows to sum to one."""
    return scale(table, rows=_inverse(row_sums(table, table.data)))


def normalize_maxima(table: Matrix) -> Matrix:
    """Scale rows so that their greatest entry is one."""
    return scale(table, rows=_inverse(row_maxima(table)))


def row_maxima(table: Matrix) -> Floats:
    """Return the greatest entry of each row, 0 for an empty row."""
    maxima = np.zeros(table.shape[0])
    filled = np.flatnonzero(np.diff(table.indptr))
    if len(filled):
        maxima[filled] = np.maximum.reduceat(table.data, table.indptr[filled])
    return maxima


def row_minima(table: Matrix) -> Floats:
    """Return the smallest entry of each row, 0 for an empty row."""
    return -row_maxima(Matrix((-table.data, table.indices, table.indptr), shape=table.shape))


def row_sums(table: Matrix, values: Floats) -> Floats:
    """Sum ``values``, which holds one value per entry of the table, by row."""
    rows = np.repeat(np.arange(table.shape[0]), np.diff(table.indptr))
    return np.asarray(np.bincount(rows, weights=values, minlength=table.shape[0]), dtype=np.float64)


def _inverse(values: Floats) -> Floats:
    return np.where(values > 0, 1.0 / np.where(values > 0, values, 1.0), 0.0)


def top_entries(table: Matrix, keep: int) -> Matrix:
    """Keep the greatest entries of each row; among equal ones, those in the first columns."""
    widths = np.diff(table.indptr)
    wide = np.flatnonzero(widths > keep)
    if not len(wide):
        return table
    thresholds = np.full(len(widths), -np.inf)
    thresholds[wide] = _thresholds(table, wide, keep)
    is_kept = table.data >= np.repeat(thresholds, widths)
    surplus = row_sums(table, is_kept.astype(np.float64)).astype(np.int64) - keep
    for row in wide[surplus[wide] > 0].tolist():
        start, end = table.indptr[row], table.indptr[row + 1]
        ties = np.flatnonzero(table.data[start:end] == thresholds[row])
        is_kept[start + ties[np.argsort(table.indices[start + ties])[len(ties) - surplus[row] :]]] = False
    return select_entries(table, is_kept)


def _thresholds(table: Matrix, rows: Ints, keep: int) -> Floats:
    """Return the smallest value that each of these rows keeps; each has more than ``keep`` entries."""
    starts, widths = table.indptr[rows], np.diff(table.indptr)[rows]
    width = int(widths.max())
    if width > _NARROW_FACTOR * keep:
        ends = (starts + widths).tolist()
        values = [table.data[start:end] for start, end in zip(starts.tolist(), ends, strict=True)]
        return np.array([np.partition(row, len(row) - keep)[len(row) - keep] for row in values])
    dense = np.full((len(rows), width), -np.inf)
    is_filled = np.arange(width) < widths[:, None]
    is_selected = np.zeros(len(table.indptr) - 1, dtype=np.bool_)
    is_selected[rows] = True
    dense[is_filled] = table.data[np.repeat(is_selected, np.diff(table.indptr))]
    return np.asarray(np.partition(dense, width - keep, axis=1)[:, width - keep])


def entries_within_budget(table: Matrix, costs: Floats, budget: float) -> Matrix:
    """Keep the greatest entries of each row whose columns' costs add up to at most the budget.

    All entries must be from 0 to 1.
    """
    rows = np.repeat(np.arange(table.shape[0]), np.diff(table.indptr))
    row_costs = np.bincount(rows, weights=costs[table.indices], minlength=table.shape[0])
    if row_costs.max(initial=0.0) <= budget:
        return table
    # Entries are at most 1, so one key sorts by row and then by entry; the stable sort keeps ties in column order.
    order = np.argsort(rows + 1.0 - table.data, kind="stable")
    running_costs = np.cumsum(costs[table.indices[order]])
    costs_before_row = np.concatenate(([0.0], running_costs))[table.indptr[:-1]]
    is_kept = np.zeros(table.nnz, dtype=np.bool_)
    is_kept[order] = running_costs - costs_before_row[rows] <= budget
    return select_entries(table, is_kept)


def remove_entries(table: Matrix, other: Matrix) -> Matrix:
    """Return the entries at positions where the other matrix has none."""
    if not table.nnz or not other.nnz:
        return table
    width = table.shape[1]
    keys, removed_keys = _keys(table, width), np.sort(_keys(other, width))
    positions = np.minimum(np.searchsorted(removed_keys, keys), len(removed_keys) - 1)
    return select_entries(table, removed_keys[positions] != keys)


def _keys(table: Matrix, width: int) -> Ints:
    rows = np.repeat(np.arange(table.shape[0], dtype=np.int64), np.diff(table.indptr))
    return np.asarray(rows * width + table.indices)


def select_entries(table: Matrix, is_kept: Flags) -> Matrix:
    """Return the flagged entries."""
    kept = np.flatnonzero(is_kept)
    return Matrix((table.data[kept], table.indices[kept], np.searchsorted(kept, table.indptr)), shape=table.shape)


def top_product(
    left: Matrix, right: Matrix, keep: int, rows: Ints | None = None, allowed: Flags | None = None
) -> Matrix:
    """Return the greatest entries of each row of ``left @ right``, computed in blocks of rows.

    Args:
        left: the left factor.
        right: the right factor.
        keep: how many entries each row keeps.
        rows: the page of each row, which must not be kept in it.
        allowed: flags of the columns that may be kept; used only together with ``rows``.
    """
    blocks = []
    for block in row_blocks(left.shape[0]):
        product = Matrix(left[block] @ right)
        blocks.append(
            top_entries(
                product if rows is None or allowed is None else allowed_entries(product, rows[block], allowed), keep
            )
        )
    return stack_rows(blocks, (left.shape[0], right.shape[1]))


def stack_rows(parts: Sequence[Matrix], shape: tuple[int, int] = (0, 0)) -> Matrix:
    """Stack tables vertically; return an empty one of the given shape if there are none."""
    stacked: Matrix = sp.vstack(parts, format="csr") if parts else empty_matrix(*shape)
    stacked.sort_indices()
    return stacked


def allowed_entries(table: Matrix, rows: Ints, allowed: Flags) -> Matrix:
    """Remove columns that are not allowed, and the entry of each row for its own page.

    Args:
        table: the rows.
        rows: the page of each row.
        allowed: flags of the columns that may be kept.
    """
    is_kept = table.indices != np.repeat(rows, np.diff(table.indptr))
    return select_entries(table, is_kept if allowed.all() else is_kept & allowed[table.indices])


def row_blocks(rows: int) -> Iterator[slice]:
    """Yield slices of at most ``BLOCK`` rows."""
    for start in range(0, rows, BLOCK):
        yield slice(start, min(start + BLOCK, rows))


def weighted_sum(tables: Iterable[tuple[float, Matrix]], shape: tuple[int, int]) -> Matrix:
    """Return the weighted sum, added in the order given, with sorted columns."""
    total = empty_matrix(*shape)
    for weight, table in tables:
        if weight:
            total = total + table * weight
    total.sort_indices()
    return total
