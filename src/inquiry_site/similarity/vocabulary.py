"""A vocabulary: names in sorted order, each with its column index; further names can be added."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from inquiry_site.similarity.sparse import Ints


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Names in sorted order, each with its index."""

    names: Sequence[str]
    index: Mapping[str, int]

    @classmethod
    def from_names(cls, names: Iterable[str]) -> Vocabulary:
        """Return a vocabulary of the given names, without duplicates."""
        ordered = sorted(set(names))
        return cls(ordered, {name: index for index, name in enumerate(ordered)})

    def extend(self, names: Iterable[str]) -> tuple[Vocabulary, Ints | None]:
        """Return the vocabulary with further names added; names no longer used are kept.

        Returns:
            The vocabulary, and the new index of each of its previous names (None if no name is new).
        """
        new = sorted(set(names) - self.index.keys())
        if not new:
            return self, None
        shifts = np.zeros(len(self.names) + 1, dtype=np.int64)
        np.add.at(shifts, [bisect_left(self.names, name) for name in new], 1)
        return Vocabulary.from_names((*self.names, *new)), np.arange(len(self.names)) + np.cumsum(shifts)[:-1]
