"""Suggest existing names for a name that was not found ("did you mean")."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property

from rapidfuzz import fuzz, process

from inquiry_site.text.tokenize import tokenize

MOST_SUGGESTIONS = 3
"""The number of names that a message suggests."""

_MIN_SIMILARITY = 60.0
"""Per cent. Less similar names are not suggested."""
_PREFIX_SIMILARITY = 90.0
"""Per cent. The minimum similarity of a name and its own beginning."""
_MIN_PREFIX = 3
"""Only longer beginnings of a name are recognised."""
_MIN_SHARED = 0.5
"""The minimum share of words, weighted by rarity, that a suggested question has in common with the text."""
_MIN_QUESTION_WORDS = 3
"""Texts of fewer words are treated as names, not as questions."""


def closest_names(written: str, names: Iterable[str], most: int = MOST_SUGGESTIONS) -> list[str]:
    """Return the names that are most similar to what was written, the most similar first."""
    matches = process.extract(written, list(names), scorer=_name_similarity, limit=most, score_cutoff=_MIN_SIMILARITY)
    return [name for name, _, _ in matches]


def spelling_similarity(one: str, other: str) -> float:
    """Return how similar two names are in spelling, from 0 to 100, regardless of the order of their words."""
    return float(fuzz.token_sort_ratio(one, other))


def _name_similarity(written: str, name: str, *, processor: None = None, score_cutoff: float | None = None) -> float:
    """Return the similarity of two names in per cent; high if one is the beginning of the other."""
    is_prefix = len(written) > _MIN_PREFIX and name.startswith(written)
    ratio = fuzz.ratio(written, name, processor=processor, score_cutoff=score_cutoff)
    return max(ratio, _PREFIX_SIMILARITY if is_prefix else 0.0)


class NameSuggester:
    """Ids and names to suggest for unknown ones, compared by spelling and, for questions, by shared words."""

    def __init__(self, ids: Iterable[str], bearers: Mapping[str, Iterable[str]]) -> None:
        """Set the names to choose from.

        Args:
            ids: all ids.
            bearers: the ids of the pages with each title or alias, by the case-folded name.
        """
        self._ids = list(ids)
        self._bearers = bearers

    def nearest(self, written: str, most: int = MOST_SUGGESTIONS) -> tuple[str, ...]:
        """Return ids whose id or other name is similar to the text, begins with it, or asks a similar question."""
        scored_ids = [(score, name) for name, score in self._spelt(written, self._ids, _MIN_SIMILARITY)]
        scored_ids += [
            (score, bearer)
            for name, score in (*self._spelt(written, self._bearers, _MIN_SIMILARITY + 10), *self._asked(written))
            for bearer in self._bearers[name]
        ]
        ordered = sorted(scored_ids, key=lambda item: (-item[0], item[1]))
        return tuple(dict.fromkeys(identifier for _, identifier in ordered))[:most]

    def _spelt(self, written: str, names: Iterable[str], least: float) -> list[tuple[str, float]]:
        matches = process.extract(
            written, list(names), scorer=_name_similarity, limit=MOST_SUGGESTIONS, score_cutoff=least
        )
        return [(name, score) for name, score, _ in matches]

    def _asked(self, written: str) -> list[tuple[str, float]]:
        """Return names that share the words of a question, each with a score weighted by rarity (Spärck Jones 1972)."""
        words = set(tokenize(written))
        # A word that occurs in no name does not help to choose one.
        weight = {word: self._rarity(word) for word in sorted(words) if word in self._names_with}
        if min(len(words), len(weight) + 1) < _MIN_QUESTION_WORDS:
            return []
        shares: dict[str, float] = defaultdict(float)
        for word, rarity in weight.items():
            for name in self._names_with[word]:
                shares[name] += rarity
        least = _MIN_SHARED * sum(weight.values())
        matches = sorted((name for name, share in shares.items() if share >= least), key=lambda n: (-shares[n], n))
        return [(name, 100 * shares[name] / sum(weight.values())) for name in matches[:MOST_SUGGESTIONS]]

    @cached_property
    def _names_with(self) -> Mapping[str, list[str]]:
        names_with: dict[str, list[str]] = defaultdict(list)
        for name in self._bearers:
            for word in sorted(set(tokenize(name))):
                names_with[word].append(name)
        return names_with

    def _rarity(self, word: str) -> float:
        return math.log(1 + len(self._bearers) / len(self._names_with[word]))
