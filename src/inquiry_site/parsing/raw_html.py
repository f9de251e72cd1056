"""Raw HTML in a body: its tags and their attributes, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inquiry_site.html.syntax import OPENING_TAG, attributes_of
from inquiry_site.model import Tag
from inquiry_site.parsing.blocks import Layout, mask_code_spans

_PARAGRAPH = re.compile(r"(?:[^\n]*\S[^\n]*\n?)+")
_BRACES = re.compile(r"\{:?(?P<attributes>[^{}=\n]*=[^{}\n]*)\}")
_CODE = 4
"""Columns by which code is indented."""
_NEAR = 20
"""Characters before a destination in which its bracket is looked for."""
_AUTOLINK = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|[^\s@]+@")


def find_tags(layout: Layout, body: str, offset: int) -> Iterator[Tag]:
    """The tags of a body that open an element, and the attributes that Markdown's ``attr_list`` reads, in order.

    Args:
        layout: of the body; what is code or a comment in it has no tags, but what stands between HTML's own
            ``<pre>`` and ``</pre>`` has.
        body: the Markdown.
        offset: where it begins in the file's text.
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
    """The prose with raw HTML back in it, unless it is indented as code is."""
    position = 0
    for start, end in layout.raw:
        before = body[body.rfind("\n", 0, start) + 1 : start]
        if before.isspace() and len(before.expandtabs(4)) >= _CODE:
            continue
        yield layout.prose[position:start]
        yield body[start:end]
        position = end
    yield layout.prose[position:]


def _is_destination(text: str, start: int) -> bool:
    """Whether the ``<`` at an offset encloses where a link of Markdown leads."""
    return text[max(0, start - _NEAR) : start].rstrip(" \t").endswith(("](", "]:"))
