"""A theme's page around one of ours, cut where pages differ: rendered once for many of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import takewhile

_SLOT = "inquiry0{}0hole"
"""Letters and digits only: no filter of a theme changes them, wherever it puts them."""

TITLE, URL_TITLE, DESCRIPTION, SLUG, SOURCE, CONTENT, FIRST_ID, ID, HEADING = (
    _SLOT.format(name)
    for name in ("title", "quoted", "description", "name", "source", "content", "top", "id", "heading")
)
"""What stands in a theme's page for what is another on each; ``QUOTED`` for the title as part of an address, ``TOP``
for the id of the first heading."""

_SLOTS = re.compile(_SLOT.format("([a-z]+)"))


@dataclass(frozen=True, slots=True)
class TocEntry:
    """A heading in the contents of a page."""

    id: str
    text: str
    """As HTML."""


class UnsupportedLayoutError(ValueError):
    """The theme's page holds its headings, or something else, otherwise than one after the other."""


class PageLayout:
    """A page of a theme with holes.

    Attributes:
        fingerprint: tells it from another.
    """

    def __init__(self, render: Callable[[int], str]) -> None:
        """Cut a theme's page.

        Args:
            render: the page as HTML with so many headings below the first, each with ``ID`` and ``HEADING``.

        Raises:
            IrregularShellError: each further heading does not add the same.
        """
        none, one, two = (render(headings) for headings in range(3))
        start = _common_prefix_length(none, one)
        end = _common_prefix_length(none[start:][::-1], one[start:][::-1])
        before, after = none[:start], none[len(none) - end :]
        entry = one[start : len(one) - end]
        if before + after != none or before + entry + entry + after != two or CONTENT not in before + after:
            raise UnsupportedLayoutError
        self._before, self._entry, self._after = map(_split, (before, entry, after))
        self.fingerprint = blake2b(two.encode(errors="surrogatepass"), digest_size=16).hexdigest()

    def fill(self, values: Mapping[str, str], entries: Sequence[TocEntry]) -> str:
        """The page around a content.

        Args:
            values: HTML for each hole but those of entries.
            entries: the headings below the first.
        """
        pieces = _fill(self._before, values)
        for entry in entries:
            pieces += _fill(self._entry, {ID: entry.id, HEADING: entry.text})
        return "".join(pieces + _fill(self._after, values))


def _common_prefix_length(one: str, other: str) -> int:
    """How many characters two texts begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _split(html: str) -> list[str]:
    """Pieces between holes, and at every second place a hole."""
    pieces: list[str] = []
    position = 0
    for hole in _SLOTS.finditer(html):
        pieces += [html[position : hole.start()], hole[0]]
        position = hole.end()
    return [*pieces, html[position:]]


def _fill(pieces: Sequence[str], values: Mapping[str, str]) -> list[str]:
    filled = list(pieces)
    filled[1::2] = [values[hole] for hole in pieces[1::2]]
    return filled
