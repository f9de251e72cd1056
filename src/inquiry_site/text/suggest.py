"""Which of the names that there are somebody meant."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property

from rapidfuzz import fuzz, process

from inquiry_site.text.tokenize import tokenize

MOST_SUGGESTIONS = 3
"""How many near names a message offers."""

_ALIKE = 60.0
"""Names less like than this, in per cent, are no offer."""
_CUT_SHORT = 90.0
"""How like a name is to its own beginning."""
_SHORTEST_BEGINNING = 3
_SHARED = 0.5
"""A question that has so much of the words of what was written, the rare ones above all, may be what was meant."""
_QUESTION = 3
"""So many words make a question; fewer are a name."""


def closest_names(written: str, known: Iterable[str], most: int = MOST_SUGGESTIONS) -> list[str]:
    """The known names that are most like what was written, the likest first."""
    found = process.extract(written, list(known), scorer=_likeness, limit=most, score_cutoff=_ALIKE)
    return [name for name, _, _ in found]


def spelling_similarity(one: str, other: str) -> float:
    """How like two names are in their letters, from 0 to 100, whatever the order of their words."""
    return float(fuzz.token_sort_ratio(one, other))


def _likeness(written: str, known: str, *, processor: None = None, score_cutoff: float | None = None) -> float:
    """How like two names are, in per cent; one that is cut short counts as much like the whole."""
    begins = len(written) > _SHORTEST_BEGINNING and known.startswith(written)
    ratio = fuzz.ratio(written, known, processor=processor, score_cutoff=score_cutoff)
    return max(ratio, _CUT_SHORT if begins else 0.0)


class NameSuggester:
    """Ids and titles, among which the nearest to what was written is found by letters and, for questions, by words."""

    def __init__(self, ids: Iterable[str], bearers: Mapping[str, Iterable[str]]) -> None:
        """Names of pages.

        Args:
            ids: the ids.
            bearers: the ids that bear each other name, case folded.
        """
        self._ids = list(ids)
        self._bearers = bearers

    def nearest(self, written: str, most: int = MOST_SUGGESTIONS) -> tuple[str, ...]:
        """Ids whose id or other name is like what was written, begins with it, or asks it in other words."""
        found = [(score, name) for name, score in self._spelt(written, self._ids, _ALIKE)]
        found += [
            (score, bearer)
            for name, score in (*self._spelt(written, self._bearers, _ALIKE + 10), *self._asked(written))
            for bearer in self._bearers[name]
        ]
        ordered = sorted(found, key=lambda item: (-item[0], item[1]))
        return tuple(dict.fromkeys(identifier for _, identifier in ordered))[:most]

    def _spelt(self, written: str, known: Iterable[str], least: float) -> list[tuple[str, float]]:
        found = process.extract(written, list(known), scorer=_likeness, limit=MOST_SUGGESTIONS, score_cutoff=least)
        return [(name, score) for name, score, _ in found]

    def _asked(self, written: str) -> list[tuple[str, float]]:
        """Names that share the words of a question, each word weighted by its rarity (Spärck Jones 1972)."""
        asked = set(tokenize(written))
        # A word that no name has tells nothing of which is meant.
        weight = {word: self._rarity(word) for word in sorted(asked) if word in self._names_with}
        if min(len(asked), len(weight) + 1) < _QUESTION:
            return []
        shares: dict[str, float] = defaultdict(float)
        for word, worth in weight.items():
            for name in self._names_with[word]:
                shares[name] += worth
        least = _SHARED * sum(weight.values())
        likely = sorted((name for name, share in shares.items() if share >= least), key=lambda n: (-shares[n], n))
        return [(name, 100 * shares[name] / sum(weight.values())) for name in likely[:MOST_SUGGESTIONS]]

    @cached_property
    def _names_with(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for name in self._bearers:
            for word in sorted(set(tokenize(name))):
                found[word].append(name)
        return found

    def _rarity(self, word: str) -> float:
        return math.log(1 + len(self._bearers) / len(self._names_with[word]))
