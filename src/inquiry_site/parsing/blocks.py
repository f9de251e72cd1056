"""Find the blocks of a Markdown body, its code and its comments; no other module decides what is code."""

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
_TABLE_DELIMITER = re.compile(r"[ \t>]*+\|?[ \t]*:?-+:?[ \t]*\|[-:| \t]*$")
_HEADING = re.compile(r"[ ]{0,3}#{1,6}(?:[ \t]|$)")
_UNDERLINE = re.compile(r"[ ]{0,3}(?:=+|-+)[ \t]*$")
_OPENER = re.compile(r"[ \t>]*(?:!!!|\?\?\?\+?|===[!+]?)[ \t]")
_TAB = 4
"""Columns per level of indentation."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list item or table row as offsets into the body; code and comments are in no block."""

    start: int
    end: int
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """The blocks of a body, and the body with everything but prose blanked out."""

    prose: str
    """The body with spaces in place of code and comments: it has the same length and the same line breaks."""
    blocks: tuple[Block, ...]
    unclosed: tuple[int, int] | None = None
    """Start and end of the opening of an unclosed fence: everything after it counts as code."""
    comments: tuple[tuple[int, int], ...] = ()
    """Start and end of each HTML comment."""
    raw: tuple[tuple[int, int], ...] = ()
    """Start and end of each blanked-out element of raw HTML whose content is not prose, such as ``<pre>``."""


def find_blocks(body: str) -> Layout:
    """Blank out fenced code, indented code, comments and HTML that is code; divide the rest into blocks.

    The rules are those that Python-Markdown and CommonMark share. An unclosed fence extends to the end of the body, as
    on code hosts; an unclosed comment is text.
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
    if not any(opening in body for opening in ("`", "~~~", "<")):
        return body, None
    pieces: list[str] = []
    never_closed: set[str] = set()
    unclosed: tuple[int, int] | None = None
    position = written = 0
    while (opening := _OPENING.search(body, position)) is not None:
        if opening["ticks"] or opening["escape"]:
            position = _end_of_code_span(body, opening) if opening["ticks"] else opening.end()
            continue
        if opening["fence"]:
            end = _end_of_fence(body, opening)
            if end < 0:
                unclosed, end = opening.span("fence"), len(body)
        else:
            name = (opening["raw"] or "").lower()
            closing = None if name in never_closed else end_of_raw(name).search(body, opening.end())
            if closing is None:
                never_closed.add(name)
                position = opening.end()
                continue
            end = closing.end()
            (comments if opening["raw"] is None else raw).append((opening.start(), end))
        pieces += [body[written : opening.start()], _blank(body[opening.start() : end])]
        position = written = end
    pieces.append(body[written:])
    return "".join(pieces), unclosed


def _end_of_code_span(body: str, opening: re.Match[str]) -> int:
    """Return the end of the code span that backticks open; their own end if it is not closed on the same line."""
    line_end = body.find("\n", opening.end())
    ticks = opening["ticks"]
    closing = re.compile(f"(?<!`){ticks}(?!`)").search(body, opening.end(), line_end if line_end >= 0 else len(body))
    return closing.end() if closing else opening.end()


def _end_of_fence(body: str, opening: re.Match[str]) -> int:
    """Return the end of the closing fence or of the quotation around the fence; -1 if there is neither."""
    fence = opening["fence"]
    pattern = rf"[ \t>]*{fence[0]}{{{len(fence)},}}[ \t]*(?:\n|\Z)"
    if ">" in opening[0]:
        pattern = rf"{pattern}|(?![ ]{{0,3}}>)"
    line_end = body.find("\n", opening.end())
    closing = re.compile(f"^(?:{pattern})", re.MULTILINE).search(body, line_end + 1) if line_end >= 0 else None
    return closing.end() if closing else -1


def code_spans(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield start and end of each code span, including its delimiters, and the number of backticks in a delimiter."""
    if "`" not in text:
        return
    runs = list(_TICKS.finditer(text))
    indices_by_length: dict[int, list[int]] = {}
    for index in range(len(runs) - 1, -1, -1):
        indices_by_length.setdefault(len(runs[index]["ticks"]), []).append(index)
    index = 0
    while index < len(runs):
        # A backslash escapes the first backtick of an opening delimiter; inside a code span it is literal.
        escaped = len(runs[index]["slashes"]) % 2
        ticks = len(runs[index]["ticks"]) - escaped
        candidates = indices_by_length.get(ticks, [])
        while candidates and candidates[-1] <= index:
            candidates.pop()
        if candidates:
            yield runs[index].start("ticks") + escaped, runs[candidates[-1]].end(), ticks
            index = candidates[-1]
        index += 1


def mask_code_spans(text: str) -> str:
    """Return text with each code span, including its delimiters, replaced by as many spaces."""
    pieces: list[str] = []
    position = 0
    for start, end, _ in code_spans(text):
        pieces += [text[position:start], _blank(text[start:end])]
        position = end
    pieces.append(text[position:])
    return "".join(pieces)


def _blank_indented_code(prose: str, body: str) -> str:
    """Blank out lines indented by at least four columns more than the content of their list item.

    Indentation is measured in the body, because in ``prose`` a blanked-out comment would count as indentation.
    """
    pieces: list[str] = []
    containers: list[int] = []
    after_blank, in_code = True, False
    for start, end in _lines(prose):
        line, body_line = prose[start:end], body[start:end]
        quote = _QUOTE_MARKS.match(body_line)
        content = (body_line[quote.end() :] if quote else body_line).rstrip("\n")
        stripped = content.lstrip(" \t")
        if not stripped or line.isspace():
            after_blank = True
            pieces.append(line)
            continue
        indent = _width(content[: len(content) - len(stripped)])
        while containers and after_blank and indent <= containers[-1]:
            containers.pop()
        content_indent = containers[-1] + _TAB if containers else 0
        in_code = indent >= content_indent + _TAB and (after_blank or in_code)
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
    """Yield the blocks between blank lines; a heading, a list item and a table row are blocks of their own."""
    block_start: int | None = None
    previous_end = 0
    in_table = False
    for start, end in _lines(prose):
        line = prose[start:end]
        is_blank = not line.strip(" \t\n>")
        is_heading = _HEADING.match(line) is not None
        if block_start is not None and _UNDERLINE.match(line):
            above = prose[block_start:previous_end].rstrip("\n")
            yield Block(block_start, previous_end, is_heading="\n" not in above and not _ITEM.match(above))
            block_start = None
        elif is_blank or is_heading or _OPENER.match(line):
            if block_start is not None:
                yield Block(block_start, previous_end)
            if not is_blank:
                yield Block(start, end, is_heading)
            block_start, in_table = None, False
        else:
            in_table = in_table or (block_start is not None and _TABLE_DELIMITER.match(line) is not None)
            if block_start is not None and (in_table or _ITEM.match(line)):
                yield Block(block_start, previous_end)
                block_start = None
            block_start = start if block_start is None else block_start
        previous_end = end
    if block_start is not None:
        yield Block(block_start, previous_end)
