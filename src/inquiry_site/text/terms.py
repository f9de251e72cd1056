"""Terms of a glossary, and where a text uses them."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from inquiry_site.text.tokenize import UNSPACED

_MARKS = "".join(char for char in map(chr, range(0x300, 0x1E00)) if unicodedata.category(char)[0] == "M")
"""Combining marks, which Python counts as part of no word."""
_TOKEN = re.compile(rf"&#?\w+;|[{UNSPACED}]|(?:[^\W_{UNSPACED}]|[{_MARKS}])+")
"""A character reference, a character of a script without spaces, or a word."""
_SPACE = re.compile(r"[\s\u2010\u2011-]+")


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """A term of the glossary with its meaning."""

    anchor: str
    """The id of the term on the page of the glossary."""
    names: tuple[str, ...]
    """The term as written, without an abbreviation in parentheses, and that abbreviation."""
    meaning: str
    """Plain text, shortened."""


@dataclass(slots=True)
class _Node:
    """The names that begin with the same words."""

    following: dict[tuple[str, str], _Node] = field(default_factory=dict)
    """By what separates the next word from the last one, and that word in small letters."""
    ends: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    """Names that end here: the number of the entry, and for each word its spelling if capitals matter."""


class TermIndex:
    """Finds the terms of a glossary in the text of a page, in a time that does not depend on their number.

    A term is found as whole words, in any case and in the plural; between its words, any space or hyphen counts. Words
    with a capital after the first letter are found in exactly this spelling: ``KL`` is not ``kl``.

    Attributes:
        entries: the entries of the glossary.
    """

    def __init__(self, entries: Iterable[GlossaryEntry]) -> None:
        self.entries = tuple(entries)
        self._root = _Node()
        for number, entry in enumerate(self.entries):
            for name in entry.names:
                self._add(number, name)

    def _add(self, number: int, name: str) -> None:
        tokens = _tokens(name)
        node = self._root
        for position, token in enumerate(tokens):
            gap = _gap(name, tokens, position) if position else ""
            node = node.following.setdefault((gap, token[0].casefold()), _Node())
        if tokens:
            spellings = tuple(token[0] if any(map(str.isupper, token[0][1:])) else "" for token in tokens)
            node.ends.append((number, spellings))

    def find(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Yield start, end and entry number of each term in a text of HTML between two tags."""
        tokens, following = _tokens(text), self._root.following
        beyond = -1
        for position, token in enumerate(tokens):
            word = token[0].casefold()
            if position > beyond and (("", word) in following or ("", word.removesuffix("s")) in following):
                last, number = self._longest(text, tokens, position)
                if number >= 0:
                    yield token.start(), tokens[last].end(), number
                    beyond = last

    def _longest(self, text: str, tokens: Sequence[re.Match[str]], first: int) -> tuple[int, int]:
        """Return the last token and the entry of the longest term that begins at a token; -1 if none does."""
        found = (first, -1)
        node, gap = self._root, ""
        for position in range(first, len(tokens)):
            word = tokens[position][0].casefold()
            same = node.following.get((gap, word))
            singular = node.following.get((gap, word[:-1])) if word[-1] == "s" else None
            if same is None and singular is None:
                break
            for number, spellings in (*(same.ends if same else ()), *(singular.ends if singular else ())):
                if _is_spelt(tokens[first : position + 1], spellings) and _is_bounded(text, tokens, first, position):
                    found = (position, number)
                    break
            if same is None or position + 1 == len(tokens):
                break
            node, gap = same, _gap(text, tokens, position + 1)
        return found


def _tokens(text: str) -> list[re.Match[str]]:
    return [token for token in _TOKEN.finditer(text) if token[0][0] != "&"]


def _gap(text: str, tokens: Sequence[re.Match[str]], position: int) -> str:
    """Return what separates a token from the one before it, with any space or hyphen as one space."""
    written = text[tokens[position - 1].end() : tokens[position].start()]
    return _SPACE.sub(" ", html.unescape(written))


def _is_spelt(tokens: Sequence[re.Match[str]], spellings: Sequence[str]) -> bool:
    last = len(spellings) - 1
    return all(
        not spelling or token[0] == spelling or (index == last and token[0] == f"{spelling}s")
        for index, (token, spelling) in enumerate(zip(tokens, spellings, strict=True))
    )


def _is_bounded(text: str, tokens: Sequence[re.Match[str]], first: int, last: int) -> bool:
    """Return whether a term is not part of a name with underscores."""
    start, end = tokens[first].start(), tokens[last].end()
    return "_" not in (text[start - 1 : start], text[end : end + 1])
