"""Figures in prose: what a number says, however it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import lru_cache


class Measure(Enum):
    """What kind of number a figure is. A count may stand for any of the others (in a table, in a list)."""

    COUNT = "count"
    PERCENT = "percent"
    FACTOR = "factor"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it stands in a text. Offsets count characters."""

    start: int
    end: int
    value: Decimal
    measure: Measure

    def says(self, other: Figure) -> bool:
        """Whether both say the same: 400K and 400,000, 91% and 91 percent or 0.91, 3x and threefold."""
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
# Names keep their digits to themselves (GPT-4, MATH-500, pass@8, §4.2, v2.1, 10^5), and so do dates and ratios.
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
# Llama 3 and Claude Sonnet 4 are names; a capital that begins a sentence begins none: “In 3 trials”.
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
    """The figures of a plain text in their order; numbers in names, places and dates are none."""
    # Those of an unchanged text are asked for again at each build of a preview.
    return tuple(_figures(text))


def _figures(text: str) -> Iterator[Figure]:
    reached = 0
    for digits in _DIGITS.finditer(text):
        start = digits.start()
        match = _FIGURE.match(text, start) if start >= reached else None
        if match is None:
            continue
        reached = match.end()
        if match["number"] is None or _is_no_figure(text, start, match.end()):
            continue
        scale = (match["letter"] or match["scale"] or _scale_of_range(text, match)).lower()
        measure = Measure.PERCENT if match["percent"] else Measure.FACTOR if match["factor"] else Measure.COUNT
        yield Figure(*match.span(), _value(match["number"], scale), measure)


def _is_no_figure(text: str, start: int, end: int) -> bool:
    """Whether a number is part of a name, names a place or a day, or counts the points of a list: (1), (2)."""
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
    """In a range the scale may stand at its end alone: 7-14B, 5 to 10 million."""
    if match["percent"] or match["factor"]:
        return ""
    end = _RANGE_END.match(text, match.end())
    return (end["letter"] or end["scale"] or "") if end else ""


def _is_in_name(before: str) -> bool:
    """Whether what a hyphen joins to a number makes it part of a name (Qwen2.5-7B) rather than of a range (7B-14B)."""
    word = next(reversed(re.split(r"[^\w.-]", before)))
    return bool(word.strip("-")) and _RANGE.fullmatch(word) is None


def find_number_words(text: str) -> Iterator[Figure]:
    """Figures written out, such as “three”, “twofold” or “ninety percent”."""
    for match in _WORD.finditer(text):
        word = match["word"].lower()
        is_factor = match["fold"] or match["joined"] or match["factor"] or word == "twice"
        measure = Measure.PERCENT if match["percent"] else Measure.FACTOR if is_factor else Measure.COUNT
        number = _WORDS[word] + (_WORDS[match["unit"].lower()] if match["unit"] else 0)
        value = Decimal(number).scaleb(_SCALES.get((match["scale"] or "").lower(), 0)).normalize()
        yield Figure(*match.span(), value, measure)


def _value(number: str, scale: str) -> Decimal:
    whole = re.sub(r"[, \u00a0\u2009\u202f](?=\d{3}(?:\D|$))", "", number).replace(",", ".")
    # A number of thousands of digits says nothing, and would cost as much as it is long.
    return Decimal(whole[:60]).scaleb(_SCALES.get(scale, 0)).normalize()
