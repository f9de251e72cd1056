"""The pages that ``engine.relate`` compares, and the tables computed from them."""

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
"""Weight of a word in the title and in the description, relative to a word in the body."""


@dataclass(frozen=True, slots=True)
class Item:
    """A page: its texts, its links and the features it may share with other pages."""

    id: str
    title: str = ""
    description: str = ""
    text: str = ""
    links: Sequence[str] = ()
    """Ids of the pages to which it links, in text order."""
    shared: Mapping[str, Collection[str]] = field(default_factory=dict, hash=False)
    """Features it may share with other pages, by kind: topics, papers."""
    is_candidate: bool = True
    """Whether it may be a neighbour of other pages; otherwise it only has neighbours."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """The pages, sorted by id, as tables with one row per page."""

    ids: Sequence[str]
    row_of: Mapping[str, int]
    """The row of each id."""
    terms: Vocabulary
    """The columns of the tables of terms."""
    full_text: WeightedTable
    """Terms of title, description and body."""
    abstract: WeightedTable
    """Terms of title and description."""
    mentions: Mentions
    links: list[list[int]]
    """Rows of the pages to which each page links, in text order."""
    graph: LinkGraph
    lists: Sequence[Sequence[int]]
    """Rows of pages that documents outside the corpus list together, in their order."""
    shared: Mapping[str, SharedFeatures]
    """Features that pages share, by kind."""
    candidates: Flags
    """Flags of the pages that may be neighbours."""
    changed: Flags
    """Flags of the pages that differ from the previous corpus."""
    is_update: bool
    """Whether it was computed from the previous corpus, so that their tables can be compared."""
    same_links: bool
    """Whether links and lists equal those of the previous corpus."""
    _items: Sequence[Item] = field(repr=False)


def build_corpus(pages: Iterable[Item], lists: Iterable[Sequence[str]] = (), before: Corpus | None = None) -> Corpus:
    """Build the tables of the given pages; their order does not matter.

    Args:
        pages: the pages; of several with the same id, the last is used.
        lists: ids of pages that documents outside the corpus list together, in their order.
        before: the previous corpus; if it has the same ids, tables of unchanged pages are reused.
    """
    ordered = sorted({page.id: page for page in pages}.values(), key=lambda page: page.id)
    changed = np.ones(len(ordered), dtype=np.bool_)
    if before is not None:
        same_ids = _have_same_ids(ordered, before._items)
        changed = items_that_differ(ordered, before._items) if same_ids else changed
        before = before if same_ids and is_few(changed) else None
    row_of = before.row_of if before else {page.id: row for row, page in enumerate(ordered)}
    counts = _update_counts(ordered, changed, before) if before else _count_terms(ordered)
    weigh = partial(weigh_table, changed=changed, columns=counts.columns)
    links, graph = _links(ordered, changed, row_of, before)
    listed_rows = [[row_of[name] for name in dict.fromkeys(ids) if name in row_of] for ids in lists]
    return Corpus(
        ids=[page.id for page in ordered],
        row_of=row_of,
        terms=counts.terms,
        full_text=weigh(
            counts.bodies, rarity(counts.bodies), term_weights, before=before.full_text if before else None
        ),
        abstract=weigh(
            counts.abstracts, rarity(counts.abstracts), term_weights, before=before.abstract if before else None
        ),
        mentions=_mentions(ordered, counts, changed, before.mentions if before else None),
        links=links,
        graph=graph,
        lists=listed_rows,
        shared=_shared_features(ordered, before),
        candidates=np.array([page.is_candidate for page in ordered], dtype=np.bool_),
        changed=changed,
        is_update=before is not None,
        same_links=before is not None and graph is before.graph and listed_rows == before.lists,
        _items=ordered,
    )


def _shared_features(pages: Sequence[Item], before: Corpus | None) -> dict[str, SharedFeatures]:
    kinds = sorted({kind for page in pages for kind in page.shared})
    last: Mapping[str, SharedFeatures] = before.shared if before else {}
    return {kind: share_features([page.shared.get(kind, ()) for page in pages], last.get(kind)) for kind in kinds}


def _have_same_ids(pages: Sequence[Item], others: Sequence[Item]) -> bool:
    return [(page.id, page.is_candidate) for page in pages] == [(page.id, page.is_candidate) for page in others]


def _links(
    pages: Sequence[Item], changed: Flags, row_of: Mapping[str, int], before: Corpus | None
) -> tuple[list[list[int]], LinkGraph]:
    if before is None:
        links = [_targets(page, row_of) for page in pages]
        return links, build_link_graph(links)
    new_targets = {row: _targets(pages[row], row_of) for row in np.flatnonzero(changed).tolist()}
    if all(before.links[row] == targets for row, targets in new_targets.items()):
        return before.links, before.graph
    links = [new_targets.get(row, targets) for row, targets in enumerate(before.links)]
    return links, build_link_graph(links)


def _targets(page: Item, row_of: Mapping[str, int]) -> list[int]:
    rows = (row_of.get(target) for target in dict.fromkeys(page.links))
    return [target for target in rows if target is not None and target != row_of[page.id]]


@dataclass(frozen=True, slots=True)
class _Counts:
    """Weighted term frequencies: matrices of pages by terms."""

    terms: Vocabulary
    abstracts: Matrix
    """Terms of title and description."""
    bodies: Matrix
    """Terms of title, description and body."""
    texts: Callable[[int], Sequence[str]]
    """Returns a page's description and body, each as runs of letters separated by spaces."""
    columns: Ints | None = None
    """The new column of each term of the previous corpus; None if none moved."""


