"""Where in a file the figures of its sentences stand: a sentence is known without its marks, a report needs places."""

from __future__ import annotations

import re

from inquiry_site.parsing.blocks import mask_code_spans
from inquiry_site.parsing.figures import Figure

_CONTEXT = 24
_MOST_TRIED = 20
"""A paragraph that has one figure more often is no prose, and its findings are about all of them."""
_NO_LETTERS = re.compile(r"[\W_]+")


class CodeMask:
    """A text without its code spans, block by block: what a program is given says nothing of the world."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._masked: dict[tuple[int, int], str] = {}

    def is_code(self, block: tuple[int, int], place: int) -> bool:
        """Whether a place in a block is within a code span."""
        if block not in self._masked:
            self._masked[block] = mask_code_spans(self._text[slice(*block)])
        return self._masked[block][place - block[0]].isspace()


class FigureLocator:
    """Where the figures of a text's sentences stand in the file; they are asked for in the order of the file."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._letters_before: dict[int, str] = {}
        self._next: dict[tuple[tuple[int, int], str], int] = {}

    def find(self, block: tuple[int, int], sentence: str, figure: Figure) -> tuple[int, int]:
        """Of equal figures in a block that with the likest words before it, as start and end."""
        written = sentence[figure.start : figure.end]
        before = _letters(sentence, figure.start, 0)
        alike, best = -1, block[0]
        start = self._text.find(written, self._next.get((block, written), block[0]), block[1])
        for _ in range(_MOST_TRIED):
            if start < 0 or alike == len(before):
                break
            found = _common_ending(before, self._before(start, block[0]))
            alike, best = (found, start) if found > alike else (alike, best)
            start = self._text.find(written, start + 1, block[1])
        if alike < 0:
            return block
        if alike == len(before):
            self._next[block, written] = best + 1
        return best, best + len(written)

    def _before(self, start: int, first: int) -> str:
        if start not in self._letters_before:
            self._letters_before[start] = _letters(self._text, start, first)
        return self._letters_before[start]


def _letters(text: str, end: int, first: int) -> str:
    return _NO_LETTERS.sub("", text[max(first, end - 4 * _CONTEXT) : end])[-_CONTEXT:]


def _common_ending(one: str, other: str) -> int:
    if one.endswith(other) or other.endswith(one):
        return min(len(one), len(other))
    length = 0
    for left, right in zip(reversed(one), reversed(other), strict=False):
        if left != right:
            break
        length += 1
    return length
