"""The files that a browser loads of the index."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from itertools import accumulate
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from inquiry_site.search import FOLDER
from inquiry_site.search.entries import KINDS, SearchResult
from inquiry_site.search.postings import Postings

FORMAT = 1
RESULTS_PER_FILE = 16
"""How many pages' titles and claims stand in one file."""
BROAD_FILES = 4
"""A beginning of words that fill more files than this has its best pages worked out."""
_BEST = 6
"""How many of a kind are shown at first, at most."""
_LEAST, _MOST = 4_000, 12_000
"""Bytes of a file of terms."""
_COMMON = 8_000
_VOCABULARY = 64_000
_SHORTEST = 4
"""Shorter words are not taken for another one that is misspelt."""

_Scores = NDArray[np.float64]


class IndexFiles:
    """The files by their paths. Each bears the name of its content, so that a browser never mixes two builds."""

    def __init__(self) -> None:
        self.contents: dict[str, bytes] = {}

    def add(self, content: bytes, suffix: str) -> str:
        """Add a file; returns its name without the suffix."""
        name = blake2b(content, digest_size=5).hexdigest()
        self.contents[f"{FOLDER}/{name}.{suffix}"] = content
        return name

    def add_json(self, value: object) -> str:
        """Add a file of JSON."""
        return self.add(as_json(value), "json")


def as_json(value: object) -> bytes:
    """JSON without spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def add_terms(files: IndexFiles, postings: Postings) -> tuple[list[str], list[str]]:
    """The terms with their pages, some in each file; returns the first term of each and its name."""
    first, names = [], []
    for start, end in _shards(postings):
        sizes = (b - a for a, b in zip(postings.places[start:end], postings.places[start + 1 :], strict=False))
        head = "\n".join(f"{term} {size}" for term, size in zip(postings.terms[start:end], sizes, strict=False))
        body = postings.packed[postings.places[start] : postings.places[end]]
        first.append(postings.terms[start])
        names.append(files.add(head.encode("utf-8", "replace") + b"\0" + body, "bin"))
    return first, names


def _shards(postings: Postings) -> Iterator[tuple[int, int]]:
    """Where files begin and end: mostly at terms that are chosen by themselves, so that an edit moves few borders."""
    start = size = 0
    for at, term in enumerate(postings.terms):
        more = len(term) + 4 + postings.places[at + 1] - postings.places[at]
        if at > start and (
            size + more > _MOST or (size >= _LEAST and crc32(term.encode("utf-8", "replace")) % 16 == 0)
        ):
            yield start, at
            start, size = at, 0
        size += more
    if postings.terms:
        yield start, len(postings.terms)


def add_results(files: IndexFiles, results: Sequence[SearchResult]) -> str:
    """What is shown of pages that are found, some in each file; returns the names in one text."""
    rows = list(map(_row, results))
    return "".join(files.add_json(rows[at : at + RESULTS_PER_FILE]) for at in range(0, len(rows), RESULTS_PER_FILE))


def _row(result: SearchResult) -> list[str]:
    return [result.title, result.url, result.text, result.badge]


def add_vocabulary(files: IndexFiles, postings: Postings) -> str:
    """The most common words, the most common first: what a word that is nowhere may be a slip for."""
    counts = np.diff(postings.starts).tolist()
    common = ((-count, term) for term, count in zip(postings.terms, counts, strict=True) if count > 1)
    words = [term for _, term in sorted(common) if len(term) >= _SHORTEST and term.isalpha()]
    sizes = accumulate(len(word.encode()) + 1 for word in words)
    return files.add("\n".join(words[: sum(size <= _VOCABULARY for size in sizes)]).encode(), "txt")


def common_words(postings: Postings) -> list[str]:
    """The words that so many pages hold that a long query is answered without them."""
    sizes = zip(postings.terms, postings.places, postings.places[1:], strict=False)
    return [term for term, start, end in sizes if end - start > _COMMON and not term.startswith(":")]


def add_answers(
    files: IndexFiles, first: Sequence[str], postings: Postings, results: Sequence[SearchResult]
) -> dict[str, str]:
    """For each beginning that too many words share a file: by kind, how many pages hold one, and what the best show."""
    sizes = Counter(result.kind for result in results)
    ends = list(accumulate(sizes[kind] for kind in KINDS))
    answers = {}
    for beginning in _broad_prefixes(first):
        start, end = bisect_left(postings.terms, beginning), bisect_left(postings.terms, beginning + "\uffff")
        held = slice(postings.starts[start], postings.starts[end])
        # A title that begins so outweighs any number of bodies that mention such words.
        weights = 4.0 ** postings.levels[held]
        scores: _Scores = np.bincount(postings.numbers[held], weights=weights, minlength=len(results)).astype(float)
        spans = zip([0, *ends], ends, strict=False)
        answers[beginning] = files.add_json([_best_results(scores, results, *span) for span in spans])
    return answers


def _best_results(
    scores: _Scores, results: Sequence[SearchResult], start: int, end: int
) -> tuple[int, list[list[str]]]:
    part = scores[start:end]
    best = np.argsort(-part, kind="stable")[:_BEST].tolist()
    return int(np.count_nonzero(part)), [_row(results[start + at]) for at in best if part[at]]


def _broad_prefixes(first: Sequence[str]) -> list[str]:
    """The beginnings of the words that files start with, if their words fill more than some."""
    candidates = sorted({term[:length] for term in first for length in (1, 2, 3) if not term.startswith(":")})
    return [
        beginning
        for beginning in candidates
        if bisect_right(first, beginning + "\uffff") - max(0, bisect_right(first, beginning) - 1) > BROAD_FILES
    ]


def facet_counts(results: Iterable[SearchResult]) -> Counter[str]:
    """How many pages each filter leaves."""
    return Counter(facet for result in results for facet in result.facets)
