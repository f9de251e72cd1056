"""The kinds of evidence that one page is worth reading after another, each as a sparse matrix of pages by pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
import scipy.sparse as sp

from inquiry_site.nearness.pages import Corpus
from inquiry_site.nearness.sparse import (
    Flags,
    Floats,
    Ints,
    Matrix,
    affordable,
    best,
    empty,
    frequency,
    matrix,
    only,
    product,
    relative,
    scaled,
    stochastic,
    total,
    unit,
    where,
    without,
)

_NEAR = 10
"""How many nearest pages count as a page's neighbourhood in text."""
_ADVISERS = 20
"""How many nearest pages are asked what they link."""
_CHAMPIONS = 400
"""A term is looked up in so many pages, those where it weighs most (Moffat and Zobel 1996)."""
_ASKED = 160
"""The heaviest terms of a page that are looked up."""
_FEW = 0.05
"""How near a page must be to all the others together to count as a hub at all."""
_HUB = 300
"""A page with more links than this tells nothing of any two of them."""
_SHARE = 0.5
"""How much of its neighbours' text a page takes on."""
_LENT = 64
"""The heaviest terms of a page, which its neighbours take on."""
_RESTART = 0.3
_STEPS = 3
_REACHED = 400
"""So many pages are followed from step to step."""
_WINDOW = 5
"""Links further apart than this in a page are not taken for neighbours."""
_LISTED = 60


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is looked at for each page."""

    kept: int
    """Candidates of each kind that a page keeps."""
    budget: int
    """The heaviest terms of a page are looked up until so many pages have been seen."""


def effort(pages: int) -> Effort:
    """All there is in a collection of up to 2,000 pages; less for each page of a larger one.

    So what is looked at grows with the pages and not with their square.
    """
    doublings = max(0, pages.bit_length() - 11)
    return Effort(kept=max(100 - 20 * doublings, 40), budget=max(12_000 >> doublings, 1_000))


@dataclass(frozen=True, slots=True)
class Graph:
    """Who links whom."""

    out: Matrix
    both: Matrix
    """Either way."""


def graph(lists: Sequence[Sequence[int]]) -> Graph:
    """The links of pages, given for each page in its order."""
    out = matrix([dict.fromkeys(found, 1.0) for found in lists], len(lists))
    both = Matrix(out + out.T)
    both.sort_indices()
    both.data = np.ones_like(both.data)
    return Graph(out, both)


def evidence(corpus: Corpus, links: Graph) -> dict[str, Matrix]:
    """Every kind of evidence, each in parts of the best that it says of a page; what a page links is left out.

    Two at a time: products of matrices leave the interpreter to others while they run.
    """
    tasks: dict[str, Callable[[], Mapping[str, Matrix]]] = {
        "near": partial(_near, corpus, links),
        "context": partial(_context, corpus, links),
        "abstract": partial(_abstract, corpus),
        "rest": partial(_rest, corpus, links),
    }
    with ThreadPoolExecutor(max_workers=2) as pool:
        found = [task.result() for task in [pool.submit(task) for task in tasks.values()]]
    kinds = {kind: table for part in found for kind, table in part.items()}
    return {kind: relative(without(kinds[kind], links.out)) for kind in sorted(kinds)}


def _near(corpus: Corpus, links: Graph) -> Mapping[str, Matrix]:
    """What follows from the nearest pages by text."""
    allowed, much = corpus.offered, effort(len(corpus.ids))
    near = similar(corpus.text, allowed, much)
    advice = scaled(_hubless(links.both), columns=_linked(links))
    return {
        "text": _levelled(near, much.kept),
        "neighbours": similar(_neighbourhoods(near), allowed, much),
        "advised": product(best(near, _ADVISERS), advice, much.kept, allowed),
    }


def _context(corpus: Corpus, links: Graph) -> Mapping[str, Matrix]:
    much = effort(len(corpus.ids))
    return {"context": similar(_smoothed(corpus.text, links.both, much.kept), corpus.offered, much)}


def _abstract(corpus: Corpus) -> Mapping[str, Matrix]:
    return {"abstract": similar(corpus.abstract, corpus.offered, effort(len(corpus.ids)))}


def _rest(corpus: Corpus, links: Graph) -> Mapping[str, Matrix]:
    """What costs little: mentions, links, and what pages share."""
    allowed, much = corpus.offered, effort(len(corpus.ids))
    lists = [*corpus.links, *corpus.lists]
    return {
        "mention": only(corpus.mentions, allowed),
        "mentioned": only(best(walk(_symmetric(corpus.mentions), 2), much.kept), allowed),
        "proximity": only(best(_proximity(lists, len(corpus.ids)), much.kept), allowed),
        "walk": only(scaled(best(walk(links.both), much.kept), columns=_linked(links)), allowed),
        "linked_by": only(scaled(Matrix(links.out.T), columns=_linked(links)), allowed),
        **{kind: similar(table, allowed, much) for kind, table in corpus.shared.items()},
    }


def _linked(links: Graph) -> Floats:
    """A page that hardly anyone links (an index, which itself links everything) is not what links recommend."""
    found = frequency(links.out)
    return np.asarray(found / (found + 1.0))


def similar(table: Matrix, allowed: Flags, much: Effort) -> Matrix:
    """Cosines of rows, the best of each row."""
    listed = champions(table)
    asked = affordable(best(table, _ASKED), frequency(listed), much.budget)
    return product(asked, Matrix(listed.T), much.kept, allowed)


def champions(table: Matrix) -> Matrix:
    """Each column's heaviest entries only, so that a product grows with the rows and not with their square."""
    if frequency(table).max(initial=0.0) <= _CHAMPIONS:
        return table
    return Matrix(best(Matrix(table.T), _CHAMPIONS).T)


def _symmetric(table: Matrix) -> Matrix:
    made = Matrix(table + table.T)
    made.sort_indices()
    return made


def _with_self(table: Matrix) -> Matrix:
    made = Matrix(table + sp.identity(table.shape[0], format="csr"))
    made.sort_indices()
    return made


def _levelled(near: Matrix, kept: int) -> Matrix:
    """Less for pages that are near to everything (hubs: Radovanović et al. 2010)."""
    crowd = np.bincount(near.indices, weights=near.data, minlength=near.shape[1]) / kept
    return scaled(near, columns=1.0 / np.sqrt(crowd + _FEW))


def _neighbourhoods(near: Matrix) -> Matrix:
    """The nearest pages of each, itself among them: pages with the same are near (Jarvis and Patrick 1973)."""
    return unit(_with_self(best(near, _NEAR)))


def _smoothed(text: Matrix, links: Matrix, kept: int) -> Matrix:
    """Each page's text with some of its neighbours' (as in Kipf and Welling 2017, without learning)."""
    mixed = Matrix(text + _SHARE * (stochastic(_hubless(links)) @ best(text, _LENT)))
    mixed.sort_indices()
    return unit(best(mixed, 2 * kept))


def _hubless(links: Matrix) -> Matrix:
    """Without the rows of pages that link or are linked too much."""
    width = np.diff(links.indptr)
    return where(links, np.repeat(width <= _HUB, width))


def walk(links: Matrix, steps: int = _STEPS) -> Matrix:
    """A random walk with restart, cut after a few steps (Tong et al. 2006; Page et al. 1999)."""
    first = stochastic(links)
    onward = _hubless(links)
    onward = stochastic(onward)
    reached, found, weight = first, [], _RESTART
    for step in range(steps):
        reached = product(reached, onward, _REACHED) if step else first
        weight *= 1 - _RESTART
        found.append((weight, reached))
    return total(found, (links.shape[0], links.shape[1]))


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
