"""How deeply the Markdown of a body is nested, without parsing it: converters recurse into each level."""

from __future__ import annotations

import re
from collections.abc import Iterator

TooDeep = tuple[int, int, str]
"""Start and end of the sign that exceeds the limit, and what is nested: offsets into the body."""

# Comments and tags are taken out before lists are read, so that what follows them begins a line.
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
_OF_CONTAINERS, _OF_PAIRS = b"-*+>.):\t!?=/", b"[{<*_~^=+"
"""Signs of which each level takes at least one: of lists and the like, of everything else."""
_SIGNS_OF_A_LEVEL = 10
_LEVELS_OF_A_DEFINITION = 0.25
"""A definition below another in one paragraph is a level, but one that takes few frames of the converter's stack."""
_MOST_DEFINITIONS = 200


def signs_in(body: str, signs: bytes) -> int:
    """How many of some ASCII signs a text holds: in bytes, several times as fast as counting each of them."""
    data = body.encode(errors="surrogatepass")
    return len(data) - len(data.translate(None, signs))


def may_be_deep(body: str, most: int) -> bool:
    """Whether a body holds enough signs to exceed a depth: false for nearly all, and quick."""
    if max(signs_in(body, _OF_CONTAINERS), signs_in(body, _OF_PAIRS)) <= most:
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
    """The first place of the first kind of nesting that exceeds a depth."""
    finders = (_deep_containers, _deep_slashes, _deep_definitions, _deep_brackets, _deep_emphasis, _deep_elements)
    return next((found for find in finders for found in find(body, most)), None)


def _deep_containers(body: str, most: int) -> Iterator[TooDeep]:
    """Lists, quotations, admonitions, definitions and footnotes, on one line or each further in than the one before."""
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
    """Blocks between lines of slashes; one that is never closed holds the rest."""
    depth = 0
    for line in _SLASHES.finditer(body):
        depth = depth + 1 if line["name"] else max(depth - 1, 0)
        if depth > most:
            yield *line.span(), "blocks of “///”"
            return


def _deep_definitions(body: str, most: int) -> Iterator[TooDeep]:
    """Definitions without a blank line between them, each of which is parsed as part of the one before."""
    allowed = min(int(most / _LEVELS_OF_A_DEFINITION), _MOST_DEFINITIONS)
    if body.count("\n:") + body.count("\n ") <= allowed:
        return
    for start, end in _paragraphs(body):
        for number, found in enumerate(_DEFINITION.finditer(body, start, end)):
            if number >= allowed:
                yield *found.span(), "definitions without a blank line between them"
                return


def _paragraphs(body: str) -> Iterator[tuple[int, int]]:
    start = 0
    for blank in _BLANK_LINE.finditer(body):
        yield start, blank.start() + 1
        start = blank.end()
    yield start, len(body)


def _deep_brackets(body: str, most: int) -> Iterator[TooDeep]:
    """Links in links, and the braces of TeX; what is never closed contains nothing."""
    if body.count("[") <= most and body.count("{") <= most:
        return
    for start, end in _paragraphs(body):
        nests = {sign: _Nest() for sign in "[{"}
        for found in _BRACKETS.finditer(body, start, end):
            sign = found[0]
            if sign in nests:
                nests[sign].open()
            elif nests[_OPENING[sign]].close() > most:
                yield *found.span(), _NAMES[_OPENING[sign]]
                return


def _deep_emphasis(body: str, most: int) -> Iterator[TooDeep]:
    """Emphasis in emphasis: each sign by itself, for those of another may lie within or across it."""
    for start, end in _paragraphs(body):
        nests: dict[str, _Nest] = {}
        for run in _DELIMITERS.finditer(body, start, end):
            before, after = body[run.start() - 1 : run.start()], body[run.end() : run.end() + 1]
            if not before.strip() and not after.strip():
                continue
            nest = nests.setdefault(run[0][0], _Nest())
            # A row of signs is one level to a reader; only a very long one costs a converter many.
            levels = 1 + (run.end() - run.start()) // _SIGNS_OF_A_LEVEL
            if before.strip() and nest.is_open:
                if nest.close(levels) > most:
                    yield *run.span(), "emphasis"
                    return
            elif after.strip():
                nest.open()


def _deep_elements(body: str, most: int) -> Iterator[TooDeep]:
    """HTML elements in elements."""
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
        # Elements of different names may be nested in each other: their depths add up.
        depth -= nest.deepest
        nest.close()
        depth += nest.deepest
        if depth > most * 2 or nest.deepest > most:
            yield *tag.span(), "HTML elements"
            return


class _Nest:
    """Pairs of one sign: how many are within each other."""

    def __init__(self) -> None:
        self._heights: list[int] = []
        """For each sign that is open, how deep the pairs within it are."""
        self.deepest = 0

    @property
    def is_open(self) -> bool:
        """Whether a sign waits to be closed."""
        return bool(self._heights)

    def open(self) -> None:
        """Open a pair."""
        self._heights.append(0)

    def close(self, levels: int = 1) -> int:
        """Close the last pair that is open; returns how many pairs deep it is."""
        if not self._heights:
            return 0
        height = self._heights.pop() + levels
        if self._heights:
            self._heights[-1] = max(self._heights[-1], height)
        self.deepest = max(self.deepest, height)
        return height
