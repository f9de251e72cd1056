"""The kinds of evidence that one page is worth reading after another, each as a sparse table of pages by pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from inquiry_site.nearness.links import STEPS, hubless, recommended, walk, walking
from inquiry_site.nearness.pages import Corpus
from inquiry_site.nearness.similar import Asking, Effort, Similar, effort, similar
from inquiry_site.nearness.sparse import (
    Flags,
    Floats,
    Ints,
    Matrix,
    Rows,
    best,
    differing,
    empty,
    only,
    product,
    relative,
    renewed,
    rounded,
    scaled,
    stochastic,
    touching,
    unit,
    without,
)
from inquiry_site.nearness.weights import Weighted, answered, asked

_NEAR = 10
"""How many nearest pages count as a page's neighbourhood in text."""
_ADVISERS = 20
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
class Evidence:
    """Every kind of evidence, each in parts of the best that it says of a page; what a page links is left out."""

    kinds: Mapping[str, Rows]
    """As found: neither in parts of the best nor without what is linked."""
    linked: Rows = field(repr=False)
    """What each page links."""
    _parts: Mapping[str, Rows] = field(repr=False)
    """What the kinds are made of."""
    _similar: Mapping[str, Similar] = field(repr=False)

    def of(self, rows: Ints) -> dict[str, Matrix]:
        """What each kind says of these pages."""
        linked = self.linked.table[rows]
        return {kind: relative(without(found.table[rows], linked)) for kind, found in self.kinds.items()}

    @property
    def changed(self) -> Flags:
        """The pages of which anything is said that was not said before."""
        changed = self.linked.changed.copy()
        for found in self.kinds.values():
            changed |= found.changed
        return changed


def evidence(corpus: Corpus, before: Evidence | None = None) -> Evidence:
    """Every kind of evidence: the same whether it is made anew or from what was found before a few pages changed."""
    work = _Work(corpus, before if corpus.follows else None)
    with ThreadPoolExecutor(max_workers=2) as pool:
        for task in [pool.submit(task) for task in (work.near, work.context, work.abstract, work.covered, work.rest)]:
            task.result()
    kinds = {kind: work.kinds[kind] for kind in sorted(work.kinds)}
    return Evidence(kinds, work.linked, work.parts, work.similar)


