"""What the ranking reads of a page, and the tables made of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from inquiry_site.similarity.link_graph import LinkGraph, build_link_graph
from inquiry_site.similarity.mentions import Mentions, find_mentions
from inquiry_site.similarity.sparse import (
    Flags,
    Ints,
    Matrix,
    build_matrix,
    count_table,
    frequency,
    is_few,
    items_that_differ,
    rarity,
    remap_columns,
    replace_rows,
    rows_with,
)
from inquiry_site.similarity.vocabulary import Vocabulary
from inquiry_site.similarity.weighting import (
    SharedFeatures,
    WeightedTable,
    share_features,
    term_weights,
    weigh_table,
)
from inquiry_site.text.tokenize import index_terms, split_runs

_TITLE, _DESCRIPTION = 3, 2
"""How many times a word of the title and of the description counts (a word of the body: once)."""


@dataclass(frozen=True, slots=True)
class Item:
    """A page, as the ranking reads it."""

    id: str
    title: str = ""
    description: str = ""
    text: str = ""
    links: Sequence[str] = ()
    """The pages that it links, in the order of the text."""
    shared: Mapping[str, Collection[str]] = field(default_factory=dict, hash=False)
    """What it may share with others, by its kind: topics, papers."""
    is_candidate: bool = True
    """Whether it may be a neighbour of others; else it only has neighbours."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """The pages in the order of their ids, as tables; ``a[i, j]`` tells of page i."""

    ids: Sequence[str]
    place: Mapping[str, int]
    terms: Vocabulary
    """What the columns of tables of terms stand for."""
    full_text: WeightedTable
    """Terms of title, description and body."""
    abstract: WeightedTable
    """Terms of title and description."""
    mentions: Mentions
    links: list[list[int]]
    graph: LinkGraph
    lists: Sequence[Sequence[int]]
    """Pages that others than these name together, in their order."""
    shared: Mapping[str, SharedFeatures]
    """What pages share, by its kind."""
    candidates: Flags
    """Which pages may be neighbours."""
    changed: Flags
    """Which pages are not what they were in the one before."""
    is_update: bool
    """Whether it was made from the one before, so that these tables can be compared with those."""
    same_links: bool
    """Whether links and lists are those of the one before."""
    _pages: Sequence[Item] = field(repr=False)


def build_corpus(pages: Iterable[Item], lists: Iterable[Sequence[str]] = (), before: Corpus | None = None) -> Corpus:
    """Pages as tables, whatever their order.

    Args:
        pages: the pages; of those with one id the last.
        lists: ids of pages that something else names together, in its order.
        before: the same of other pages; what is alike is taken from it where the ids are the same.
    """
    ordered = sorted({page.id: page for page in pages}.values(), key=lambda page: page.id)
    changed = np.ones(len(ordered), dtype=np.bool_)
    if before is not None:
        same_ids = _have_same_ids(ordered, before._pages)
        changed = items_that_differ(ordered, before._pages) if same_ids else changed
        before = before if same_ids and is_few(changed) else None
    place = before.place if before else {page.id: at for at, page in enumerate(ordered)}
    read = _update_counts(ordered, changed, before) if before else _count_terms(ordered)
    weigh = partial(weigh_table, changed=changed, columns=read.columns)
    links, linked = _links(ordered, changed, place, before)
    named = [[place[name] for name in dict.fromkeys(found) if name in place] for found in lists]
    return Corpus(
        ids=[page.id for page in ordered],
        place=place,
        terms=read.terms,
        full_text=weigh(read.bodies, rarity(read.bodies), term_weights, before=before.full_text if before else None),
        abstract=weigh(
            read.abstracts, rarity(read.abstracts), term_weights, before=before.abstract if before else None
        ),
        mentions=_mentions(ordered, read, changed, before.mentions if before else None),
        links=links,
        graph=linked,
        lists=named,
        shared=_shared_features(ordered, before),
        candidates=np.array([page.is_candidate for page in ordered], dtype=np.bool_),
        changed=changed,
        is_update=before is not None,
        same_links=before is not None and linked is before.graph and named == before.lists,
        _pages=ordered,
    )


def _shared_features(pages: Sequence[Item], before: Corpus | None) -> dict[str, SharedFeatures]:
    kinds = sorted({kind for page in pages for kind in page.shared})
    last: Mapping[str, SharedFeatures] = before.shared if before else {}
    return {kind: share_features([page.shared.get(kind, ()) for page in pages], last.get(kind)) for kind in kinds}


def _have_same_ids(pages: Sequence[Item], others: Sequence[Item]) -> bool:
    return [(page.id, page.is_candidate) for page in pages] == [(page.id, page.is_candidate) for page in others]


def _links(
    pages: Sequence[Item], changed: Flags, place: Mapping[str, int], before: Corpus | None
) -> tuple[list[list[int]], LinkGraph]:
    if before is None:
        links = [_targets(page, place) for page in pages]
        return links, build_link_graph(links)
    new = {row: _targets(pages[row], place) for row in np.flatnonzero(changed).tolist()}
    if all(before.links[row] == found for row, found in new.items()):
        return before.links, before.graph
    links = [new.get(row, found) for row, found in enumerate(before.links)]
    return links, build_link_graph(links)


def _targets(page: Item, place: Mapping[str, int]) -> list[int]:
    found = (place.get(target) for target in dict.fromkeys(page.links))
    return [target for target in found if target is not None and target != place[page.id]]


@dataclass(frozen=True, slots=True)
class _Counts:
    """How often each term counts on each page."""

    terms: Vocabulary
    abstracts: Matrix
    """Terms of title and description."""
    bodies: Matrix
    """Of these and the body."""
    texts: Callable[[int], Sequence[str]]
    """What a page says in its description and its body: runs of letters with a space between them."""
    columns: Ints | None = None
    """Where the terms of before stand now, if not where they were."""


def _count_terms(pages: Sequence[Item]) -> _Counts:
    """Each different run of letters is divided into its terms once."""
    number: defaultdict[str, int] = defaultdict()
    number.default_factory = number.__len__
    read: tuple[list[list[int]], ...] = ([], [], [])
    said: list[tuple[str, str]] = []
    for page in pages:
        runs = split_runs(page.title), split_runs(page.description), split_runs(page.text)
        for numbers, some in zip(read, runs, strict=True):
            numbers.append(list(map(number.__getitem__, some)))
        said.append((" ".join(runs[1]), " ".join(runs[2])))
    terms = Vocabulary.of(term for run in number for term in index_terms(run))
    indexed = count_table([[terms.index[term] for term in index_terms(run)] for run in number], len(terms.names))
    titles, descriptions, texts = (_ordered(count_table(field, len(number)) @ indexed) for field in read)
    heads = _ordered(Matrix(titles * float(_TITLE) + descriptions * float(_DESCRIPTION)))
    return _Counts(terms, heads, _ordered(Matrix(heads + texts)), said.__getitem__)


def _ordered(table: Matrix) -> Matrix:
    table.sort_indices()
    return table


def _update_counts(pages: Sequence[Item], changed: Flags, before: Corpus) -> _Counts:
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
        made = build_matrix(
            [{terms.index[term]: float(count) for term, count in some.items()} for some in counted], width
        )
        return replace_rows(remap_columns(table, columns, width), rows, made)

    bodies_again = again(before.full_text.counts, bodies)
    return _Counts(
        terms, again(before.abstract.counts, heads), bodies_again, partial(_description_and_text, pages), columns
    )


def _description_and_text(pages: Sequence[Item], at: int) -> tuple[str, str]:
    return " ".join(split_runs(pages[at].description)), " ".join(split_runs(pages[at].text))


def _terms(text: str) -> list[str]:
    return [term for run in split_runs(text) for term in index_terms(run)]


def _mentions(pages: Sequence[Item], read: _Counts, changed: Flags, before: Mentions | None) -> Mentions:
    return find_mentions(
        [page.title for page in pages],
        read.texts,
        lambda some: _pages_with_rarest(some, read),
        lambda: dict(zip(read.terms.names, frequency(read.bodies).tolist(), strict=True)),
        changed,
        before,
    )


def _pages_with_rarest(some: Iterable[str], read: _Counts) -> Flags:
    """The pages that say the rarest of these words."""
    columns = np.zeros(len(read.terms.names), dtype=np.bool_)
    known = [read.terms.index[word] for word in some if word in read.terms.index]
    if known:
        found = frequency(read.bodies)
        columns[min(known, key=lambda column: (found[column], column))] = True
    return rows_with(read.bodies, columns)
