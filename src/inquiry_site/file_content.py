"""The contents of files as read: bytes, text, or the reason why a file was not read."""

from __future__ import annotations

from dataclasses import dataclass

BIBLIOGRAPHY = "references.bib"
"""Path of the BibTeX file whose entries notes may cite by key."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Placeholder for the content of a path that could not be read."""

    reason: str


@dataclass(frozen=True, slots=True)
class TooLarge:
    """Placeholder for the content of a file that was too large to be read."""

    size: int
    """Size in bytes."""


@dataclass(frozen=True, slots=True)
class Asset:
    """Placeholder for the content of a file published unchanged: a picture beside a note, a hand-written page."""

    active: str = ""
    """Why a browser could run something in the file; empty if it only displays or downloads it."""


FileContent = str | bytes | Unreadable | TooLarge | Asset


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file that could be read as text."""

    path: str
    """Path relative to the folder that contains ``notes/``, with ``/`` as separator."""
    text: str
    """The text without byte-order mark, with ``\\n`` as line separator."""
