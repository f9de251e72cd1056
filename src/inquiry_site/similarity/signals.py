"""The signals that one page is worth reading after another, each as a sparse table of pages by pages."""

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

_NEIGHBOURHOOD = 10
"""Nearest pages by text that form a page's neighbourhood."""
_ADVISERS = 20
"""Nearest pages by text whose links count as advice."""
_HUB_THRESHOLD = 0.05
"""Similarity to all other pages together from which a page counts as a hub."""
_HUB_STEPS = 4
"""Steps per doubling to which this similarity is rounded."""
_LINKED_SHARE = 0.5
"""Weight of the text of linked pages in a page's smoothed text, relative to its own."""
_LENT_TERMS = 64
"""Terms that a page adds to the smoothed text of linked pages: the heaviest."""
_WINDOW = 5
"""Links further apart than this in a list do not count as cited together."""
_MAX_LISTED = 60
"""Links of a list that are compared."""


@dataclass(frozen=True, slots=True)
class Signals:
    """All signals, by kind."""

    kinds: Mapping[str, Rows]
    """The raw values: not yet scaled, and including pages that are linked."""
    linked: Rows = field(repr=False)
    """The pages that each page links."""
    _parts: Mapping[str, Rows] = field(repr=False)
    """Intermediate tables, kept for the next update."""
    _similar: Mapping[str, SimilarRows] = field(repr=False)

    def of(self, rows: Ints) -> dict[str, Matrix]:
        """Return each signal for these pages, scaled to a maximum of 1 per page, without the pages they link."""
        linked = self.linked.table[rows]
        return {
            kind: normalize_maxima(remove_entries(signal.table[rows], linked)) for kind, signal in self.kinds.items()
        }

    @property
    def changed(self) -> Flags:
        """Flags of the pages for which any signal differs from the previous run."""
        changed = self.linked.changed.copy()
        for signal in self.kinds.values():
            changed |= signal.changed
        return changed


def find_signals(corpus: Corpus, before: Signals | None = None) -> Signals:
    """Compute all signals; ``before``, those of the previous run, does not affect the result."""
    builder = _SignalBuilder(corpus, before if corpus.is_update else None)
    with ThreadPoolExecutor(max_workers=2) as pool:
        for task in [
            pool.submit(task)
            for task in (builder.near, builder.context, builder.abstract, builder.covered, builder.rest)
        ]:
            task.result()
    kinds = {kind: builder.kinds[kind] for kind in sorted(builder.kinds)}
    return Signals(kinds, builder.linked, builder.tables.parts, builder.tables.similar)


class _IncrementalTables:
    """The named tables of one run, which reuse those of the previous run where their inputs did not change.

    Attributes:
        budget: the limits of searches for similar rows.
        parts: every intermediate table by name.
        similar: the result of every search for similar rows by name.
    """

    def __init__(self, corpus: Corpus, before: Signals | None) -> None:
        self.budget: SearchBudget = search_budget(len(corpus.ids))
        self.parts: dict[str, Rows] = {}
        self.similar: dict[str, SimilarRows] = {}
        self._candidates = corpus.candidates
        self._before = before
        self._size = len(corpus.ids)

    def find_similar(
        self,
        name: str,
        rows: Rows,
        columns: WeightedTable | None = None,
        limits: SearchBudget | None = None,
        queries: Queries | None = None,
    ) -> Rows:
        """Return the most similar rows of each row, as a table of pages by pages.

        Args:
            name: identifies the search in the previous run.
            rows: the table whose rows are compared.
            columns: the table that defines the columns of ``rows``; None if the columns are pages.
            limits: the limits of this search, if not ``budget``.
            queries: the rows to search for, if not ``rows``.
        """
        before = self._before._similar.get(name) if self._before and (columns is None or columns.is_update) else None
        new_columns = columns.columns if columns else None
        self.similar[name] = similar = find_similar(
            rows, self._candidates, limits or self.budget, before, new_columns, queries
        )
        return similar.best

    def update(
        self, name: str, changed: Flags, compute: Callable[[Ints], Matrix], columns: WeightedTable | None = None
    ) -> Rows:
        """Return a table whose changed rows are computed and whose other rows are those of the previous run."""
        before = self._before._parts.get(name) if self._before else None
        if before is not None and columns is not None:
            before = columns.remap(before)
        self.parts[name] = updated = update_rows(before, changed, compute)
        return updated

    def record(self, name: str, table: Matrix) -> Rows:
        """Return a cheap table, which is recomputed in every run, with flags of the rows that changed."""
        table.sort_indices()
        before = self._before._parts.get(name) if self._before else None
        changed = rows_that_differ(before.table, table) if before else np.ones(self._size, dtype=np.bool_)
        self.parts[name] = rows = Rows(table, changed)
        return rows

    def reuse(self, name: str) -> Rows:
        """Return a table of the previous run, without changes; there must be a previous run."""
        assert self._before is not None  # noqa: S101 - a first run never has the same links
        unchanged = np.zeros(self._size, dtype=np.bool_)
        self.parts[name] = rows = Rows(self._before._parts[name].table, unchanged)
        return rows


