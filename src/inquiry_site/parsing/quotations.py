"""Find quotations in a body, and check whether another text contains them."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from inquiry_site.body_syntax import Quotation
from inquiry_site.parsing.blocks import Layout, mask_code_spans
from inquiry_site.parsing.callouts import CALLOUT, quoted_spans
from inquiry_site.parsing.sentences import plain_text, without_private

FEWEST_WORDS = 6
"""The minimum number of words of a quotation; fewer may be a term, a title or irony."""

_ANY_MARK = re.compile('["“„«»]|&quot;|&[lr]dquo;')
_MARKED = re.compile(
    r"“(?P<curly>[^“”]+)”|„(?P<low>[^„“”]+)[“”]|«(?P<out>[^«»]+)»|»(?P<into>[^«»]+)«"
    r"|(?<![\w\"])\"(?P<straight>[^\"\n]+(?:\n[^\"\n]+)*)\"(?!\w)"
)
_QUOTE_MARKS = re.compile(r"^(?:[ ]{0,3}>[ ]?)+", re.MULTILINE)
_CITATION = re.compile(r"!?\[\[(?:[^\[\]]|\[[^\[\]]*\])*\]\]")
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()\s]*\)")
_ATTRIBUTION = re.compile(r"^\s*(?:[—–]|--)\s.*\Z", re.MULTILINE | re.DOTALL)
_CALLOUT_TITLE = re.compile(rf"^\s*{CALLOUT}.*$", re.MULTILINE)
_OTHER_CASE = re.compile(r"\[(\w)\](?=\w)")
_GAP = re.compile(r"(?:(?<!\w)\w*+)?\[[^\[\]]*\]\w*|…|\.\s?\.\s?\.")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_WORD = re.compile(r"\w+")


def find_quotations(layout: Layout, offset: int) -> Iterator[Quotation]:
    """Yield the quotations of a body that are long enough, first those in block quotes, then those in quotation marks.

    Args:
        layout: the body's blocks, with code and comments blanked out.
        offset: the start of the body; offsets in the result count from the start of the file.
    """
    prose = layout.prose
    in_blocks = quoted_spans(prose) if ">" in prose else []
    yield from _long_quotations(prose, in_blocks, offset)
    if _ANY_MARK.search(prose) is None:
        return
    starts = [start for start, _ in in_blocks]
    for block in layout.blocks:
        text = prose[block.start : block.end]
        before = bisect_right(starts, block.start)
        is_quoted = before > 0 and block.start < in_blocks[before - 1][1]
        if not is_quoted and _ANY_MARK.search(text):
            spans = [
                (match.start() + block.start, match.end() + block.start)
                for match in _MARKED.finditer(_without_attributes(mask_code_spans(text)))
            ]
            yield from _long_quotations(prose, spans, offset)


def _without_attributes(text: str) -> str:
    """Blank out tags, link destinations with titles, and attribute lists: their quotation marks quote nothing."""
    return re.sub(r"<[a-zA-Z/][^<>]*>|\]\([^()]*\)|\{[:#.][^{}]*\}", lambda match: " " * len(match[0]), text)


def _long_quotations(prose: str, spans: Iterable[tuple[int, int]], offset: int) -> Iterator[Quotation]:
    for start, end in spans:
        inside = _QUOTE_MARKS.sub("", prose[start:end])
        inside = _ATTRIBUTION.sub("", _CALLOUT_TITLE.sub("", _LINK.sub(r"\1", _CITATION.sub(" ", inside))))
        text = plain_text(without_private(inside)).strip(' "“”„«»')
        if len(_WORD.findall(text)) >= FEWEST_WORDS:
            yield Quotation(start + offset, end + offset, text)


def normalize_quotation(text: str) -> str:
    """Return only the words of a text, casefolded and each between two spaces, to compare differently typeset texts."""
    visible = _INVISIBLE.sub("", text)
    return f" {' '.join(_WORD.findall(unicodedata.normalize('NFKC', visible).casefold()))} "


def is_quoted_in(quotation: str, text: str) -> bool:
    """Return whether a text contains a quotation.

    Args:
        quotation: the quotation; its ellipses and bracketed insertions match any words.
        text: a text as returned by ``normalize_quotation``.
    """
    position = 0
    for part in _GAP.split(_OTHER_CASE.sub(r"\1", quotation)):
        words = normalize_quotation(part)
        if words.strip():
            start = text.find(words, position)
            if start < 0:
                return False
            position = start + len(words) - 1
    return True
