"""What the corpus itself tells of its evidence.

Of links: do those that were left tell those that were hidden? Of titles and descriptions: do they tell the pages that
others link side by side, as the whole texts do?
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from inquiry_site.similarity.link_graph import LinkGraph, build_link_graph, random_walk
from inquiry_site.similarity.sparse import Floats, Ints, Matrix, frequency

_HIDDEN = 5
"""Every fifth link is hidden, chosen by a hash of its two pages."""
_PAIRS = 4000
_DECOYS = 10
"""To how many pages, linked about as often, a hidden target is compared."""
_USUAL_AGREEMENT = 0.35
"""Somers' D of the walk where links are neither better nor worse than text (the median over sixteen sets)."""
_PRIOR_LINKS = 40
"""The usual value counts as much as so many hidden links."""
_POWER = 3.0
_LEAST, _MOST = 0.5, 8.0
_STEP = 4
"""Trust moves in quarters of a doubling: a single changed page seldom moves it."""
_FROM_LINKS = ("walk", "linked_by", "advised")
_FROM_ABSTRACTS = ("abstract",)
_USUAL_SHARE = 0.68
"""Titles and descriptions tell so much of what whole texts tell (the median over seventeen sets)."""
_SHARE_PRIOR_PAIRS = 200
_SHARE_POWER = 3.0
_SHARE_LEAST, _SHARE_MOST = 2**-0.25, 2**1.5
_LEAST_AGREEMENT = 0.02
"""Where whole texts do not even tell so much, nothing is compared to them."""


@dataclass(frozen=True, slots=True)
class LinkTrust:
    """What the hidden links told."""

    hidden: int
    agreement: float
    """Somers' D (1962): how much oftener the walk prefers the hidden target to a decoy than the decoy to it."""
    factor: float
    """By how much the weight of evidence from links is multiplied."""


@dataclass(frozen=True, slots=True)
class AbstractTrust:
    """What the pages told that are linked side by side."""

    pairs: int
    share: float
    """Somers' D of titles and descriptions as a part of that of whole texts."""
    factor: float
    """By how much the weight of titles and descriptions is multiplied."""


def measure_link_trust(ids: Sequence[str], lists: Sequence[Sequence[int]]) -> LinkTrust:
    """Hide links, walk over the others, and compare each hidden target with decoys that are linked as often.

    So popularity is worth nothing here (a known bias of link prediction: Yang, Lichtenwalter and Chawla 2015).
    """
    drawn = {(page, target): _pair_hash(ids[page], ids[target]) for page, found in enumerate(lists) for target in found}
    shown = [[target for target in found if drawn[page, target] % _HIDDEN] for page, found in enumerate(lists)]
    hidden = sorted((number, *pair) for pair, number in drawn.items() if number % _HIDDEN == 0)[:_PAIRS]
    if len(hidden) <= 1:
        return LinkTrust(len(hidden), 0.0, 1.0)
    agreement = _link_agreement(shown, hidden)
    return LinkTrust(len(hidden), round(agreement, 4), _factor(len(hidden), agreement))


@lru_cache(maxsize=1 << 17)
def _pair_hash(one: str, other: str) -> int:
    """The same for both directions: a link that is returned is hidden whole."""
    return zlib.crc32("\0".join(sorted((one, other))).encode())


def _link_agreement(shown: Sequence[Sequence[int]], hidden: Sequence[tuple[int, int, int]]) -> float:
    links = build_link_graph(shown)
    return _agreement(random_walk(links.both), _pairs(hidden, links))


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pages that something takes to be related, in the order in which the second ones are linked more and more."""

    pages: Ints
    targets: Ints


def _pairs(drawn: Iterable[tuple[int, int, int]], links: LinkGraph) -> Pairs:
    popular = frequency(links.out)
    ordered = sorted(drawn, key=lambda pair: (popular[pair[2]], pair))
    return Pairs(np.array([pair[1] for pair in ordered], int), np.array([pair[2] for pair in ordered], int))


def _agreement(table: Matrix, pairs: Pairs) -> float:
    """How much oftener a table prefers the second page of a pair to another that is linked about as often."""
    pages, targets = pairs.pages, pairs.targets
    own = _values(table, pages, targets)
    found = [_preference(table, own, pages, targets, np.roll(targets, shift)) for shift in range(1, _DECOYS + 1)]
    return sum(found) / len(found)


def _preference(reached: Matrix, own: Floats, pages: Ints, targets: Ints, decoys: Ints) -> float:
    fair = (decoys != targets) & (decoys != pages)
    return float(np.sign(own - _values(reached, pages, decoys))[fair].mean()) if fair.any() else 0.0


def _values(table: Matrix, rows: Ints, columns: Ints) -> Floats:
    return np.asarray(table[rows, columns]).ravel()


def _factor(hidden: int, agreement: float) -> float:
    """One where links agree as usual; fewer hidden links are believed less."""
    shrunk = (hidden * max(agreement, 0.0) + _PRIOR_LINKS * _USUAL_AGREEMENT) / (hidden + _PRIOR_LINKS)
    return _quantized(min(max((shrunk / _USUAL_AGREEMENT) ** _POWER, _LEAST), _MOST))


def _quantized(factor: float) -> float:
    return float(2 ** (round(np.log2(factor) * _STEP) / _STEP))


def adjacent_pairs(ids: Sequence[str], lists: Sequence[Sequence[int]], links: LinkGraph) -> Pairs:
    """Pages that something links side by side, but for those that link each other, in both directions.

    Args:
        ids: the pages.
        lists: pages that something links, in its order.
        links: who links whom.
    """
    beside = {pair for found in lists for pair in pairwise(found) if pair[0] != pair[1]}
    beside |= {(other, one) for one, other in beside}
    linked = {(page, target) for page, found in enumerate(_rows(links.out)) for target in found}
    return _pairs(
        sorted((_pair_hash(ids[one], ids[other]), one, other) for one, other in beside - linked)[:_PAIRS], links
    )


def measure_abstract_trust(pairs: Pairs, heads: Matrix, texts: Matrix) -> AbstractTrust:
    """Who links pages side by side takes them to be related: do titles and descriptions tell so, or only whole texts?

    Args:
        pairs: pages that something links side by side.
        heads: how near pages are by title and description.
        texts: how near they are by all their words.
    """
    count = len(pairs.pages)
    whole = _agreement(texts, pairs) if count > 1 else 0.0
    if whole <= _LEAST_AGREEMENT:
        return AbstractTrust(count, 0.0, 1.0)
    share = max(_agreement(heads, pairs), 0.0) / whole
    shrunk = (count * share + _SHARE_PRIOR_PAIRS * _USUAL_SHARE) / (count + _SHARE_PRIOR_PAIRS)
    factor = min(max((shrunk / _USUAL_SHARE) ** _SHARE_POWER, _SHARE_LEAST), _SHARE_MOST)
    return AbstractTrust(count, round(share, 4), _quantized(factor))


def _rows(table: Matrix) -> list[list[int]]:
    starts = table.indptr.tolist()
    return [table.indices[start:end].tolist() for start, end in pairwise(starts)]


def calibrated_weights(weights: Mapping[str, float], found: LinkTrust, heads: AbstractTrust) -> dict[str, float]:
    """The weights, those of evidence from links, titles and descriptions as far as these are trusted."""
    factors = dict.fromkeys(_FROM_LINKS, found.factor) | dict.fromkeys(_FROM_ABSTRACTS, heads.factor)
    return {kind: weight * factors.get(kind, 1.0) for kind, weight in weights.items()}
