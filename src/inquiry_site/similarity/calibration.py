"""Measure on the corpus itself how reliable its links and its titles are, and adjust the signals' weights.

Links: do the remaining links predict hidden ones? Titles and descriptions: do they predict which pages are linked side
by side as well as full texts do?
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

_HIDDEN_EVERY = 5
"""Every fifth link is hidden, chosen by a hash of its two pages."""
_MAX_PAIRS = 4000
_DECOYS = 10
"""Number of pages, linked about as often, with which a hidden target is compared."""
_USUAL_AGREEMENT = 0.35
"""Somers' D of the walk where links are neither better nor worse than text (median over sixteen sets)."""
_PRIOR_LINKS = 40
"""Weight of the usual agreement as a prior, in hidden links."""
_LINK_POWER = 3.0
_LINK_LEAST, _LINK_MOST = 0.5, 8.0
_STEPS_PER_DOUBLING = 4
"""Factors are rounded to quarters of a doubling, so that a single changed page seldom changes them."""
_LINK_SIGNALS = ("walk", "linked_by", "advised")
_ABSTRACT_SIGNALS = ("abstract",)
_USUAL_SHARE = 0.68
"""Somers' D of titles and descriptions divided by that of full texts (median over seventeen sets)."""
_SHARE_PRIOR_PAIRS = 200
_SHARE_POWER = 3.0
_SHARE_LEAST, _SHARE_MOST = 2**-0.25, 2**1.5
_MIN_TEXT_AGREEMENT = 0.02
"""If full texts agree less than this with the pairs, titles are not compared with them."""


@dataclass(frozen=True, slots=True)
class LinkTrust:
    """The reliability of links, measured on hidden links."""

    hidden: int
    """The number of hidden links."""
    agreement: float
    """Somers' D (1962): how much more often the walk prefers the hidden target to a decoy than the decoy to it."""
    factor: float
    """The factor by which the weights of signals from links are multiplied."""


@dataclass(frozen=True, slots=True)
class AbstractTrust:
    """The reliability of titles and descriptions, measured on pages that are linked side by side."""

    pairs: int
    """The number of pairs of such pages."""
    share: float
    """Somers' D of titles and descriptions divided by that of full texts."""
    factor: float
    """The factor by which the weight of titles and descriptions is multiplied."""


def measure_link_trust(ids: Sequence[str], lists: Sequence[Sequence[int]]) -> LinkTrust:
    """Hide links, walk over the others, and compare each hidden target with decoys that are linked as often.

    The choice of decoys removes the effect of popularity, a known bias of link prediction (Yang, Lichtenwalter and
    Chawla 2015).

    Args:
        ids: the id of each page.
        lists: the link targets of each page, as page indices.
    """
    hash_of_link = {
        (page, target): _pair_hash(ids[page], ids[target]) for page, targets in enumerate(lists) for target in targets
    }
    shown = [
        [target for target in targets if hash_of_link[page, target] % _HIDDEN_EVERY]
        for page, targets in enumerate(lists)
    ]
    hidden = sorted(
        (hash_value, *pair) for pair, hash_value in hash_of_link.items() if hash_value % _HIDDEN_EVERY == 0
    )[:_MAX_PAIRS]
    if len(hidden) <= 1:
        return LinkTrust(len(hidden), 0.0, 1.0)
    agreement = _link_agreement(shown, hidden)
    return LinkTrust(len(hidden), round(agreement, 4), _link_factor(len(hidden), agreement))


@lru_cache(maxsize=1 << 17)
def _pair_hash(one: str, other: str) -> int:
    """Return a hash that is the same for both directions, so that mutual links are hidden together."""
    return zlib.crc32("\0".join(sorted((one, other))).encode())


