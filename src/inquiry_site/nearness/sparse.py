"""Sparse matrices: weighting, products in blocks, the best of each row. How many rows there are changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING

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

BLOCK = 1024


def matrix(entries: Sequence[Mapping[int, float]], width: int) -> Matrix:
    """A matrix from the entries of each row."""
    starts = np.cumsum([0, *(len(row) for row in entries)])
    columns = np.fromiter((column for row in entries for column in row), np.int32, starts[-1])
    values = np.fromiter((value for row in entries for value in row.values()), np.float64, starts[-1])
    made = Matrix((values, columns, starts), shape=(len(entries), width))
    made.sort_indices()
    return made


def tallied(rows: Sequence[Sequence[int]], width: int) -> Matrix:
    """How often each number occurs in each row."""
    starts = np.cumsum([0, *map(len, rows)])
    columns = np.fromiter(chain.from_iterable(rows), np.int32, starts[-1])
    made = Matrix((np.ones(len(columns)), columns, starts), shape=(len(rows), width))
    made.sum_duplicates()
    return made


def empty(rows: int, columns: int) -> Matrix:
    """A matrix without entries."""
    return Matrix((rows, columns), dtype=np.float64)


def frequency(table: Matrix) -> Floats:
    """In how many rows each column occurs."""
    return np.bincount(table.indices, minlength=table.shape[1]).astype(np.float64)


def rarity(table: Matrix) -> Floats:
    """Inverse document frequency (Spärck Jones 1972).

    The collection counts as large as its commonest column, not as its rows: a row that shares nothing with the
    others changes nothing.
    """
    found = frequency(table)
    commonest = found.max(initial=1.0)
    return np.asarray(np.log1p(commonest / np.maximum(found, 1.0)))


def scaled(table: Matrix, rows: Floats | None = None, columns: Floats | None = None) -> Matrix:
    """Each row and each column times its factor."""
    made = table.copy()
    if columns is not None:
        made.data *= columns[made.indices]
    if rows is not None:
        made.data *= np.repeat(rows, np.diff(made.indptr))
    return made


def unit(table: Matrix) -> Matrix:
    """Rows of length one, so that products are cosines (Salton and McGill 1983)."""
    return scaled(table, rows=_inverse(np.sqrt(_row_sums(table, table.data**2))))


def stochastic(table: Matrix) -> Matrix:
    """Rows that sum to one."""
    return scaled(table, rows=_inverse(_row_sums(table, table.data)))


def relative(table: Matrix) -> Matrix:
    """Rows whose greatest entry is one."""
    greatest = np.zeros(table.shape[0])
    filled = np.flatnonzero(np.diff(table.indptr))
    if len(filled):
        greatest[filled] = np.maximum.reduceat(table.data, table.indptr[filled])
    return scaled(table, rows=_inverse(greatest))


def _row_sums(table: Matrix, values: Floats) -> Floats:
    rows = np.repeat(np.arange(table.shape[0]), np.diff(table.indptr))
    return np.asarray(np.bincount(rows, weights=values, minlength=table.shape[0]), dtype=np.float64)


def _inverse(values: Floats) -> Floats:
    return np.where(values > 0, 1.0 / np.where(values > 0, values, 1.0), 0.0)


def best(table: Matrix, keep: int) -> Matrix:
    """The greatest entries of each row, equal ones in the order of their columns."""
    wide = np.flatnonzero(np.diff(table.indptr) > keep)
    if not len(wide):
        return table
    kept = np.ones(table.nnz, dtype=np.bool_)
    for start, end in zip(table.indptr[wide].tolist(), table.indptr[wide + 1].tolist(), strict=True):
        values = table.data[start:end]
        least = np.partition(values, end - start - keep)[end - start - keep]
        chosen = values >= least
        extra = int(np.count_nonzero(chosen)) - keep
        if extra:
            equal = np.flatnonzero(values == least)
            chosen[equal[np.argsort(table.indices[start + equal])[len(equal) - extra :]]] = False
        kept[start:end] = chosen
    return where(table, kept)


def affordable(table: Matrix, costs: Floats, budget: float) -> Matrix:
    """The greatest entries of each row, as many as their columns' costs allow; all entries are from 0 to 1."""
    rows = np.repeat(np.arange(table.shape[0]), np.diff(table.indptr))
    spent = np.bincount(rows, weights=costs[table.indices], minlength=table.shape[0])
    if spent.max(initial=0.0) <= budget:
        return table
    # Entries are at most 1, so one number orders rows and, in each, entries; equal ones stay in the order of columns.
    order = np.argsort(rows + 1.0 - table.data, kind="stable")
    running = np.cumsum(costs[table.indices[order]])
    before = np.concatenate(([0.0], running))[table.indptr[:-1]]
    kept = np.zeros(table.nnz, dtype=np.bool_)
    kept[order] = running - before[rows] <= budget
    return where(table, kept)


def without(table: Matrix, other: Matrix) -> Matrix:
    """The entries that the other matrix has not."""
    if not table.nnz or not other.nnz:
        return table
    width = table.shape[1]
    keys, known = _keys(table, width), np.sort(_keys(other, width))
    at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return where(table, known[at] != keys)


def _keys(table: Matrix, width: int) -> Ints:
    rows = np.repeat(np.arange(table.shape[0], dtype=np.int64), np.diff(table.indptr))
    return np.asarray(rows * width + table.indices)


def where(table: Matrix, kept: Flags) -> Matrix:
    """The entries for which it is true."""
    counts = np.concatenate(([0], np.cumsum(kept)))
    return Matrix((table.data[kept], table.indices[kept], counts[table.indptr]), shape=table.shape)


def product(left: Matrix, right: Matrix, keep: int, allowed: Flags | None = None) -> Matrix:
    """The best entries of each row of a product, computed a block of rows at a time.

    Args:
        left: rows.
        right: columns.
        keep: how many entries each row keeps.
        allowed: which columns may be kept, in a table of which no row may keep itself; all where it is left out.
    """
    parts = []
    for block in _blocks(left.shape[0]):
        part = left[block] @ right
        parts.append(best(part if allowed is None else _only(part, block.start, allowed), keep))
    made: Matrix = sp.vstack(parts, format="csr") if parts else empty(left.shape[0], right.shape[1])
    made.sort_indices()
    return made


def only(table: Matrix, allowed: Flags) -> Matrix:
    """A table without the columns that are not allowed, and without the entries of rows for themselves."""
    return _only(table, 0, allowed)


def _only(part: Matrix, first: int, allowed: Flags) -> Matrix:
    own = np.repeat(np.arange(first, first + part.shape[0]), np.diff(part.indptr))
    kept = part.indices != own
    return where(part, kept if allowed.all() else kept & allowed[part.indices])


def _blocks(rows: int) -> Iterator[slice]:
    for start in range(0, rows, BLOCK):
        yield slice(start, min(start + BLOCK, rows))


def total(tables: Iterable[tuple[float, Matrix]], shape: tuple[int, int]) -> Matrix:
    """The weighted sum, added in the order given."""
    added = empty(*shape)
    for weight, table in tables:
        if weight:
            added = added + table * weight
    added.sort_indices()
    return added
