"""Where a body's blocks stand, and what in it is code or comment: the only place that decides this."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FENCE = re.compile(r"[ \t>]*(?:[-*+][ \t]+|\d+[.)][ \t]+)?(`{3,}(?=[^`\n]*$)|~{3,})")
_QUOTE_MARKS = re.compile(r"(?:[ ]{0,3}>[ ]?)+")
_CONTAINER = re.compile(r"(?:[-*+]|\d+[.)]|:)[ \t]|!!!|\?\?\?\+?|===\+?[ \t]|\[\^[^\]]+\]:")
_ITEM = re.compile(r"[ \t>]*(?:[-*+]|\d+[.)])[ \t]")
_HEADING = re.compile(r"[ ]{0,3}#{1,6}(?:[ \t]|$)")
_UNDERLINE = re.compile(r"[ ]{0,3}(?:=+|-+)[ \t]*$")
_OPENER = re.compile(r"[ \t>]*(?:!!!|\?\?\?\+?|===[!+]?)[ \t]")
_TAB = 4


@dataclass(frozen=True, slots=True)
class Block:
    """A run of lines that belong together; offsets into the body. Code and comments are in no block."""

    start: int
    end: int
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """A body with everything that is not prose blanked out (same length, same lines), and its blocks."""

    prose: str
    blocks: tuple[Block, ...]


def find_blocks(body: str) -> Layout:
    """Blank out fenced code, indented code and comments; divide the rest into blocks.

    The reading is the one that Python-Markdown and CommonMark share. An unclosed fence reaches to the
    end, as on code hosts; an unclosed comment is text.
    """
    prose = _blank_comments_and_fences(body)
    if "    " in prose or "\t" in prose:
        prose = _blank_indented_code(prose)
    return Layout(prose, tuple(_divide(prose)))


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        yield start, end
        start = end


def _blank(text: str) -> str:
    return "".join("\n" if char == "\n" else " " for char in text)


def _blank_comments_and_fences(body: str) -> str:
    if "<!--" not in body and "```" not in body and "~~~" not in body:
        return body
    pieces: list[str] = []
    last_closing = body.rfind("-->")
    position = 0
    while position < len(body):
        end = body.find("\n", position) + 1 or len(body)
        at_line_start = position == 0 or body[position - 1] == "\n"
        fence = _FENCE.match(body[position:end].rstrip("\n")) if at_line_start else None
        if fence is not None:
            close = _end_of_fence(body, end, fence[1])
            pieces.append(_blank(body[position:close]))
            position = close
            continue
        comment = _comment_in(body, position, end) if position <= last_closing else -1
        if comment < 0 or comment > last_closing:
            pieces.append(body[position:end])
            position = end
            continue
        close = body.index("-->", comment) + 3
        pieces.append(body[position:comment] + _blank(body[comment:close]))
        position = close
    return "".join(pieces)


def _end_of_fence(body: str, position: int, mark: str) -> int:
    for match in re.compile(rf"^[ \t>]*{mark[0]}{{{len(mark)},}}[ \t]*(?:\n|\Z)", re.MULTILINE).finditer(body, position):
        return match.end()
    return len(body)


def _comment_in(body: str, start: int, end: int) -> int:
    """Offset of the first comment that opens in this line outside a code span; -1 when none does."""
    place = body.find("<!--", start, end)
    if place < 0 or "`" not in body[start:place]:
        return place
    masked = mask_code_spans(body[start:end])
    found = masked.find("<!--")
    return start + found if found >= 0 else -1


def mask_code_spans(text: str) -> str:
    """The text with each code span (its marks included) replaced by blanks of the same length."""
    if "`" not in text:
        return text
    runs = [(match.start(), match.end()) for match in re.finditer(r"(?<!\\)`+|(?<=\\)`(?=`)`*", text)]
    later: dict[int, list[int]] = {}
    for index in range(len(runs) - 1, -1, -1):
        later.setdefault(runs[index][1] - runs[index][0], []).append(index)
    pieces: list[str] = []
    position = index = 0
    while index < len(runs):
        start, end = runs[index]
        same = later[end - start]
        while same and same[-1] <= index:
            same.pop()
        if not same:
            index += 1
            continue
        closing = same[-1]
        pieces += [text[position:start], _blank(text[start : runs[closing][1]])]
        position = runs[closing][1]
        index = closing + 1
    pieces.append(text[position:])
    return "".join(pieces)


def _blank_indented_code(prose: str) -> str:
    pieces: list[str] = []
    containers: list[int] = []
    after_blank, in_code = True, False
    for start, end in _lines(prose):
        line = prose[start:end]
        quote = _QUOTE_MARKS.match(line)
        content = (line[quote.end() :] if quote else line).rstrip("\n")
        stripped = content.lstrip(" \t")
        if not stripped:
            after_blank = True
            pieces.append(line)
            continue
        indent = _width(content[: len(content) - len(stripped)])
        while containers and after_blank and indent <= containers[-1]:
            containers.pop()
        inside = containers[-1] + _TAB if containers else 0
        in_code = indent >= inside + _TAB and (after_blank or in_code)
        if not in_code and _CONTAINER.match(stripped):
            while containers and indent <= containers[-1]:
                containers.pop()
            containers.append(indent)
        pieces.append(_blank(line) if in_code else line)
        after_blank = False
    return "".join(pieces)


def _width(indent: str) -> int:
    return len(indent.expandtabs(_TAB))


def _divide(prose: str) -> Iterator[Block]:
    """Blocks between blank lines; a heading, a list item and a row of a table stand for themselves."""
    begun: int | None = None
    previous_end = 0
    for start, end in _lines(prose):
        line = prose[start:end]
        if not line.strip(" \t\n>"):
            if begun is not None:
                yield Block(begun, previous_end)
            begun = None
        elif _HEADING.match(line) or _OPENER.match(line):
            if begun is not None:
                yield Block(begun, previous_end)
            yield Block(start, end, is_heading=_HEADING.match(line) is not None)
            begun = None
        elif begun is not None and _UNDERLINE.match(line):
            yield Block(begun, previous_end, is_heading="\n" not in prose[begun:previous_end].rstrip("\n"))
            begun = None
        else:
            if begun is not None and (_ITEM.match(line) or line.lstrip(" \t>").startswith("|")):
                yield Block(begun, previous_end)
                begun = None
            begun = start if begun is None else begun
        previous_end = end
    if begun is not None:
        yield Block(begun, previous_end)
