"""Estimate an upper bound on the cost of converting a body, without parsing it.

The running time of Python-Markdown and its extensions is quadratic in the content of a paragraph: for each unclosed
bracket they scan to the end, and they insert each element into the list of all others. The estimate adds up these costs
in steps of about a microsecond on a 2024 processor. The bound holds for every way of parsing the body: code counts as
prose, because sets of extensions differ in what they treat as code.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from inquiry_site.parsing.highlighting_cost import cost_of_code
from inquiry_site.parsing.nesting import count_chars

Cost = tuple[int, int, float]
"""Start and end offset of a span of the body, and the number of steps that it adds to the sum."""

_CHARACTER, _LINK = 2, 60
_ELEMENT = {
    "`": 70, "*": 40, "_": 32, "~": 75, "^": 60, "=": 25, "+": 25, "<": 45, ">": 45, "&": 45, "[": 70, "$": 75, "(": 35,
    "{": 20, "\\": 40, ":": 45, "@": 110, "#": 90, '"': 12, "'": 12, "\n": 75, ".": 8, "-": 8, "/": 16, "|": 8, "!": 8,
}  # fmt: skip
"""Steps for each character that may start an element, independent of the rest of the paragraph."""
_LONE, _DOUBLE = "@#<&\n{:[\\", "`$*_~^=+\"'"
"""Characters that may each become an element, and characters that become one only in pairs."""
_PAIR = 0.017
"""Steps for each pair of elements in one paragraph."""
_DELIMITER = re.compile(r"(?<![\w_])_+(?=\S)|(?P<sign>[*~^=+])(?P=sign)*(?=\S)")
_DELIMITER_PAIR, _DELIMITER_SCAN = 1.5, 0.05
_BRACKET_SCAN, _LINK_SCAN, _TAG_SCAN, _TEX_SCAN, _CRITIC_SCAN = 0.3, 0.12, 0.07, 0.04, 0.03
"""Steps for each character that is scanned in search of a closing delimiter."""
_CHEAP = 2_000
"""Steps below which it is not worth searching for closing delimiters."""

_FENCE_LINE = r"^[ \t>]*(?:`{3,}|~{3,}).*"
_BRACKETS = re.compile(rf"(?P<open>\[)|(?P<close>(?<!\\)\])|{_FENCE_LINE}", re.MULTILINE)
_LINKS = re.compile(rf"(?P<link>(?<=\])\()|(?P<open>\()|(?P<close>(?<!\\)\))|{_FENCE_LINE}", re.MULTILINE)
_DOUBTFUL = re.compile(r"(?<!`)`{1,2}(?!`)|\$|<")
"""Characters between which a bracket may belong to other syntax and therefore close nothing."""

_TEX = re.compile(r"\\[(\[]|\\begin")
# Extensions replace symbols such as fractions and ordinal numbers.
_LONG_TEXT, _LONG_WORD, _CHARACTER_OF_A_LONG_WORD = 5_000, 100, 3
_SHORT_TEXT, _SYMBOL, _SYMBOL_STEPS = 500, re.compile(r"\d/\d|\d(?=st|nd|rd|th)|c/o|://|www\."), 75
_LONG_RUN, _RUN_PAIR = re.compile(r"`{4,}"), 0.04
_DOLLAR = re.compile(r"\$+")
_TEX_CHARACTER = 14
_START = re.compile(
    r"[ \t>]*(?:(?P<heading>#)|(?P<fence>`{3}|~{3})|(?P<tab>===|///|\?\?\?|\$\$|(?P<rule>[-*_])(?:[ ]*(?P=rule)){2})"
    r"|[-*+>:<!?\[{]|\d+[.)])"
)
_STARTED, _STARTED_PAIR, _HEADING_PAIR, _TAB_PAIR, _FENCE = 130, 0.09, 0.45, 0.35, 250
_FOOTNOTE, _FOOTNOTE_PAIR = 720, 2.0
_NOTE = re.compile(r"\[\^([^\[\]\n]*)")
_ABBREVIATION, _ABBREVIATED_CHARACTER = re.compile(r"^\*\[", re.MULTILINE), 0.12
_TOC_ENTRY, _CELL, _ROW_PAIR, _SNIPPET = 30, 110, 0.06, 2_000
_TAG = re.compile(r"<(?=[a-zA-Z/!?])")
_CRITIC = re.compile(r"\{(?:\+\+|--|>>|==|~~)")
_CRITIC_CUBE = 0.01
_SHORT, _MOST_FOR_A_SIGN = 8_000, 450


def may_be_complex(body: str, most: int) -> bool:
    """Return whether a body may cost more than ``most`` steps. Quick, and False for nearly all bodies."""
    length = len(body)
    # Searching for one character is many times as fast as for three, and most bodies contain none of these.
    if length > _SHORT or "$" in body or "^" in body or "~" in body or ("`" in body and "```" in body):
        return True
    signs = count_chars(body, b"`*_[<>{@:#^~=+&\\\n")
    cells = body.count("|") * body.count("\n") * _CELL if "|" in body else 0
    return signs * (_MOST_FOR_A_SIGN + signs * 2 + length * _BRACKET_SCAN) + length * 45 + cells > most


def find_too_complex(body: str, most: int) -> tuple[int, int] | None:
    """Return the span at which the accumulated cost of a body exceeds ``most`` steps, or None if it never does."""
    spent = 0.0
    for start, end, cost in _Estimate(body).costs():
        spent += cost
        if spent > most:
            return start, end
    return None


def estimate(body: str) -> float:
    """Return the maximum number of steps that converting a body takes."""
    return sum(cost for _, _, cost in _Estimate(body).costs())


class _Estimate:
    """The cost estimate of one body."""

    def __init__(self, body: str) -> None:
        self._body = body
        self._started = self._headings = self._tabs = 0
        self._contents = body.count("[TOC]") + body.count("[toc]")
        self._notes = Counter[str]()

    def costs(self) -> Iterator[Cost]:
        """Yield the cost of each part of the body."""
        yield from self._costs_across_paragraphs()
        body, start = self._body, 0
        while start < len(body):
            end = body.find("\n\n", start)
            end = len(body) if end < 0 else end
            yield from self._paragraph_costs(start, end)
            start = end + 2

    def _costs_across_paragraphs(self) -> Iterator[Cost]:
        """Yield the cost of syntax that is scanned for beyond its own paragraph."""
        body = self._body
        yield from cost_of_code(body)
        for match in _ABBREVIATION.finditer(body) if "*[" in body else ():
            yield *match.span(), len(body) * _ABBREVIATED_CHARACTER
        if body.count("<") * len(body) * _TAG_SCAN > _CHEAP:
            for match in _TAG.finditer(body):
                closing = body.find(">", match.end())
                yield *match.span(), ((closing if closing >= 0 else len(body)) - match.start()) * _TAG_SCAN
        if "{" in body:
            for match in _CRITIC.finditer(body):
                yield *match.span(), (len(body) - match.start()) * _CRITIC_SCAN
            substitutions = body.count("{~~") * body.count("~>") * len(body) * _CRITIC_CUBE
            yield body.find("{~~"), body.find("{~~") + 3, substitutions
        if "-8<-" in body:
            yield body.find("-8<-"), body.find("-8<-") + 4, body.count("-8<-") * _SNIPPET

    def _paragraph_costs(self, start: int, end: int) -> Iterator[Cost]:
        text = self._body[start:end]
        lines = text.split("\n")
        at = start
        for number, line in enumerate(lines):
            if number == 0 or _START.match(line):
                yield at, at + len(line), self._block_start_cost(line)
            at += len(line) + 1
        if "[^" in text:
            for note in _NOTE.finditer(text):
                self._notes[note[1]] += 1
                cost = _FOOTNOTE + self._notes[note[1]] * _FOOTNOTE_PAIR
                yield start + note.start(), start + note.end(), cost
        at = start
        while len(lines) > 1 and not lines[-1]:
            lines.pop()
        for unit, extra in units(lines):
            first = unit.find("\n")
            yield at, at + (len(unit) if first < 0 else first), cost_of_unit(unit) + extra
            at += len(unit) + 1

    def _block_start_cost(self, line: str) -> float:
        """Return the cost of a line that starts a block (paragraph, item, heading, …). It grows with their number."""
        self._started += 1
        cost = _STARTED + self._started * _STARTED_PAIR
        match = _START.match(line)
        if match is None or not match.lastgroup:
            return cost
        if match["heading"]:
            self._headings += 1
            return cost + self._headings * _HEADING_PAIR + self._contents * _TOC_ENTRY
        if match["tab"]:
            self._tabs += 1
            return cost + self._tabs * _TAB_PAIR
        return cost + _FENCE


def cost_of_unit(text: str) -> float:
    """Return the steps of a text that is converted as one unit: a paragraph, a list item or a table row."""
    length = len(text)
    count = text.count
    cost = float(length * _CHARACTER)
    elements = 0.0
    for sign, steps in _ELEMENT.items():
        if number := count(sign):
            cost += number * steps
            elements += number if sign in _LONE else number / 2 if sign in _DOUBLE else 0
    if length > _SHORT_TEXT:
        symbols = len(_SYMBOL.findall(text))
        cost += symbols * _SYMBOL_STEPS
        elements += symbols
    cost += elements * elements * _PAIR
    if length > _LONG_TEXT and count(" ") * _LONG_WORD < length:
        cost += length * _CHARACTER_OF_A_LONG_WORD
    if not elements:
        return cost
    cost += _delimiter_cost(text)
    cost += _scan_cost(text, count("["), _BRACKETS, _BRACKET_SCAN)
    cost += count("](") * _LINK
    cost += _scan_cost(text, count("]("), _LINKS, _LINK_SCAN)
    if "$" in text:
        cost += _formula_cost(text)
    if "\\" in text:
        tex = len(_TEX.findall(text))
        cost += tex * length * _TEX_SCAN + (length * _TEX_CHARACTER if tex else 0)
    if "````" in text:
        cost += sum(len(run) ** 2 for run in _LONG_RUN.findall(text)) * _RUN_PAIR
    if "`#!" in text or "`:::" in text:
        cost += min(length, 3_000) ** 3 * 1e-4
    return cost


def _delimiter_cost(text: str) -> float:
    """Return the cost of opening emphasis delimiters: an unclosed one is compared with all that follow."""
    opening = Counter(match[0][0] for match in _DELIMITER.finditer(text))
    return sum(number * (number * _DELIMITER_PAIR + len(text) * _DELIMITER_SCAN) for number in opening.values())


def _scan_cost(text: str, number: int, pattern: re.Pattern[str], steps: float) -> float:
    """Return the cost of scanning from brackets to their closing ones, or to the end where none is certain to close.

    Args:
        text: a unit of text.
        number: the number of opening brackets, for a cheap upper bound.
        pattern: matches opening and closing brackets, and fences, which reset all open brackets.
        steps: the cost of each scanned character.
    """
    length = len(text)
    if number * length * steps < _CHEAP:
        return number * length * steps
    doubtful = [match.start() for match in _DOUBTFUL.finditer(text)]
    unclosed: list[tuple[int, bool]] = []
    total = 0
    for match in pattern.finditer(text):
        kind = match.lastgroup
        if kind == "close":
            at = bisect_left(doubtful, match.start())
            if unclosed and not 0 < at < len(doubtful):
                start, is_counted = unclosed.pop()
                total += (match.start() - start) * is_counted
        elif kind is None:
            total += sum((length - start) * is_counted for start, is_counted in unclosed)
            unclosed.clear()
        else:
            unclosed.append((match.start(), kind == "link" or pattern is _BRACKETS))
    total += sum((length - start) * is_counted for start, is_counted in unclosed)
    return total * steps


def _formula_cost(text: str) -> float:
    """Return the cost of the characters that may be TeX: those between an opening and a closing dollar sign."""
    dollars = list(_DOLLAR.finditer(text))
    total = 0
    for left, right in pairwise(dollars):
        is_block = len(left[0]) > 1 and len(right[0]) > 1
        opens = text[left.end() : left.end() + 1].strip() and text[right.start() - 1].strip()
        total += right.start() - left.end() if is_block or opens else 0
    return total * _TEX_CHARACTER


_SEPARATOR = re.compile(r"[ \t>]*[|: -]*-[|: -]*")
_ITEM, _NUMBERED = re.compile(r"[ ]{0,3}[*+-][ ]"), re.compile(r"[ ]{0,3}\d+\.[ ]")
_CONTINUED = re.compile(r"[ ]+(?:[^\s\-=_*#`~+\d]|\*+[^\s*]|_+[^\s_]|`{1,2}[^`]|\d+[^\d.)]|[-+~=#](?=[^\s\-+~=#]))")
_REFERENCE = re.compile(r"[ ]{0,3}\[[^\[\]^][^\[\]]*\]:[ ]*\S+[ ]*(?:\"[^\"]*\"[ ]*)?")
_OTHER_SYNTAX = (*"!?/=<$\\`~#:>[{*&%", "    ")
"""Prefixes of a table's header row that let another extension claim the paragraph."""


