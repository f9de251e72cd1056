"""What the ranking reads of a page, and the matrices made of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from inquiry_site.nearness import words
from inquiry_site.nearness.sparse import (
    Flags,
    Floats,
    Matrix,
    best,
    empty,
    frequency,
    matrix,
    rarity,
    scaled,
    tallied,
    unit,
)

_TITLE, _DESCRIPTION = 3, 2
"""How many times a word of the title and of the description counts (a word of the body: once)."""
_TERMS = 256
"""The heaviest terms of a page that are kept."""
_RARITY = 0.7
"""Rarity counts a little less than its logarithm: a page asks with all its words, and its rarest are often chance."""
_LONGEST_TITLE = 10
_NAMESAKES = 4
"""A title that more pages bear names none of them."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page, as the ranking reads it."""

    id: str
    title: str = ""
    description: str = ""
    text: str = ""
    links: Sequence[str] = ()
    """The pages that it links, in the order of the text."""
    shared: Mapping[str, Sequence[str]] = field(default_factory=dict, hash=False)
    """What it may share with others, by its kind: topics, papers."""
    offered: bool = True
    """Whether it may be a neighbour of others; else it only has neighbours."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """The pages in the order of their ids, as matrices; ``a[i, j]`` tells of page i."""

    ids: tuple[str, ...]
    text: Matrix
    """Terms of title, description and body."""
    abstract: Matrix
    """Terms of title and description."""
    terms: Sequence[str]
    """What the columns of both stand for."""
    mentions: Matrix
    """How strongly a page names another by its title."""
    links: Sequence[Sequence[int]]
    lists: Sequence[Sequence[int]]
    """Pages that others than these name together, in their order."""
    shared: Mapping[str, Matrix]
    """What pages share, by its kind."""
    offered: Flags
    """Which pages may be neighbours."""


def corpus(pages: Iterable[Page], lists: Iterable[Sequence[str]] = ()) -> Corpus:
    """Pages as matrices, whatever their order.

    Args:
        pages: the pages; of those with one id the last.
        lists: ids of pages that something else names together, in its order.
    """
    ordered = sorted({page.id: page for page in pages}.values(), key=lambda page: page.id)
    place = {page.id: at for at, page in enumerate(ordered)}
    fields = _read(ordered)
    head = _sum(fields.titles * float(_TITLE), fields.descriptions * float(_DESCRIPTION))
    body = _sum(head, fields.texts)
    return Corpus(
        ids=tuple(place),
        text=_weighted(body),
        abstract=_weighted(head),
        terms=tuple(fields.terms),
        mentions=_mentions(ordered, fields),
        links=[_targets(page, place) for page in ordered],
        lists=[[place[name] for name in dict.fromkeys(found) if name in place] for found in lists],
        shared={kind: _shared([page.shared.get(kind, ()) for page in ordered]) for kind in _kinds(ordered)},
        offered=np.array([page.offered for page in ordered], dtype=np.bool_),
    )


def _kinds(pages: Iterable[Page]) -> list[str]:
    return sorted({kind for page in pages for kind in page.shared})


def _targets(page: Page, place: Mapping[str, int]) -> list[int]:
    found = (place.get(target) for target in dict.fromkeys(page.links))
    return [target for target in found if target is not None and target != place[page.id]]


@dataclass(frozen=True, slots=True)
class _Fields:
    """How often each term occurs in each field of each page, and the terms' numbers."""

    titles: Matrix
    descriptions: Matrix
    texts: Matrix
    terms: Mapping[str, int]


def _read(pages: Sequence[Page]) -> _Fields:
    number: defaultdict[str, int] = defaultdict()
    number.default_factory = number.__len__
    read = [
        [list(map(number.__getitem__, words.runs(text))) for text in texts]
        for texts in ([p.title for p in pages], [p.description for p in pages], [p.text for p in pages])
    ]
    terms = {term: at for at, term in enumerate(sorted({term for run in number for term in words.terms(run)}))}
    indexed = tallied([[terms[term] for term in words.terms(run)] for run in number], len(terms))
    titles, descriptions, texts = (_ordered(tallied(field, len(number)) @ indexed) for field in read)
    return _Fields(titles, descriptions, texts, terms)


def _ordered(table: Matrix) -> Matrix:
    table.sort_indices()
    return table


def _sum(one: Matrix, other: Matrix) -> Matrix:
    return _ordered(Matrix(one + other))


def _weighted(counted: Matrix) -> Matrix:
    """Square root of the frequency times rarity, the heaviest terms only, length one (Salton and Buckley 1988)."""
    weights = counted.copy()
    weights.data = np.sqrt(weights.data)
    weights = scaled(weights, columns=rarity(counted) ** _RARITY)
    return unit(best(weights, _TERMS))


def _shared(things: Sequence[Sequence[str]]) -> Matrix:
    """Topics or papers, each weighted by its rarity; length one."""
    place = {thing: at for at, thing in enumerate(sorted({thing for found in things for thing in found}))}
    table = matrix([dict.fromkeys((place[thing] for thing in found), 1.0) for found in things], len(place))
    return unit(scaled(table, columns=rarity(table)))


@dataclass(frozen=True, slots=True)
class _Title:
    """A title that is looked for in the texts."""

    words: frozenset[int]
    phrase: str
    bearers: tuple[int, ...]


def _mentions(pages: Sequence[Page], fields: _Fields) -> Matrix:
    """How often, dampened, a page names another by its whole title, the rarer the weightier."""
    said = _sum(fields.descriptions, fields.texts)
    sought = _sought(pages, fields.terms, frequency(said))
    rows = [
        _named(page, at, said.indices[said.indptr[at] : said.indptr[at + 1]].tolist(), sought)
        for at, page in enumerate(pages)
    ]
    table = matrix(rows, len(pages)) if pages else empty(0, 0)
    return scaled(table, columns=rarity(table))


def _sought(pages: Sequence[Page], terms: Mapping[str, int], found: Floats) -> dict[int, list[_Title]]:
    """Titles by the rarest of their words: only where that stands need one look for the whole."""
    bearers: dict[str, list[int]] = {}
    for at, page in enumerate(pages):
        bearers.setdefault(_phrase(page.title), []).append(at)
    sought: dict[int, list[_Title]] = {}
    for phrase, which in bearers.items():
        known = frozenset(terms[word] for word in words.words(pages[which[0]].title))
        if 0 < len(known) <= _LONGEST_TITLE and len(which) <= _NAMESAKES:
            rarest = min(known, key=lambda word: (found[word], word))
            sought.setdefault(rarest, []).append(_Title(known, _unbounded(phrase), tuple(which)))
    return sought


def _phrase(text: str) -> str:
    """The words with a space around each, as they are looked for in other texts so written."""
    return f" {' '.join(words.runs(text))} ".casefold()


def _unbounded(phrase: str) -> str:
    """Without the spaces around it if it is of a script that writes none."""
    return phrase.strip() if words.is_unspaced(phrase.strip()[:1]) else phrase


def _named(page: Page, at: int, terms: Sequence[int], sought: Mapping[int, list[_Title]]) -> dict[int, float]:
    possible = [title for term in terms for title in sought.get(term, ())]
    present = set(terms) if possible else set()
    possible = [title for title in possible if title.words <= present]
    if not possible:
        return {}
    text = _phrase(f"{page.description} . {page.text}")
    named: dict[int, float] = {}
    for title in possible:
        count = text.count(title.phrase)
        named.update(
            (other, float(np.log1p(count / len(title.bearers)))) for other in title.bearers if count and other != at
        )
    return named
