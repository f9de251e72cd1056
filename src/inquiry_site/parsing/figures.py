"""Find figures in prose and parse their values, however they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import lru_cache


class Measure(Enum):
    """The kind of number that a figure is. A count may mean any of the others (in a table or a list)."""

    COUNT = "count"
    PERCENT = "percent"
    FACTOR = "factor"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as written in a text. Offsets count characters."""

    start: int
    end: int
    value: Decimal
    measure: Measure

    def equals(self, other: Figure) -> bool:
        """Return whether two figures mean the same: 400K and 400,000, 91% and 91 percent or 0.91, 3x and threefold."""
        if self.value == other.value:
            return self.measure is other.measure or Measure.COUNT in {self.measure, other.measure}
        if {self.measure, other.measure} == {Measure.PERCENT, Measure.COUNT}:
            share, count = (self, other) if self.measure is Measure.PERCENT else (other, self)
            return share.value == count.value * 100
        return False


_SCALES = {
    "k": 3, "thousand": 3, "m": 6, "mn": 6, "million": 6, "b": 9, "bn": 9, "billion": 9, "t": 12, "trillion": 12,
}  # fmt: skip
_WORDS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty".split()
    )
} | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "twice": 2}

_NUMBER = r"\d{1,3}(?:[, \u00a0\u2009\u202f]\d{3}(?!\d))+(?:\.\d+)?|\d+(?:[.,]\d+)?"
_SCALE = r"(?:(?P<letter>[kKMB]|bn|T)(?![^\W\d_])|[\s\u00a0-](?P<scale>thousand|million|billion|trillion)(?![^\W\d_]))?"
_MEASURE = (
    r"(?:\s?(?P<percent>%|percent\b|per\scent\b|(?:percentage[\s-])?points?\b|pp\b)"
    r"|-?(?P<factor>[x×](?!\w)|\s?times\b|fold\b))?"
)
# Digits in names (GPT-4, MATH-500, pass@8, §4.2, v2.1, 10^5), dates and ratios are not figures.
_FIGURE = re.compile(
    rf"\b\d{{4}}-\d\d-\d\d\b|(?<![\w.,/@#^§·])(?<!\d:)(?P<number>{_NUMBER})(?![\d^/:]){_SCALE}{_MEASURE}(?![\w@/])",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")
_LOCATOR = re.compile(
    r"(?:figures?|figs?\.?|tables?|sections?|secs?\.?|appendi(?:x|ces)|chapters?|equations?|eqs?\.?|pages?|pp?\.|"
    r"steps?|phases?|stages?|versions?|levels?|part|no\.|question|experiment)\s$",
    re.IGNORECASE,
)
_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|"
    r"Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_DATE_BEFORE = re.compile(rf"\b{_MONTH}\s(?:\d{{1,2}}(?:st|nd|rd|th)?,?\s)?$")
_DATE_AFTER = re.compile(rf"\s{_MONTH}(?!\w)")
# “Llama 3” and “Claude Sonnet 4” are names; a capital at the start of a sentence does not make one: “In 3 trials”.
_VERSION = re.compile(r"\d(?:\.\d)?")
_NAME_BEFORE = re.compile(r"[\w)\],][ ][A-Z][a-z]+[ ]$")
_LONGEST_DATE = 16
_ENUMERATION = re.compile(r"\(\d\)\s")
_RANGE_END = re.compile(rf"\s?(?:[-–—]|to)\s?(?:{_NUMBER}){_SCALE}(?!\w)", re.IGNORECASE)
_WORD = re.compile(
    rf"\b(?P<word>{'|'.join(_WORDS)})(?:(?<=ty)[\s-](?P<unit>one|two|three|four|five|six|seven|eight|nine)\b)?"
    r"(?:-(?P<fold>fold)\b|(?P<joined>fold)\b|\b)"
    r"(?:[\s-](?P<scale>thousand|million|billion|trillion)\b)?"
    r"(?:\s(?P<percent>percent\b|per\scent\b|(?:percentage\s)?points?\b)|\s(?P<factor>times\b))?",
    re.IGNORECASE,
)
_LONGEST_LOCATOR = 12
_RANGE = re.compile(r"[\d.]*[\d](?:[kKMBTx]|bn)?-")
_LONGEST_NAME = 60


@lru_cache(maxsize=1 << 16)
def find_figures(text: str) -> tuple[Figure, ...]:
    """Return the figures of a plain text in order. Numbers in names, locators and dates are not figures."""
    # Cached because every rebuild of a preview requests the figures of unchanged texts.
    return tuple(_figures(text))


def _figures(text: str) -> Iterator[Figure]:
    position = 0
    for digits in _DIGITS.finditer(text):
        start = digits.start()
        match = _FIGURE.match(text, start) if start >= position else None
        if match is None:
            continue
        position = match.end()
        if match["number"] is None or _is_in_other_context(text, start, match.end()):
            continue
        scale = (match["letter"] or match["scale"] or _scale_of_range(text, match)).lower()
        measure = Measure.PERCENT if match["percent"] else Measure.FACTOR if match["factor"] else Measure.COUNT
        yield Figure(*match.span(), _value(match["number"], scale), measure)


def _is_in_other_context(text: str, start: int, end: int) -> bool:
    """Return whether a number is part of a name, a locator or a date, or numbers a list: (1), (2)."""
    if _LOCATOR.search(text, max(0, start - _LONGEST_LOCATOR), start):
        return True
    if text[start - 1 : start] == "-" and _is_in_name(text[max(0, start - _LONGEST_NAME) : start]):
        return True
    if _DATE_BEFORE.search(text, max(0, start - _LONGEST_DATE), start) or _DATE_AFTER.match(text, end):
        return True
    if _VERSION.fullmatch(text, start, end) and _NAME_BEFORE.search(text, max(0, start - _LONGEST_NAME), start):
        return True
    return start > 0 and _ENUMERATION.match(text, start - 1) is not None


def _scale_of_range(text: str, match: re.Match[str]) -> str:
    """Return the scale from the end of a range, where it may be written only once: 7-14B, 5 to 10 million."""
    if match["percent"] or match["factor"]:
        return ""
    end = _RANGE_END.match(text, match.end())
    return (end["letter"] or end["scale"] or "") if end else ""


def _is_in_name(before: str) -> bool:
    """Return whether text that ends with a hyphen makes the next number part of a name (Qwen2.5-7B), not of a range."""
    word = next(reversed(re.split(r"[^\w.-]", before)))
    return bool(word.strip("-")) and _RANGE.fullmatch(word) is None


def find_number_words(text: str) -> Iterator[Figure]:
    """Yield figures written in words, such as “three”, “twofold” or “ninety percent”."""
    for match in _WORD.finditer(text):
        word = match["word"].lower()
        is_factor = match["fold"] or match["joined"] or match["factor"] or word == "twice"
        measure = Measure.PERCENT if match["percent"] else Measure.FACTOR if is_factor else Measure.COUNT
        number = _WORDS[word] + (_WORDS[match["unit"].lower()] if match["unit"] else 0)
        value = Decimal(number).scaleb(_SCALES.get((match["scale"] or "").lower(), 0)).normalize()
        yield Figure(*match.span(), value, measure)


def _value(number: str, scale: str) -> Decimal:
    digits = re.sub(r"[, \u00a0\u2009\u202f](?=\d{3}(?:\D|$))", "", number).replace(",", ".")
    # A number with thousands of digits has no meaning and would cost time in proportion to its length.
    return Decimal(digits[:60]).scaleb(_SCALES.get(scale, 0)).normalize()
