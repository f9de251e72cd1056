"""Count the words of a body as a reader sees it."""

from __future__ import annotations

import re

from inquiry_site.model import Body
from inquiry_site.parsing.blocks import find_blocks
from inquiry_site.parsing.sentences import plain_text
from inquiry_site.text.tokenize import UNSPACED

_RUN = re.compile(rf"[{UNSPACED}]|[^\s{UNSPACED}]+")
_DEFINITION = re.compile(r"^[ ]{0,3}\*?\[[^\[\]^][^\[\]]*\]:[ \t].*$", re.MULTILINE)
"""The definition of a link or an abbreviation, which readers do not see."""


def count_words(body: Body) -> int:
    """Return the number of words in the prose of a body: no code blocks, comments, HTML tags, URLs or ids.

    A citation counts as the words of its label; without a label, it does not count.
    """
    return sum(count_words_of_text(plain_text(block)) for block in _blocks(body))


def count_words_of_text(text: str) -> int:
    """Return the number of words in plain text.

    A word is a run without spaces that contains a letter or a digit; in scripts that are written without spaces, each
    character counts as one.
    """
    return sum(1 for run in _RUN.findall(text) if run.isalnum() or any(map(str.isalnum, run)))


def _blocks(body: Body) -> list[str]:
    """Return the blocks of a body with each citation replaced by its label."""
    layout = find_blocks(body.text)
    prose = layout.prose
    if "]:" in prose:
        prose = _DEFINITION.sub(lambda match: " " * len(match[0]), prose)
    blocks: list[str] = []
    citations = iter(body.citations)
    citation = next(citations, None)
    for block in layout.blocks:
        pieces: list[str] = []
        position = block.start
        while citation is not None and citation.start - body.offset < block.end:
            pieces += [prose[position : max(position, citation.start - body.offset)], citation.label]
            position = max(position, citation.end - body.offset)
            citation = next(citations, None)
        pieces.append(prose[position : block.end])
        blocks.append("".join(pieces))
    return blocks
