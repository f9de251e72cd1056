"""Postings: the pages that contain each word, with levels of relevance, merged from the terms of each page."""

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
"""The number of levels of relevance."""
_HALF_SATURATION = 24
"""The weight of a word at which its relevance is half the maximum; further occurrences add ever less."""
_MAX_WEIGHT = 128
"""Weights of at least this have the highest level."""
_LEVEL_OF = {
    unit: bytes(min(LEVELS - 1, int(9.5 * unit * n / (unit * n + _HALF_SATURATION))) for n in range(_MAX_WEIGHT))
    for unit in (4, 2, 1)
}
"""The level of a word by its weight, for each weight of an occurrence in the body."""

_CHUNK = 100_000
"""Postings packed at a time: more would take more memory, fewer more time."""
_Numbers = NDArray[np.int32]
_Levels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class IndexedDocument:
    """The terms of a page, each with its level of relevance; independent of all other pages."""

    terms: tuple[str, ...]
    levels: bytes


def indexed_document(entry: SearchEntry) -> IndexedDocument:
    """Return the terms of a page with their levels of relevance."""
    words = segment(entry.body)
    # In steps, so that one word more or less seldom changes the weights of all others.
    unit = 4 if len(words) < 256 else 2 if len(words) < 1024 else 1
    weights: dict[str, int] = Counter(words)
    for weight, text in ((TITLE, entry.result.title), *entry.texts):
        for word in segment(text):
            weights[word] = weights.get(word, 0) + weight // unit
    level_of, facets = _LEVEL_OF[unit], entry.result.facets
    levels = bytes([level_of[weight] if weight < _MAX_WEIGHT else LEVELS - 1 for weight in weights.values()])
    return IndexedDocument((*weights, *facets), levels + bytes(len(facets)))


@dataclass(frozen=True, slots=True)
class Postings:
    """The pages that contain each term, with terms in the order in which JavaScript compares strings.

    The pages of ``terms[i]`` are ``numbers[starts[i]:starts[i + 1]]``, with their levels in the same slice of
    ``levels``. In packed form they are ``packed[places[i]:places[i + 1]]``: for each page the difference of its number
    from the previous one, with the level in the lowest bits, as a variable-length integer of seven bits per byte,
    lowest first, with the highest bit set in each byte but the last.
    """

    terms: list[str]
    offsets: _Numbers
    numbers: _Numbers
    levels: _Levels
    packed: bytes
    byte_offsets: list[int]


def merge(documents: Iterable[IndexedDocument]) -> Postings:
    """Merge the terms of all pages into postings; a page's number is its position."""
    number_of: defaultdict[str, int] = defaultdict(count().__next__)
    term_numbers, levels, ends = array("i"), bytearray(), [0]
    for document in documents:
        term_numbers.extend(map(number_of.__getitem__, document.terms))
        levels += document.levels
        ends.append(len(term_numbers))
    terms = sorted(number_of, key=lambda term: term.encode("utf-16-be"))
    rank = np.empty(len(terms), dtype=np.int32)
    rank[[number_of[term] for term in terms]] = np.arange(len(terms), dtype=np.int32)
    by_page = (np.frombuffer(levels, dtype=np.uint8), rank[np.array(term_numbers, dtype=np.int32)], ends)
    by_term = csr_array(by_page, shape=(len(ends) - 1, len(terms))).tocsc()
    packed, places = _pack(by_term.indices, by_term.data, by_term.indptr)
    return Postings(terms, by_term.indptr, by_term.indices, by_term.data, packed, places)


def _pack(numbers: _Numbers, levels: _Levels, starts: _Numbers) -> tuple[bytes, list[int]]:
    values = np.diff(numbers, prepend=np.int32(0))
    # Every term has at least one page, so every start is the index of a first page.
    values[starts[:-1]] = numbers[starts[:-1]]
    values <<= LEVEL_BITS
    values |= levels
    sizes = np.ones(len(values), dtype=np.int8)
    for bits in (7, 14, 21, 28):
        sizes += values >= 1 << bits
    begins = np.zeros(len(values) + 1, dtype=np.int32)
    np.cumsum(sizes, out=begins[1:])
    packed = np.zeros(begins[-1], dtype=np.uint8)
    for start in range(0, len(values), _CHUNK):
        chunk = slice(start, start + _CHUNK)
        _fill(packed, begins[:-1][chunk], values[chunk], sizes[chunk])
    return packed.tobytes(), begins[starts].tolist()


def _fill(packed: _Levels, begins: _Numbers, values: _Numbers, sizes: NDArray[np.int8]) -> None:
    for byte in range(int(sizes.max())):
        indices = np.flatnonzero(sizes > byte)
        continuation = (sizes[indices] > byte + 1).astype(np.int32) << 7
        packed[begins[indices] + byte] = values[indices] >> 7 * byte & 127 | continuation
