"""Sparse matrices: weighting, products in blocks, the best of each row. How many rows there are changes nothing."""

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
_ROWS_AT_ONCE = 4096
"""So many rows are made in one go: what is needed for them on the way takes no more room."""
_NARROW = 4
"""Rows up to so many times as wide as what is kept of them are worked on in one piece."""
FEW_SHARE = 1 / 2
"""Where more of the rows have changed than this part, all are made anew."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A table, and which of its rows differ from those of the run before; all of them in a first run."""

    table: Matrix
    changed: Flags


def is_few(changed: Flags) -> bool:
    """Whether it is less work to replace these rows than to make the table anew."""
    return int(np.count_nonzero(changed)) <= FEW_SHARE * len(changed)


def update_rows(before: Rows | None, changed: Flags, make: Callable[[Ints], Matrix]) -> Rows:
    """A table of which the changed rows are made, and those that come out different.

    Args:
        before: the table of the run before, if there was one.
        changed: which rows may differ from it.
        make: makes the rows with these numbers.
    """
    if before is None or not is_few(changed):
        every = np.arange(len(changed))
        starts = range(0, len(changed), _ROWS_AT_ONCE)
        made = (
            stack_rows([make(every[at : at + _ROWS_AT_ONCE]) for at in starts])
            if len(every) > _ROWS_AT_ONCE
            else make(every)
        )
        return Rows(made, np.ones_like(changed) if before is None else rows_that_differ(before.table, made))
    rows = np.flatnonzero(changed)
    if not len(rows):
        return Rows(before.table, changed)
    made = make(rows)
    really = np.zeros_like(changed)
    really[rows[rows_that_differ(before.table[rows], made)]] = True
    return Rows(replace_rows(before.table, rows, made), really)


def rows_that_differ(one: Matrix, other: Matrix) -> Flags:
    """Which rows of two tables with sorted columns differ."""
    widths, others = np.diff(one.indptr), np.diff(other.indptr)
    differs = np.asarray(widths != others)
    of_one, of_other = np.repeat(~differs, widths), np.repeat(~differs, others)
    unequal = (one.indices[of_one] != other.indices[of_other]) | (one.data[of_one] != other.data[of_other])
    rows = np.repeat(np.arange(len(widths)), widths)[of_one]
    differs[rows[unequal]] = True
    return differs


def items_that_differ(some: Sequence[object], others: Sequence[object]) -> Flags:
    """Which of as many things are not equal to those in their places."""
    pairs = zip(some, others, strict=True)
    return np.fromiter((one is not other and one != other for one, other in pairs), np.bool_, len(some))


def replace_rows(table: Matrix, rows: Ints, made: Matrix) -> Matrix:
    """A table with other rows in the place of some, whose numbers are in order."""
    starts, ends = table.indptr[rows].tolist(), table.indptr[rows + 1].tolist()
    data: list[Any] = []
    indices: list[Any] = []
    kept = 0
    for at, (start, end) in enumerate(zip(starts, ends, strict=True)):
        new = slice(made.indptr[at], made.indptr[at + 1])
        data += [table.data[kept:start], made.data[new]]
        indices += [table.indices[kept:start], made.indices[new]]
        kept = end
    widths = np.diff(table.indptr)
    widths[rows] = np.diff(made.indptr)
    entries = (np.concatenate([*data, table.data[kept:]]), np.concatenate([*indices, table.indices[kept:]]))
    return Matrix((*entries, np.concatenate(([0], np.cumsum(widths)))), shape=(table.shape[0], made.shape[1]))


def rows_with(table: Matrix, columns: Flags) -> Flags:
    """Which rows have an entry in one of these columns."""
    found = np.zeros(table.shape[0], dtype=np.bool_)
    if columns.any():
        hits = np.flatnonzero(columns[table.indices])
        found[np.searchsorted(table.indptr, hits, side="right") - 1] = True
    return found


def remap_columns(table: Matrix, columns: Ints | None, width: int) -> Matrix:
    """A table with its columns in other places, whose order is the same."""
    if columns is None:
        return table
    return Matrix((table.data, columns[table.indices].astype(np.int32), table.indptr), shape=(table.shape[0], width))