class _Work:
    """What is found, and what was found before."""

    def __init__(self, corpus: Corpus, before: Evidence | None) -> None:
        self.corpus = corpus
        self.before = before
        self.much: Effort = effort(len(corpus.ids))
        self.kinds: dict[str, Rows] = {}
        self.parts: dict[str, Rows] = {}
        self.similar: dict[str, Similar] = {}
        self._nothing = np.zeros(len(corpus.ids), dtype=np.bool_)
        self._everything = ~self._nothing
        self.links = self._whole("links", corpus.graph.both)
        self.linked = self._whole("linked", corpus.graph.out)

    def near(self) -> None:
        """What follows from the nearest pages by text."""
        near = self._similar("text", self.corpus.text).best
        crowd = np.bincount(near.table.indices, weights=near.table.data, minlength=len(self._nothing)) / self.much.kept
        self.kinds["text"] = self._whole("text", scaled(near.table, columns=_unhubbed(crowd)))
        around = self._renewed("around", near.changed, partial(_neighbourhoods, near.table))
        self.kinds["neighbours"] = self._of("neighbours", around).best
        advisers = self._renewed("advisers", near.changed, lambda rows: best(near.table[rows], _ADVISERS))
        graph = self.corpus.graph
        advice = self._whole("advice", scaled(hubless(graph.both), columns=recommended(graph)))
        self.kinds["advised"] = self._renewed(
            "advised",
            advisers.changed | touching(advisers.table, advice.changed),
            lambda rows: product(advisers.table[rows], advice.table, self.much.kept, rows, self.corpus.offered),
        )

    def context(self) -> None:
        """Text smoothed over links (as in Kipf and Welling 2017, without learning)."""
        text = self.corpus.text
        lent = self._renewed("lent", text.rows.changed, lambda rows: best(text.rows.table[rows], _LENT), text)
        ties = self._whole("ties", stochastic(hubless(self.corpus.graph.both)))
        smooth = partial(_smoothed, text.rows.table, ties.table, lent.table, 2 * self.much.kept)
        affected = text.rows.changed | ties.changed | touching(ties.table, lent.changed)
        mixed = self._renewed("mixed", affected, smooth, text)
        self.kinds["context"] = self._of("context", mixed, text).best

    def abstract(self) -> None:
        """Title and description."""
        self.kinds["abstract"] = self._similar("abstract", self.corpus.abstract).best

    def covered(self) -> None:
        """How much of what a page is about the other one has too, however long that is."""
        text = self.corpus.text
        has = Rows(answered(text.counts, text.rare), text.affected)
        asks = Asking(text.affected, lambda rows: asked(text.counts[rows], text.rare))
        self.kinds["covered"] = self._of("covered", has, text, self.much.half(), asks).best

    def rest(self) -> None:
        """What costs little: mentions, links, and what pages share."""
        corpus, kinds = self.corpus, self.kinds
        named = corpus.mentions.rows
        kinds["mention"] = self._renewed("mention", named.changed, lambda rows: self._allowed(named.table[rows], rows))
        either = self._whole("either", _symmetric(named.table))
        kinds["mentioned"] = self._renewed(
            "mentioned",
            walking(either.table, either.changed, 2),
            lambda rows: self._kept(walk(either.table, rows, 2), rows),
        )
        kinds["proximity"] = self._proximity()
        walked = self._renewed(
            "walked",
            walking(self.links.table, self.links.changed, STEPS),
            lambda rows: self._kept(walk(self.links.table, rows), rows),
        )
        worth = recommended(corpus.graph)
        kinds["walk"] = self._whole("walk", scaled(walked.table, columns=worth))
        kinds["linked_by"] = self._whole("linked_by", self._allowed(scaled(Matrix(corpus.graph.out.T), columns=worth)))
        for kind, found in corpus.shared.items():
            kinds[kind] = self._of(kind, found.weights.rows, found.weights, self.much.half()).best

    def _proximity(self) -> Rows:
        if self.corpus.same_links:
            return self._as_before("proximity")
        together = _proximity([*self.corpus.links, *self.corpus.lists], len(self._nothing))
        return self._whole("proximity", self._kept(together))

    def _similar(self, name: str, found: Weighted) -> Similar:
        return self._of(name, found.rows, found)

    def _of(
        self,
        name: str,
        rows: Rows,
        columns: Weighted | None = None,
        much: Effort | None = None,
        asking: Asking | None = None,
    ) -> Similar:
        """Which of these rows are alike; ``columns`` says where its columns are, if they are no pages."""
        before = self.before._similar.get(name) if self.before and (columns is None or columns.follows) else None
        moved = columns.columns if columns else None
        self.similar[name] = found = similar(rows, self.corpus.offered, much or self.much, before, moved, asking)
        return found

    def _renewed(
        self, name: str, changed: Flags, make: Callable[[Ints], Matrix], columns: Weighted | None = None
    ) -> Rows:
        before = self.before._parts.get(name) if self.before else None
        if before is not None and columns is not None:
            before = columns.moved(before)
        self.parts[name] = found = renewed(before, changed, make)
        return found

    def _whole(self, name: str, table: Matrix) -> Rows:
        """What is made anew in every run, for it costs little."""
        table.sort_indices()
        before = self.before._parts.get(name) if self.before else None
        changed = differing(before.table, table) if before else self._everything
        self.parts[name] = found = Rows(table, changed)
        return found

    def _as_before(self, name: str) -> Rows:
        assert self.before is not None  # noqa: S101 - nothing is as before in a first run
        self.parts[name] = found = Rows(self.before._parts[name].table, self._nothing)
        return found

    def _kept(self, table: Matrix, rows: Ints | None = None) -> Matrix:
        return best(self._allowed(table, rows), self.much.kept)

    def _allowed(self, table: Matrix, rows: Ints | None = None) -> Matrix:
        return only(table, np.arange(table.shape[0]) if rows is None else rows, self.corpus.offered)


def _unhubbed(crowd: Floats) -> Floats:
    """Less for pages that are near to everything (hubs: Radovanović et al. 2010)."""
    return np.asarray(1.0 / np.sqrt(rounded(crowd / _FEW + 1.0, _HALVINGS)))


def _symmetric(table: Matrix) -> Matrix:
    return Matrix(table + table.T)


def _neighbourhoods(near: Matrix, rows: Ints) -> Matrix:
    """The nearest pages of each, itself among them: pages with the same are near (Jarvis and Patrick 1973)."""
    itself = Matrix((np.ones(len(rows)), rows, np.arange(len(rows) + 1)), shape=(len(rows), near.shape[1]))
    made = Matrix(best(near[rows], _NEAR) + itself)
    made.sort_indices()
    return unit(made)


def _smoothed(text: Matrix, ties: Matrix, lent: Matrix, keep: int, rows: Ints) -> Matrix:
    mixed = Matrix(text[rows] + _SHARE * (ties[rows] @ lent))
    mixed.sort_indices()
    return unit(best(mixed, keep))


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
    return scaled(together, rows=spread, columns=spread)


def _summed(rows: list[Ints], columns: list[Ints], values: list[Floats], size: int) -> Matrix:
    if not rows:
        return empty(size, size)
    entries = (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns)))
    made = Matrix(entries, shape=(size, size))
    made.sum_duplicates()
    return made
