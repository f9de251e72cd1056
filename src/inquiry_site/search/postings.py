"""Which pages hold which words, and how much they are about them: packed, and merged from what each page gives."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from inquiry_site.search.entries import TITLE, SearchEntry
from inquiry_site.search.segmentation import segment

LEVEL_BITS = 3
LEVELS = 1 << LEVEL_BITS
"""How many steps there are of how much a page is about a word."""
_HALF = 24
"""The weight at which a page is half as much about a word as it can be: further mentions add ever less."""
_MOST = 128
_LEVEL_OF = {
    unit: bytes(min(LEVELS - 1, int(9.5 * unit * n / (unit * n + _HALF))) for n in range(_MOST)) for unit in (4, 2, 1)
}
"""By what a mention in the body weighs: the level of a word by its weight in such mentions."""

_AT_ONCE = 100_000
"""Postings that are packed together: more would take memory, fewer time."""
_Numbers = NDArray[np.int32]
_Levels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class IndexedDocument:
    """A page's words, each with its level; it depends on nothing but the page."""

    terms: tuple[str, ...]
    levels: bytes


def indexed_document(entry: SearchEntry) -> IndexedDocument:
    """The words of a page, and how much it is about each."""
    words = segment(entry.body)
    # In steps: a word more or less changes what the others weigh only where it crosses one.
    unit = 4 if len(words) < 256 else 2 if len(words) < 1024 else 1
    weights: dict[str, int] = Counter(words)
    for weight, text in ((TITLE, entry.result.title), *entry.texts):
        for word in segment(text):
            weights[word] = weights.get(word, 0) + weight // unit
    level_of, facets = _LEVEL_OF[unit], entry.result.facets
    levels = bytes([level_of[weight] if weight < _MOST else LEVELS - 1 for weight in weights.values()])
    return IndexedDocument((*weights, *facets), levels + bytes(len(facets)))


@dataclass(frozen=True, slots=True)
class Postings:
    """For each term, in the order in which JavaScript compares texts, the pages that hold it.

    The pages of ``terms[i]`` are ``numbers[starts[i]:starts[i + 1]]``, each with its level, and packed they are
    ``packed[places[i]:places[i + 1]]``: for each page how much its number is more than the one before, with the level
    in the lowest bits; seven bits a byte, the lowest first, each byte but the last with its highest bit set.
    """

    terms: list[str]
    starts: _Numbers
    numbers: _Numbers
    levels: _Levels
    packed: bytes
    places: list[int]


def merge(documents: Iterable[IndexedDocument]) -> Postings:
    """The postings of all pages; a page's number is its place."""
    number_of: defaultdict[str, int] = defaultdict(count().__next__)
    held, levels, ends = array("i"), bytearray(), [0]
    for document in documents:
        held.extend(map(number_of.__getitem__, document.terms))
        levels += document.levels
        ends.append(len(held))
    terms = sorted(number_of, key=lambda term: term.encode("utf-16-be"))
    place = np.empty(len(terms), dtype=np.int32)
    place[[number_of[term] for term in terms]] = np.arange(len(terms), dtype=np.int32)
    by_page = (np.frombuffer(levels, dtype=np.uint8), place[np.array(held, dtype=np.int32)], ends)
    by_term = csr_array(by_page, shape=(len(ends) - 1, len(terms))).tocsc()
    packed, places = _pack(by_term.indices, by_term.data, by_term.indptr)
    return Postings(terms, by_term.indptr, by_term.indices, by_term.data, packed, places)


def _pack(numbers: _Numbers, levels: _Levels, starts: _Numbers) -> tuple[bytes, list[int]]:
    values = np.diff(numbers, prepend=np.int32(0))
    # A term that no page holds is none: each has a first page.
    values[starts[:-1]] = numbers[starts[:-1]]
    values <<= LEVEL_BITS
    values |= levels
    sizes = np.ones(len(values), dtype=np.int8)
    for bits in (7, 14, 21, 28):
        sizes += values >= 1 << bits
    begins = np.zeros(len(values) + 1, dtype=np.int32)
    np.cumsum(sizes, out=begins[1:])
    packed = np.zeros(begins[-1], dtype=np.uint8)
    for start in range(0, len(values), _AT_ONCE):
        some = slice(start, start + _AT_ONCE)
        _fill(packed, begins[:-1][some], values[some], sizes[some])
    return packed.tobytes(), begins[starts].tolist()


def _fill(packed: _Levels, begins: _Numbers, values: _Numbers, sizes: NDArray[np.int8]) -> None:
    for place in range(int(sizes.max())):
        long = np.flatnonzero(sizes > place)
        more = (sizes[long] > place + 1).astype(np.int32) << 7
        packed[begins[long] + place] = values[long] >> 7 * place & 127 | more
