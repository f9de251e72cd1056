"""Compare two texts word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from rapidfuzz.distance import Indel

_WORD = re.compile(r"\d++(?:[.,]\d++)+|\w+|[^\w\s]|\s+")
_MOST_WORDS = 600
"""The maximum number of words, spaces and marks of a text that is compared: time grows with their square."""


class Presence(Enum):
    """Where a piece of text occurs."""

    BOTH = "both"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that occurs in both texts or in one of them."""

    presence: Presence
    text: str


def diff_words(before: str, after: str) -> tuple[Piece, ...]:
    """Return the pieces of two texts in reading order; long texts are not compared, and each is one piece."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if max(len(old), len(new)) > _MOST_WORDS:
        return tuple(_replacement(before, after))
    pieces: list[Piece] = []
    # Unlike difflib, which is cubic in texts that repeat a word, this is at most quadratic.
    for operation in Indel.opcodes(old, new):
        removed = "".join(old[operation.src_start : operation.src_end])
        if operation.tag == "equal":
            pieces.append(Piece(Presence.BOTH, removed))
        else:
            pieces += _replacement(removed, "".join(new[operation.dest_start : operation.dest_end]))
    return tuple(_without_islands(pieces))


def _without_islands(pieces: list[Piece]) -> Iterator[Piece]:
    """Merge changes that only spaces separate, so that a reworded phrase reads as one replacement."""
    removed, added = "", ""
    for index, piece in enumerate(pieces):
        is_island = piece.presence is Presence.BOTH and not piece.text.strip() and 0 < index < len(pieces) - 1
        if piece.presence is Presence.BOTH and not is_island:
            yield from _replacement(removed, added)
            removed, added = "", ""
            yield piece
        else:
            removed += piece.text if piece.presence is not Presence.ADDED else ""
            added += piece.text if piece.presence is not Presence.REMOVED else ""
    yield from _replacement(removed, added)


def _replacement(removed: str, added: str) -> Iterator[Piece]:
    if removed:
        yield Piece(Presence.REMOVED, removed)
    if added:
        yield Piece(Presence.ADDED, added)
