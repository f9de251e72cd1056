"""Split text of any script into search terms, ignoring case and accents.

``templates/assets/search-worker.js`` splits queries in the same way; ``tests/cases/search/words.yaml`` tests both.
"""

from __future__ import annotations

import re
import unicodedata

from inquiry_site.text.tokenize import UNSPACED

LONGEST = 64
"""Longer runs, such as hashes and encoded data, are not words."""
_ACCENTS = re.compile(r"[\u0300-\u036F\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7\u064B-\u065F\u0670]+")
"""Accents, and the points of Hebrew and Arabic, which are seldom written."""
_IS_UNSPACED = re.compile(rf"[{UNSPACED}]")
_COMBINING_MARKS = "".join(
    letter
    for letter in map(chr, range(0x300, 0x10000))
    if unicodedata.category(letter)[0] == "M" and not _IS_UNSPACED.match(letter)
)
"""Combining marks, which belong to the preceding letter, such as the vowel signs of Devanagari."""
_LETTERS = rf"[^\W_{UNSPACED}]+"
_WORD = re.compile(rf"[{UNSPACED}]+|{_LETTERS}(?:[{_COMBINING_MARKS}]+(?:{_LETTERS})?)*")
_TYPOGRAPHIC_MARKS = re.compile(r"[\u2000-\u206F\u20A0-\u20CF\u2190-\u22FF«»·]+")
"""Quotation marks, dashes and symbols. Without them most texts are plain ASCII, which is split faster."""
_ASCII_SEPARATORS = {letter: " " for letter in range(128) if not chr(letter).isalnum()}


def segment(text: str) -> list[str]:
    """Return the terms of a text in order.

    A run in a script without spaces is split into overlapping pairs of characters, followed by its last character.
    """
    text = fold(text)
    if not text.isascii():
        text = _TYPOGRAPHIC_MARKS.sub(" ", text)
    words = text.translate(_ASCII_SEPARATORS).split() if text.isascii() else _segment(text)
    return words if max(map(len, words), default=0) <= LONGEST else [word for word in words if len(word) <= LONGEST]


def _segment(text: str) -> list[str]:
    words: list[str] = []
    for run in _WORD.findall(text):
        if _IS_UNSPACED.match(run):
            words += [run[index : index + 2] for index in range(len(run))]
        else:
            words.append(run)
    return words


def fold(text: str) -> str:
    """Return a text without differences that a search ignores: case, accents, letter variants."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKD", text).lower().replace("ß", "ss").replace("ς", "σ")
    return unicodedata.normalize("NFC", _ACCENTS.sub("", text))
