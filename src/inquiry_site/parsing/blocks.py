"""Find the blocks of a Markdown body, its code and its comments; no other module decides what is code."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

from inquiry_site.html.syntax import RAW_ELEMENTS, end_of_raw
from inquiry_site.parsing.callouts import CALLOUT

_PERCENT_SIGNS = r"%%(?!%(?!%))"
"""What begins and ends a comment of Obsidian; of three percent signs, the first is that of a number."""
_OPENING = re.compile(
    r"^[ \t>]*(?:[-*+][ \t]+|\d+[.)][ \t]+)?(?P<fence>`{3,}(?=[^`\n]*$)|~{3,})"
    r"|(?P<escape>\\[\\`<])"
    r"|(?P<ticks>`+)"
    rf"|(?P<percent>{_PERCENT_SIGNS})"
    r"|<!--"
    rf"|<(?P<raw>(?i:pre|code|{'|'.join(RAW_ELEMENTS)}))\b",
    re.MULTILINE,
)
_PERCENT = re.compile(_PERCENT_SIGNS)
_AFTER_NUMBER = re.compile(r"(?<=[0-9])%%(?!\w)")
_TICKS = re.compile(r"(?<!\\)(?P<slashes>\\*)(?P<ticks>`+)")
_NOT_NEWLINE = re.compile(r"[^\n]+")
_QUOTE_MARKS = re.compile(r"(?:[ ]{0,3}>[ ]?)+")
_CONTAINER = re.compile(r"(?:[-*+]|\d+[.)]|:)[ \t]|!!!|\?\?\?\+?|===\+?[ \t]|\[\^[^\]]+\]:")
_ITEM = re.compile(r"[ \t>]*(?:(?:[-*+:]|\d+[.)])[ \t]|\[\^[^\[\]\n]+\]:)")
_TABLE_DELIMITER = re.compile(r"[ \t>]*+\|?[ \t]*:?-+:?[ \t]*\|[-:| \t]*$")
_HEADING = re.compile(r"[ ]{0,3}#{1,6}(?:[ \t]|$)")
_UNDERLINE = re.compile(r"[ ]{0,3}(?:=+|-+)[ \t]*$")
_OPENER = re.compile(r"[ \t>]*(?:!!!|\?\?\?\+?|===[!+]?)[ \t]")
_CALLOUT = re.compile(rf"[ \t>]*(?<=>)[ \t]*{CALLOUT}")
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
    """Start and end of each comment, in HTML (``<!-- … -->``) or between percent signs (``%% … %%``)."""
    raw: tuple[tuple[int, int], ...] = ()
    """Start and end of each blanked-out element of raw HTML whose content is not prose, such as ``<pre>``."""
    fences: tuple[tuple[int, int], ...] = ()
    """Start and end of the characters that open each fence; the language follows on the same line."""
    unclosed_comment: tuple[int, int] | None = None
    """Start and end of percent signs that open a comment which is never closed: everything after them is in it."""


@dataclass(slots=True)
class _Blanked:
    """Collects what is not prose."""

    comments: list[tuple[int, int]] = field(default_factory=list)
    raw: list[tuple[int, int]] = field(default_factory=list)
    fences: list[tuple[int, int]] = field(default_factory=list)
    unclosed: tuple[int, int] | None = None
    unclosed_comment: tuple[int, int] | None = None
    never_closed: set[str] = field(default_factory=set)
    """Names of raw elements without an end tag; empty for comments in HTML."""
    line: tuple[int, list[int]] = (-1, [])
    """The end of a line, and the offsets of the percent signs in it that certainly begin or end a comment."""

    def count_delimiters(self, body: str, start: int) -> int:
        """Return how many pairs of percent signs from an offset to the end of its line certainly belong to comments."""
        end = body.find("\n", start)
        end = end if end >= 0 else len(body)
        if self.line[0] != end:
            pairs = (match.start() for match in _PERCENT.finditer(body, start, end))
            self.line = end, [pair for pair in pairs if not _AFTER_NUMBER.match(body, pair)]
        return len(self.line[1]) - bisect_left(self.line[1], start)


def find_blocks(body: str) -> Layout:
    """Blank out fenced code, indented code, comments and HTML that is code; divide the rest into blocks.

    The rules are those that Python-Markdown and CommonMark share. An unclosed fence extends to the end of the body, as
    on code hosts; an unclosed HTML comment is text. Comments between percent signs are Obsidian's: an unclosed one
    extends to the end of the body, because what it was meant to hide must not be published.
    """
    blanked = _Blanked()
    prose = _blank_comments_and_fences(body, blanked)
    if "    " in prose or "\t" in prose:
        prose = _blank_indented_code(prose, body)
    return Layout(
        prose,
        tuple(_divide(prose)),
        blanked.unclosed,
        tuple(blanked.comments),
        tuple(blanked.raw),
        tuple(blanked.fences),
        blanked.unclosed_comment,
    )


def hide_percent_comments(body: str, layout: Layout) -> str:
    """Return a body with spaces in place of its comments between percent signs."""
    if "%%" not in body:
        return body
    pieces: list[str] = []
    position = 0
    for start, end in layout.comments:
        if body.startswith("%%", start):
            pieces += [body[position:start], layout.prose[start:end]]
            position = end
    return "".join((*pieces, body[position:]))


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        yield start, end
        start = end


def _blank(text: str) -> str:
    return _NOT_NEWLINE.sub(lambda match: " " * len(match[0]), text)


def _blank_comments_and_fences(body: str, blanked: _Blanked) -> str:
    if not any(opening in body for opening in ("`", "~~~", "<", "%%")):
        return body
    pieces: list[str] = []
    position = written = 0
    while (opening := _OPENING.search(body, position)) is not None:
        if opening["ticks"] or opening["escape"]:
            position = _end_of_code_span(body, opening) if opening["ticks"] else opening.end()
            continue
        end, is_blank = _end_of_opened(body, opening, blanked)
        if is_blank:
            pieces += [body[written : opening.start()], _blank(body[opening.start() : end])]
            written = end
        position = end
    pieces.append(body[written:])
    return "".join(pieces)


def _end_of_opened(body: str, opening: re.Match[str], blanked: _Blanked) -> tuple[int, bool]:
    """Return the end of a fence, comment or raw element, and whether it is to be blanked out; otherwise it is text."""
    if opening["fence"]:
        blanked.fences.append(opening.span("fence"))
        end = _end_of_fence(body, opening)
        if end < 0:
            blanked.unclosed = opening.span("fence")
        return (end if end >= 0 else len(body)), True
    if opening["percent"]:
        return _end_of_percent_comment(body, opening.start(), blanked)
    name = (opening["raw"] or "").lower()
    closing = None if name in blanked.never_closed else end_of_raw(name).search(body, opening.end())
    if closing is None:
        blanked.never_closed.add(name)
        return opening.end(), False
    (blanked.raw if name else blanked.comments).append((opening.start(), closing.end()))
    return closing.end(), True


def _end_of_percent_comment(body: str, start: int, blanked: _Blanked) -> tuple[int, bool]:
    """Return the end of a comment between percent signs, and True; or that of percent signs that are text, and False.

    Percent signs between a digit and a space or a sign are text (“5%% of them”), unless their line holds an odd number
    of others, so that one of these closes them (“5%% or 6? %% of them”).
    """
    if _AFTER_NUMBER.match(body, start) and not blanked.count_delimiters(body, start + 2) % 2:
        return start + 2, False
    end = body.find("%%", start + 2)
    if end < 0:
        blanked.unclosed_comment = start, start + 2
    end = len(body) if end < 0 else end + 2
    blanked.comments.append((start, end))
    return end, True


def _end_of_code_span(body: str, opening: re.Match[str]) -> int:
    """Return the end of the code span that backticks open, or of the backticks if it is not closed on the same line."""
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
        elif is_blank or is_heading or _OPENER.match(line) or ("[!" in line and _CALLOUT.match(line)):
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