def remap_values(values: Floats, columns: Ints | None, width: int) -> Floats:
    """A value for each column where the columns stand now; NaN where there was none."""
    if columns is None:
        return values
    made = np.full(width, np.nan)
    made[columns] = values
    return made


def build_matrix(entries: Sequence[Mapping[int, float]], width: int) -> Matrix:
    """A matrix from the entries of each row."""
    starts = np.cumsum([0, *(len(row) for row in entries)])
    columns = np.fromiter((column for row in entries for column in row), np.int32, starts[-1])
    values = np.fromiter((value for row in entries for value in row.values()), np.float64, starts[-1])
    made = Matrix((values, columns, starts), shape=(len(entries), width))
    made.sort_indices()
    return made


def count_table(rows: Sequence[Sequence[int]], width: int) -> Matrix:
    """How often each number occurs in each row."""
    starts = np.cumsum([0, *map(len, rows)])
    columns = np.fromiter(chain.from_iterable(rows), np.int32, starts[-1])
    made = Matrix((np.ones(len(columns)), columns, starts), shape=(len(rows), width))
    made.sum_duplicates()
    return made


def empty_matrix(rows: int, columns: int) -> Matrix:
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
    found = round_to_powers(frequency(table))
    commonest = found.max(initial=1.0)
    return np.asarray(np.log1p(commonest / np.maximum(found, 1.0)))


def round_to_powers(values: Floats, steps: int = 1) -> Floats:
    """The nearest powers of two, or steps between them: what one page adds seldom moves them."""
    return np.asarray(np.exp2(np.rint(np.log2(np.maximum(values, 1.0)) * steps) / steps))


def scale(table: Matrix, rows: Floats | None = None, columns: Floats | None = None) -> Matrix:
    """Each row and each column times its factor."""
    made = table.copy()
    if columns is not None:
        made.data *= columns[made.indices]
    if rows is not None:
        made.data *= np.repeat(rows, np.diff(made.indptr))
    return made


def normalize_rows(table: Matrix) -> Matrix:
    """Rows of length one, so that products are cosines (Salton and McGill 1983)."""
    return scale(table, rows=_inverse(np.sqrt(row_sums(table, table.data**2))))


def normalize_sums(table: Matrix) -> Matrix:
    """Rows that sum to one."""
    return scale(table, rows=_inverse(row_sums(table, table.data)))


def normalize_maxima(table: Matrix) -> Matrix:
    """Rows whose greatest entry is one."""
    return scale(table, rows=_inverse(row_maxima(table)))


def row_maxima(table: Matrix) -> Floats:
    """The greatest entry of each row, 0 for none."""
    found = np.zeros(table.shape[0])
    filled = np.flatnonzero(np.diff(table.indptr))
    if len(filled):
        found[filled] = np.maximum.reduceat(table.data, table.indptr[filled])
    return found


def row_minima(table: Matrix) -> Floats:
    """The least entry of each row, 0 for none."""
    return -row_maxima(Matrix((-table.data, table.indices, table.indptr), shape=table.shape))


def row_sums(table: Matrix, values: Floats) -> Floats:
    """The sums of what stands for the entries of each row."""
    rows = np.repeat(np.arange(table.shape[0]), np.diff(table.indptr))
    return np.asarray(np.bincount(rows, weights=values, minlength=table.shape[0]), dtype=np.float64)


def _inverse(values: Floats) -> Floats:
    return np.where(values > 0, 1.0 / np.where(values > 0, values, 1.0), 0.0)


def top_entries(table: Matrix, keep: int) -> Matrix:
    """The greatest entries of each row, equal ones in the order of their columns."""
    widths = np.diff(table.indptr)
    wide = np.flatnonzero(widths > keep)
    if not len(wide):
        return table
    cut = np.full(len(widths), -np.inf)
    cut[wide] = _thresholds(table, wide, keep)
    kept = table.data >= np.repeat(cut, widths)
    extra = row_sums(table, kept.astype(np.float64)).astype(np.int64) - keep
    for row in wide[extra[wide] > 0].tolist():
        start, end = table.indptr[row], table.indptr[row + 1]
        equal = np.flatnonzero(table.data[start:end] == cut[row])
        kept[start + equal[np.argsort(table.indices[start + equal])[len(equal) - extra[row] :]]] = False
    return select_entries(table, kept)


