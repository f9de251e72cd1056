"""Find raw HTML in a body: tags and their attributes, with offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inquiry_site.body_syntax import Tag
from inquiry_site.html.syntax import OPENING_TAG, attributes_of
from inquiry_site.parsing.blocks import Layout, mask_code_spans

_PARAGRAPH = re.compile(r"(?:[^\n]*\S[^\n]*\n?)+")
_BRACES = re.compile(r"\{:?(?P<attributes>[^{}=\n]*=[^{}\n]*)\}")
_CODE_INDENT = 4
"""Columns by which code is indented."""
_LOOKBEHIND = 20
"""Characters before a link destination that are searched for its bracket."""
_AUTOLINK = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|[^\s@]+@")


def find_tags(layout: Layout, body: str, offset: int) -> Iterator[Tag]:
    """Yield the start tags of a body, and the attributes that Markdown's ``attr_list`` parses.

    Code and comments contain no tags, except code in HTML's own ``<pre>``.

    Args:
        layout: the layout of the body.
        body: the Markdown.
        offset: the offset of the body in the file's text, added to those of the tags.
    """
    if "<" not in body and "{" not in body:
        return
    text = "".join(_with_raw_html(layout, body))
    for paragraph in _PARAGRAPH.finditer(text):
        if "<" not in paragraph[0] and "{" not in paragraph[0]:
            continue
        start = paragraph.start() + offset
        masked = mask_code_spans(paragraph[0])
        for tag in OPENING_TAG.finditer(masked):
            if _AUTOLINK.match(tag["name"]) or _is_destination(masked, tag.start()):
                continue
            yield Tag(start + tag.start(), start + tag.end(), tag["name"].lower(), attributes_of(tag["attributes"]))
        for braces in _BRACES.finditer(masked):
            yield Tag(start + braces.start(), start + braces.end(), "", attributes_of(braces["attributes"]))


def _with_raw_html(layout: Layout, body: str) -> Iterator[str]:
    """Yield the prose in pieces, with the raw HTML that was blanked out, unless it is indented like code."""
    position = 0
    for start, end in layout.raw:
        before = body[body.rfind("\n", 0, start) + 1 : start]
        if before.isspace() and len(before.expandtabs(4)) >= _CODE_INDENT:
            continue
        yield layout.prose[position:start]
        yield body[start:end]
        position = end
    yield layout.prose[position:]


def _is_destination(text: str, start: int) -> bool:
    """Whether the ``<`` at an offset encloses the destination of a Markdown link."""
    return text[max(0, start - _LOOKBEHIND) : start].rstrip(" \t").endswith(("](", "]:"))
