"""Weights of terms and features on pages (TF-IDF, BM25)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from inquiry_site.similarity.sparse import (
    Flags,
    Floats,
    Ints,
    Matrix,
    Rows,
    build_matrix,
    is_few,
    items_that_differ,
    normalize_rows,
    rarity,
    remap_columns,
    remap_values,
    replace_rows,
    rows_with,
    scale,
    top_entries,
    update_rows,
)
from inquiry_site.similarity.vocabulary import Vocabulary

_MAX_TERMS = 256
"""Terms kept per page: the heaviest."""
_RARITY_POWER = 0.7
"""Exponent of rarity. Below 1, because a page queries with all its words and its rarest are often there by chance."""
_SATURATION = 1.2
"""BM25's k1: how quickly repetitions of a word stop adding weight."""
_RARITY_SCALE = 8.0
"""An upper bound on the square root of any rarity."""

Weigh = Callable[[Matrix, Floats], Matrix]


@dataclass(frozen=True, slots=True)
class WeightedTable:
    """A table of pages by terms or features, with counts and weights."""

    counts: Matrix = field(repr=False)
    rarity: Floats = field(repr=False)
    """The rarity of each column."""
    rows: Rows
    """The weights, each row of length one."""
    affected: Flags = field(repr=False)
    """Flags of the pages with a count, or with the rarity of a counted column, that differs from the previous run."""
    is_update: bool
    """Whether it was computed from the previous run, so that ``columns`` relates the columns of both."""
    columns: Ints | None
    """The new index of each column of the previous run; None if none moved."""

    def remap(self, before: Rows) -> Rows | None:
        """Return a table of the previous run with its columns at their new indices.

        Returns None if this table was not computed from the previous run.
        """
        return (
            Rows(remap_columns(before.table, self.columns, self.counts.shape[1]), before.changed)
            if self.is_update
            else None
        )


def weigh_table(
    counts: Matrix,
    rare: Floats,
    weigh: Weigh,
    changed: Flags,
    before: WeightedTable | None = None,
    columns: Ints | None = None,
) -> WeightedTable:
    """Weigh counted terms or features, recomputing only rows that changed.

    Args:
        counts: how often each column occurs on each page.
        rare: the rarity of each column.
        weigh: computes weights from counts and rarities.
        changed: flags of the pages whose counts differ from the previous run.
        before: the table of the previous run.
        columns: the new index of each of its columns; None if none moved.
    """
    if before is None:
        rows = update_rows(None, changed, lambda rows: weigh(counts[rows], rare))
        return WeightedTable(counts, rare, rows, changed, False, None)
    width = counts.shape[1]
    affected = changed | rows_with(counts, remap_values(before.rarity, columns, width) != rare)
    last = Rows(remap_columns(before.rows.table, columns, width), before.rows.changed)
    rows = update_rows(last, affected, lambda indices: weigh(counts[indices], rare))
    return WeightedTable(counts, rare, rows, affected, True, columns)


def term_weights(counts: Matrix, rare: Floats) -> Matrix:
    """Weigh terms by √frequency · rarity (Salton and Buckley 1988).

    Keeps the heaviest terms of each page; rows have length one.
    """
    weights = counts.copy()
    weights.data = np.sqrt(weights.data)
    return normalize_rows(top_entries(scale(weights, columns=rare**_RARITY_POWER), _MAX_TERMS))


def feature_weights(counts: Matrix, rare: Floats) -> Matrix:
    """Weigh topics or papers by rarity; rows have length one."""
    return normalize_rows(scale(counts, columns=rare))


def query_weights(counts: Matrix, rare: Floats) -> Matrix:
    """Weigh a page's words as a BM25 query (Robertson and Zaragoza 2009); no entry is above 1."""
    weights = counts.copy()
    weights.data = weights.data / (weights.data + _SATURATION)
    return scale(weights, columns=np.sqrt(rare) / _RARITY_SCALE)


def document_weights(counts: Matrix, rare: Floats) -> Matrix:
    """Weigh the words a page contains as an answer to such a query, regardless of the page's length."""
    present = counts.copy()
    present.data = np.ones_like(present.data)
    return scale(present, columns=np.sqrt(rare))


@dataclass(frozen=True, slots=True)
class SharedFeatures:
    """Features of one kind that pages may share, such as topics."""

    weights: WeightedTable
    _vocabulary: Vocabulary = field(repr=False)
    _features_of_page: Sequence[Collection[str]] = field(repr=False)


def share_features(of_page: Sequence[Collection[str]], before: SharedFeatures | None = None) -> SharedFeatures:
    """Weigh the features of one kind, reusing the previous run where few pages changed.

    Args:
        of_page: the features of each page.
        before: the result of the previous run.
    """
    if before is not None:
        changed = items_that_differ(of_page, before._features_of_page)
        if is_few(changed):
            rows = np.flatnonzero(changed)
            features_of_changed = [of_page[row] for row in rows.tolist()]
            vocabulary, columns = before._vocabulary.extend(
                feature for features in features_of_changed for feature in features
            )
            counts = remap_columns(before.weights.counts, columns, len(vocabulary.names))
            counts = replace_rows(counts, rows, _count_features(features_of_changed, vocabulary.index))
            weights = weigh_table(counts, rarity(counts), feature_weights, changed, before.weights, columns)
            return SharedFeatures(weights, vocabulary, of_page)
    vocabulary = Vocabulary.from_names(feature for features in of_page for feature in features)
    counts = _count_features(of_page, vocabulary.index)
    weights = weigh_table(counts, rarity(counts), feature_weights, np.ones(len(of_page), dtype=np.bool_))
    return SharedFeatures(weights, vocabulary, of_page)


def _count_features(features_of_page: Iterable[Collection[str]], column_of: Mapping[str, int]) -> Matrix:
    return build_matrix(
        [dict.fromkeys((column_of[feature] for feature in features), 1.0) for features in features_of_page],
        len(column_of),
    )
