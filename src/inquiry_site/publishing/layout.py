"""A theme's page cut into slots: rendered once, then filled for every page of a kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import takewhile

_SLOT = "inquiry0{}0slot"
"""Letters and digits only, so that no filter of a theme changes it."""

TITLE, URL_TITLE, DESCRIPTION, SLUG, SOURCE, CONTENT, FIRST_ID, ID, HEADING = (
    _SLOT.format(name)
    for name in ("title", "urltitle", "description", "slug", "source", "content", "firstid", "id", "heading")
)
"""Slots for what differs between pages. ``URL_TITLE`` is the title as part of a URL, ``FIRST_ID`` the id of the first
heading; ``ID`` and ``HEADING`` are those of each further heading."""

_SLOTS = re.compile(_SLOT.format("([a-z]+)"))


@dataclass(frozen=True, slots=True)
class TocEntry:
    """A heading in the table of contents of a page."""

    id: str
    text: str
    """As HTML."""


class UnsupportedLayoutError(ValueError):
    """The theme's page does not list headings one after the other, or cannot be cut for another reason."""


class PageLayout:
    """A theme's page with slots.

    Attributes:
        fingerprint: a hash that differs between layouts.
    """

    def __init__(self, render: Callable[[int], str]) -> None:
        """Cut a theme's page into slots.

        Args:
            render: returns the page as HTML with a number of headings below the first, each with ``ID`` and
                ``HEADING``.

        Raises:
            UnsupportedLayoutError: further headings do not each add the same HTML.
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
        """Return a page.

        Args:
            values: HTML for each slot except ``ID`` and ``HEADING``.
            entries: the headings below the first.
        """
        pieces = _fill(self._before, values)
        for entry in entries:
            pieces += _fill(self._entry, {ID: entry.id, HEADING: entry.text})
        return "".join(pieces + _fill(self._after, values))


def _common_prefix_length(one: str, other: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _split(html: str) -> list[str]:
    """Split HTML at its slots; every second piece is a slot."""
    pieces: list[str] = []
    position = 0
    for slot in _SLOTS.finditer(html):
        pieces += [html[position : slot.start()], slot[0]]
        position = slot.end()
    return [*pieces, html[position:]]


def _fill(pieces: Sequence[str], values: Mapping[str, str]) -> list[str]:
    filled = list(pieces)
    filled[1::2] = [values[slot] for slot in pieces[1::2]]
    return filled
