"""How far links can be trusted in this corpus: do the links that were left tell those that were hidden?"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from inquiry_site.nearness.evidence import graph, walk
from inquiry_site.nearness.sparse import Floats, Ints, Matrix, frequency

_HIDDEN = 5
"""Every fifth link is hidden, chosen by a hash of its two pages."""
_PAIRS = 4000
_DECOYS = 10
"""To how many pages, linked about as often, a hidden target is compared."""
_USUAL = 0.35
"""Somers' D of the walk where links are neither better nor worse than text (the median over sixteen sets)."""
_WORTH = 40
"""The usual value counts as much as so many hidden links."""
_POWER = 3.0
_LEAST, _MOST = 0.5, 8.0
_STEP = 4
"""Trust moves in quarters of a doubling: a single changed page seldom moves it."""
_BY_LINKS = ("walk", "linked_by", "advised")


@dataclass(frozen=True, slots=True)
class Trust:
    """What the hidden links told."""

    hidden: int
    agreement: float
    """Somers' D (1962): how much oftener the walk prefers the hidden target to a decoy than the decoy to it."""
    factor: float
    """By how much the weight of evidence from links is multiplied."""


def trust(ids: Sequence[str], lists: Sequence[Sequence[int]]) -> Trust:
    """Hide links, walk over the others, and compare each hidden target with decoys that are linked as often.

    So popularity is worth nothing here (a known bias of link prediction: Yang, Lichtenwalter and Chawla 2015).
    """
    drawn = {(page, target): _drawn(ids[page], ids[target]) for page, found in enumerate(lists) for target in found}
    shown = [[target for target in found if drawn[page, target] % _HIDDEN] for page, found in enumerate(lists)]
    hidden = sorted((number, *pair) for pair, number in drawn.items() if number % _HIDDEN == 0)[:_PAIRS]
    if len(hidden) <= 1:
        return Trust(len(hidden), 0.0, 1.0)
    agreement = _agreement(shown, hidden)
    return Trust(len(hidden), round(agreement, 4), _factor(len(hidden), agreement))


def _drawn(one: str, other: str) -> int:
    """The same for both directions: a link that is returned is hidden whole."""
    return zlib.crc32("\0".join(sorted((one, other))).encode())


def _agreement(shown: Sequence[Sequence[int]], hidden: Sequence[tuple[int, int, int]]) -> float:
    links = graph(shown)
    reached = walk(links.both)
    popular = frequency(links.out)
    ordered = sorted(hidden, key=lambda link: (popular[link[2]], link))
    pages, targets = np.array([link[1] for link in ordered]), np.array([link[2] for link in ordered])
    own = _values(reached, pages, targets)
    found = [_preferred(reached, own, pages, targets, np.roll(targets, shift)) for shift in range(1, _DECOYS + 1)]
    return sum(found) / len(found)


def _preferred(reached: Matrix, own: Floats, pages: Ints, targets: Ints, decoys: Ints) -> float:
    fair = (decoys != targets) & (decoys != pages)
    return float(np.sign(own - _values(reached, pages, decoys))[fair].mean()) if fair.any() else 0.0


def _values(table: Matrix, rows: Ints, columns: Ints) -> Floats:
    return np.asarray(table[rows, columns]).ravel()


def _factor(hidden: int, agreement: float) -> float:
    """One where links agree as usual; fewer hidden links are believed less."""
    shrunk = (hidden * max(agreement, 0.0) + _WORTH * _USUAL) / (hidden + _WORTH)
    factor = min(max((shrunk / _USUAL) ** _POWER, _LEAST), _MOST)
    return float(2 ** (round(np.log2(factor) * _STEP) / _STEP))


def trusted(weights: Mapping[str, float], found: Trust) -> dict[str, float]:
    """The weights, those of evidence from links as far as links are trusted."""
    return {kind: weight * (found.factor if kind in _BY_LINKS else 1.0) for kind, weight in weights.items()}
