"""Find mentions: pages that name another page by its title."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field

import numpy as np

from inquiry_site.similarity.sparse import (
    Flags,
    Ints,
    Matrix,
    Rows,
    build_matrix,
    rarity,
    rows_that_differ,
    scale,
    update_rows,
)
from inquiry_site.text.tokenize import index_terms, is_unspaced, split_runs, tokenize

_MAX_TITLE_WORDS = 10
"""Longer titles are not searched for."""
_MAX_BEARERS = 4
"""A title shared by more pages than this identifies none of them."""


@dataclass(frozen=True, slots=True)
class _Title:
    """A title to search for in the texts."""

    words: frozenset[str]
    next: str
    """The second rarest of its words."""
    phrase: str
    bearers: tuple[int, ...]
    """The pages with this title."""


class _Titles:
    """All titles, indexed by their rarest word: only texts with that word are searched for the whole title."""

    def __init__(self, titles: Sequence[str], frequencies: Mapping[str, float]) -> None:
        self._frequencies = frequencies
        self._bearers: dict[str, list[int]] = {}
        for page, title in enumerate(titles):
            self._bearers.setdefault(_phrase(title), []).append(page)
        words_by_phrase = {phrase: frozenset(tokenize(titles[pages[0]])) for phrase, pages in self._bearers.items()}
        self.by_word: dict[str, list[_Title]] = {}
        for phrase, words in words_by_phrase.items():
            self._add(phrase, words)

    def with_title(self, old: str, new: str, page: int) -> _Titles:
        """Return a copy in which one page has a new title."""
        updated = copy(self)
        updated._bearers, updated.by_word = dict(self._bearers), dict(self.by_word)
        for title, is_borne in ((old, False), (new, True)):
            phrase, words = _phrase(title), frozenset(tokenize(title))
            others = [bearer for bearer in updated._bearers.get(phrase, ()) if bearer != page]
            updated._bearers[phrase] = sorted([*others, page]) if is_borne else others
            word = updated._rarest(words)[0]
            updated.by_word[word] = [
                listed for listed in updated.by_word.get(word, ()) if listed.phrase != _unbounded(phrase)
            ]
            updated._add(phrase, words)
        return updated

    def _add(self, phrase: str, words: frozenset[str]) -> None:
        bearers = self._bearers[phrase]
        if 0 < len(words) <= _MAX_TITLE_WORDS and 0 < len(bearers) <= _MAX_BEARERS:
            first, second = self._rarest(words)
            self.by_word.setdefault(first, []).append(_Title(words, second, _unbounded(phrase), tuple(bearers)))

    def _rarest(self, words: frozenset[str]) -> tuple[str, str]:
        """Return the two rarest of these words; the same one twice if there is only one."""
        ordered = sorted(words, key=lambda word: (self._frequencies.get(word, 0.0), word))
        return (ordered[0], ordered[min(1, len(ordered) - 1)]) if ordered else ("", "")


@dataclass(frozen=True, slots=True)
class Mentions:
    """How strongly each page names another by its title."""

    rows: Rows
    """Weights, of pages by pages."""
    _counts: Rows = field(repr=False)
    _titles: _Titles = field(repr=False)
    _of_page: Sequence[str] = field(repr=False)


def find_mentions(
    titles: Sequence[str],
    texts_of: Callable[[int], Sequence[str]],
    pages_with: Callable[[Iterable[str]], Flags],
    word_frequencies: Callable[[], Mapping[str, float]],
    changed: Flags,
    before: Mentions | None = None,
) -> Mentions:
    """Weigh mentions of whole titles by the logarithm of their number, and by the rarity of mentions of that page.

    Args:
        titles: the title of each page.
        texts_of: returns the texts of a page other than its title, each as runs of letters separated by spaces.
        pages_with: returns flags of the pages that may contain all of the given words.
        word_frequencies: returns the number of pages that contain each word.
        changed: flags of the pages whose text differs from the previous run.
        before: the result of the previous run.
    """
    affected, title_index = changed, before._titles if before else _Titles(titles, word_frequencies())
    if before is not None:
        # A mention contains all words of the title, so only pages with them are searched again.
        for page, (new, old) in enumerate(zip(titles, before._of_page, strict=True)):
            if new != old:
                affected = affected | pages_with(tokenize(new)) | pages_with(tokenize(old))
                title_index = title_index.with_title(old, new, page)

    def count_mentions(rows: Ints) -> Matrix:
        return build_matrix(
            [_mentions_of(texts_of(row), row, title_index.by_word) for row in rows.tolist()], len(titles)
        )

    counts = update_rows(before._counts if before else None, affected, count_mentions)
    table = scale(counts.table, columns=rarity(counts.table))
    if before is None:
        return Mentions(Rows(table, affected), counts, title_index, titles)
    return Mentions(Rows(table, rows_that_differ(before.rows.table, table)), counts, title_index, titles)


def _phrase(text: str) -> str:
    """Return the case-folded words with a space around each, the form in which texts are searched."""
    return f" {' '.join(split_runs(text))} ".casefold()


def _unbounded(phrase: str) -> str:
    """Strip the surrounding spaces from a phrase in a script without spaces between words."""
    return phrase.strip() if is_unspaced(phrase.strip()[:1]) else phrase


def _mentions_of(texts: Sequence[str], page: int, by_word: Mapping[str, list[_Title]]) -> dict[int, float]:
    text = f" {' . '.join(texts)} ".casefold()
    present = set(text.split())
    if not text.isascii():
        present.update(term for run in list(present) for term in index_terms(run))
    mentions: dict[int, float] = {}
    for word in present & by_word.keys():
        for title in by_word[word]:
            if title.next in present and title.words <= present and (count := text.count(title.phrase)):
                weight = float(np.log1p(count / len(title.bearers)))
                mentions.update((other, weight) for other in title.bearers if other != page)
    return mentions
