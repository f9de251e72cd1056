"""Decide which names files may have: ids, and paths that are safe in HTML, URLs and logs."""

from __future__ import annotations

import unicodedata

RESERVED_IDS = frozenset({"index", "readme"})
"""File name stems whose URL would be the index of their folder."""

_UNSAFE_SIGNS = frozenset('"<>\\')


def is_id(identifier: str) -> bool:
    """Return whether a stem consists of lower-case letters of any script, digits and hyphens, and is not reserved."""
    allowed = all(char == "-" or unicodedata.category(char)[0] in "LMN" for char in identifier)
    return bool(identifier) and allowed and identifier == identifier.lower() and identifier not in RESERVED_IDS


def unsafe_sign(path: str) -> str:
    """Return the first character of a path that HTML, URLs or logs could misinterpret, or an empty string."""
    return next((char for char in path if char in _UNSAFE_SIGNS or unicodedata.category(char)[0] == "C"), "")


def corrected_id(identifier: str) -> str:
    """Return the id that is most similar to a stem; empty if there is none."""
    letters = [
        char if char == "-" or unicodedata.category(char)[0] in "LMN" else "-"
        for char in identifier.lower().removesuffix(".md")
    ]
    corrected = "-".join(part for part in "".join(letters).split("-") if part)
    return corrected if is_id(corrected) else ""
