"""Parse comments that set a rule's severity locally: ``<!-- inquiry: off CODE because REASON -->``."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from inquiry_site.parsing.blocks import find_blocks
from inquiry_site.parsing.frontmatter import find_frontmatter

PREFIX = "inquiry:"
"""The prefix of a directive comment."""

_IN_YAML = re.compile(rf"(?:^|(?<=[ \t]))#[ \t]*{PREFIX}(?P<content>[^\n]*)", re.MULTILINE)
_IN_HTML = re.compile(rf"<!--\s*{PREFIX}(?P<content>.*?)-->", re.DOTALL)
_DIRECTIVE = re.compile(
    r"\s*(?P<level>\S+)(?P<codes>(?:[\s,]+(?!because\b)[^\s,]+)*?)(?P<file>[\s,]+in[\s]+this[\s]+file)?"
    r"(?:[\s,]+because\b\s*(?P<reason>.*))?\s*",
    re.DOTALL,
)
_WORD = re.compile(r"\S+")
_BLANK_LINE = re.compile(r"\n[ \t]*(?=\n|\Z)")


@dataclass(frozen=True, slots=True)
class Directive:
    """A comment that sets the severity of rules. Offsets count characters of the file's text."""

    start: int
    end: int
    severity: str
    codes: tuple[str, ...]
    reason: str
    scope_start: int
    """Start of the span to which the comment applies."""
    scope_end: int
    """End of that span."""


def find_directives(text: str) -> Iterator[Directive]:
    """Yield all directive comments of a file. Their content is not validated here; the rules do that.

    In prose a directive applies to the paragraph that contains it, or to the next one if it is a paragraph by itself.
    In frontmatter it applies to its line, or to the next value if it has a line of its own. With “in this file” it
    applies to the whole file.
    """
    if PREFIX not in text:
        return
    block = find_frontmatter(text)
    body = block.body if block else 0
    if block:
        for match in _IN_YAML.finditer(text, block.start, block.end):
            yield _directive(match, text, *_yaml_scope(text, match.start(), block.end))
    layout = find_blocks(text[body:])
    paragraphs = _Paragraphs(text, body, [(start + body, end + body) for start, end in layout.comments])
    for start, end in layout.comments:
        match_in_body = _IN_HTML.fullmatch(text, start + body, end + body)
        if match_in_body:
            yield _directive(match_in_body, text, *paragraphs.scope(start + body, end + body))


def _directive(match: re.Match[str], text: str, first: int, last: int) -> Directive:
    directive = _DIRECTIVE.fullmatch(match["content"])
    if directive is None:
        return Directive(*match.span(), "", (), "", first, last)
    if directive["file"]:
        first, last = 0, len(text)
    codes = tuple(code for code in re.split(r"[\s,]+", directive["codes"]) if code)
    reason = " ".join((directive["reason"] or "").split())
    return Directive(*match.span(), directive["level"], codes, reason, first, last)


def _yaml_scope(text: str, start: int, limit: int) -> tuple[int, int]:
    """Return the span to which a directive at ``start`` applies, within frontmatter that ends at ``limit``."""
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
    """The paragraph boundaries of a text, found once because a text may contain thousands of comments."""

    def __init__(self, text: str, body: int, comments: Iterable[tuple[int, int]]) -> None:
        self._text = text
        self._body = body
        blanks = list(_BLANK_LINE.finditer(text, max(body - 1, 0)))
        self._starts = [match.start() for match in blanks]
        self._ends = [match.end() for match in blanks]
        self._words = list(_word_starts(text, body, comments))

    def scope(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the paragraph that contains a comment, or of the next one if it contains nothing else."""
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


def _word_starts(text: str, body: int, comments: Iterable[tuple[int, int]]) -> Iterator[int]:
    """Yield the offset of each word of a body that is outside its comments."""
    position = body
    for start, end in (*comments, (len(text), len(text))):
        yield from (match.start() for match in _WORD.finditer(text, position, start))
        position = end
