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
    return Signals(kinds, builder.linked, builder.parts, builder.similar)


class _SignalBuilder:
    """A computation of all signals that reuses those of the previous run where the corpus did not change."""

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
        """Compute the signals from the nearest pages by text: text, neighbours, advised."""
        near = self._similar_rows("text", self.corpus.full_text).best
        hubness = (
            np.bincount(near.table.indices, weights=near.table.data, minlength=len(self._nothing))
            / self.budget.max_candidates
        )
        self.kinds["text"] = self._compute("text", scale(near.table, columns=_hub_discount(hubness)))
        around = self._update("around", near.changed, partial(_neighbourhoods, near.table))
        self.kinds["neighbours"] = self._find_similar("neighbours", around).best
        advisers = self._update("advisers", near.changed, lambda rows: top_entries(near.table[rows], _ADVISERS))
        graph = self.corpus.graph
        advice = self._compute("advice", scale(without_hubs(graph.both), columns=popularity(graph)))
        self.kinds["advised"] = self._update(
            "advised",
            advisers.changed | rows_with(advisers.table, advice.changed),
            lambda rows: top_product(
                advisers.table[rows], advice.table, self.budget.max_candidates, rows, self.corpus.candidates
            ),
        )

    def context(self) -> None:
        """Compare texts smoothed over links (as in Kipf and Welling 2017, without learning)."""
        text = self.corpus.full_text
        lent = self._update(
            "lent", text.rows.changed, lambda rows: top_entries(text.rows.table[rows], _LENT_TERMS), text
        )
        ties = self._compute("ties", normalize_sums(without_hubs(self.corpus.graph.both)))
        smooth = partial(_smoothed, text.rows.table, ties.table, lent.table, 2 * self.budget.max_candidates)
        affected = text.rows.changed | ties.changed | rows_with(ties.table, lent.changed)
        mixed = self._update("mixed", affected, smooth, text)
        self.kinds["context"] = self._find_similar("context", mixed, text).best

    def abstract(self) -> None:
        """Compare titles and descriptions."""
        self.kinds["abstract"] = self._similar_rows("abstract", self.corpus.abstract).best

    def covered(self) -> None:
        """Compute how much of a page's subject the other page covers, regardless of the other's length."""
        text = self.corpus.full_text
        has = Rows(document_weights(text.counts, text.rarity), text.affected)
        asks = Queries(text.affected, lambda rows: query_weights(text.counts[rows], text.rarity))
        self.kinds["covered"] = self._find_similar("covered", has, text, self.budget.halved(), asks).best

    def rest(self) -> None:
        """Compute the cheap signals: mentions, links and shared features."""
        corpus, kinds = self.corpus, self.kinds
        mentions = corpus.mentions.rows
        kinds["mention"] = self._update(
            "mention", mentions.changed, lambda rows: self._allowed(mentions.table[rows], rows)
        )
        either = self._compute("either", Matrix(mentions.table + mentions.table.T))
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
        link_popularity = popularity(corpus.graph)
        kinds["walk"] = self._compute("walk", scale(walked.table, columns=link_popularity))
        kinds["linked_by"] = self._compute(
            "linked_by", self._allowed(scale(Matrix(corpus.graph.out.T), columns=link_popularity))
        )
        for kind, features in corpus.shared.items():
            kinds[kind] = self._find_similar(kind, features.weights.rows, features.weights, self.budget.halved()).best

    def _proximity(self) -> Rows:
        if self.corpus.same_links:
            return self._reuse("proximity")
        proximity = _proximity([*self.corpus.links, *self.corpus.lists], len(self._nothing))
        return self._compute("proximity", self._top_allowed(proximity))

    def _similar_rows(self, name: str, table: WeightedTable) -> SimilarRows:
        return self._find_similar(name, table.rows, table)

    def _find_similar(
        self,
        name: str,
        rows: Rows,
        columns: WeightedTable | None = None,
        limits: SearchBudget | None = None,
        queries: Queries | None = None,
    ) -> SimilarRows:
        """Find similar rows.

        ``columns`` is the table that defines the columns of the rows; None if the columns are pages.
        """
        before = self.before._similar.get(name) if self.before and (columns is None or columns.is_update) else None
        new_columns = columns.columns if columns else None
        self.similar[name] = similar = find_similar(
            rows, self.corpus.candidates, limits or self.budget, before, new_columns, queries
        )
        return similar

    def _update(
        self, name: str, changed: Flags, compute: Callable[[Ints], Matrix], columns: WeightedTable | None = None
    ) -> Rows:
        before = self.before._parts.get(name) if self.before else None
        if before is not None and columns is not None:
            before = columns.remap(before)
        self.parts[name] = updated = update_rows(before, changed, compute)
        return updated

    def _compute(self, name: str, table: Matrix) -> Rows:
        """Record a cheap table, which is recomputed in every run, with flags of the rows that changed."""
        table.sort_indices()
        before = self.before._parts.get(name) if self.before else None
        changed = rows_that_differ(before.table, table) if before else self._everything
        self.parts[name] = rows = Rows(table, changed)
        return rows

    def _reuse(self, name: str) -> Rows:
        assert self.before is not None  # noqa: S101 - a first run never has the same links
        self.parts[name] = rows = Rows(self.before._parts[name].table, self._nothing)
        return rows

    def _top_allowed(self, table: Matrix, rows: Ints | None = None) -> Matrix:
        return top_entries(self._allowed(table, rows), self.budget.max_candidates)

    def _allowed(self, table: Matrix, rows: Ints | None = None) -> Matrix:
        return allowed_entries(table, np.arange(table.shape[0]) if rows is None else rows, self.corpus.candidates)


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
