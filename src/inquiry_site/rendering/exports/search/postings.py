"""Which pages hold which words, and how much they are about them: packed, and merged from what each page gives."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import repeat
from sys import intern

import numpy as np
from numpy.typing import NDArray

from inquiry_site.rendering.exports.search.entries import TITLE, Entry
from inquiry_site.rendering.exports.search.segmentation import cut

LEVEL_BITS = 3
LEVELS = 1 << LEVEL_BITS
"""How many steps there are of how much a page is about a word."""
_HALF = 24
"""The weight at which a page is half as much about a word as it can be: further mentions add ever less."""
_MOST = 127
_LEVEL_OF = bytes(min(LEVELS - 1, int(9.5 * weight / (weight + _HALF))) for weight in range(_MOST + 1))

_Numbers = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class IndexedDocument:
    """A page's words, each with its level; it depends on nothing but the page."""

    terms: tuple[str, ...]
    levels: bytes


def indexed_document(entry: Entry) -> IndexedDocument:
    """The words of a page, and how much it is about each."""
    words = cut(entry.body)
    # In steps of powers of two: a word more or less changes what the others weigh once in a doubling.
    weight = max(1, 4 - max(0, len(words).bit_length() - 8))
    weights = {word: count * weight for word, count in Counter(words).items()}
    for weight, text in ((TITLE, entry.result.title), *entry.texts):
        for word in cut(text):
            weights[word] = weights.get(word, 0) + weight
    facets = entry.result.facets
    levels = bytes(map(_LEVEL_OF.__getitem__, map(min, weights.values(), repeat(_MOST))))
    return IndexedDocument((*map(intern, weights), *facets), levels + bytes(len(facets)))


@dataclass(frozen=True, slots=True)
class Postings:
    """For each term, in the order in which JavaScript compares texts, the pages that hold it.

    The pages of ``terms[i]`` are ``numbers[starts[i]:starts[i + 1]]``, each with its level, and packed they are
    ``packed[places[i]:places[i + 1]]``: for each page how much its number is more than the one before, with the level
    in the lowest bits; seven bits a byte, the lowest first, each byte but the last with its highest bit set.
    """

    terms: list[str]
    starts: NDArray[np.int64]
    numbers: _Numbers
    levels: _Numbers
    packed: bytes
    places: list[int]

    def count(self, at: int) -> int:
        """How many pages hold a term."""
        return int(self.starts[at + 1] - self.starts[at])


def merge(documents: Iterable[IndexedDocument]) -> Postings:
    """The postings of all pages; a page's number is its place."""
    found: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
    for number, document in enumerate(documents):
        base = number << LEVEL_BITS
        for term, level in zip(document.terms, document.levels, strict=True):
            found[term].append(base + level)
    terms = sorted(found, key=lambda term: term.encode("utf-16-be"))
    joined = array("I")
    for term in terms:
        joined.extend(found[term])
    starts = np.zeros(len(terms) + 1, dtype=np.int64)
    np.cumsum([len(found[term]) for term in terms], out=starts[1:])
    codes = np.array(joined, dtype=np.int32)
    numbers, levels = codes >> LEVEL_BITS, codes & (LEVELS - 1)
    packed, places = _pack(numbers, levels, starts)
    return Postings(terms, starts, numbers, levels, packed, places)


def _pack(numbers: _Numbers, levels: _Numbers, starts: NDArray[np.int64]) -> tuple[bytes, list[int]]:
    gaps = np.diff(numbers, prepend=0)
    gaps[starts[:-1]] = numbers[starts[:-1]]
    values = gaps << LEVEL_BITS | levels
    sizes = np.ones(len(values), dtype=np.int8)
    for bits in (7, 14, 21, 28):
        sizes += values >= 1 << bits
    begins = np.concatenate(([0], np.cumsum(sizes, dtype=np.int64)))
    packed = np.zeros(begins[-1], dtype=np.uint8)
    for place in range(int(sizes.max(initial=0))):
        long = sizes > place
        more = np.where(sizes[long] > place + 1, 128, 0)
        packed[begins[:-1][long] + place] = values[long] >> 7 * place & 127 | more
    return packed.tobytes(), begins[starts].tolist()
