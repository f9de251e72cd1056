"""The kinds of evidence that one page is worth reading after another, each as a sparse table of pages by pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from inquiry_site.similarity.corpus import Corpus
from inquiry_site.similarity.link_graph import STEPS, popularity, random_walk, rows_reached, without_hubs
from inquiry_site.similarity.neighbours import Queries, SearchBudget, SimilarRows, find_similar, search_budget
from inquiry_site.similarity.sparse import (
    Flags,
    Floats,
    Ints,
    Matrix,
    Rows,
    allowed_entries,
    empty_matrix,
    normalize_maxima,
    normalize_rows,
    normalize_sums,
    remove_entries,
    round_to_powers,
    rows_that_differ,
    rows_with,
    scale,
    top_entries,
    top_product,
    update_rows,
)
from inquiry_site.similarity.weighting import WeightedTable, document_weights, query_weights

_NEAR = 10
"""How many nearest pages count as a page's neighbourhood in text."""
_CO_READERS = 20
"""How many nearest pages are asked what they link."""
_FEW = 0.05
"""How near a page must be to all the others together to count as a hub at all."""
_HALVINGS = 4
"""Into so many steps each doubling of that is divided."""
_SHARE = 0.5
"""How much of its neighbours' text a page takes on."""
_LENT = 64
"""The heaviest terms of a page, which its neighbours take on."""
_WINDOW = 5
"""Links further apart than this in a page are not taken for neighbours."""
_LISTED = 60


@dataclass(frozen=True, slots=True)
class Signals:
    """Every kind of evidence, each in parts of the best that it says of a page; what a page links is left out."""

    kinds: Mapping[str, Rows]
    """As found: neither in parts of the best nor without what is linked."""
    linked: Rows = field(repr=False)
    """What each page links."""
    _parts: Mapping[str, Rows] = field(repr=False)
    """What the kinds are made of."""
    _similar: Mapping[str, SimilarRows] = field(repr=False)

    def of(self, rows: Ints) -> dict[str, Matrix]:
        """What each kind says of these pages."""
        linked = self.linked.table[rows]
        return {kind: normalize_maxima(remove_entries(found.table[rows], linked)) for kind, found in self.kinds.items()}

    @property
    def changed(self) -> Flags:
        """The pages of which anything is said that was not said before."""
        changed = self.linked.changed.copy()
        for found in self.kinds.values():
            changed |= found.changed
        return changed


def find_signals(corpus: Corpus, before: Signals | None = None) -> Signals:
    """Every kind of evidence: the same whether it is made anew or from what was found before a few pages changed."""
    work = _SignalBuilder(corpus, before if corpus.is_update else None)
    with ThreadPoolExecutor(max_workers=2) as pool:
        for task in [pool.submit(task) for task in (work.near, work.context, work.abstract, work.covered, work.rest)]:
            task.result()
    kinds = {kind: work.kinds[kind] for kind in sorted(work.kinds)}
    return Signals(kinds, work.linked, work.parts, work.similar)


