"""Placeholders for our HTML in an author's Markdown, and their replacement once it is converted.

Markdown extensions change characters and URLs wherever they find them, even in the text of a link. A placeholder
consists of Unicode noncharacters, to which no extension gives a meaning, so no extension changes what replaces it.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from inquiry_site.html.syntax import TAG_OR_COMMENT, attribute_span

_OPEN, _CLOSE, _END = "\ufdd0", "\ufdd1", "\ufdd2"
_ZERO = 0xFDE0
_DIGITS = f"{chr(_ZERO)}-{chr(_ZERO + 9)}"
_ENCODE = {ord("0") + digit: _ZERO + digit for digit in range(10)}
_DECODE = {encoded: digit for digit, encoded in _ENCODE.items()}
_REMOVE = dict.fromkeys(range(64976, 65008))
"""All noncharacters of one block, for ``str.translate``."""

_PLACEHOLDER = re.compile(f"{_OPEN}([{_DIGITS}]+){_CLOSE}|{_END}")
_TOKEN = re.compile(f"{TAG_OR_COMMENT}|{_PLACEHOLDER.pattern}", re.DOTALL)
_HEADING = re.compile(r"<h(?P<level>[1-6])\b[^<>]*>(?P<inside>.*?)</h(?P=level)>", re.DOTALL)
_REFERENCE = re.compile(r"&#(?:x(?P<hex>[0-9a-f]{1,8})|(?P<decimal>[0-9]{1,8}));?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Placeholder:
    """What replaces one placeholder."""

    opening: str = ""
    """HTML: all of it, or the tag that opens an element around an author's words."""
    closing: str = ""
    """The tag after an author's words; empty if there are none."""
    text: str = ""
    """The plain text where no HTML is allowed; empty if an author's words are used there."""
    id: str = ""
    """The id in ``opening``, or that of the heading which contains the placeholder."""
    following: str = ""
    """HTML after the element, which may be a link."""

    @property
    def is_link(self) -> bool:
        """Whether it may contain a link, and so cannot be within another."""
        return not self.opening.startswith("<img ")


class Placeholders:
    """The placeholders of one body, in the order in which they were added."""

    def __init__(self) -> None:
        self._placeholders: list[Placeholder] = []

    @property
    def all(self) -> tuple[Placeholder, ...]:
        """Every placeholder by its number."""
        return tuple(self._placeholders)

    def add(self, placeholder: Placeholder, words: str = "") -> str:
        """Add a placeholder and return the Markdown for it, around an author's words if it has a closing tag."""
        self._placeholders.append(placeholder)
        number = str(len(self._placeholders) - 1).translate(_ENCODE)
        return f"{_OPEN}{number}{_CLOSE}" + (f"{words}{_END}" if placeholder.closing else "")


def strip_placeholders(markdown: str) -> str:
    """Remove the noncharacters that placeholders consist of from an author's text."""
    return markdown.translate(_REMOVE)


def strip_placeholder_references(converted: str) -> str:
    """Remove character references to the noncharacters that placeholders consist of from HTML."""
    return _REFERENCE.sub(_unless_placeholder, converted) if "&#" in converted else converted


def _unless_placeholder(reference: re.Match[str]) -> str:
    code = int(reference["hex"], 16) if reference["hex"] else int(reference["decimal"])
    return "" if code in _REMOVE else reference[0]


def fill_placeholders(converted: str, placeholders: Sequence[Placeholder]) -> str:
    """Replace the placeholders in the HTML of a body."""
    return _PlaceholderFiller(converted, placeholders).result() if placeholders else converted


def _number(match: re.Match[str]) -> int:
    """Return the number of a placeholder; -1 for the end of an author's words."""
    digits = match.group(match.lastindex) if match.lastindex else ""
    return int(digits.translate(_DECODE)) if digits else -1


def _replace(tag: str, span: tuple[int, int], value: str) -> str:
    return f"{tag[: span[0]]}{value}{tag[span[1] :]}"


class _HeadingIds:
    """The ids of headings that contain a placeholder, and new ids for elements that had the same ones.

    Attributes:
        by_offset: the id of each such heading by the offset of its tag, escaped.
        renamed: old ids and their replacements.
        numbers: the placeholders in the headings.
    """

    def __init__(self, converted: str, placeholders: Sequence[Placeholder]) -> None:
        self.by_offset: dict[int, str] = {}
        self.renamed: dict[str, str] = {}
        self.numbers: set[int] = set()
        for heading in _HEADING.finditer(converted):
            numbers = map(_number, _PLACEHOLDER.finditer(heading["inside"]))
            of_headings = (n for n in numbers if 0 <= n < len(placeholders) and not placeholders[n].opening)
            number = next((n for n in of_headings if n not in self.numbers), -1)
            if number >= 0:
                self.numbers.add(number)
                self.by_offset[heading.start()] = own = html.escape(placeholders[number].id)
                tag = converted[heading.start() : heading.start("inside")]
                span = attribute_span(tag, "id")
                if span and tag[slice(*span)] != own:
                    self.renamed[tag[slice(*span)]] = own
        own_ids = set(self.by_offset.values())
        other_ids = set(self._other_ids(converted)) if own_ids else set()
        for duplicate in sorted(other_ids & own_ids):
            suffix = 1
            while f"{duplicate}_{suffix}" in own_ids | other_ids:
                suffix += 1
            self.renamed[duplicate] = f"{duplicate}_{suffix}"

    def _other_ids(self, converted: str) -> Iterator[str]:
        for token in _TOKEN.finditer(converted):
            if token["name"] and token.start() not in self.by_offset and (span := attribute_span(token[0], "id")):
                yield token[0][slice(*span)]

    def rename(self, tag: str, attribute: str, prefix: str) -> str:
        """Return a tag in which an attribute refers to the new id of an element."""
        span = attribute_span(tag, attribute)
        value = tag[slice(*span)] if span else ""
        renamed = self.renamed.get(value.removeprefix(prefix)) if value.startswith(prefix) else None
        return _replace(tag, span, f"{prefix}{renamed}") if span and renamed is not None else tag


