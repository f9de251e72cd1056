"""Convert Markdown to plain text and split it into sentences, well enough to show readers the citing sentence."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from itertools import islice

from inquiry_site.parsing.blocks import code_spans
from inquiry_site.parsing.callouts import CALLOUT

FIRST_PLACEHOLDER = 0xF0000
"""First code point of the private-use plane whose characters replace citations in the text, one each."""
MAX_PLACEHOLDERS = 0xFFFD

PLACEHOLDER = f"[{chr(FIRST_PLACEHOLDER)}-{chr(FIRST_PLACEHOLDER + MAX_PLACEHOLDERS)}]"

# Code spans are also replaced by single characters, so that nothing in them is parsed as markup.
_FIRST_CODE = 0x100000
_CODE = f"[{chr(_FIRST_CODE)}-{chr(_FIRST_CODE + MAX_PLACEHOLDERS)}]"

# A full stop after one of these does not by itself end a sentence.
_ABBREVIATION = re.compile(
    r"(?:[^\W\d_]\.)+[^\W\d_]"
    r"|al|approx|ca|cf|ch|dr|eds?|eqs?|esp|figs?|incl|jr|mr|mrs|ms|pp?|prof|refs?|resp|sec|sr|st|tab|viz|vol|vs",
    re.IGNORECASE,
)

_CELL_END = re.compile(r"(?<!\\)\|")


def _joined_cells(row: str) -> str:
    """Return a table row as running text: its cells joined by dots, without the bars."""
    return " · ".join(cell.strip() for cell in _CELL_END.split(row) if cell.strip())


_WORDS = r"(?:[^\[\]]|\[[^\[\]]*\])*"
_MARKUP = (
    ("[!", re.compile(rf"^[ \t>]*>[ \t]*{CALLOUT}", re.MULTILINE), ""),
    ("<", re.compile(r"<[a-zA-Z/!][^<>]*>"), ""),
    ("![", re.compile(r"!\[[^\[\]]*\](?:\([^()]*\)|\[[^\[\]]*\])"), ""),
    ("[^", re.compile(r"\[\^[^\[\]]+\]:?"), ""),
    ("](", re.compile(rf"(?<!\\)\[({_WORDS})\]\((?:[^(){PLACEHOLDER[1:-1]}]|\([^()]*\))*\)"), r"\1"),
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
"""Triples: a string that a text must contain for the pattern to be tried, the pattern, and the replacement."""
_DELIMITER = re.compile(r"(?<!\\)(?:\*{1,3}|_{1,3}|~~|==|\^\^)")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|~>\"'])")

_ENTITY = re.compile(r"&#?\w+;")
_PRIVATE = re.compile(f"{PLACEHOLDER}|{_CODE}")
_SPACE = re.compile(r"\s+")
_QUOTES = '"“‘«(['
_END = re.compile(
    rf"(?P<stop>[.!?…]+[\"'”’»)\]]*)(?P<cited>\s*{PLACEHOLDER}(?:\s*{PLACEHOLDER})*[.!?]*)?(?P<gap>\s+|$)?(?=(?P<next>.?))"
    rf"|(?P<full>[。！？؟۔।॥։።]+[\"'”’」』）»]*(?:{PLACEHOLDER})*)",
    re.DOTALL,
)


def without_private(text: str) -> str:
    """Remove the private characters that this module uses for citations and code; they have no other meaning."""
    return _PRIVATE.sub("", text)


def plain_text(markdown: str) -> str:
    """Return the Markdown of one block as plain text in one line, as a reader sees it."""
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
    """Return the content of each code span, and the text with each code span replaced by a single character."""
    if "`" not in markdown:
        return [], markdown
    # Placeholder characters in the input would be mistaken for code spans.
    markdown = re.sub(_CODE, "", markdown)
    code: list[str] = []
    pieces: list[str] = []
    position = 0
    for start, end, ticks in islice(code_spans(markdown), MAX_PLACEHOLDERS):
        pieces += [markdown[position:start], chr(_FIRST_CODE + len(code))]
        code.append(markdown[start + ticks : end - ticks])
        position = end
    return code, "".join((*pieces, markdown[position:]))


def _without_emphasis(text: str) -> str:
    """Remove emphasis delimiters that come in pairs; ``A* search`` and ``x == y`` keep theirs."""
    if "*" not in text and "_" not in text and "~" not in text and "=" not in text:
        return text
    opening: dict[str, re.Match[str]] = {}
    paired: list[tuple[int, int]] = []
    for delimiter in _DELIMITER.finditer(text):
        before, after = text[delimiter.start() - 1 : delimiter.start()], text[delimiter.end() : delimiter.end() + 1]
        in_word = delimiter[0][0] == "_"
        if delimiter[0] in opening and before.strip() and not (in_word and after.isalnum()):
            paired += [opening.pop(delimiter[0]).span(), delimiter.span()]
        elif after.strip() and not (in_word and before.isalnum()):
            opening[delimiter[0]] = delimiter
    pieces: list[str] = []
    position = 0
    for start, end in sorted(paired):
        pieces.append(text[position:start])
        position = end
    return "".join((*pieces, text[position:]))


def split_sentences(text: str) -> Iterator[str]:
    """Yield the sentences of one line of plain text.

    A citation by itself after a full stop belongs to the sentence before it.
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
    """Return the end of the sentence that began at ``start``, or ``start`` if this full stop does not end it."""
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
    """Return whether a sentence can begin with a character; in scripts without capitals, any letter can."""
    return char in _QUOTES or char.isdigit() or (char.isalpha() and not char.islower())


def _is_abbreviated(text: str, start: int, match: re.Match[str]) -> bool:
    word = text[max(start, text.rfind(" ", start, match.start()) + 1) : match.start()].lstrip(_QUOTES)
    if word.lower() in {"no", "nos"}:
        return match["next"].isdigit()
    return (len(word) == 1 and word.isupper()) or _ABBREVIATION.fullmatch(word) is not None


def split_at_placeholders(sentence: str) -> tuple[str | int, ...]:
    """Split a sentence into pieces of text and, between them, the numbers of its citations."""
    parts: list[str | int] = []
    for piece in re.split(f"({PLACEHOLDER})", sentence):
        if len(piece) == 1 and ord(piece) >= FIRST_PLACEHOLDER:
            parts.append(ord(piece) - FIRST_PLACEHOLDER)
        elif piece:
            parts.append(piece)
    return tuple(parts)


def has_words(parts: Sequence[str | int]) -> bool:
    """Return whether a sentence contains words besides its citations."""
    return any(isinstance(part, str) and any(char.isalnum() for char in part) for part in parts)