def _count_terms(pages: Sequence[Item]) -> _Counts:
    """Count the terms of all pages, splitting each distinct run of letters into terms once."""
    run_ids: defaultdict[str, int] = defaultdict()
    run_ids.default_factory = run_ids.__len__
    runs_of_field: tuple[list[list[int]], ...] = ([], [], [])
    plain_texts: list[tuple[str, str]] = []
    for page in pages:
        runs = split_runs(page.title), split_runs(page.description), split_runs(page.text)
        for numbers, field_runs in zip(runs_of_field, runs, strict=True):
            numbers.append(list(map(run_ids.__getitem__, field_runs)))
        plain_texts.append((" ".join(runs[1]), " ".join(runs[2])))
    terms = Vocabulary.from_names(term for run in run_ids for term in index_terms(run))
    indexed = count_table([[terms.index[term] for term in index_terms(run)] for run in run_ids], len(terms.names))
    titles, descriptions, texts = (_sort_columns(count_table(rows, len(run_ids)) @ indexed) for rows in runs_of_field)
    abstracts = _sort_columns(Matrix(titles * float(_TITLE) + descriptions * float(_DESCRIPTION)))
    return _Counts(terms, abstracts, _sort_columns(Matrix(abstracts + texts)), plain_texts.__getitem__)


def _sort_columns(table: Matrix) -> Matrix:
    table.sort_indices()
    return table


def _update_counts(pages: Sequence[Item], changed: Flags, before: Corpus) -> _Counts:
    rows = np.flatnonzero(changed)
    abstracts, bodies = [], []
    for row in rows.tolist():
        abstract, page = Counter[str](), pages[row]
        for text, times in ((page.title, _TITLE), (page.description, _DESCRIPTION)):
            for term in _terms(text):
                abstract[term] += times
        abstracts.append(abstract)
        bodies.append(abstract + Counter(_terms(page.text)))
    terms, columns = before.terms.extend(term for body in bodies for term in body)
    width = len(terms.names)

    def update(table: Matrix, row_counts: Iterable[Mapping[str, int]]) -> Matrix:
        replacements = build_matrix(
            [{terms.index[term]: float(count) for term, count in counts.items()} for counts in row_counts], width
        )
        return replace_rows(remap_columns(table, columns, width), rows, replacements)

    body_counts = update(before.full_text.counts, bodies)
    return _Counts(
        terms, update(before.abstract.counts, abstracts), body_counts, partial(_description_and_text, pages), columns
    )


def _description_and_text(pages: Sequence[Item], row: int) -> tuple[str, str]:
    return " ".join(split_runs(pages[row].description)), " ".join(split_runs(pages[row].text))


def _terms(text: str) -> list[str]:
    return [term for run in split_runs(text) for term in index_terms(run)]


def _mentions(pages: Sequence[Item], counts: _Counts, changed: Flags, before: Mentions | None) -> Mentions:
    return find_mentions(
        [page.title for page in pages],
        counts.texts,
        lambda words: _pages_with_rarest(words, counts),
        lambda: dict(zip(counts.terms.names, frequency(counts.bodies).tolist(), strict=True)),
        changed,
        before,
    )


def _pages_with_rarest(words: Iterable[str], counts: _Counts) -> Flags:
    """Return flags of the pages that contain the rarest of these words."""
    columns = np.zeros(len(counts.terms.names), dtype=np.bool_)
    term_columns = [counts.terms.index[word] for word in words if word in counts.terms.index]
    if term_columns:
        frequencies = frequency(counts.bodies)
        columns[min(term_columns, key=lambda column: (frequencies[column], column))] = True
    return rows_with(counts.bodies, columns)
