"""Measure how deeply a body's Markdown is nested, without parsing it: converters recurse into each level."""

from __future__ import annotations

import re
from collections.abc import Iterator

TooDeep = tuple[int, int, str]
"""Start and end offset of the delimiter that exceeds the limit, and the name of the nested construct."""

# Converters remove comments and tags before they read lists, so text after them counts as the start of a line.
_MARKER = re.compile(
    r"(?:[ \t]++|<!--(?:(?!-->).)*+-->|<[^<>\n]*+>)*+"
    r"(?:(?P<quote>>)|(?P<item>[-*+:]|\d+[.)]|!!!|\?\?\?\+?|===[!+]?|\[\^[^\[\]\n]*\]:)(?=[ \t]))"
)
_RULE = re.compile(r"[ ]{0,3}(?:(?:-[ ]*){3,}|(?:\*[ ]*){3,})$")
_MARKED_LINE = re.compile(r"^[ \t]*(?:[-*+>:!?=\[<]|\d+[.)]).*", re.MULTILINE)
_SLASHES = re.compile(r"^[ \t>]*/{3,}[ \t]*(?P<name>\S)?", re.MULTILINE)
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_DEFINITION = re.compile(r"^[ ]{0,3}:[ \t]", re.MULTILINE)
_DELIMITERS = re.compile(r"\*+|_+|~+|\^+|=+|\++")
_BRACKETS = re.compile(r"[\[\]{}]")
_TAG = re.compile(r"<(?P<slash>/?)(?P<name>[a-zA-Z][a-zA-Z0-9-]*)")
_OPENING = {"]": "[", "}": "{"}
_NAMES = {"[": "brackets", "{": "braces"}
_CONTAINER_SIGNS, _PAIR_SIGNS = b"-*+>.):\t!?=/", b"[{<*_~^=+"
"""Each level contains at least one of these: the first set for containers such as lists, the second for the rest."""
_SIGNS_OF_A_LEVEL = 10
_LEVELS_OF_A_DEFINITION = 0.25
"""Levels that each further definition in a paragraph adds: it uses few frames of the converter's stack."""
_MOST_DEFINITIONS = 200


def count_chars(body: str, signs: bytes) -> int:
    """Return how many of the given ASCII characters a text contains.

    Deleting them from the encoded text is several times as fast as counting each of them.
    """
    data = body.encode(errors="surrogatepass")
    return len(data) - len(data.translate(None, signs))


def may_be_deep(body: str, most: int) -> bool:
    """Return whether a body may be nested more than ``most`` levels deep. Quick, and False for nearly all bodies."""
    if max(count_chars(body, _CONTAINER_SIGNS), count_chars(body, _PAIR_SIGNS)) <= most:
        return False
    count = body.count
    return (
        count("- ") + count("* ") + count("+ ") + count(">") + count(". ") + count(") ") + count(": ") + count("\t")
        > most
        or count("!!!") + count("???") + count("===") + count("///") > most
        or count("[") > most
        or count("{") > most
        or count("<") > most
        or count("*") + count("_") > most
        or count("~") + count("^") + count("=") + count("+") > most
    )


def find_too_deep(body: str, most: int) -> TooDeep | None:
    """Return the first span at which a body is nested more than ``most`` levels deep, or None if it never is.

    Kinds of nesting are checked one after another; the span is the first of the first kind that exceeds the depth.
    """
    finders = (_deep_containers, _deep_slashes, _deep_definitions, _deep_brackets, _deep_emphasis, _deep_elements)
    return next((excess for find in finders for excess in find(body, most)), None)


def _deep_containers(body: str, most: int) -> Iterator[TooDeep]:
    """Find nested lists, quotations, admonitions, definitions and footnotes, on one line or by indentation."""
    columns: list[int] = []
    for line in _MARKED_LINE.finditer(body):
        if _RULE.match(line[0]):
            continue
        quotes = position = 0
        while marker := _MARKER.match(body, position or line.start(), line.end()):
            position = marker.end()
            if marker["quote"]:
                quotes += 1
            else:
                column = len(body[line.start() : marker.start("item")].expandtabs(4))
                while columns and columns[-1] >= column:
                    columns.pop()
                columns.append(column)
            if quotes + len(columns) > most:
                start = marker.start("quote" if marker["quote"] else "item")
                yield start, position, "lists and quotations"
                return


