"""The files of the search index that a browser loads."""

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
"""Results per file: titles, URLs and claims of pages."""
BROAD_FILES = 4
"""The best results of a prefix are precomputed if its words fill more files than this."""
_BEST = 6
"""Maximum number of results of each kind that are shown at first."""
_MIN_SHARD, _MAX_SHARD = 4_000, 12_000
"""Size of a file of terms, in bytes."""
_COMMON_BYTES = 8_000
"""Words with more bytes of postings than this are common."""
_VOCABULARY_BYTES = 64_000
"""Size of the vocabulary for spelling corrections, in bytes."""
_MIN_LETTERS = 4
"""Shorter words are not suggested as corrections of misspelt ones."""

_Scores = NDArray[np.float64]


class IndexFiles:
    """The files of an index by path. Each is named after a hash of its content, so browsers never mix two builds."""

    def __init__(self) -> None:
        self.contents: dict[str, bytes] = {}

    def add(self, content: bytes, suffix: str) -> str:
        """Add a file and return its name without the suffix."""
        name = blake2b(content, digest_size=5).hexdigest()
        self.contents[f"{FOLDER}/{name}.{suffix}"] = content
        return name

    def add_json(self, value: object) -> str:
        """Add a JSON file and return its name without the suffix."""
        return self.add(as_json(value), "json")


def as_json(value: object) -> bytes:
    """Return a value as JSON without whitespace, in UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def add_terms(files: IndexFiles, postings: Postings) -> tuple[list[str], list[str]]:
    """Add the terms with their postings, split into shards; return the first term and the name of each file."""
    first_terms, file_names = [], []
    for start, end in _shards(postings):
        sizes = (
            b - a for a, b in zip(postings.byte_offsets[start:end], postings.byte_offsets[start + 1 :], strict=False)
        )
        head = "\n".join(f"{term} {size}" for term, size in zip(postings.terms[start:end], sizes, strict=False))
        body = postings.packed[postings.byte_offsets[start] : postings.byte_offsets[end]]
        first_terms.append(postings.terms[start])
        file_names.append(files.add(head.encode("utf-8", "replace") + b"\0" + body, "bin"))
    return first_terms, file_names


def _shards(postings: Postings) -> Iterator[tuple[int, int]]:
    """Yield the first and end index of the terms in each file.

    Files mostly start at terms selected by a hash of the term itself, so that an edit moves few boundaries.
    """
    start = size = 0
    for index, term in enumerate(postings.terms):
        term_size = len(term) + 4 + postings.byte_offsets[index + 1] - postings.byte_offsets[index]
        if index > start and (
            size + term_size > _MAX_SHARD or (size >= _MIN_SHARD and crc32(term.encode("utf-8", "replace")) % 16 == 0)
        ):
            yield start, index
            start, size = index, 0
        size += term_size
    if postings.terms:
        yield start, len(postings.terms)


def add_results(files: IndexFiles, results: Sequence[SearchResult]) -> str:
    """Add the search results, several per file; return the names of all files, concatenated."""
    rows = list(map(_row, results))
    return "".join(
        files.add_json(rows[start : start + RESULTS_PER_FILE]) for start in range(0, len(rows), RESULTS_PER_FILE)
    )


def _row(result: SearchResult) -> list[str]:
    return [result.title, result.url, result.text, result.badge]


def add_vocabulary(files: IndexFiles, postings: Postings) -> str:
    """Add the most common words, most common first, as corrections for words not in the index; return its name."""
    counts = np.diff(postings.offsets).tolist()
    common = ((-count, term) for term, count in zip(postings.terms, counts, strict=True) if count > 1)
    words = [term for _, term in sorted(common) if len(term) >= _MIN_LETTERS and term.isalpha()]
    sizes = accumulate(len(word.encode()) + 1 for word in words)
    return files.add("\n".join(words[: sum(size <= _VOCABULARY_BYTES for size in sizes)]).encode(), "txt")


def common_words(postings: Postings) -> list[str]:
    """Return the words with so many postings that long queries are answered without them."""
    sizes = zip(postings.terms, postings.byte_offsets, postings.byte_offsets[1:], strict=False)
    return [term for term, start, end in sizes if end - start > _COMMON_BYTES and not term.startswith(":")]


def add_answers(
    files: IndexFiles, first_terms: Sequence[str], postings: Postings, results: Sequence[SearchResult]
) -> dict[str, str]:
    """Add a file of results for each prefix with too many words to load; return the file names by prefix.

    A file contains, for each kind of page, the number of pages with such a word and the best results.
    """
    sizes = Counter(result.kind for result in results)
    ends = list(accumulate(sizes[kind] for kind in KINDS))
    answers = {}
    for prefix in _broad_prefixes(first_terms):
        start, end = bisect_left(postings.terms, prefix), bisect_left(postings.terms, prefix + "\uffff")
        matching = slice(postings.offsets[start], postings.offsets[end])
        # Powers of 4, so that a matching title outweighs any number of matches in the body.
        weights = 4.0 ** postings.levels[matching]
        scores: _Scores = np.bincount(postings.numbers[matching], weights=weights, minlength=len(results)).astype(float)
        spans = zip([0, *ends], ends, strict=False)
        answers[prefix] = files.add_json([_best_results(scores, results, *span) for span in spans])
    return answers


def _best_results(
    scores: _Scores, results: Sequence[SearchResult], start: int, end: int
) -> tuple[int, list[list[str]]]:
    page_scores = scores[start:end]
    best = np.argsort(-page_scores, kind="stable")[:_BEST].tolist()
    return int(np.count_nonzero(page_scores)), [_row(results[start + offset]) for offset in best if page_scores[offset]]


def _broad_prefixes(first_terms: Sequence[str]) -> list[str]:
    """Return the prefixes whose words fill more than ``BROAD_FILES`` files."""
    candidates = sorted({term[:length] for term in first_terms for length in (1, 2, 3) if not term.startswith(":")})
    return [
        prefix
        for prefix in candidates
        if bisect_right(first_terms, prefix + "\uffff") - max(0, bisect_right(first_terms, prefix) - 1) > BROAD_FILES
    ]


def facet_counts(results: Iterable[SearchResult]) -> Counter[str]:
    """Return the number of pages that each filter selects."""
    return Counter(facet for result in results for facet in result.facets)
