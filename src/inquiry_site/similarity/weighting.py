"""How often things stand on pages, and how much each weighs there."""

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

_TERMS = 256
"""The heaviest terms of a page that are kept."""
_RARITY_POWER = 0.7
"""Rarity counts a little less than its logarithm: a page asks with all its words, and its rarest are often chance."""
_SATURATION = 1.2
"""How soon a word that a page repeats counts no more."""
_RARITY_SCALE = 8.0
"""Above the square root of any rarity."""

Weigh = Callable[[Matrix, Floats], Matrix]


@dataclass(frozen=True, slots=True)
class WeightedTable:
    """A table of what stands on which page."""

    counts: Matrix = field(repr=False)
    rarity: Floats = field(repr=False)
    """How rare each thing is."""
    rows: Rows
    """The weights, each row of length one."""
    affected: Flags = field(repr=False)
    """The pages on which something stands more or less often than before, or is more or less rare."""
    is_update: bool
    """Whether it was made from a run before, so that the columns of that one are known."""
    columns: Ints | None
    """Where they stand now, if not where they were."""

    def remap(self, before: Rows) -> Rows | None:
        """Another table of the run before, its columns where they stand now; none if that is not known."""
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
        rows = update_rows(None, changed, lambda rows: weigh(counts[rows], rare))
        return WeightedTable(counts, rare, rows, changed, False, None)
    width = counts.shape[1]
    affected = changed | rows_with(counts, remap_values(before.rarity, columns, width) != rare)
    last = Rows(remap_columns(before.rows.table, columns, width), before.rows.changed)
    rows = update_rows(last, affected, lambda some: weigh(counts[some], rare))
    return WeightedTable(counts, rare, rows, affected, True, columns)


def term_weights(counts: Matrix, rare: Floats) -> Matrix:
    """Square root of the frequency times rarity, the heaviest terms only, length one (Salton and Buckley 1988)."""
    weights = counts.copy()
    weights.data = np.sqrt(weights.data)
    return normalize_rows(top_entries(scale(weights, columns=rare**_RARITY_POWER), _TERMS))


def feature_weights(counts: Matrix, rare: Floats) -> Matrix:
    """Topics or papers, each by its rarity; length one."""
    return normalize_rows(scale(counts, columns=rare))


def query_weights(counts: Matrix, rare: Floats) -> Matrix:
    """What a page asks for, as BM25 weighs its words (Robertson and Zaragoza 2009); no entry is above 1."""
    weights = counts.copy()
    weights.data = weights.data / (weights.data + _SATURATION)
    return scale(weights, columns=np.sqrt(rare) / _RARITY_SCALE)


def document_weights(counts: Matrix, rare: Floats) -> Matrix:
    """What a page has of it, however long it is."""
    present = counts.copy()
    present.data = np.ones_like(present.data)
    return scale(present, columns=np.sqrt(rare))


@dataclass(frozen=True, slots=True)
class SharedFeatures:
    """What pages share of one kind."""

    weights: WeightedTable
    _numbering: Vocabulary = field(repr=False)
    _of_page: Sequence[Collection[str]] = field(repr=False)


def share_features(of_page: Sequence[Collection[str]], before: SharedFeatures | None = None) -> SharedFeatures:
    """What pages share of one kind.

    Args:
        of_page: what is shared, for each page.
        before: the same of other pages.
    """
    if before is not None:
        changed = items_that_differ(of_page, before._of_page)
        if is_few(changed):
            rows = np.flatnonzero(changed)
            found = [of_page[row] for row in rows.tolist()]
            numbering, columns = before._numbering.extended(thing for some in found for thing in some)
            counts = remap_columns(before.weights.counts, columns, len(numbering.names))
            counts = replace_rows(counts, rows, _count_features(found, numbering.index))
            weights = weigh_table(counts, rarity(counts), feature_weights, changed, before.weights, columns)
            return SharedFeatures(weights, numbering, of_page)
    numbering = Vocabulary.of(thing for some in of_page for thing in some)
    counts = _count_features(of_page, numbering.index)
    weights = weigh_table(counts, rarity(counts), feature_weights, np.ones(len(of_page), dtype=np.bool_))
    return SharedFeatures(weights, numbering, of_page)


def _count_features(found: Iterable[Collection[str]], place: Mapping[str, int]) -> Matrix:
    return build_matrix([dict.fromkeys((place[thing] for thing in some), 1.0) for some in found], len(place))
