"""Which pages are near which: all kinds of evidence together, each as far as it can be trusted."""

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
"""Scores are compared to so many places."""

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
"""How far each kind of evidence is trusted where the pages themselves do not tell."""


class SharedWords:
    """The words that pages have in common in title and description, but for those that every fourth page has."""

    def __init__(self, read: Corpus, before: SharedWords | None = None) -> None:
        self._terms = read.terms.names
        self._places = read.place
        self._table = read.abstract.counts
        self._ranks: dict[str, frozenset[int]] = {}
        # In steps: what one page says seldom changes what others are told of theirs.
        found = frequency(self._table)
        self._found = np.where(found, round_to_powers(found), 0.0)
        order = np.lexsort((np.arange(len(self._found)), self._found))
        self._by_rarity = order.tolist()
        self._rank = np.argsort(order)
        self._common = max(2.0, round_to_powers(np.array([len(read.ids) / 4.0]))[0])
        self.changed_pages: frozenset[str] | None = None
        """Pages with whose words it is not as it was before; None where that is not known."""
        self.frequencies_changed = True
        """Whether any word has become commoner or rarer than it was before."""
        if before is not None and read.is_update:
            stepped = remap_values(before._found, read.abstract.columns, len(self._found)) != self._found
            again = np.flatnonzero(read.changed | rows_with(self._table, stepped))
            self.changed_pages = frozenset(read.ids[row] for row in again.tolist())
            self.frequencies_changed = bool(stepped.any())

    def shared_by(self, page: str, other: str) -> list[str]:
        """The words of two pages, the rarest first."""
        return [self._terms[self._by_rarity[rank]] for rank in sorted(self._ranks_of(page) & self._ranks_of(other))]

    def _ranks_of(self, page: str) -> frozenset[int]:
        ranks = self._ranks.get(page)
        if ranks is None:
            row = self._places[page]
            terms = self._table.indices[self._table.indptr[row] : self._table.indptr[row + 1]]
            ranks = self._ranks[page] = frozenset(self._rank[terms[self._found[terms] <= self._common]].tolist())
        return ranks

    @cached_property
    def frequency(self) -> Mapping[str, int]:
        """On about how many pages each word stands."""
        return dict(zip(self._terms, self._found.astype(int).tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class Related:
    """The pages near each page."""

    near: Mapping[str, tuple[tuple[str, float], ...]]
    """The best first, each with its score from 0 to 1."""
    neighbours: Mapping[str, tuple[str, ...]] = field(repr=False, compare=False)
    """Without their scores."""
    weights: Mapping[str, float]
    """How far each kind of evidence was trusted; they add up to 1."""
    link_trust: LinkTrust
    """What the links that were hidden told of links."""
    abstract_trust: AbstractTrust
    """What the pages that are linked side by side told of titles and descriptions."""
    words: SharedWords = field(repr=False, compare=False)
    """The words of questions and claims."""
    _corpus: Corpus = field(repr=False, compare=False)
    _signals: Signals = field(repr=False, compare=False)
    _adjacent: Pairs = field(repr=False, compare=False)

    def contributions(self, page: str, other: str) -> dict[str, float]:
        """What each kind of evidence adds to a score."""
        row, column = self._corpus.place[page], self._corpus.place[other]
        found = self._signals.of(np.array([row]))
        parts = {kind: float(table[0, column]) * self.weights[kind] for kind, table in found.items()}
        return {kind: round(part, SCORE_DECIMALS) for kind, part in parts.items() if part > 0}


def relate(
    pages: Iterable[Item], lists: Iterable[Sequence[str]] = (), depth: int = 10, before: Related | None = None
) -> Related:
    """The pages near each page; what a page links already is passed over.

    Args:
        pages: the pages, in any order.
        lists: ids of pages that something else names together, in its order.
        depth: how many are kept for each page.
        before: what was found, to the same depth, before some of the pages changed; it makes this faster, not another.
    """
    read = build_corpus(pages, lists, before._corpus if before else None)
    found = find_signals(read, before._signals if before else None)
    told = before.link_trust if before and read.same_links else measure_link_trust(read.ids, read.links)
    beside = (
        before._adjacent
        if before and read.same_links
        else adjacent_pairs(read.ids, [*read.links, *read.lists], read.graph)
    )
    heads = measure_abstract_trust(beside, found.kinds["abstract"].table, found.kinds["text"].table)
    used = calibrated_weights({kind: WEIGHTS[kind] for kind in found.kinds}, told, heads)
    weights = {kind: weight / sum(used.values()) for kind, weight in used.items()}
    again = np.arange(len(read.ids))
    if before and read.is_update and weights == before.weights:
        again = np.flatnonzero(found.changed)
    near: dict[str, tuple[tuple[str, float], ...]] = dict.fromkeys(read.ids, ())
    neighbours: dict[str, tuple[str, ...]] = dict.fromkeys(read.ids, ())
    if before and read.is_update:
        near.update(before.near)
        neighbours.update(before.neighbours)
    for block in row_blocks(len(again)):
        rows = again[block]
        summed = weighted_sum(
            [(weights[kind], table) for kind, table in found.of(rows).items()], (len(rows), len(read.ids))
        )
        for at, row in enumerate(rows.tolist()):
            found_near = tuple(_top_of_row(summed, at, read.ids, depth))
            if near[read.ids[row]] != found_near:
                near[read.ids[row]] = found_near
                neighbours[read.ids[row]] = tuple(other for other, _ in found_near)
    spoken = SharedWords(read, before.words if before else None)
    return Related(near, neighbours, weights, told, heads, spoken, read, found, beside)


def _top_of_row(table: Matrix, row: int, ids: Sequence[str], depth: int) -> Iterable[tuple[str, float]]:
    """The best of a row, equal ones in the order of their ids."""
    start, end = table.indptr[row], table.indptr[row + 1]
    values, columns = np.round(table.data[start:end], SCORE_DECIMALS), table.indices[start:end]
    order: Ints = np.lexsort((columns, -values))[:depth]
    return zip((ids[column] for column in columns[order].tolist()), values[order].tolist(), strict=True)
