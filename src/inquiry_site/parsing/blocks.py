"""Where a body's blocks stand, and what in it is code or comment: the only place that decides this."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from inquiry_site.html.syntax import RAW_ELEMENTS, end_of_raw

_OPENING = re.compile(
    r"^[ \t>]*(?:[-*+][ \t]+|\d+[.)][ \t]+)?(?P<fence>`{3,}(?=[^`\n]*$)|~{3,})"
    r"|(?P<escape>\\[\\`<])"
    r"|(?P<ticks>`+)"
    r"|<!--"
    rf"|<(?P<raw>(?i:pre|code|{'|'.join(RAW_ELEMENTS)}))\b",
    re.MULTILINE,
)
_TICKS = re.compile(r"(?<!\\)(?P<slashes>\\*)(?P<ticks>`+)")
_NOT_NEWLINE = re.compile(r"[^\n]+")
_QUOTE_MARKS = re.compile(r"(?:[ ]{0,3}>[ ]?)+")
_CONTAINER = re.compile(r"(?:[-*+]|\d+[.)]|:)[ \t]|!!!|\?\?\?\+?|===\+?[ \t]|\[\^[^\]]+\]:")
_ITEM = re.compile(r"[ \t>]*(?:(?:[-*+:]|\d+[.)])[ \t]|\[\^[^\[\]\n]+\]:)")
_ROW_OF_DASHES = re.compile(r"[ \t>]*+\|?[ \t]*:?-+:?[ \t]*\|[-:| \t]*$")
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
    unclosed: tuple[int, int] | None = None
    """Where a fence stands that is never closed, so that everything behind it is taken for code."""
    comments: tuple[tuple[int, int], ...] = ()
    """Where HTML comments stand."""
    raw: tuple[tuple[int, int], ...] = ()
    """Where elements of raw HTML are blanked out whose content is no prose, such as ``<pre>``."""


def find_blocks(body: str) -> Layout:
    """Blank out fenced code, indented code, comments and HTML that is code; divide the rest into blocks.

    The reading is the one that Python-Markdown and CommonMark share. An unclosed fence reaches to the
    end, as on code hosts; an unclosed comment is text.
    """
    comments: list[tuple[int, int]] = []
    raw: list[tuple[int, int]] = []
    prose, unclosed = _blank_comments_and_fences(body, comments, raw)
    if "    " in prose or "\t" in prose:
        prose = _blank_indented_code(prose, body)
    return Layout(prose, tuple(_divide(prose)), unclosed, tuple(comments), tuple(raw))


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        yield start, end
        start = end


def _blank(text: str) -> str:
    return _NOT_NEWLINE.sub(lambda match: " " * len(match[0]), text)


def _blank_comments_and_fences(
    body: str, comments: list[tuple[int, int]], raw: list[tuple[int, int]]
) -> tuple[str, tuple[int, int] | None]:
    if not any(sign in body for sign in ("`", "~~~", "<")):
        return body, None
    pieces: list[str] = []
    never_closed: set[str] = set()
    unclosed: tuple[int, int] | None = None
    position = written = 0
    while (mark := _OPENING.search(body, position)) is not None:
        if mark["ticks"] or mark["escape"]:
            position = _end_of_code_span(body, mark) if mark["ticks"] else mark.end()
            continue
        if mark["fence"]:
            end = _end_of_fence(body, mark)
            if end < 0:
                unclosed, end = mark.span("fence"), len(body)
        else:
            name = (mark["raw"] or "").lower()
            close = None if name in never_closed else end_of_raw(name).search(body, mark.end())
            if close is None:
                never_closed.add(name)
                position = mark.end()
                continue
            end = close.end()
            (comments if mark["raw"] is None else raw).append((mark.start(), end))
        pieces += [body[written : mark.start()], _blank(body[mark.start() : end])]
        position = written = end
    pieces.append(body[written:])
    return "".join(pieces), unclosed


def _end_of_code_span(body: str, mark: re.Match[str]) -> int:
    """Where the code span ends that these backticks open; behind them when this line does not close it."""
    line_end = body.find("\n", mark.end())
    ticks = mark["ticks"]
    closing = re.compile(f"(?<!`){ticks}(?!`)").search(body, mark.end(), line_end if line_end >= 0 else len(body))
    return closing.end() if closing else mark.end()


def _end_of_fence(body: str, mark: re.Match[str]) -> int:
    """Behind the closing fence, or the end of the quotation it stands in; -1 where there is neither."""
    fence = mark["fence"]
    closing = rf"[ \t>]*{fence[0]}{{{len(fence)},}}[ \t]*(?:\n|\Z)"
    if ">" in mark[0]:
        closing = rf"{closing}|(?![ ]{{0,3}}>)"
    line_end = body.find("\n", mark.end())
    found = re.compile(f"^(?:{closing})", re.MULTILINE).search(body, line_end + 1) if line_end >= 0 else None
    return found.end() if found else -1


def code_spans(text: str) -> Iterator[tuple[int, int, int]]:
    """Start and end of each code span, its marks included, and how many backticks make a mark."""
    if "`" not in text:
        return
    runs = list(_TICKS.finditer(text))
    closing: dict[int, list[int]] = {}
    for index in range(len(runs) - 1, -1, -1):
        closing.setdefault(len(runs[index]["ticks"]), []).append(index)
    index = 0
    while index < len(runs):
        # A backslash takes one backtick from a mark that opens; in a code span it is a letter like any other.
        escaped = len(runs[index]["slashes"]) % 2
        ticks = len(runs[index]["ticks"]) - escaped
        same = closing.get(ticks, [])
        while same and same[-1] <= index:
            same.pop()
        if same:
            yield runs[index].start("ticks") + escaped, runs[same[-1]].end(), ticks
            index = same[-1]
        index += 1


def mask_code_spans(text: str) -> str:
    """The text with each code span (its marks included) replaced by blanks of the same length."""
    pieces: list[str] = []
    position = 0
    for start, end, _ in code_spans(text):
        pieces += [text[position:start], _blank(text[start:end])]
        position = end
    pieces.append(text[position:])
    return "".join(pieces)


def _blank_indented_code(prose: str, body: str) -> str:
    """Blank out what stands four columns further in than its list item; a comment before it indents nothing."""
    pieces: list[str] = []
    containers: list[int] = []
    after_blank, in_code = True, False
    for start, end in _lines(prose):
        line, written = prose[start:end], body[start:end]
        quote = _QUOTE_MARKS.match(written)
        content = (written[quote.end() :] if quote else written).rstrip("\n")
        stripped = content.lstrip(" \t")
        if not stripped or line.isspace():
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
    in_table = False
    for start, end in _lines(prose):
        line = prose[start:end]
        is_blank = not line.strip(" \t\n>")
        is_heading = _HEADING.match(line) is not None
        if begun is not None and _UNDERLINE.match(line):
            above = prose[begun:previous_end].rstrip("\n")
            yield Block(begun, previous_end, is_heading="\n" not in above and not _ITEM.match(above))
            begun = None
        elif is_blank or is_heading or _OPENER.match(line):
            if begun is not None:
                yield Block(begun, previous_end)
            if not is_blank:
                yield Block(start, end, is_heading)
            begun, in_table = None, False
        else:
            in_table = in_table or (begun is not None and _ROW_OF_DASHES.match(line) is not None)
            if begun is not None and (in_table or _ITEM.match(line)):
                yield Block(begun, previous_end)
                begun = None
            begun = start if begun is None else begun
        previous_end = end
    if begun is not None:
        yield Block(begun, previous_end)
