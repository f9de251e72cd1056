"""Locate the figures of sentences in a file: parsed sentences are plain text, but reports need positions."""

from __future__ import annotations

import re

from inquiry_site.parsing.blocks import mask_code_spans
from inquiry_site.parsing.figures import Figure

_CONTEXT = 24
_MOST_TRIED = 20
"""Maximum occurrences of a figure to compare. A block with more is not prose, and a finding applies to all of them."""
_NO_LETTERS = re.compile(r"[\W_]+")


class CodeMask:
    """A text with its code spans masked, per block on demand: figures in code are not claims."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._masked: dict[tuple[int, int], str] = {}

    def is_code(self, block: tuple[int, int], offset: int) -> bool:
        """Return whether an offset in a block is within a code span."""
        if block not in self._masked:
            self._masked[block] = mask_code_spans(self._text[slice(*block)])
        return self._masked[block][offset - block[0]].isspace()


class FigureLocator:
    """Locates the figures of a text's sentences in the file. They must be requested in the order of the file."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._letters_before: dict[int, str] = {}
        self._next: dict[tuple[tuple[int, int], str], int] = {}

    def find(self, block: tuple[int, int], sentence: str, figure: Figure) -> tuple[int, int]:
        """Return the span of a figure in the file.

        Of equal figures in the block, this is the one whose preceding letters agree best with those in the sentence.

        Args:
            block: the start and end offset of the block in the file.
            sentence: the plain text of the sentence.
            figure: the figure in the sentence.

        Returns:
            Start and end offset of the figure in the file; those of the block if the figure is not found.
        """
        written = sentence[figure.start : figure.end]
        before = _letters(sentence, figure.start, 0)
        best_length, best_start = -1, block[0]
        start = self._text.find(written, self._next.get((block, written), block[0]), block[1])
        for _ in range(_MOST_TRIED):
            if start < 0 or best_length == len(before):
                break
            length = _common_suffix_length(before, self._before(start, block[0]))
            best_length, best_start = (length, start) if length > best_length else (best_length, best_start)
            start = self._text.find(written, start + 1, block[1])
        if best_length < 0:
            return block
        if best_length == len(before):
            self._next[block, written] = best_start + 1
        return best_start, best_start + len(written)

    def _before(self, start: int, first: int) -> str:
        if start not in self._letters_before:
            self._letters_before[start] = _letters(self._text, start, first)
        return self._letters_before[start]


def _letters(text: str, end: int, first: int) -> str:
    return _NO_LETTERS.sub("", text[max(first, end - 4 * _CONTEXT) : end])[-_CONTEXT:]


def _common_suffix_length(one: str, other: str) -> int:
    if one.endswith(other) or other.endswith(one):
        return min(len(one), len(other))
    length = 0
    for left, right in zip(reversed(one), reversed(other), strict=False):
        if left != right:
            break
        length += 1
    return length
