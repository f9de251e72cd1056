"""Marks that stand for our HTML in an author's Markdown, and what becomes of them once it is converted.

Extensions change signs, letters and addresses wherever they find them, the text of a link included. A mark consists of
noncharacters of Unicode, to which no extension gives a meaning, so that what it stands for is never theirs to change.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from inquiry_site.parsing.blocks import ATTRIBUTES

_OPEN, _CLOSE, _END = "\ufdd0", "\ufdd1", "\ufdd2"
_ZERO = 0xFDE0
_DIGITS = f"{chr(_ZERO)}-{chr(_ZERO + 9)}"
_AS_DIGIT = {ord("0") + digit: _ZERO + digit for digit in range(10)}
_AS_NUMBER = {there: here for here, there in _AS_DIGIT.items()}
_NONE = dict.fromkeys(range(64976, 65008))

_PLACEHOLDER = re.compile(f"{_OPEN}([{_DIGITS}]+){_CLOSE}|{_END}")
_TOKEN = re.compile(
    rf"<!--.*?-->|<(?P<slash>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*)\b{ATTRIBUTES}>|{_PLACEHOLDER.pattern}", re.DOTALL
)
_HEADING = re.compile(r"<h(?P<level>[1-6])\b[^<>]*>(?P<inside>.*?)</h(?P=level)>", re.DOTALL)
_ATTRIBUTE = re.compile(r"\s(?P<name>[^\s\"'<>/=]+)(?:\s*=\s*(?:\"(?P<value>[^\"]*)\"|'[^']*'|[^\s\"'<>]+))?")
"""One attribute after the other: what looks like one inside the value of another is none."""
_REFERENCE = re.compile(r"&#(?:x(?P<hex>[0-9a-f]{1,8})|(?P<decimal>[0-9]{1,8}));?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Placeholder:
    """What one mark stands for."""

    opening: str = ""
    """HTML: all of it, or the tag that opens what an author's words stand in."""
    closing: str = ""
    """The tag behind an author's words; empty where there are none."""
    text: str = ""
    """How it reads where there can be no HTML; empty where an author's words do."""
    id: str = ""
    """The id in ``opening``, or that of a heading for a mark within one."""


class Placeholders:
    """The marks of one body, in the order in which they were set."""

    def __init__(self) -> None:
        self._marks: list[Placeholder] = []

    @property
    def all(self) -> tuple[Placeholder, ...]:
        """What the marks stand for, by their numbers."""
        return tuple(self._marks)

    def add(self, mark: Placeholder, words: str = "") -> str:
        """Markdown that stands for a piece of HTML, with an author's words inside it where it closes behind them."""
        self._marks.append(mark)
        number = str(len(self._marks) - 1).translate(_AS_DIGIT)
        return f"{_OPEN}{number}{_CLOSE}" + (f"{words}{_END}" if mark.closing else "")


def strip_placeholders(markdown: str) -> str:
    """An author's text without the noncharacters that marks consist of."""
    return markdown.translate(_NONE)


def strip_placeholder_references(converted: str) -> str:
    """HTML without character references to the noncharacters that marks consist of."""
    return _REFERENCE.sub(_unless_placeholder, converted) if "&#" in converted else converted


def _unless_placeholder(reference: re.Match[str]) -> str:
    code = int(reference["hex"], 16) if reference["hex"] else int(reference["decimal"])
    return "" if code in _NONE else reference[0]


def _value(tag: str, name: str) -> tuple[int, int] | None:
    """Where the value of an attribute begins and ends in a tag."""
    for attribute in _ATTRIBUTE.finditer(tag):
        if attribute["name"].lower() == name and attribute["value"] is not None:
            return attribute.span("value")
    return None


def _with_value(tag: str, span: tuple[int, int], value: str) -> str:
    return f"{tag[: span[0]]}{value}{tag[span[1] :]}"


def fill_placeholders(converted: str, marks: Sequence[Placeholder]) -> str:
    """The HTML of a body with what its marks stand for in their place."""
    return _PlaceholderFiller(converted, marks).result() if marks else converted


def _number(match: re.Match[str]) -> int:
    """The number of a mark; -1 for the end of an author's words."""
    digits = match.group(match.lastindex) if match.lastindex else ""
    return int(digits.translate(_AS_NUMBER)) if digits else -1


