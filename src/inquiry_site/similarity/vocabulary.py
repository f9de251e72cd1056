"""Names and their numbers, which are in the order of the names whenever one is added."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from inquiry_site.similarity.sparse import Ints


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Names in order, each with its number."""

    names: Sequence[str]
    index: Mapping[str, int]

    @classmethod
    def of(cls, names: Iterable[str]) -> Vocabulary:
        """The names in order, each once."""
        ordered = sorted(set(names))
        return cls(ordered, {name: at for at, name in enumerate(ordered)})

    def extended(self, names: Iterable[str]) -> tuple[Vocabulary, Ints | None]:
        """With some more; and where the old ones stand then, if any is new. Names that are no longer used stay."""
        new = sorted(set(names) - self.index.keys())
        if not new:
            return self, None
        steps = np.zeros(len(self.names) + 1, dtype=np.int64)
        np.add.at(steps, [bisect_left(self.names, name) for name in new], 1)
        return Vocabulary.of((*self.names, *new)), np.arange(len(self.names)) + np.cumsum(steps)[:-1]