def units(lines: list[str]) -> Iterator[tuple[str, float]]:
    """Yield the texts of a paragraph that are converted separately, each with its additional cost.

    These are the rows of a table and the items of a list if no extension can parse them differently; otherwise the
    whole paragraph.
    """
    cells = _cells(lines)
    if len(lines) > 2 and (_is_table(lines) or all(map(_REFERENCE.fullmatch, lines))):
        for line in lines:
            yield line, cells / len(lines)
        return
    item = next((kind for kind in (_ITEM, _NUMBERED) if kind.match(lines[0])), None)
    if item and len(lines) > 2 and all(item.match(line) or _CONTINUED.match(line) for line in lines):
        item_lines: list[str] = []
        for line in lines:
            if item_lines and item.match(line):
                yield "\n".join(item_lines), 0
                item_lines.clear()
            item_lines.append(line)
        yield "\n".join(item_lines), 0
        return
    yield "\n".join(lines), cells


def _cells(lines: list[str]) -> float:
    """Return the cost of a table's cells. Each row gets as many as the separator line has, filled or not."""
    for number, line in enumerate(lines):
        if "|" in line and _SEPARATOR.fullmatch(line):
            rows = len(lines) - number
            return (line.count("|") + 1) * rows * _CELL + rows * rows * _ROW_PAIR
    return 0


def _is_table(lines: list[str]) -> bool:
    header, separator = lines[0], lines[1]
    if "|" not in separator or not _SEPARATOR.fullmatch(separator) or header.startswith(_OTHER_SYNTAX):
        return False
    simple = "`" not in header and "\\" not in header
    return simple and header.strip(" ").strip("|").count("|") == separator.strip(" ").strip("|").count("|") > 0