class _PlaceholderFiller:
    """One pass over the HTML of a body: HTML knows no link within a link, and no id twice."""

    def __init__(self, converted: str, marks: Sequence[Placeholder]) -> None:
        self._converted = converted
        self._marks = marks
        self._pieces: list[str] = []
        self._closing = ""
        self._link = -1
        """Place of the author's link that is open; -1 for none."""
        self._unlinked = False
        self._in_heading = False
        self._placed: set[int] = set()
        self._in_attributes: dict[int, int] = {}
        """Behind which piece a mark stands of which there was only room for the text."""
        self._headings: dict[int, str] = {}
        self._moved: dict[str, str] = {}
        self._find_headings()

    def result(self) -> str:
        """The HTML without a mark."""
        position = 0
        for token in _TOKEN.finditer(self._converted):
            self._pieces.append(self._converted[position : token.start()])
            position = token.end()
            if token["name"]:
                self._tag(token)
            elif token[0].startswith("<"):
                self._pieces.append(token[0])
            else:
                self._mark(_number(token))
        self._pieces += [self._converted[position:], self._closing]
        self._place_the_rest()
        return "".join(self._pieces)

    def _place_the_rest(self) -> None:
        """Links lead to each citation, whatever Markdown made of it: a place behind the tag that has swallowed it."""
        for number, mark in enumerate(self._marks):
            if mark.opening and mark.id and number not in self._placed:
                place = self._in_attributes.get(number, len(self._pieces) - 1)
                self._pieces[place] += f'<span id="{html.escape(mark.id)}"></span>'

    def _find_headings(self) -> None:
        """Each heading that has a mark bears its id; whatever else bears it on the page gets another."""
        for heading in _HEADING.finditer(self._converted):
            numbers = map(_number, _PLACEHOLDER.finditer(heading["inside"]))
            number = next((n for n in numbers if self._is_of_heading(n) and n not in self._placed), -1)
            if number >= 0:
                self._placed.add(number)
                self._headings[heading.start()] = own = html.escape(self._marks[number].id)
                tag = self._converted[heading.start() : heading.start("inside")]
                made = _value(tag, "id")
                if made and tag[slice(*made)] != own:
                    self._moved[tag[slice(*made)]] = own
        ours = set(self._headings.values())
        others = set(self._other_ids()) if ours else set()
        for other in sorted(others & ours):
            number = 1
            while f"{other}_{number}" in ours | others:
                number += 1
            self._moved[other] = f"{other}_{number}"

    def _other_ids(self) -> Iterator[str]:
        for token in _TOKEN.finditer(self._converted):
            if token["name"] and token.start() not in self._headings and (found := _value(token[0], "id")):
                yield token[0][slice(*found)]

    def _is_of_heading(self, number: int) -> bool:
        return 0 <= number < len(self._marks) and not self._marks[number].opening

    def _tag(self, token: re.Match[str]) -> None:
        tag, name = _PLACEHOLDER.sub(self._as_text, token[0]), token["name"].lower()
        if name == "a" and self._closing == "</a>":
            return
        if name == "a" and token["slash"]:
            tag = "" if self._unlinked else tag
            self._link, self._unlinked = -1, False
        elif name == "a":
            self._link = len(self._pieces)
        elif re.fullmatch("h[1-6]", name):
            self._in_heading = not token["slash"]
        if token.start() in self._headings:
            own = self._headings[token.start()]
            place = _value(tag, "id")
            tag = _with_value(tag, place, own) if place else f'{tag[:-1]} id="{own}">'
        elif self._moved:
            tag = self._with_moved(tag, "id", "")
        self._pieces.append(self._with_moved(tag, "href", "#") if self._moved else tag)
        for mark in _PLACEHOLDER.finditer(token[0]):
            self._in_attributes.setdefault(_number(mark), len(self._pieces) - 1)

    def _with_moved(self, tag: str, name: str, prefix: str) -> str:
        """A tag in which an attribute names the id that another one has become."""
        span = _value(tag, name)
        value = tag[slice(*span)] if span else ""
        moved = self._moved.get(value.removeprefix(prefix)) if value.startswith(prefix) else None
        return _with_value(tag, span, f"{prefix}{moved}") if span and moved is not None else tag

    def _as_text(self, match: re.Match[str]) -> str:
        number = _number(match)
        return html.escape(self._marks[number].text) if 0 <= number < len(self._marks) else ""

    def _mark(self, number: int) -> None:
        self._pieces.append(self._closing)
        self._closing = ""
        if not 0 <= number < len(self._marks):
            return
        mark, is_first = self._marks[number], number not in self._placed
        if self._is_copied_to_a_list_of_headings(number):
            self._pieces.append(html.escape(mark.text))
            return
        self._placed.add(number)
        if not mark.opening:
            self._pieces.append(f'<span id="{html.escape(mark.id)}"></span>' if is_first else "")
            return
        if self._link >= 0:
            self._pieces[self._link] = ""
            self._link, self._unlinked = -1, True
        self._pieces.append(mark.opening if is_first else mark.opening.replace(f' id="{mark.id}"', "", 1))
        self._closing = mark.closing

    def _is_copied_to_a_list_of_headings(self, number: int) -> bool:
        """Whether this is a copy of a mark, made for a link to the heading that it stands in."""
        if self._link < 0 or self._in_heading:
            return False
        span = _value(self._pieces[self._link], "href")
        if span is None or not self._pieces[self._link].startswith("#", span[0]):
            return False
        return self._counts[number] > 1

    @cached_property
    def _counts(self) -> Counter[int]:
        """How often each mark occurs."""
        return Counter(map(_number, _PLACEHOLDER.finditer(self._converted)))
