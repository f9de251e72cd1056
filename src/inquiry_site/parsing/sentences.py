"""Sentences of prose, as far as it takes to show a reader the one that cites."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from itertools import islice

from inquiry_site.parsing.blocks import code_spans

FIRST_MARK = 0xF0000
"""Citations travel through the text as single characters of a private plane, counted from here."""
MOST_MARKS = 0xFFFD

MARK = f"[{chr(FIRST_MARK)}-{chr(FIRST_MARK + MOST_MARKS)}]"

# Code travels as single characters too, so that nothing in it is taken for markup.
_FIRST_CODE = 0x100000
_CODE = f"[{chr(_FIRST_CODE)}-{chr(_FIRST_CODE + MOST_MARKS)}]"

# A full stop after one of these ends no sentence by itself.
_ABBREVIATION = re.compile(
    r"(?:[^\W\d_]\.)+[^\W\d_]"
    r"|al|approx|ca|cf|ch|dr|eds?|eqs?|esp|figs?|incl|jr|mr|mrs|ms|pp?|prof|refs?|resp|sec|sr|st|tab|viz|vol|vs",
    re.IGNORECASE,
)

_CELL_END = re.compile(r"(?<!\\)\|")


def _joined_cells(row: str) -> str:
    """A row of a table without its outer bars, as a reader hears it."""
    return " · ".join(cell.strip() for cell in _CELL_END.split(row) if cell.strip())


_WORDS = r"(?:[^\[\]]|\[[^\[\]]*\])*"
_MARKUP = (
    ("<", re.compile(r"<[a-zA-Z/!][^<>]*>"), ""),
    ("![", re.compile(r"!\[[^\[\]]*\](?:\([^()]*\)|\[[^\[\]]*\])"), ""),
    ("[^", re.compile(r"\[\^[^\[\]]+\]:?"), ""),
    ("](", re.compile(rf"(?<!\\)\[({_WORDS})\]\((?:[^(){MARK[1:-1]}]|\([^()]*\))*\)"), r"\1"),
    ("][", re.compile(rf"(?<!\\)\[({_WORDS})\]\[[^\[\]]*\]"), r"\1"),
    ("{", re.compile(r"\{[:#.][^{}]*\}"), ""),
    ('"', re.compile(r"^[ \t>]*(?:!!!|\?\?\?\+?|===[!+]?)[ \t][^\"\n]*\"([^\"\n]*)\"[ \t]*$", re.MULTILINE), r"\1"),
    ("#", re.compile(r"^[ \t>]*#{1,6}[ \t](.*)$", re.MULTILINE), lambda match: match[1].rstrip().rstrip("#")),
    (
        "",
        re.compile(r"^[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+(?:\[[ xX]\][ \t]+)?|#{1,6}[ \t]*$|:[ \t]+)?", re.MULTILINE),
        "",
    ),
    ("|", re.compile(r"^\|(.*)(?<!\\)\|[ \t]*$", re.MULTILINE), lambda match: _joined_cells(match[1])),
    ("\\", re.compile(r"(?<!\\)\\(?=\n)"), ""),
)
"""What a text must hold for a pattern to be tried, the pattern, and what is left of it."""
_DELIMITER = re.compile(r"(?<!\\)(?:\*{1,3}|_{1,3}|~~|==|\^\^)")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|~>\"'])")

_ENTITY = re.compile(r"&#?\w+;")
_PRIVATE = re.compile(f"{MARK}|{_CODE}")
_SPACE = re.compile(r"\s+")
_QUOTES = '"“‘«(['
_END = re.compile(
    rf"(?P<stop>[.!?…]+[\"'”’»)\]]*)(?P<cited>\s*{MARK}(?:\s*{MARK})*[.!?]*)?(?P<gap>\s+|$)?(?=(?P<next>.?))"
    rf"|(?P<full>[。！？؟۔।॥։።]+[\"'”’」』）»]*(?:{MARK})*)",
    re.DOTALL,
)


def without_private(text: str) -> str:
    """The text without the characters that stand for citations and code here; nobody else gives them a meaning."""
    return _PRIVATE.sub("", text)


def plain_text(markdown: str) -> str:
    """Markdown of one block as the words a reader sees, in one line."""
    code, text = _set_code_aside(markdown)
    for needed, pattern, replacement in _MARKUP:
        if needed in text:
            text = pattern.sub(replacement, text)
    text = _without_emphasis(text)
    if "\\" in text:
        text = _ESCAPED.sub(r"\1", text)
    if "&" in text:
        text = _ENTITY.sub(lambda match: without_private(html.unescape(match[0])), text)
    if code:
        text = re.sub(_CODE, lambda match: code[ord(match[0]) - _FIRST_CODE], text)
    return _SPACE.sub(" ", text).strip()


def _set_code_aside(markdown: str) -> tuple[list[str], str]:
    """The words of each code span, and the text with a single character for each."""
    if "`" not in markdown:
        return [], markdown
    # What stands for code here is nobody else's to write.
    markdown = re.sub(_CODE, "", markdown)
    code: list[str] = []
    pieces: list[str] = []
    position = 0
    for start, end, ticks in islice(code_spans(markdown), MOST_MARKS):
        pieces += [markdown[position:start], chr(_FIRST_CODE + len(code))]
        code.append(markdown[start + ticks : end - ticks])
        position = end
    return code, "".join((*pieces, markdown[position:]))


def _without_emphasis(text: str) -> str:
    """The text without the marks of emphasis that stand in pairs: ``A* search`` and ``x == y`` keep theirs."""
    if "*" not in text and "_" not in text and "~" not in text and "=" not in text:
        return text
    opened: dict[str, re.Match[str]] = {}
    paired: list[tuple[int, int]] = []
    for mark in _DELIMITER.finditer(text):
        before, after = text[mark.start() - 1 : mark.start()], text[mark.end() : mark.end() + 1]
        in_word = mark[0][0] == "_"
        if mark[0] in opened and before.strip() and not (in_word and after.isalnum()):
            paired += [opened.pop(mark[0]).span(), mark.span()]
        elif after.strip() and not (in_word and before.isalnum()):
            opened[mark[0]] = mark
    pieces: list[str] = []
    position = 0
    for start, end in sorted(paired):
        pieces.append(text[position:start])
        position = end
    return "".join((*pieces, text[position:]))


def split_sentences(text: str) -> Iterator[str]:
    """The sentences of one line of plain text.

    A citation that stands by itself behind a full stop belongs to the sentence before it.
    """
    start = 0
    for match in _END.finditer(text):
        end = _end_of_sentence(text, start, match)
        if text[start:end].strip():
            yield text[start:end].strip()
            start = end
    if text[start:].strip():
        yield text[start:].strip()


def _end_of_sentence(text: str, start: int, match: re.Match[str]) -> int:
    """Where the sentence ends that began at ``start``; ``start`` itself when this full stop ends none."""
    if match["full"]:
        return match.end()
    following = match["next"]
    if match["cited"] and match["gap"] is not None and (following.isupper() or following in _QUOTES):
        end = match.end("cited")
    elif match["cited"]:
        # Lower-case words follow: the citation is the subject of the next sentence.
        end = match.end("stop") if match["cited"][0].isspace() else start
    else:
        end = match.end("stop") if match["gap"] is not None and _begins_sentence(following) else start
    return start if match["stop"] == "." and _is_abbreviated(text, start, match) else end


def _begins_sentence(char: str) -> bool:
    """Whether a sentence can begin so; in scripts without capitals it can with any letter."""
    return char in _QUOTES or char.isdigit() or (char.isalpha() and not char.islower())


def _is_abbreviated(text: str, start: int, match: re.Match[str]) -> bool:
    word = text[max(start, text.rfind(" ", start, match.start()) + 1) : match.start()].lstrip(_QUOTES)
    if word.lower() in {"no", "nos"}:
        return match["next"].isdigit()
    return (len(word) == 1 and word.isupper()) or _ABBREVIATION.fullmatch(word) is not None


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
