"""Sentences of prose, as far as it takes to show a reader the one that cites."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

FIRST_MARK = 0xF0000
"""Citations travel through the text as single characters of a private plane, counted from here."""
MOST_MARKS = 0xFFFD

MARK = f"[{chr(FIRST_MARK)}-{chr(FIRST_MARK + MOST_MARKS)}]"

# A full stop after one of these ends no sentence by itself.
_ABBREVIATIONS = frozenset(
    "al approx ca cf ch dr e.g ed eds eq eqs esp fig figs i.e incl jr mr mrs ms no nos p pp prof ref refs resp sec sr st tab viz vol vs".split()
)

_MARKUP = (
    (re.compile(r"<[a-zA-Z/!][^<>]*>"), ""),
    (re.compile(r"!\[[^\[\]]*\](?:\([^()]*\)|\[[^\[\]]*\])"), ""),
    (re.compile(r"\[\^[^\]]+\]:?"), ""),
    (re.compile(r"(?<!\\)\[([^\[\]]*)\]\([^()\s]*(?:\s+[^()]*)?\)"), r"\1"),
    (re.compile(r"(?<!\\)\[([^\[\]]+)\]\[[^\[\]]*\]"), r"\1"),
    (re.compile(r"\{[:#.][^{}]*\}"), ""),
    (re.compile(r"^[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+(?:\[[ xX]\][ \t]+)?|#{1,6}[ \t]+|:[ \t]+)?", re.MULTILINE), ""),
    (re.compile(r"[ \t]*#+[ \t]*$"), ""),
    (re.compile(r"(?<!\\)(`+)(.+?)\1", re.DOTALL), r"\2"),
    (re.compile(r"(?<![\\\w*])(\*{1,3})(?=\S)|(?<=[^\s\\])(\*{1,3})(?![\w*])"), ""),
    (re.compile(r"(?<![\\\w])_{1,3}(?=\S)|(?<=[^\s\\])_{1,3}(?!\w)"), ""),
    (re.compile(r"~~|==|\^\^"), ""),
    (re.compile(r"(?:^|(?<=\s))\|(?=\s|$)|^\||\|$", re.MULTILINE), " "),
    (re.compile(r"\\([\\`*_{}\[\]()#+\-.!|~>\"'])"), r"\1"),
)

_SPACE = re.compile(r"\s+")
_END = re.compile(
    rf"(?P<stop>[.!?…]+[\"'”’»)\]]*)(?P<cited>\s*(?:{MARK}\s*)+(?=$|[A-ZÀ-ÖØ-Þ\"“‘«(]))?(?P<gap>\s+|$)?(?=(?P<next>.?))"
    rf"|[。！？]+[”’」』）]*(?:{MARK})*",
    re.DOTALL,
)


def plain_text(markdown: str) -> str:
    """Markdown of one block as the words a reader sees, in one line."""
    for pattern, replacement in _MARKUP:
        markdown = pattern.sub(replacement, markdown)
    return _SPACE.sub(" ", html.unescape(markdown)).strip()


def split_sentences(text: str) -> Iterator[str]:
    """The sentences of one line of plain text.

    A citation that stands by itself behind a full stop belongs to the sentence before it.
    """
    start = 0
    for match in _END.finditer(text):
        if match.end() <= start or not _ends_sentence(text, start, match):
            continue
        end = match.end("cited") if match["cited"] else match.end("stop") if match["stop"] else match.end()
        sentence = text[start:end].strip()
        if sentence:
            yield sentence
        start = end
    rest = text[start:].strip()
    if rest:
        yield rest


def _ends_sentence(text: str, start: int, match: re.Match[str]) -> bool:
    if match["stop"] is None or match["cited"]:
        return True
    if match["gap"] is None:
        return False
    following = match["next"]
    if not following:
        return True
    if not (following.isupper() or following.isdigit() or following in "\"“‘«(" or ord(following) >= FIRST_MARK):
        # Scripts without capitals begin a sentence with any letter.
        return following.isalpha() and not following.islower()
    if match["stop"] != ".":
        return True
    word = text[start : match.start()].rsplit(None, 1)[-1:]
    last = word[0].lstrip("(\"“‘«[") if word else ""
    is_initial = len(last) == 1 and last.isupper()
    return not is_initial and last.lower() not in _ABBREVIATIONS


def split_at_marks(sentence: str) -> tuple[str | int, ...]:
    """A sentence as text and, in between, the numbers of its citations."""
    parts: list[str | int] = []
    for piece in re.split(f"({MARK})", sentence):
        if len(piece) == 1 and ord(piece) >= FIRST_MARK:
            parts.append(ord(piece) - FIRST_MARK)
        elif piece:
            parts.append(piece)
    return tuple(parts)


def has_words(parts: Sequence[str | int]) -> bool:
    """Whether a sentence says anything besides its citations."""
    return any(isinstance(part, str) and any(char.isalnum() for char in part) for part in parts)