class _PlaceholderFiller:
    """One pass over the HTML of a body, which keeps links from being nested and ids from being repeated."""

    def __init__(self, converted: str, placeholders: Sequence[Placeholder]) -> None:
        self._converted = converted
        self._placeholders = placeholders
        self._ids = _HeadingIds(converted, placeholders)
        self._filled: set[int] = {*self._ids.numbers}
        self._pieces: list[str] = []
        self._closing = ""
        self._following = ""
        self._link = -1
        """Index of the piece with the author's link that is open; -1 for none."""
        self._link_was_removed = False
        self._in_heading = False
        self._in_attributes: dict[int, int] = {}
        """Index of the piece with the tag in whose attributes a placeholder was replaced by text."""

    def result(self) -> str:
        """Return the HTML without placeholders."""
        position = 0
        for token in _TOKEN.finditer(self._converted):
            self._pieces.append(self._converted[position : token.start()])
            position = token.end()
            if token["name"]:
                self._add_tag(token)
            elif token[0].startswith("<"):
                self._pieces.append(token[0])
            else:
                self._fill(_number(token))
        self._pieces += [self._converted[position:], self._closing, self._following]
        self._add_missing_anchors()
        return "".join(self._pieces)

    def _add_missing_anchors(self) -> None:
        """Add an anchor for each citation that Markdown moved into an attribute, because links lead to each of them."""
        for number, placeholder in enumerate(self._placeholders):
            if placeholder.opening and placeholder.id and number not in self._filled:
                index = self._in_attributes.get(number, len(self._pieces) - 1)
                self._pieces[index] += f'<span id="{html.escape(placeholder.id)}"></span>'

    def _add_tag(self, token: re.Match[str]) -> None:
        tag, name = _PLACEHOLDER.sub(self._as_text, token[0]), token["name"].lower()
        if name == "a" and self._closing == "</a>":
            return
        if name == "a" and token["slash"]:
            tag = "" if self._link_was_removed else tag
            self._link, self._link_was_removed = -1, False
        elif name == "a":
            self._link = len(self._pieces)
        elif re.fullmatch("h[1-6]", name):
            self._in_heading = not token["slash"]
        if token.start() in self._ids.by_offset:
            own = self._ids.by_offset[token.start()]
            span = attribute_span(tag, "id")
            tag = _replace(tag, span, own) if span else f'{tag[:-1]} id="{own}">'
        elif self._ids.renamed:
            tag = self._ids.rename(tag, "id", "")
        self._pieces.append(self._ids.rename(tag, "href", "#") if self._ids.renamed else tag)
        for match in _PLACEHOLDER.finditer(token[0]):
            self._in_attributes.setdefault(_number(match), len(self._pieces) - 1)

    def _as_text(self, match: re.Match[str]) -> str:
        number = _number(match)
        return html.escape(self._placeholders[number].text) if 0 <= number < len(self._placeholders) else ""

    def _fill(self, number: int) -> None:
        self._pieces += [self._closing, self._following]
        self._closing = self._following = ""
        if not 0 <= number < len(self._placeholders):
            return
        placeholder, is_first = self._placeholders[number], number not in self._filled
        if self._is_copy_in_toc(number):
            self._pieces.append(html.escape(placeholder.text))
            return
        self._filled.add(number)
        if not placeholder.opening:
            self._pieces.append(f'<span id="{html.escape(placeholder.id)}"></span>' if is_first else "")
            return
        if self._link >= 0 and placeholder.is_link:
            self._pieces[self._link] = ""
            self._link, self._link_was_removed = -1, True
        opening = placeholder.opening
        self._pieces.append(opening if is_first else opening.replace(f' id="{placeholder.id}"', "", 1))
        self._closing, self._following = placeholder.closing, placeholder.following
        if not self._closing:
            self._pieces.append(self._following)
            self._following = ""

    def _is_copy_in_toc(self, number: int) -> bool:
        """Whether Markdown copied the placeholder from a heading into a link of a table of contents."""
        if self._link < 0 or self._in_heading:
            return False
        span = attribute_span(self._pieces[self._link], "href")
        if span is None or not self._pieces[self._link].startswith("#", span[0]):
            return False
        return self._counts[number] > 1

    @cached_property
    def _counts(self) -> Counter[int]:
        """How often each placeholder occurs."""
        return Counter(map(_number, _PLACEHOLDER.finditer(self._converted)))