def _deep_slashes(body: str, most: int) -> Iterator[TooDeep]:
    """Find nested blocks between lines of slashes; an unclosed block extends to the end."""
    depth = 0
    for line in _SLASHES.finditer(body):
        depth = depth + 1 if line["name"] else max(depth - 1, 0)
        if depth > most:
            yield *line.span(), "blocks of “///”"
            return


def _deep_definitions(body: str, most: int) -> Iterator[TooDeep]:
    """Find definitions without a blank line between them: each is parsed as part of the one before."""
    allowed = min(int(most / _LEVELS_OF_A_DEFINITION), _MOST_DEFINITIONS)
    if body.count("\n:") + body.count("\n ") <= allowed:
        return
    for start, end in _paragraphs(body):
        for number, match in enumerate(_DEFINITION.finditer(body, start, end)):
            if number >= allowed:
                yield *match.span(), "definitions without a blank line between them"
                return


def _paragraphs(body: str) -> Iterator[tuple[int, int]]:
    start = 0
    for blank in _BLANK_LINE.finditer(body):
        yield start, blank.start() + 1
        start = blank.end()
    yield start, len(body)


def _deep_brackets(body: str, most: int) -> Iterator[TooDeep]:
    """Find nested brackets (links in links) and braces (TeX); an unclosed one contains nothing."""
    if body.count("[") <= most and body.count("{") <= most:
        return
    for start, end in _paragraphs(body):
        nests = {sign: _Nest() for sign in "[{"}
        for match in _BRACKETS.finditer(body, start, end):
            sign = match[0]
            if sign in nests:
                nests[sign].open()
            elif nests[_OPENING[sign]].close() > most:
                yield *match.span(), _NAMES[_OPENING[sign]]
                return


def _deep_emphasis(body: str, most: int) -> Iterator[TooDeep]:
    """Find nested emphasis, separately for each delimiter character, because spans of different ones may overlap."""
    for start, end in _paragraphs(body):
        nests: dict[str, _Nest] = {}
        for run in _DELIMITERS.finditer(body, start, end):
            before, after = body[run.start() - 1 : run.start()], body[run.end() : run.end() + 1]
            if not before.strip() and not after.strip():
                continue
            nest = nests.setdefault(run[0][0], _Nest())
            # A reader sees a run of delimiters as one level; only a very long run takes a converter many levels.
            levels = 1 + (run.end() - run.start()) // _SIGNS_OF_A_LEVEL
            if before.strip() and nest.is_open:
                if nest.close(levels) > most:
                    yield *run.span(), "emphasis"
                    return
            elif after.strip():
                nest.open()


def _deep_elements(body: str, most: int) -> Iterator[TooDeep]:
    """Find nested HTML elements."""
    if body.count("</") <= most:
        return
    nests: dict[str, _Nest] = {}
    depth = 0
    for tag in _TAG.finditer(body):
        name = tag["name"].lower()
        nest = nests.setdefault(name, _Nest())
        if not tag["slash"]:
            nest.open()
            continue
        # Elements with different names may be nested in each other, so their depths add up.
        depth -= nest.deepest
        nest.close()
        depth += nest.deepest
        if depth > most * 2 or nest.deepest > most:
            yield *tag.span(), "HTML elements"
            return


class _Nest:
    """Track how deeply pairs of one delimiter are nested."""

    def __init__(self) -> None:
        self._heights: list[int] = []
        """For each open delimiter, the depth of the pairs within it."""
        self.deepest = 0

    @property
    def is_open(self) -> bool:
        """Whether a delimiter is open."""
        return bool(self._heights)

    def open(self) -> None:
        """Open a pair."""
        self._heights.append(0)

    def close(self, levels: int = 1) -> int:
        """Close the innermost open pair, if any, and return its depth including the pairs within it."""
        if not self._heights:
            return 0
        height = self._heights.pop() + levels
        if self._heights:
            self._heights[-1] = max(self._heights[-1], height)
        self.deepest = max(self.deepest, height)
        return height
