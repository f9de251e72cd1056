"""Find abbreviations in capitals, and where a text spells them out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from inquiry_site.text.tokenize import UNSPACED

_CAPITALS = "".join(char for char in map(chr, range(0x41, 0x590)) if char.isupper())
"""Of the scripts that have capitals: Latin, Greek, Cyrillic, Armenian."""
_LETTER = rf"[^\W\d_{UNSPACED}]"
_CANDIDATE = re.compile(
    rf"[{_CAPITALS}](?<!{_LETTER}[{_CAPITALS}])(?:{_LETTER}{{0,4}}[{_CAPITALS}])(?=s?(?!{_LETTER}))"
)
"""Two to six letters. A longer word in capitals is emphasised rather than abbreviated."""
_WORD_END = re.compile(rf"[^\w@+-]|[{UNSPACED}]")
_LONGEST_WORD = 40
_SHOUTED = re.compile(
    rf"[{_CAPITALS}](?<![{_CAPITALS}]{{2}})[{_CAPITALS}]*+(?:[ \n][{_CAPITALS}]++){{2,}}+(?!{_LETTER})"
)
"""Three or more words in capitals."""
_PARENTHESIS = re.compile(r"[(（]([^()（）]{2,80})")
_ALONE = re.compile(rf"\s*({_LETTER}{{2,7}})\s*(?:[,;:，；：]|$)")
_LAST_WORD = re.compile(rf"({_LETTER}{{2,7}})\s*$")
_NEAR = 80
"""Characters around a parenthesis in which an abbreviation is spelled out."""
_SMALL = re.compile(r"(?<![\w-])[^\W\d_]{2,6}(?![\w-])")
_PART = re.compile(r"[^\W\d_]+")
_ROMAN = re.compile(r"X{0,3}(?:IX|IV|V?I{0,3})")
_ET_AL = re.compile(r"[,.]?\s+et\s+al\b")
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

    Left out are familiar ones, names with digits, Roman numerals, initials of authors, and three or more words in
    capitals in a row, which are emphasised.
    """
    shouted = iter(run.span() for run in _SHOUTED.finditer(text))
    start, end = next(shouted, (len(text), len(text)))
    known: dict[str, bool] = {}
    for match in _CANDIDATE.finditer(text):
        while end <= match.start():
            start, end = next(shouted, (len(text), len(text) + 1))
        name = match[0]
        if name not in known:
            known[name] = _is_abbreviation(name)
        if known[name] and start > match.start() and not _ET_AL.match(text, match.end()):
            word = _word_around(text, match)
            if not any(map(str.isdigit, word)):
                yield Abbreviation(match.start(), match.end(), name, word)


def _is_abbreviation(name: str) -> bool:
    most_are_capitals = 2 * sum(map(str.isupper, name)) > len(name)
    return most_are_capitals and name not in _FAMILIAR and not _ROMAN.fullmatch(name)


def _word_around(text: str, match: re.Match[str]) -> str:
    """Return an abbreviation with everything that is attached to it."""
    before = text[max(0, match.start() - _LONGEST_WORD) : match.start()][::-1]
    after = text[match.end() : match.end() + _LONGEST_WORD]
    left, right = (_WORD_END.split(part, maxsplit=1)[0] for part in (before, after))
    return f"{left[::-1]}{match[0]}{right}".strip("@+-")


def find_spelled_out(text: str) -> frozenset[str]:
    """Return the abbreviations that a text spells out: ``words (NAME)`` or ``NAME (words)``, in any script.

    Words in the same script as the name must include one that begins with one of its letters, so that a name in
    parentheses after an unrelated word is not an explanation. A translation rarely has all of them.
    """
    names = set[str]()
    for match in _PARENTHESIS.finditer(text):
        before, inside = text[max(0, match.start() - _NEAR) : match.start()], match[1]
        for name, words in ((_ALONE.match(inside), before), (_LAST_WORD.search(before[-12:]), inside)):
            singular = name[1].removesuffix("s") if name else ""
            if singular[-1:].isupper() and _may_expand(singular, words):
                names.add(singular)
    return frozenset(names)


def words_in_small_letters(names: Iterable[str], text: str) -> frozenset[str]:
    """Return the names that a text also has as words in small letters, so that their capitals are for emphasis."""
    words = frozenset(_SMALL.findall(text))
    return frozenset(name for name in names if name.lower() in words)


def _may_expand(name: str, words: str) -> bool:
    """Return whether words near a name may be what its letters stand for."""
    near = [word for word in _PART.findall(words) if word.casefold() != name.casefold()][-2 * len(name) :]
    initials = frozenset(name.casefold())
    if any(len(word) > 2 and word[0].casefold() in initials for word in near):
        return True
    return bool(near) and all(word[0].isascii() is not name[0].isascii() for word in near)
