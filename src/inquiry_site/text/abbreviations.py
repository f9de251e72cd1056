"""Find abbreviations in capitals, and where a text spells them out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from inquiry_site.text.tokenize import UNSPACED

_CHUNK = re.compile(rf"[^\W_{UNSPACED}](?:[^\W{UNSPACED}]|[@+-])*")
"""A word with everything that is attached to it."""
_PART = re.compile(r"[^\W\d_]+")
_ROMAN = re.compile(r"X{0,3}(?:IX|IV|V?I{0,3})")
_ET_AL = re.compile(r"[,.]?\s+et\s+al\b")
_MOST_LETTERS = 6
"""A longer word in capitals is emphasised rather than abbreviated."""
_FAMILIAR = frozenset(
    (
        "AD AI AM API ASCII BBC BC BCE CD CE CEO CPU CSS CSV CV DNA DOI DVD EU FAQ GMT GPS GPU HTML HTTP HTTPS ID IP "
        "IQ ISBN ISO IT JSON LED NASA NATO NB OK PC PDF PhD PM PS RAM RNA RSS TBD TODO TV UK UN URL US USA USB UTC UTF "
        "WWW XML YAML"
    ).split()
)
"""Abbreviations that are better known than what they stand for."""


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """An abbreviation in a text."""

    start: int
    end: int
    name: str
    """Its letters, without the ending of a plural."""
    word: str
    """The whole word, such as ``SWE-RL``, which may be explained as such."""


def find_abbreviations(text: str) -> Iterator[Abbreviation]:
    """Yield the abbreviations of two to six letters, most of them capitals, that readers may not know.

    Left out are familiar ones, names with digits, Roman numerals, initials of authors, and words in capitals for
    emphasis: those that the text also has in small letters, and three or more words in a row.
    """
    chunks = list(_CHUNK.finditer(text))
    small: frozenset[str] | None = None
    for index, chunk in enumerate(chunks):
        word = chunk[0]
        if word.islower() or any(map(str.isdigit, word)):
            continue
        for part in _PART.finditer(word):
            name = part[0].removesuffix("s")
            if not _is_abbreviation(name) or _is_emphasised(chunks, index) or _ET_AL.match(text, chunk.end()):
                continue
            if small is None:
                small = frozenset(other[0] for other in chunks if other[0].islower())
            if name.lower() not in small:
                start = chunk.start() + part.start()
                yield Abbreviation(start, start + len(part[0]), name, word)


def _is_abbreviation(name: str) -> bool:
    if not 2 <= len(name) <= _MOST_LETTERS or not (name[0].isupper() and name[-1].isupper()):
        return False
    return 2 * sum(map(str.isupper, name)) > len(name) and name not in _FAMILIAR and not _ROMAN.fullmatch(name)


def _is_emphasised(chunks: list[re.Match[str]], index: int) -> bool:
    """Return whether a word is one of three or more words in capitals with nothing but a space between them."""
    count = 1
    for step in (-1, 1):
        at = index + step
        while 0 <= at < len(chunks) and count < 3 and chunks[at][0].isupper():
            first, second = chunks[min(at, at - step)], chunks[max(at, at - step)]
            if first.string[first.end() : second.start()] not in {" ", "\n"}:
                break
            count += 1
            at += step
    return count > 2


def is_spelled_out(name: str, text: str) -> bool:
    """Return whether a text contains ``words (NAME)`` or ``NAME (words)``, in any script.

    Words in the same script as the name must include one that begins with one of its letters, so that a name in
    parentheses after an unrelated word is not an explanation. A translation rarely has all of them.
    """
    if name not in text:
        return False
    for match in re.finditer(rf"[(（]\s*{re.escape(name)}s?\s*[)）,;:，；：]", text):
        if _may_expand(name, text[max(0, match.start() - 80) : match.start()]):
            return True
    for match in re.finditer(rf"\b{re.escape(name)}s?\s*[(（]([^()（）]{{2,80}})[)）]", text):
        if _may_expand(name, match[1]):
            return True
    return False


def _may_expand(name: str, words: str) -> bool:
    """Return whether words near a name may be what its letters stand for."""
    near = [word for word in _PART.findall(words) if word.casefold() != name.casefold()][-2 * len(name) :]
    initials = frozenset(name.casefold())
    if any(len(word) > 2 and word[0].casefold() in initials for word in near):
        return True
    return bool(near) and all(word[0].isascii() is not name[0].isascii() for word in near)
