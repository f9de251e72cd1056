"""Combine all signals of similarity, each weighted by how reliable it is, into the neighbours of each page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from inquiry_site.similarity.calibration import (
    AbstractTrust,
    LinkTrust,
    Pairs,
    adjacent_pairs,
    calibrated_weights,
    measure_abstract_trust,
    measure_link_trust,
)
from inquiry_site.similarity.corpus import Corpus, Item, build_corpus
from inquiry_site.similarity.signals import Signals, find_signals
from inquiry_site.similarity.sparse import (
    Ints,
    Matrix,
    frequency,
    remap_values,
    round_to_powers,
    row_blocks,
    rows_with,
    weighted_sum,
)

SCORE_DECIMALS = 4
"""Decimal places to which scores are rounded before they are compared."""

WEIGHTS: Mapping[str, float] = {
    "text": 1.7,
    "covered": 0.75,
    "abstract": 1.1,
    "neighbours": 1.0,
    "mention": 0.2,
    "mentioned": 1.0,
    "context": 1.95,
    "advised": 0.5,
    "proximity": 0.6,
    "walk": 0.45,
    "linked_by": 0.4,
    "topics": 0.4,
    "papers": 1.0,
    "notes": 4.0,
    "lines": 1.0,
    "ties": 1.0,
}
"""The weight of each signal before calibration on the corpus."""


class SharedWords:
    """The words that pages share in title and description, except words in more than a quarter of the pages."""

    def __init__(self, corpus: Corpus, before: SharedWords | None = None) -> None:
        self._terms = corpus.terms.names
        self._row_of = corpus.row_of
        self._table = corpus.abstract.counts
        self._ranks_by_page: dict[str, frozenset[int]] = {}
        # Rounded, so that a change of one page seldom changes the words reported for other pages.
        frequencies = frequency(self._table)
        self._frequencies = np.where(frequencies, round_to_powers(frequencies), 0.0)
        order = np.lexsort((np.arange(len(self._frequencies)), self._frequencies))
        self._by_rarity = order.tolist()
        self._rank_of_term = np.argsort(order)
        self._max_frequency = max(2.0, round_to_powers(np.array([len(corpus.ids) / 4.0]))[0])
        self.changed_pages: frozenset[str] | None = None
        """Ids of pages whose words, or whose words' frequencies, changed since the previous run; None if unknown."""
        self.frequencies_changed = True
        """Whether the rounded frequency of any word changed since the previous run."""
        if before is not None and corpus.is_update:
            frequency_changed = (
                remap_values(before._frequencies, corpus.abstract.columns, len(self._frequencies)) != self._frequencies
            )
            changed_rows = np.flatnonzero(corpus.changed | rows_with(self._table, frequency_changed))
            self.changed_pages = frozenset(corpus.ids[row] for row in changed_rows.tolist())
            self.frequencies_changed = bool(frequency_changed.any())

    def shared_by(self, page: str, other: str) -> list[str]:
        """Return the words that two pages share, the rarest first."""
        return [self._terms[self._by_rarity[rank]] for rank in sorted(self._ranks_of(page) & self._ranks_of(other))]

    def _ranks_of(self, page: str) -> frozenset[int]:
        ranks = self._ranks_by_page.get(page)
        if ranks is None:
            row = self._row_of[page]
            terms = self._table.indices[self._table.indptr[row] : self._table.indptr[row + 1]]
            ranks = self._ranks_by_page[page] = frozenset(
                self._rank_of_term[terms[self._frequencies[terms] <= self._max_frequency]].tolist()
            )
        return ranks

    @cached_property
    def frequency(self) -> Mapping[str, int]:
        """The number of pages that contain each word, rounded to a power of two."""
        return dict(zip(self._terms, self._frequencies.astype(int).tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class Related:
    """The neighbours of each page."""

    scored: Mapping[str, tuple[tuple[str, float], ...]]
    """The neighbours of each page id, best first, each with its score from 0 to 1."""
    ids: Mapping[str, tuple[str, ...]] = field(repr=False, compare=False)
    """The same without scores."""
    weights: Mapping[str, float]
    """The calibrated weight of each signal; they add up to 1."""
    link_trust: LinkTrust
    """The reliability of links, measured on hidden links."""
    abstract_trust: AbstractTrust
    """The reliability of titles and descriptions, measured on pages that are linked side by side."""
    words: SharedWords = field(repr=False, compare=False)
    """The words shared in titles and descriptions."""
    _corpus: Corpus = field(repr=False, compare=False)
    _signals: Signals = field(repr=False, compare=False)
    _adjacent: Pairs = field(repr=False, compare=False)

    def contributions(self, page: str, other: str) -> dict[str, float]:
        """Return what each signal adds to the score of ``other`` as a neighbour of ``page``; zeros are omitted."""
        row, column = self._corpus.row_of[page], self._corpus.row_of[other]
        signals = self._signals.of(np.array([row]))
        parts = {kind: float(table[0, column]) * self.weights[kind] for kind, table in signals.items()}
        return {kind: round(part, SCORE_DECIMALS) for kind, part in parts.items() if part > 0}


def relate(
    pages: Iterable[Item], lists: Iterable[Sequence[str]] = (), depth: int = 10, before: Related | None = None
) -> Related:
    """Return the neighbours of each page, excluding pages to which it already links.

    Args:
        pages: the pages, in any order.
        lists: ids of pages that documents outside the corpus list together, in their order.
        depth: the number of neighbours kept per page.
        before: the result of the previous run with the same depth; it speeds this up without affecting the result.
    """
    corpus = build_corpus(pages, lists, before._corpus if before else None)
    signals = find_signals(corpus, before._signals if before else None)
    link_trust = before.link_trust if before and corpus.same_links else measure_link_trust(corpus.ids, corpus.links)
    adjacent = (
        before._adjacent
        if before and corpus.same_links
        else adjacent_pairs(corpus.ids, [*corpus.links, *corpus.lists], corpus.graph)
    )
    abstract_trust = measure_abstract_trust(adjacent, signals.kinds["abstract"].table, signals.kinds["text"].table)
    raw_weights = calibrated_weights({kind: WEIGHTS[kind] for kind in signals.kinds}, link_trust, abstract_trust)
    weights = {kind: weight / sum(raw_weights.values()) for kind, weight in raw_weights.items()}
    stale_rows = np.arange(len(corpus.ids))
    if before and corpus.is_update and weights == before.weights:
        stale_rows = np.flatnonzero(signals.changed)
    near: dict[str, tuple[tuple[str, float], ...]] = dict.fromkeys(corpus.ids, ())
    neighbours: dict[str, tuple[str, ...]] = dict.fromkeys(corpus.ids, ())
    if before and corpus.is_update:
        near.update(before.scored)
        neighbours.update(before.ids)
    for block in row_blocks(len(stale_rows)):
        rows = stale_rows[block]
        scores = weighted_sum(
            [(weights[kind], table) for kind, table in signals.of(rows).items()], (len(rows), len(corpus.ids))
        )
        for index, row in enumerate(rows.tolist()):
            best = tuple(_top_of_row(scores, index, corpus.ids, depth))
            if near[corpus.ids[row]] != best:
                near[corpus.ids[row]] = best
                neighbours[corpus.ids[row]] = tuple(other for other, _ in best)
    words = SharedWords(corpus, before.words if before else None)
    return Related(near, neighbours, weights, link_trust, abstract_trust, words, corpus, signals, adjacent)


def _top_of_row(table: Matrix, row: int, ids: Sequence[str], depth: int) -> Iterable[tuple[str, float]]:
    """Return the ids with the highest scores in a row, with their scores; equal ones sorted by id."""
    start, end = table.indptr[row], table.indptr[row + 1]
    values, columns = np.round(table.data[start:end], SCORE_DECIMALS), table.indices[start:end]
    order: Ints = np.lexsort((columns, -values))[:depth]
    return zip((ids[column] for column in columns[order].tolist()), values[order].tolist(), strict=True)
