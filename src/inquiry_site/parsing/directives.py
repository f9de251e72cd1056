"""Comments that set the level of a rule for a place: ``<!-- inquiry: off CODE because REASON -->``."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from inquiry_site.parsing.blocks import find_blocks
from inquiry_site.parsing.frontmatter import find_frontmatter

WORD = "inquiry:"
"""What such a comment begins with."""

_IN_YAML = re.compile(rf"(?:^|(?<=[ \t]))#[ \t]*{WORD}(?P<said>[^\n]*)", re.MULTILINE)
_IN_HTML = re.compile(rf"<!--\s*{WORD}(?P<said>.*?)-->", re.DOTALL)
_DIRECTIVE = re.compile(
    r"\s*(?P<level>\S+)(?P<codes>(?:[\s,]+(?!because\b)[^\s,]+)*?)(?P<file>[\s,]+in[\s]+this[\s]+file)?"
    r"(?:[\s,]+because\b\s*(?P<reason>.*))?\s*",
    re.DOTALL,
)
_WORD = re.compile(r"\S+")
_BLANK_LINE = re.compile(r"\n[ \t]*(?=\n|\Z)")


@dataclass(frozen=True, slots=True)
class Directive:
    """A comment that sets the level of rules. Offsets count characters of the file's text."""

    start: int
    end: int
    level: str
    codes: tuple[str, ...]
    reason: str
    first: int
    """Where the stretch begins that it is about."""
    last: int
    """Where that stretch ends."""


def find_directives(text: str) -> Iterator[Directive]:
    """The comments of a file that set levels, whatever they say: judging them is the rules' business.

    In prose such a comment is about the paragraph in which it stands, or the next one when it stands by itself; in
    frontmatter about its line, or the next value when it has a line of its own; with “in this file” about all of it.
    """
    if WORD not in text:
        return
    block = find_frontmatter(text)
    body = block.body if block else 0
    if block:
        for match in _IN_YAML.finditer(text, block.start, block.end):
            yield _directive(match, text, *_value_next_to(text, match.start(), block.end))
    layout = find_blocks(text[body:])
    paragraphs = _Paragraphs(text, body, [(start + body, end + body) for start, end in layout.comments])
    for start, end in layout.comments:
        match_in_body = _IN_HTML.fullmatch(text, start + body, end + body)
        if match_in_body:
            yield _directive(match_in_body, text, *paragraphs.beside(start + body, end + body))


def _directive(match: re.Match[str], text: str, first: int, last: int) -> Directive:
    said = _DIRECTIVE.fullmatch(match["said"])
    if said is None:
        return Directive(*match.span(), "", (), "", first, last)
    if said["file"]:
        first, last = 0, len(text)
    codes = tuple(code for code in re.split(r"[\s,]+", said["codes"]) if code)
    reason = " ".join((said["reason"] or "").split())
    return Directive(*match.span(), said["level"], codes, reason, first, last)


def _value_next_to(text: str, start: int, limit: int) -> tuple[int, int]:
    line_start = text.rfind("\n", 0, start) + 1
    line_end = _line_end(text, start)
    if text[line_start:start].strip():
        return line_start, line_end
    first = last = min(line_end + 1, limit)
    indent: int | None = None
    while last < limit:
        line = text[last : _line_end(text, last)]
        depth = len(line) - len(line.lstrip(" "))
        if indent is not None and line.strip() and depth <= indent:
            break
        indent = depth if indent is None and line.strip() else indent
        last = _line_end(text, last) + 1
    return first, min(last, limit)


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return end if end >= 0 else len(text)


class _Paragraphs:
    """Where the paragraphs of a text begin and end: looked for once, for a text may hold thousands of comments."""

    def __init__(self, text: str, body: int, comments: Iterable[tuple[int, int]]) -> None:
        self._text = text
        self._body = body
        blanks = list(_BLANK_LINE.finditer(text, max(body - 1, 0)))
        self._starts = [match.start() for match in blanks]
        self._ends = [match.end() for match in blanks]
        self._words = list(_next_to_text(text, body, comments))

    def beside(self, start: int, end: int) -> tuple[int, int]:
        """The paragraph that holds a comment; the one behind it when there is nothing else in that paragraph."""
        at = bisect_right(self._ends, start)
        before = self._ends[at - 1] if at else self._body
        word = bisect_left(self._words, start)
        following = self._words[word] if word < len(self._words) else len(self._text)
        if (word and self._words[word - 1] >= before) or following < self._end(end):
            return before, self._end(end)
        return following, self._end(following)

    def _end(self, start: int) -> int:
        at = bisect_left(self._starts, start)
        return self._starts[at] if at < len(self._starts) else len(self._text)


def _next_to_text(text: str, body: int, comments: Iterable[tuple[int, int]]) -> Iterator[int]:
    """Where the words of a body begin that stand in none of its comments."""
    position = body
    for start, end in (*comments, (len(text), len(text))):
        yield from (match.start() for match in _WORD.finditer(text, position, start))
        position = end