class _SignalBuilder:
    """A computation of all signals of a corpus.

    Attributes:
        kinds: the signals computed so far.
        tables: the tables behind them.
        linked: the pages that each page links.
    """

    def __init__(self, corpus: Corpus, before: Signals | None) -> None:
        self.kinds: dict[str, Rows] = {}
        self.tables = _IncrementalTables(corpus, before)
        self.linked = self.tables.record("linked", corpus.graph.out)
        self._links = self.tables.record("links", corpus.graph.both)
        self._corpus = corpus
        self._budget = self.tables.budget

    def near(self) -> None:
        """Compute the signals from the nearest pages by text: text, neighbours, advised."""
        corpus, tables, most = self._corpus, self.tables, self._budget.max_candidates
        near = tables.find_similar("text", corpus.full_text.rows, corpus.full_text)
        hubness = np.bincount(near.table.indices, weights=near.table.data, minlength=len(corpus.ids)) / most
        self.kinds["text"] = tables.record("text", scale(near.table, columns=_hub_discount(hubness)))
        around = tables.update("around", near.changed, partial(_neighbourhoods, near.table))
        self.kinds["neighbours"] = tables.find_similar("neighbours", around)
        advisers = tables.update("advisers", near.changed, lambda rows: top_entries(near.table[rows], _ADVISERS))
        graph = corpus.graph
        advice = tables.record("advice", scale(without_hubs(graph.both), columns=popularity(graph)))
        self.kinds["advised"] = tables.update(
            "advised",
            advisers.changed | rows_with(advisers.table, advice.changed),
            lambda rows: top_product(advisers.table[rows], advice.table, most, rows, corpus.candidates),
        )

    def context(self) -> None:
        """Compare texts smoothed over links (as in Kipf and Welling 2017, without learning)."""
        text, tables = self._corpus.full_text, self.tables
        lent = tables.update(
            "lent", text.rows.changed, lambda rows: top_entries(text.rows.table[rows], _LENT_TERMS), text
        )
        ties = tables.record("ties", normalize_sums(without_hubs(self._corpus.graph.both)))
        smooth = partial(_smoothed, text.rows.table, ties.table, lent.table, 2 * self._budget.max_candidates)
        affected = text.rows.changed | ties.changed | rows_with(ties.table, lent.changed)
        mixed = tables.update("mixed", affected, smooth, text)
        self.kinds["context"] = tables.find_similar("context", mixed, text)

    def abstract(self) -> None:
        """Compare titles and descriptions."""
        abstract = self._corpus.abstract
        self.kinds["abstract"] = self.tables.find_similar("abstract", abstract.rows, abstract)

    def covered(self) -> None:
        """Compute how much of a page's subject the other page covers, regardless of the other's length."""
        text = self._corpus.full_text
        weighted = Rows(document_weights(text.counts, text.rarity), text.affected)
        queries = Queries(text.affected, lambda rows: query_weights(text.counts[rows], text.rarity))
        self.kinds["covered"] = self.tables.find_similar("covered", weighted, text, self._budget.halved(), queries)

    def rest(self) -> None:
        """Compute the cheap signals: mentions, links and shared features."""
        corpus, kinds, tables = self._corpus, self.kinds, self.tables
        mentions = corpus.mentions.rows
        kinds["mention"] = tables.update(
            "mention", mentions.changed, lambda rows: self._allowed(mentions.table[rows], rows)
        )
        either = tables.record("either", Matrix(mentions.table + mentions.table.T))
        kinds["mentioned"] = tables.update(
            "mentioned",
            rows_reached(either.table, either.changed, 2),
            lambda rows: self._top_allowed(random_walk(either.table, rows, 2), rows),
        )
        kinds["proximity"] = self._proximity()
        links = self._links
        walked = tables.update(
            "walked",
            rows_reached(links.table, links.changed, STEPS),
            lambda rows: self._top_allowed(random_walk(links.table, rows), rows),
        )
        link_popularity = popularity(corpus.graph)
        kinds["walk"] = tables.record("walk", scale(walked.table, columns=link_popularity))
        kinds["linked_by"] = tables.record(
            "linked_by", self._allowed(scale(Matrix(corpus.graph.out.T), columns=link_popularity))
        )
        for kind, features in corpus.shared.items():
            weights = features.weights
            kinds[kind] = tables.find_similar(kind, weights.rows, weights, self._budget.halved())

    def _proximity(self) -> Rows:
        if self._corpus.same_links:
            return self.tables.reuse("proximity")
        proximity = _proximity([*self._corpus.links, *self._corpus.lists], len(self._corpus.ids))
        return self.tables.record("proximity", self._top_allowed(proximity))

    def _top_allowed(self, table: Matrix, rows: Ints | None = None) -> Matrix:
        return top_entries(self._allowed(table, rows), self._budget.max_candidates)

    def _allowed(self, table: Matrix, rows: Ints | None = None) -> Matrix:
        return allowed_entries(table, np.arange(table.shape[0]) if rows is None else rows, self._corpus.candidates)


