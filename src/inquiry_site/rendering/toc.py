"""Read the headings of a rendered page, for the table of contents beside it."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

_ATTRIBUTES = r"""(?:\s(?!id=)[^\s"'<>=]+(?:=(?:"[^"]*"|'[^']*'|[^\s"'<>]+))?)*+"""
"""Attributes before the id. Values are matched as a whole, so that ``id=`` within one is not mistaken for the id."""
_HEADING = re.compile(
    rf'<h(?P<level>[1-6])(?:{_ATTRIBUTES}\sid="(?P<own>[^"]*)")?(?=[\s>])[^>]*>(?P<inside>.*?)</h(?P=level)>', re.DOTALL
)
_SECTION = re.compile(rf'<section{_ATTRIBUTES}\sid="([^"]*)"(?![^>]*\shidden[\s>])[^>]*>\s*')
"""A section that scripts may reveal later has no entry: its link would lead nowhere."""
_INNER_ID = re.compile(r'<span id="([^"]*)">')
_ASIDE = re.compile(r'\u2060?<a class="(?:headerlink|iq-doubt\b[^"]*)".*?</a>', re.DOTALL)
"""Permalinks and marks of doubt, which are not part of a heading's text."""
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class TocHeading:
    """A heading with an id, and the deeper headings that follow it."""

    level: int
    id: str
    text: str
    children: list[TocHeading] = field(default_factory=list)


def read_toc(page: str) -> list[TocHeading]:
    """Return the headings of a page's HTML that can be linked to, nested by level.

    The id of a heading is its own, that of the section that it opens, or that of the ``<span>`` around its text. The
    headings are read from the HTML, so that they stay correct whatever a site's own templates omit or add.
    """
    top: list[TocHeading] = []
    path: list[TocHeading] = []
    end = 0
    for match in _HEADING.finditer(page):
        inner = _INNER_ID.match(match["inside"])
        identifier = match["own"] or _section(page, end, match.start()) or (inner[1] if inner else "")
        end = match.end()
        if not identifier:
            continue
        text = " ".join(html.unescape(_TAG.sub("", _ASIDE.sub("", match["inside"]))).split())
        entry = TocHeading(int(match["level"]), html.unescape(identifier), text)
        while path and path[-1].level >= entry.level:
            path.pop()
        (path[-1].children if path else top).append(entry)
        path.append(entry)
    return top


def _section(page: str, start: int, end: int) -> str:
    """Return the id of the section that opens immediately before ``end``, or an empty string."""
    opening = page.rfind("<section", start, end)
    match = _SECTION.fullmatch(page, opening, end) if opening >= 0 else None
    return match[1] if match else ""
