"""What the ranking reads of a page, and the tables made of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from inquiry_site.nearness import words
from inquiry_site.nearness.links import Graph, graph
from inquiry_site.nearness.mentions import Mentions, mentions
from inquiry_site.nearness.numbering import Numbering
from inquiry_site.nearness.sparse import (
    Flags,
    Ints,
    Matrix,
    frequency,
    is_few,
    matrix,
    moved,
    rarity,
    spliced,
    tallied,
    touching,
    unlike,
)
from inquiry_site.nearness.weights import (
    Things,
    Weighted,
    of_words,
    things,
    weighted,
)

_TITLE, _DESCRIPTION = 3, 2
"""How many times a word of the title and of the description counts (a word of the body: once)."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page, as the ranking reads it."""

    id: str
    title: str = ""
    description: str = ""
    text: str = ""
    links: Sequence[str] = ()
    """The pages that it links, in the order of the text."""
    shared: Mapping[str, Collection[str]] = field(default_factory=dict, hash=False)
    """What it may share with others, by its kind: topics, papers."""
    offered: bool = True
    """Whether it may be a neighbour of others; else it only has neighbours."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """The pages in the order of their ids, as tables; ``a[i, j]`` tells of page i."""

    ids: Sequence[str]
    place: Mapping[str, int]
    terms: Numbering
    """What the columns of tables of terms stand for."""
    text: Weighted
    """Terms of title, description and body."""
    abstract: Weighted
    """Terms of title and description."""
    mentions: Mentions
    links: list[list[int]]
    graph: Graph
    lists: Sequence[Sequence[int]]
    """Pages that others than these name together, in their order."""
    shared: Mapping[str, Things]
    """What pages share, by its kind."""
    offered: Flags
    """Which pages may be neighbours."""
    changed: Flags
    """Which pages are not what they were in the one before."""
    follows: bool
    """Whether it was made from the one before, so that these tables can be compared with those."""
    same_links: bool
    """Whether links and lists are those of the one before."""
    _pages: Sequence[Page] = field(repr=False)


def corpus(pages: Iterable[Page], lists: Iterable[Sequence[str]] = (), before: Corpus | None = None) -> Corpus:
    """Pages as tables, whatever their order.

    Args:
        pages: the pages; of those with one id the last.
        lists: ids of pages that something else names together, in its order.
        before: the same of other pages; what is alike is taken from it where the ids are the same.
    """
    ordered = sorted({page.id: page for page in pages}.values(), key=lambda page: page.id)
    changed = np.ones(len(ordered), dtype=np.bool_)
    if before is not None:
        same_ids = _are_the_same(ordered, before._pages)
        changed = unlike(ordered, before._pages) if same_ids else changed
        before = before if same_ids and is_few(changed) else None
    place = before.place if before else {page.id: at for at, page in enumerate(ordered)}
    read = _read_again(ordered, changed, before) if before else _read(ordered)
    weigh = partial(weighted, changed=changed, columns=read.columns)
    links, linked = _links(ordered, changed, place, before)
    named = [[place[name] for name in dict.fromkeys(found) if name in place] for found in lists]
    return Corpus(
        ids=[page.id for page in ordered],
        place=place,
        terms=read.terms,
        text=weigh(read.bodies, rarity(read.bodies), of_words, before=before.text if before else None),
        abstract=weigh(read.heads, rarity(read.heads), of_words, before=before.abstract if before else None),
        mentions=_mentions(ordered, read, changed, before.mentions if before else None),
        links=links,
        graph=linked,
        lists=named,
        shared=_things(ordered, before),
        offered=np.array([page.offered for page in ordered], dtype=np.bool_),
        changed=changed,
        follows=before is not None,
        same_links=before is not None and linked is before.graph and named == before.lists,
        _pages=ordered,
    )


def _things(pages: Sequence[Page], before: Corpus | None) -> dict[str, Things]:
    kinds = sorted({kind for page in pages for kind in page.shared})
    last: Mapping[str, Things] = before.shared if before else {}
    return {kind: things([page.shared.get(kind, ()) for page in pages], last.get(kind)) for kind in kinds}


def _are_the_same(pages: Sequence[Page], others: Sequence[Page]) -> bool:
    return [(page.id, page.offered) for page in pages] == [(page.id, page.offered) for page in others]


def _links(
    pages: Sequence[Page], changed: Flags, place: Mapping[str, int], before: Corpus | None
) -> tuple[list[list[int]], Graph]:
    if before is None:
        links = [_targets(page, place) for page in pages]
        return links, graph(links)
    new = {row: _targets(pages[row], place) for row in np.flatnonzero(changed).tolist()}
    if all(before.links[row] == found for row, found in new.items()):
        return before.links, before.graph
    links = [new.get(row, found) for row, found in enumerate(before.links)]
    return links, graph(links)


def _targets(page: Page, place: Mapping[str, int]) -> list[int]:
    found = (place.get(target) for target in dict.fromkeys(page.links))
    return [target for target in found if target is not None and target != place[page.id]]


@dataclass(frozen=True, slots=True)
class _Counts:
    """How often each term counts on each page."""

    terms: Numbering
    heads: Matrix
    """Terms of title and description."""
    bodies: Matrix
    """Of these and the body."""
    said: Callable[[int], Sequence[str]]
    """What a page says in its description and its body: runs of letters with a space between them."""
    columns: Ints | None = None
    """Where the terms of before stand now, if not where they were."""


def _read(pages: Sequence[Page]) -> _Counts:
    """Each different run of letters is divided into its terms once."""
    number: defaultdict[str, int] = defaultdict()
    number.default_factory = number.__len__
    read: tuple[list[list[int]], ...] = ([], [], [])
    said: list[tuple[str, str]] = []
    for page in pages:
        runs = words.runs(page.title), words.runs(page.description), words.runs(page.text)
        for numbers, some in zip(read, runs, strict=True):
            numbers.append(list(map(number.__getitem__, some)))
        said.append((" ".join(runs[1]), " ".join(runs[2])))
    terms = Numbering.of(term for run in number for term in words.terms(run))
    indexed = tallied([[terms.place[term] for term in words.terms(run)] for run in number], len(terms.names))
    titles, descriptions, texts = (_ordered(tallied(field, len(number)) @ indexed) for field in read)
    heads = _ordered(Matrix(titles * float(_TITLE) + descriptions * float(_DESCRIPTION)))
    return _Counts(terms, heads, _ordered(Matrix(heads + texts)), said.__getitem__)


def _ordered(table: Matrix) -> Matrix:
    table.sort_indices()
    return table


def _read_again(pages: Sequence[Page], changed: Flags, before: Corpus) -> _Counts:
    rows = np.flatnonzero(changed)
    heads, bodies = [], []
    for row in rows.tolist():
        head, page = Counter[str](), pages[row]
        for text, times in ((page.title, _TITLE), (page.description, _DESCRIPTION)):
            for term in _terms(text):
                head[term] += times
        heads.append(head)
        bodies.append(head + Counter(_terms(page.text)))
    terms, columns = before.terms.extended(term for body in bodies for term in body)
    width = len(terms.names)

    def again(table: Matrix, counted: Iterable[Mapping[str, int]]) -> Matrix:
        made = matrix([{terms.place[term]: float(count) for term, count in some.items()} for some in counted], width)
        return spliced(moved(table, columns, width), rows, made)

    bodies_again = again(before.text.counts, bodies)
    return _Counts(terms, again(before.abstract.counts, heads), bodies_again, partial(_said, pages), columns)


def _said(pages: Sequence[Page], at: int) -> tuple[str, str]:
    return " ".join(words.runs(pages[at].description)), " ".join(words.runs(pages[at].text))


def _terms(text: str) -> list[str]:
    return [term for run in words.runs(text) for term in words.terms(run)]


def _mentions(pages: Sequence[Page], read: _Counts, changed: Flags, before: Mentions | None) -> Mentions:
    return mentions(
        [page.title for page in pages],
        read.said,
        lambda some: _speaking(some, read),
        lambda: dict(zip(read.terms.names, frequency(read.bodies).tolist(), strict=True)),
        changed,
        before,
    )


def _speaking(some: Iterable[str], read: _Counts) -> Flags:
    """The pages that say the rarest of these words."""
    columns = np.zeros(len(read.terms.names), dtype=np.bool_)
    known = [read.terms.place[word] for word in some if word in read.terms.place]
    if known:
        found = frequency(read.bodies)
        columns[min(known, key=lambda column: (found[column], column))] = True
    return touching(read.bodies, columns)