def _hub_discount(hubness: Floats) -> Floats:
    """Return a factor for each page that falls as it is similar to more pages (hubs: Radovanović et al. 2010)."""
    return np.asarray(1.0 / np.sqrt(round_to_powers(hubness / _HUB_THRESHOLD + 1.0, _HUB_STEPS)))


def _neighbourhoods(near: Matrix, rows: Ints) -> Matrix:
    """Return the nearest pages of each page and the page itself, as rows of length one.

    Pages that share nearest neighbours are similar (Jarvis and Patrick 1973).
    """
    itself = Matrix((np.ones(len(rows)), rows, np.arange(len(rows) + 1)), shape=(len(rows), near.shape[1]))
    neighbourhoods = Matrix(top_entries(near[rows], _NEIGHBOURHOOD) + itself)
    neighbourhoods.sort_indices()
    return normalize_rows(neighbourhoods)


def _smoothed(text: Matrix, ties: Matrix, lent: Matrix, keep: int, rows: Ints) -> Matrix:
    mixed = Matrix(text[rows] + _LINKED_SHARE * (ties[rows] @ lent))
    mixed.sort_indices()
    return normalize_rows(top_entries(mixed, keep))


def _proximity(lists: Sequence[Sequence[int]], size: int) -> Matrix:
    """Return co-citation strengths, higher for closer citations (Small 1973; Gipp and Beel 2009)."""
    rows, columns, values = [], [], []
    for listed in lists:
        weight = 1.0 / np.log(2 + len(listed))
        shortened = np.asarray(listed[:_MAX_LISTED], dtype=np.int64)
        for distance in range(1, min(_WINDOW + 1, len(shortened))):
            rows.append(np.concatenate((shortened[distance:], shortened[:-distance])))
            columns.append(np.concatenate((shortened[:-distance], shortened[distance:])))
            values.append(np.full(2 * (len(shortened) - distance), weight / distance))
    proximity = _summed(rows, columns, values, size)
    inverse_roots = 1.0 / np.sqrt(np.maximum(np.asarray(proximity.sum(axis=1)).ravel(), 1.0))
    return scale(proximity, rows=inverse_roots, columns=inverse_roots)


def _summed(rows: list[Ints], columns: list[Ints], values: list[Floats], size: int) -> Matrix:
    if not rows:
        return empty_matrix(size, size)
    entries = (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns)))
    summed = Matrix(entries, shape=(size, size))
    summed.sum_duplicates()
    return summed
