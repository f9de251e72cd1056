"""Which page names which other by its title."""

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

_LONGEST_TITLE = 10
_NAMESAKES = 4
"""A title that more pages bear names none of them."""


@dataclass(frozen=True, slots=True)
class _Title:
    """A title that is looked for in the texts."""

    words: frozenset[str]
    next: str
    """The rarest of its words but one."""
    phrase: str
    bearers: tuple[int, ...]


class _Titles:
    """All titles, by that of their words which the fewest have: only where it stands need one look for the whole."""

    def __init__(self, titles: Sequence[str], found: Mapping[str, float]) -> None:
        self._found = found
        self._bearers: dict[str, list[int]] = {}
        for at, title in enumerate(titles):
            self._bearers.setdefault(_phrase(title), []).append(at)
        known = {phrase: frozenset(tokenize(titles[which[0]])) for phrase, which in self._bearers.items()}
        self.by_word: dict[str, list[_Title]] = {}
        for phrase, some in known.items():
            self._add(phrase, some)

    def changed(self, old: str, new: str, page: int) -> _Titles:
        """The same where one page has another title."""
        made = copy(self)
        made._bearers, made.by_word = dict(self._bearers), dict(self.by_word)
        for title, bears in ((old, False), (new, True)):
            phrase, some = _phrase(title), frozenset(tokenize(title))
            others = [at for at in made._bearers.get(phrase, ()) if at != page]
            made._bearers[phrase] = sorted([*others, page]) if bears else others
            word = made._rarest(some)[0]
            made.by_word[word] = [known for known in made.by_word.get(word, ()) if known.phrase != _unbounded(phrase)]
            made._add(phrase, some)
        return made

    def _add(self, phrase: str, some: frozenset[str]) -> None:
        bearers = self._bearers[phrase]
        if 0 < len(some) <= _LONGEST_TITLE and 0 < len(bearers) <= _NAMESAKES:
            first, second = self._rarest(some)
            self.by_word.setdefault(first, []).append(_Title(some, second, _unbounded(phrase), tuple(bearers)))

    def _rarest(self, some: frozenset[str]) -> tuple[str, str]:
        """The two rarest of these words."""
        ordered = sorted(some, key=lambda word: (self._found.get(word, 0.0), word))
        return (ordered[0], ordered[min(1, len(ordered) - 1)]) if ordered else ("", "")


@dataclass(frozen=True, slots=True)
class Mentions:
    """How strongly each page names another by its title."""

    rows: Rows
    _counts: Rows = field(repr=False)
    _titles: _Titles = field(repr=False)
    _of_page: Sequence[str] = field(repr=False)


def find_mentions(
    titles: Sequence[str],
    said: Callable[[int], Sequence[str]],
    speaking: Callable[[Iterable[str]], Flags],
    found: Callable[[], Mapping[str, float]],
    changed: Flags,
    before: Mentions | None = None,
) -> Mentions:
    """How often, dampened, a page names another by its whole title, the rarer the weightier.

    Args:
        titles: of each page.
        said: what a page says beside its title: the runs of letters of each of its parts.
        speaking: which pages may say all of these words.
        found: on how many pages each word stands.
        changed: which pages say something else than in the run before.
        before: that run.
    """
    affected, known = changed, before._titles if before else _Titles(titles, found())
    if before is not None:
        # A title is said where its words are: those pages are looked through again.
        for page, (new, old) in enumerate(zip(titles, before._of_page, strict=True)):
            if new != old:
                affected = affected | speaking(tokenize(new)) | speaking(tokenize(old))
                known = known.changed(old, new, page)

    def named(rows: Ints) -> Matrix:
        return build_matrix([_named(said(row), row, known.by_word) for row in rows.tolist()], len(titles))

    counts = update_rows(before._counts if before else None, affected, named)
    table = scale(counts.table, columns=rarity(counts.table))
    if before is None:
        return Mentions(Rows(table, affected), counts, known, titles)
    return Mentions(Rows(table, rows_that_differ(before.rows.table, table)), counts, known, titles)


def _phrase(text: str) -> str:
    """The words with a space around each, as they are looked for in other texts so written."""
    return f" {' '.join(split_runs(text))} ".casefold()


def _unbounded(phrase: str) -> str:
    """Without the spaces around it if it is of a script that writes none."""
    return phrase.strip() if is_unspaced(phrase.strip()[:1]) else phrase


def _named(said: Sequence[str], at: int, by_word: Mapping[str, list[_Title]]) -> dict[int, float]:
    text = f" {' . '.join(said)} ".casefold()
    present = set(text.split())
    if not text.isascii():
        present.update(term for run in list(present) for term in index_terms(run))
    named: dict[int, float] = {}
    for word in present & by_word.keys():
        for title in by_word[word]:
            if title.next in present and title.words <= present and (count := text.count(title.phrase)):
                worth = float(np.log1p(count / len(title.bearers)))
                named.update((other, worth) for other in title.bearers if other != at)
    return named
