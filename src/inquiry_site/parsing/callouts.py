"""Recognise the callouts of Obsidian and GitHub (``> [!note] Title``), which are not quotations."""

from __future__ import annotations

import re
from collections.abc import Iterator

CALLOUT = r"\[!(?P<type>[\w-]+)(?:[ ]*\|[ ]*[\w-]+)*\][-+]?"
"""Pattern of what begins a callout after its ``>``; the title follows."""

_QUOTATION_TYPES = frozenset({"cite", "quote"})
"""Types of callouts whose text is a quotation, as in a block quote."""
_MARKS = re.compile(r"(?:[ ]{0,3}>[ ]?)+")
_OPENING = re.compile(rf"[ ]*{CALLOUT}")


def quoted_spans(prose: str) -> list[tuple[int, int]]:
    """Return the spans of consecutive lines in block quotes and in callouts of a type that quotes.

    A block quote within another callout counts, the callout around it does not.
    """
    spans: list[tuple[int, int]] = []
    is_running = False
    for start, end, is_quoted in _lines(prose):
        if is_quoted and is_running:
            spans[-1] = (spans[-1][0], end)
        elif is_quoted:
            spans.append((start, end))
        is_running = is_quoted
    return [(start, start + len(prose[start:end].rstrip())) for start, end in spans]


def _lines(prose: str) -> Iterator[tuple[int, int, bool]]:
    """Yield start and end of each line, and whether it belongs to a quotation."""
    levels: list[bool] = []
    """For each open level of ``>``, whether it is a quotation."""
    position = 0
    for line in prose.splitlines(keepends=True):
        marks = _MARKS.match(line)
        depth = marks[0].count(">") if marks else 0
        words = line[marks.end() :] if marks else line
        if words.isspace() or not words:
            del levels[depth:]
        elif depth > len(levels):
            callout = _OPENING.match(words)
            levels += [True] * (depth - len(levels))
            levels[-1] = callout is None or callout["type"].lower() in _QUOTATION_TYPES
        yield position, position + len(line), any(levels[:depth])
        position += len(line)