def _link_agreement(shown: Sequence[Sequence[int]], hidden: Sequence[tuple[int, int, int]]) -> float:
    links = build_link_graph(shown)
    return _agreement(random_walk(links.both), _pairs(hidden, links))


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of pages that some document treats as related, sorted by the in-links of the second page.

    The order makes neighbouring targets equally popular, so that they can serve as decoys for one another.
    """

    pages: Ints
    """Indices of the first pages."""
    targets: Ints
    """Indices of the second pages."""


def _pairs(hashed_pairs: Iterable[tuple[int, int, int]], links: LinkGraph) -> Pairs:
    in_links = frequency(links.out)
    ordered = sorted(hashed_pairs, key=lambda pair: (in_links[pair[2]], pair))
    return Pairs(np.array([pair[1] for pair in ordered], int), np.array([pair[2] for pair in ordered], int))


def _agreement(table: Matrix, pairs: Pairs) -> float:
    """Return Somers' D: how much more often a table prefers the second page of a pair to a decoy than vice versa."""
    pages, targets = pairs.pages, pairs.targets
    target_values = _values(table, pages, targets)
    preferences = [
        _preference(table, target_values, pages, targets, np.roll(targets, shift)) for shift in range(1, _DECOYS + 1)
    ]
    return sum(preferences) / len(preferences)


def _preference(table: Matrix, target_values: Floats, pages: Ints, targets: Ints, decoys: Ints) -> float:
    is_valid = (decoys != targets) & (decoys != pages)
    return float(np.sign(target_values - _values(table, pages, decoys))[is_valid].mean()) if is_valid.any() else 0.0


def _values(table: Matrix, rows: Ints, columns: Ints) -> Floats:
    return np.asarray(table[rows, columns]).ravel()


def _link_factor(hidden: int, agreement: float) -> float:
    """Return the factor for signals from links: 1 for the usual agreement, closer to 1 with fewer hidden links."""
    estimate = (hidden * max(agreement, 0.0) + _PRIOR_LINKS * _USUAL_AGREEMENT) / (hidden + _PRIOR_LINKS)
    return _quantized(min(max((estimate / _USUAL_AGREEMENT) ** _LINK_POWER, _LINK_LEAST), _LINK_MOST))


def _quantized(factor: float) -> float:
    return float(2 ** (round(np.log2(factor) * _STEPS_PER_DOUBLING) / _STEPS_PER_DOUBLING))


def adjacent_pairs(ids: Sequence[str], lists: Sequence[Sequence[int]], links: LinkGraph) -> Pairs:
    """Return pairs of pages that are linked side by side, except pages that link to each other; in both directions.

    Args:
        ids: the id of each page.
        lists: the link targets of each document, as page indices in text order.
        links: the link graph.
    """
    adjacent = {pair for listed in lists for pair in pairwise(listed) if pair[0] != pair[1]}
    adjacent |= {(other, one) for one, other in adjacent}
    linked = {(page, target) for page, listed in enumerate(_columns_by_row(links.out)) for target in listed}
    return _pairs(
        sorted((_pair_hash(ids[one], ids[other]), one, other) for one, other in adjacent - linked)[:_MAX_PAIRS], links
    )


def measure_abstract_trust(pairs: Pairs, abstracts: Matrix, texts: Matrix) -> AbstractTrust:
    """Measure how well titles and descriptions predict which pages are linked side by side, relative to full texts.

    An author who links two pages side by side treats them as related.

    Args:
        pairs: pages that are linked side by side.
        abstracts: the similarity of pages by title and description.
        texts: the similarity of pages by full text.
    """
    count = len(pairs.pages)
    text_agreement = _agreement(texts, pairs) if count > 1 else 0.0
    if text_agreement <= _MIN_TEXT_AGREEMENT:
        return AbstractTrust(count, 0.0, 1.0)
    share = max(_agreement(abstracts, pairs), 0.0) / text_agreement
    estimate = (count * share + _SHARE_PRIOR_PAIRS * _USUAL_SHARE) / (count + _SHARE_PRIOR_PAIRS)
    factor = min(max((estimate / _USUAL_SHARE) ** _SHARE_POWER, _SHARE_LEAST), _SHARE_MOST)
    return AbstractTrust(count, round(share, 4), _quantized(factor))


def _columns_by_row(table: Matrix) -> list[list[int]]:
    starts = table.indptr.tolist()
    return [table.indices[start:end].tolist() for start, end in pairwise(starts)]


def calibrated_weights(
    weights: Mapping[str, float], link_trust: LinkTrust, abstract_trust: AbstractTrust
) -> dict[str, float]:
    """Return the weights multiplied by the measured factors of links and of titles and descriptions."""
    factors = dict.fromkeys(_LINK_SIGNALS, link_trust.factor) | dict.fromkeys(_ABSTRACT_SIGNALS, abstract_trust.factor)
    return {kind: weight * factors.get(kind, 1.0) for kind, weight in weights.items()}
