"""Which pages are near which: all kinds of evidence together, each as far as it can be trusted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from inquiry_site.nearness.evidence import evidence, graph
from inquiry_site.nearness.pages import Corpus, Page, corpus
from inquiry_site.nearness.sparse import Ints, Matrix, frequency, total, where
from inquiry_site.nearness.trust import Trust, trust, trusted

PLACES = 4
"""Scores are compared to so many places."""

WEIGHTS: Mapping[str, float] = {
    "text": 1.5,
    "abstract": 1.25,
    "neighbours": 1.45,
    "mention": 0.2,
    "mentioned": 1.0,
    "context": 2.3,
    "advised": 0.9,
    "proximity": 0.45,
    "walk": 0.55,
    "linked_by": 0.35,
    "topics": 0.4,
    "papers": 1.0,
    "notes": 4.0,
    "lines": 1.0,
    "ties": 1.0,
}
"""How far each kind of evidence is trusted where the pages themselves do not tell."""


class SharedWords:
    """The words that pages have in common in title and description, but for those that every fourth page has."""

    def __init__(self, read: Corpus, places: Mapping[str, int]) -> None:
        self._terms = read.terms
        self._places = places
        self._found = frequency(read.abstract)
        order = np.lexsort((np.arange(len(self._found)), self._found))
        self._order = np.argsort(order).tolist()
        table = where(read.abstract, self._found[read.abstract.indices] <= max(2, len(read.ids) // 4))
        bounds = zip(table.indptr[:-1].tolist(), table.indptr[1:].tolist(), strict=True)
        self._of = [frozenset(table.indices[start:end].tolist()) for start, end in bounds]

    def both(self, page: str, other: str) -> list[str]:
        """The words of two pages, the rarest first."""
        shared = self._of[self._places[page]] & self._of[self._places[other]]
        return [self._terms[term] for term in sorted(shared, key=self._order.__getitem__)]

    @cached_property
    def frequency(self) -> Mapping[str, int]:
        """On how many pages each word stands."""
        return dict(zip(self._terms, self._found.astype(int).tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class Related:
    """The pages near each page."""

    near: Mapping[str, tuple[tuple[str, float], ...]]
    """The best first, each with its score from 0 to 1."""
    weights: Mapping[str, float]
    """How far each kind of evidence was trusted; they add up to 1."""
    trust: Trust
    """What the links that were hidden told of links."""
    words: SharedWords = field(repr=False)
    """The words of questions and claims."""
    _places: Mapping[str, int] = field(repr=False)
    _kinds: Mapping[str, Matrix] = field(repr=False)

    def evidence(self, page: str, other: str) -> dict[str, float]:
        """What each kind of evidence adds to a score."""
        row, column = self._places[page], self._places[other]
        parts = {kind: float(table[row, column]) * self.weights[kind] for kind, table in self._kinds.items()}
        return {kind: round(part, PLACES) for kind, part in parts.items() if part > 0}


def relate(pages: Iterable[Page], lists: Iterable[Sequence[str]] = (), depth: int = 10) -> Related:
    """The pages near each page; what a page links already is passed over.

    Args:
        pages: the pages, in any order.
        lists: ids of pages that something else names together, in its order.
        depth: how many are kept for each page.
    """
    read = corpus(pages, lists)
    links = graph(read.links)
    kinds = evidence(read, links)
    told = trust(read.ids, read.links)
    used = trusted({kind: WEIGHTS[kind] for kind in kinds}, told)
    weights = {kind: weight / sum(used.values()) for kind, weight in used.items()}
    summed = total([(weights[kind], kinds[kind]) for kind in weights], (len(read.ids), len(read.ids)))
    near = {page: tuple(_first(summed, row, read.ids, depth)) for row, page in enumerate(read.ids)}
    places = {page: row for row, page in enumerate(read.ids)}
    return Related(near, weights, told, SharedWords(read, places), places, kinds)


def _first(table: Matrix, row: int, ids: Sequence[str], depth: int) -> Iterable[tuple[str, float]]:
    """The best of a row, equal ones in the order of their ids."""
    start, end = table.indptr[row], table.indptr[row + 1]
    values, columns = np.round(table.data[start:end], PLACES), table.indices[start:end]
    order: Ints = np.lexsort((columns, -values))[:depth]
    return zip((ids[column] for column in columns[order].tolist()), values[order].tolist(), strict=True)
