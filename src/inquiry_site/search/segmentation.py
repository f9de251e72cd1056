"""Words to search by: those of any script, without regard to case and accents.

``templates/assets/search-worker.js`` cuts a query in the same way; ``tests/cases/search/words.yaml`` holds both to it.
"""

from __future__ import annotations

import re
import unicodedata

from inquiry_site.text.tokenize import UNSPACED

LONGEST = 64
"""A longer run is no word (a hash, encoded data)."""
_ACCENTS = re.compile(r"[\u0300-\u036F\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7\u064B-\u065F\u0670]+")
"""Accents, and the points of Hebrew and Arabic, which few write."""
_IS_UNSPACED = re.compile(rf"[{UNSPACED}]")
_MARKS = "".join(
    letter
    for letter in map(chr, range(0x300, 0x10000))
    if unicodedata.category(letter)[0] == "M" and not _IS_UNSPACED.match(letter)
)
"""What stands on the letter before it and is none by itself, as the vowels of Devanagari."""
_LETTERS = rf"[^\W_{UNSPACED}]+"
_WORD = re.compile(rf"[{UNSPACED}]+|{_LETTERS}(?:[{_MARKS}]+(?:{_LETTERS})?)*")
_MARKS_OF_PRINT = re.compile(r"[\u2000-\u206F\u20A0-\u20CF\u2190-\u22FF«»·]+")
"""Quotation marks, dashes, signs: most texts are without another letter than those of ASCII once these are gone."""
_BETWEEN_PLAIN_WORDS = {letter: " " for letter in range(128) if not chr(letter).isalnum()}


def segment(text: str) -> list[str]:
    """The words in order; a run without spaces as overlapping pairs and its last letter."""
    text = folded(text)
    if not text.isascii():
        text = _MARKS_OF_PRINT.sub(" ", text)
    found = text.translate(_BETWEEN_PLAIN_WORDS).split() if text.isascii() else _segment(text)
    return found if max(map(len, found), default=0) <= LONGEST else [word for word in found if len(word) <= LONGEST]


def _segment(text: str) -> list[str]:
    found: list[str] = []
    for run in _WORD.findall(text):
        if _IS_UNSPACED.match(run):
            found += [run[at : at + 2] for at in range(len(run))]
        else:
            found.append(run)
    return found


def folded(text: str) -> str:
    """A text without the differences that a search passes over."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKD", text).lower().replace("ß", "ss").replace("ς", "σ")
    return unicodedata.normalize("NFC", _ACCENTS.sub("", text))