def _thresholds(table: Matrix, rows: Ints, keep: int) -> Floats:
    """The least value that each of these rows, all wider than that, keeps."""
    starts, widths = table.indptr[rows], np.diff(table.indptr)[rows]
    width = int(widths.max())
    if width > _NARROW * keep:
        ends = (starts + widths).tolist()
        values = [table.data[start:end] for start, end in zip(starts.tolist(), ends, strict=True)]
        return np.array([np.partition(some, len(some) - keep)[len(some) - keep] for some in values])
    dense = np.full((len(rows), width), -np.inf)
    filled = np.arange(width) < widths[:, None]
    of_rows = np.zeros(len(table.indptr) - 1, dtype=np.bool_)
    of_rows[rows] = True
    dense[filled] = table.data[np.repeat(of_rows, np.diff(table.indptr))]
    return np.asarray(np.partition(dense, width - keep, axis=1)[:, width - keep])


def entries_within_budget(table: Matrix, costs: Floats, budget: float) -> Matrix:
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
    return select_entries(table, kept)


def remove_entries(table: Matrix, other: Matrix) -> Matrix:
    """The entries that the other matrix has not."""
    if not table.nnz or not other.nnz:
        return table
    width = table.shape[1]
    keys, known = _keys(table, width), np.sort(_keys(other, width))
    at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return select_entries(table, known[at] != keys)


def _keys(table: Matrix, width: int) -> Ints:
    rows = np.repeat(np.arange(table.shape[0], dtype=np.int64), np.diff(table.indptr))
    return np.asarray(rows * width + table.indices)


def select_entries(table: Matrix, kept: Flags) -> Matrix:
    """The entries for which it is true."""
    at = np.flatnonzero(kept)
    return Matrix((table.data[at], table.indices[at], np.searchsorted(at, table.indptr)), shape=table.shape)


def top_product(
    left: Matrix, right: Matrix, keep: int, rows: Ints | None = None, allowed: Flags | None = None
) -> Matrix:
    """The best entries of each row of a product, computed a block of rows at a time.

    Args:
        left: rows.
        right: columns.
        keep: how many entries each row keeps.
        rows: the numbers of the rows, where none may keep itself.
        allowed: which columns may be kept there.
    """
    parts = []
    for block in row_blocks(left.shape[0]):
        part = Matrix(left[block] @ right)
        parts.append(
            top_entries(part if rows is None or allowed is None else allowed_entries(part, rows[block], allowed), keep)
        )
    return stack_rows(parts, (left.shape[0], right.shape[1]))


def stack_rows(parts: Sequence[Matrix], shape: tuple[int, int] = (0, 0)) -> Matrix:
    """Tables below one another; an empty one of this shape if there are none."""
    made: Matrix = sp.vstack(parts, format="csr") if parts else empty_matrix(*shape)
    made.sort_indices()
    return made


def allowed_entries(table: Matrix, rows: Ints, allowed: Flags) -> Matrix:
    """The rows with these numbers without columns that are not allowed, and without entries for themselves."""
    kept = table.indices != np.repeat(rows, np.diff(table.indptr))
    return select_entries(table, kept if allowed.all() else kept & allowed[table.indices])


def row_blocks(rows: int) -> Iterator[slice]:
    """Rows that are worked on together."""
    for start in range(0, rows, BLOCK):
        yield slice(start, min(start + BLOCK, rows))


def weighted_sum(tables: Iterable[tuple[float, Matrix]], shape: tuple[int, int]) -> Matrix:
    """The weighted sum, added in the order given."""
    added = empty_matrix(*shape)
    for weight, table in tables:
        if weight:
            added = added + table * weight
    added.sort_indices()
    return added
