"""Which pages are near which: all kinds of evidence together, each as far as it can be trusted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from inquiry_site.nearness.evidence import Evidence, evidence
from inquiry_site.nearness.pages import Corpus, Page, corpus
from inquiry_site.nearness.sparse import Ints, Matrix, blocks, frequency, rounded, spread, total, touching
from inquiry_site.nearness.trust import Heads, Pairs, Trust, side_by_side, trust, trust_in_heads, trusted

PLACES = 4
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
        self._found = np.where(found, rounded(found), 0.0)
        order = np.lexsort((np.arange(len(self._found)), self._found))
        self._by_rarity = order.tolist()
        self._rank = np.argsort(order)
        self._common = max(2.0, rounded(np.array([len(read.ids) / 4.0]))[0])
        self.retold: frozenset[str] | None = None
        """Pages with whose words it is not as it was before; None where that is not known."""
        self.recounted = True
        """Whether any word has become commoner or rarer than it was before."""
        if before is not None and read.follows:
            stepped = spread(before._found, read.abstract.columns, len(self._found)) != self._found
            again = np.flatnonzero(read.changed | touching(self._table, stepped))
            self.retold = frozenset(read.ids[row] for row in again.tolist())
            self.recounted = bool(stepped.any())

    def both(self, page: str, other: str) -> list[str]:
        """The words of two pages, the rarest first."""
        return [self._terms[self._by_rarity[rank]] for rank in sorted(self._of(page) & self._of(other))]

    def _of(self, page: str) -> frozenset[int]:
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
    trust: Trust
    """What the links that were hidden told of links."""
    heads: Heads
    """What the pages that are linked side by side told of titles and descriptions."""
    words: SharedWords = field(repr=False, compare=False)
    """The words of questions and claims."""
    _corpus: Corpus = field(repr=False, compare=False)
    _evidence: Evidence = field(repr=False, compare=False)
    _beside: Pairs = field(repr=False, compare=False)

    def evidence(self, page: str, other: str) -> dict[str, float]:
        """What each kind of evidence adds to a score."""
        row, column = self._corpus.place[page], self._corpus.place[other]
        found = self._evidence.of(np.array([row]))
        parts = {kind: float(table[0, column]) * self.weights[kind] for kind, table in found.items()}
        return {kind: round(part, PLACES) for kind, part in parts.items() if part > 0}


def relate(
    pages: Iterable[Page], lists: Iterable[Sequence[str]] = (), depth: int = 10, before: Related | None = None
) -> Related:
    """The pages near each page; what a page links already is passed over.

    Args:
        pages: the pages, in any order.
        lists: ids of pages that something else names together, in its order.
        depth: how many are kept for each page.
        before: what was found, to the same depth, before some of the pages changed; it makes this faster, not another.
    """
    read = corpus(pages, lists, before._corpus if before else None)
    found = evidence(read, before._evidence if before else None)
    told = before.trust if before and read.same_links else trust(read.ids, read.links)
    beside = (
        before._beside if before and read.same_links else side_by_side(read.ids, [*read.links, *read.lists], read.graph)
    )
    heads = trust_in_heads(beside, found.kinds["abstract"].table, found.kinds["text"].table)
    used = trusted({kind: WEIGHTS[kind] for kind in found.kinds}, told, heads)
    weights = {kind: weight / sum(used.values()) for kind, weight in used.items()}
    again = np.arange(len(read.ids))
    if before and read.follows and weights == before.weights:
        again = np.flatnonzero(found.changed)
    near: dict[str, tuple[tuple[str, float], ...]] = dict.fromkeys(read.ids, ())
    neighbours: dict[str, tuple[str, ...]] = dict.fromkeys(read.ids, ())
    if before and read.follows:
        near.update(before.near)
        neighbours.update(before.neighbours)
    for block in blocks(len(again)):
        rows = again[block]
        summed = total([(weights[kind], table) for kind, table in found.of(rows).items()], (len(rows), len(read.ids)))
        for at, row in enumerate(rows.tolist()):
            found_near = tuple(_first(summed, at, read.ids, depth))
            if near[read.ids[row]] != found_near:
                near[read.ids[row]] = found_near
                neighbours[read.ids[row]] = tuple(other for other, _ in found_near)
    spoken = SharedWords(read, before.words if before else None)
    return Related(near, neighbours, weights, told, heads, spoken, read, found, beside)


def _first(table: Matrix, row: int, ids: Sequence[str], depth: int) -> Iterable[tuple[str, float]]:
    """The best of a row, equal ones in the order of their ids."""
    start, end = table.indptr[row], table.indptr[row + 1]
    values, columns = np.round(table.data[start:end], PLACES), table.indices[start:end]
    order: Ints = np.lexsort((columns, -values))[:depth]
    return zip((ids[column] for column in columns[order].tolist()), values[order].tolist(), strict=True)