class _SignalBuilder:
    """What is found, and what was found before."""

    def __init__(self, corpus: Corpus, before: Signals | None) -> None:
        self.corpus = corpus
        self.before = before
        self.budget: SearchBudget = search_budget(len(corpus.ids))
        self.kinds: dict[str, Rows] = {}
        self.parts: dict[str, Rows] = {}
        self.similar: dict[str, SimilarRows] = {}
        self._nothing = np.zeros(len(corpus.ids), dtype=np.bool_)
        self._everything = ~self._nothing
        self.links = self._compute("links", corpus.graph.both)
        self.linked = self._compute("linked", corpus.graph.out)

    def near(self) -> None:
        """What follows from the nearest pages by text."""
        near = self._similar_rows("text", self.corpus.full_text).best
        crowd = (
            np.bincount(near.table.indices, weights=near.table.data, minlength=len(self._nothing)) / self.budget.kept
        )
        self.kinds["text"] = self._compute("text", scale(near.table, columns=_hub_discount(crowd)))
        around = self._update("around", near.changed, partial(_neighbourhoods, near.table))
        self.kinds["neighbours"] = self._find_similar("neighbours", around).best
        advisers = self._update("advisers", near.changed, lambda rows: top_entries(near.table[rows], _CO_READERS))
        graph = self.corpus.graph
        advice = self._compute("advice", scale(without_hubs(graph.both), columns=popularity(graph)))
        self.kinds["advised"] = self._update(
            "advised",
            advisers.changed | rows_with(advisers.table, advice.changed),
            lambda rows: top_product(
                advisers.table[rows], advice.table, self.budget.kept, rows, self.corpus.candidates
            ),
        )

    def context(self) -> None:
        """Text smoothed over links (as in Kipf and Welling 2017, without learning)."""
        text = self.corpus.full_text
        lent = self._update("lent", text.rows.changed, lambda rows: top_entries(text.rows.table[rows], _LENT), text)
        ties = self._compute("ties", normalize_sums(without_hubs(self.corpus.graph.both)))
        smooth = partial(_smoothed, text.rows.table, ties.table, lent.table, 2 * self.budget.kept)
        affected = text.rows.changed | ties.changed | rows_with(ties.table, lent.changed)
        mixed = self._update("mixed", affected, smooth, text)
        self.kinds["context"] = self._find_similar("context", mixed, text).best

    def abstract(self) -> None:
        """Title and description."""
        self.kinds["abstract"] = self._similar_rows("abstract", self.corpus.abstract).best

    def covered(self) -> None:
        """How much of what a page is about the other one has too, however long that is."""
        text = self.corpus.full_text
        has = Rows(document_weights(text.counts, text.rarity), text.affected)
        asks = Queries(text.affected, lambda rows: query_weights(text.counts[rows], text.rarity))
        self.kinds["covered"] = self._find_similar("covered", has, text, self.budget.halved(), asks).best

    def rest(self) -> None:
        """What costs little: mentions, links, and what pages share."""
        corpus, kinds = self.corpus, self.kinds
        named = corpus.mentions.rows
        kinds["mention"] = self._update("mention", named.changed, lambda rows: self._allowed(named.table[rows], rows))
        either = self._compute("either", _symmetric(named.table))
        kinds["mentioned"] = self._update(
            "mentioned",
            rows_reached(either.table, either.changed, 2),
            lambda rows: self._top_allowed(random_walk(either.table, rows, 2), rows),
        )
        kinds["proximity"] = self._proximity()
        walked = self._update(
            "walked",
            rows_reached(self.links.table, self.links.changed, STEPS),
            lambda rows: self._top_allowed(random_walk(self.links.table, rows), rows),
        )
        worth = popularity(corpus.graph)
        kinds["walk"] = self._compute("walk", scale(walked.table, columns=worth))
        kinds["linked_by"] = self._compute("linked_by", self._allowed(scale(Matrix(corpus.graph.out.T), columns=worth)))
        for kind, found in corpus.shared.items():
            kinds[kind] = self._find_similar(kind, found.weights.rows, found.weights, self.budget.halved()).best

    def _proximity(self) -> Rows:
        if self.corpus.same_links:
            return self._reuse("proximity")
        together = _proximity([*self.corpus.links, *self.corpus.lists], len(self._nothing))
        return self._compute("proximity", self._top_allowed(together))

    def _similar_rows(self, name: str, found: WeightedTable) -> SimilarRows:
        return self._find_similar(name, found.rows, found)

    def _find_similar(
        self,
        name: str,
        rows: Rows,
        columns: WeightedTable | None = None,
        much: SearchBudget | None = None,
        asking: Queries | None = None,
    ) -> SimilarRows:
        """Which of these rows are alike; ``columns`` says where its columns are, if they are no pages."""
        before = self.before._similar.get(name) if self.before and (columns is None or columns.is_update) else None
        moved = columns.columns if columns else None
        self.similar[name] = found = find_similar(
            rows, self.corpus.candidates, much or self.budget, before, moved, asking
        )
        return found

    def _update(
        self, name: str, changed: Flags, make: Callable[[Ints], Matrix], columns: WeightedTable | None = None
    ) -> Rows:
        before = self.before._parts.get(name) if self.before else None
        if before is not None and columns is not None:
            before = columns.remap(before)
        self.parts[name] = found = update_rows(before, changed, make)
        return found

    def _compute(self, name: str, table: Matrix) -> Rows:
        """What is made anew in every run, for it costs little."""
        table.sort_indices()
        before = self.before._parts.get(name) if self.before else None
        changed = rows_that_differ(before.table, table) if before else self._everything
        self.parts[name] = found = Rows(table, changed)
        return found

    def _reuse(self, name: str) -> Rows:
        assert self.before is not None  # noqa: S101 - nothing is as before in a first run
        self.parts[name] = found = Rows(self.before._parts[name].table, self._nothing)
        return found

    def _top_allowed(self, table: Matrix, rows: Ints | None = None) -> Matrix:
        return top_entries(self._allowed(table, rows), self.budget.kept)

    def _allowed(self, table: Matrix, rows: Ints | None = None) -> Matrix:
        return allowed_entries(table, np.arange(table.shape[0]) if rows is None else rows, self.corpus.candidates)


def _hub_discount(crowd: Floats) -> Floats:
    """Less for pages that are near to everything (hubs: Radovanović et al. 2010)."""
    return np.asarray(1.0 / np.sqrt(round_to_powers(crowd / _FEW + 1.0, _HALVINGS)))


def _symmetric(table: Matrix) -> Matrix:
    return Matrix(table + table.T)


def _neighbourhoods(near: Matrix, rows: Ints) -> Matrix:
    """The nearest pages of each, itself among them: pages with the same are near (Jarvis and Patrick 1973)."""
    itself = Matrix((np.ones(len(rows)), rows, np.arange(len(rows) + 1)), shape=(len(rows), near.shape[1]))
    made = Matrix(top_entries(near[rows], _NEAR) + itself)
    made.sort_indices()
    return normalize_rows(made)


def _smoothed(text: Matrix, ties: Matrix, lent: Matrix, keep: int, rows: Ints) -> Matrix:
    mixed = Matrix(text[rows] + _SHARE * (ties[rows] @ lent))
    mixed.sort_indices()
    return normalize_rows(top_entries(mixed, keep))


def _proximity(lists: Sequence[Sequence[int]], size: int) -> Matrix:
    """Co-citation, the stronger the closer together (Small 1973; Gipp and Beel 2009)."""
    rows, columns, values = [], [], []
    for found in lists:
        worth = 1.0 / np.log(2 + len(found))
        cut = np.asarray(found[:_LISTED], dtype=np.int64)
        for apart in range(1, min(_WINDOW + 1, len(cut))):
            rows.append(np.concatenate((cut[apart:], cut[:-apart])))
            columns.append(np.concatenate((cut[:-apart], cut[apart:])))
            values.append(np.full(2 * (len(cut) - apart), worth / apart))
    together = _summed(rows, columns, values, size)
    spread = 1.0 / np.sqrt(np.maximum(np.asarray(together.sum(axis=1)).ravel(), 1.0))
    return scale(together, rows=spread, columns=spread)


def _summed(rows: list[Ints], columns: list[Ints], values: list[Floats], size: int) -> Matrix:
    if not rows:
        return empty_matrix(size, size)
    entries = (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns)))
    made = Matrix(entries, shape=(size, size))
    made.sum_duplicates()
    return made
