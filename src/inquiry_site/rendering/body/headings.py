"""Place an author's headings below those of the page around them."""

from __future__ import annotations

import re

from inquiry_site.html.syntax import RAW_ELEMENTS, TAG_OR_COMMENT

_LOWEST = 6
_TOKEN = re.compile(
    rf"<(?P<raw>{'|'.join(RAW_ELEMENTS)})\b.*?</(?P=raw)\s*>|{TAG_OR_COMMENT}", re.DOTALL | re.IGNORECASE
)
_HEADING = re.compile(r"h[1-6]", re.IGNORECASE)


def place_headings(converted: str, highest: int) -> str:
    """Return the HTML of a body in which the highest headings have a given level; the others keep their distance.

    Args:
        converted: HTML in which every element is closed.
        highest: the level below that of the section with the body, from 1 to 6.
    """
    if not any(f"<h{level}" in converted for level in range(1, _LOWEST + 1)) and "<H" not in converted:
        return converted
    tags = [match for match in _TOKEN.finditer(converted) if _HEADING.fullmatch(match["name"] or "")]
    offset = highest - min((int(match["name"][1]) for match in tags), default=highest)
    if not offset:
        return converted
    pieces: list[str] = []
    position = 0
    for match in tags:
        start, end = match.span("name")
        pieces += [converted[position:start], f"h{min(int(match['name'][1]) + offset, _LOWEST)}"]
        position = end
    return "".join((*pieces, converted[position:]))
