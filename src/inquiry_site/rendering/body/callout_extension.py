"""A Markdown extension for the callouts of Obsidian and GitHub: ``> [!note] Title``, ``> [!tip]- Folded``."""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from pymdownx.quotes import QuotesExtension, QuotesProcessor

from inquiry_site.parsing.callouts import CALLOUT

_STYLES = {
    "abstract": "abstract summary tldr",
    "bug": "bug",
    "danger": "danger error",
    "example": "example",
    "failure": "fail failure missing",
    "info": "info todo",
    "note": "note",
    "question": "faq help question",
    "quote": "cite quote",
    "success": "check done success",
    "tip": "hint important tip",
    "warning": "attention caution warning",
}
_STYLE_OF = {name: style for style, names in _STYLES.items() for name in names.split()}
"""The style of the theme for each type; any other type looks like a note."""
_QUOTE = 20
"""Priority of the processor of block quotes."""
_BEFORE_QUOTES = 19.995
"""Priority of the step that sets the styles: just before the one that turns block quotes into callouts."""
_OPENING = re.compile(
    rf"^[ ]{{0,3}}(?P<opening>>[ ]*{CALLOUT}[ ]*)(?P<number>\d+(?=[.)][ ]))?(?P<sign>[-+#>.)*_]?)", re.MULTILINE
)
_EMPHASIS, _STOPS = "*_", ".)"


class _CalloutProcessor(QuotesProcessor):  # type: ignore[misc]
    """Processes block quotes and callouts, whose titles are never lists or headings."""

    def run(self, parent: Element, blocks: list[str]) -> None:
        """Convert the first block."""
        if "[!" in blocks[0]:
            blocks[0] = _OPENING.sub(_escaped_opening, blocks[0])
        super().run(parent, blocks)


def _escaped_opening(match: re.Match[str]) -> str:
    """Return the beginning of a callout without indentation, and a sign that would begin a list or heading escaped."""
    sign = match["sign"]
    is_emphasis = sign in _EMPHASIS and not match.string.startswith(" ", match.end())
    is_stop = sign in _STOPS and not match["number"]
    escape = "" if is_emphasis or is_stop else "\\"
    return f"{match['opening']}{match['number'] or ''}{escape}{sign}"


class _CalloutStyles(Treeprocessor):
    """Replaces the type of each callout by the style of the theme that shows it."""

    def run(self, root: Element) -> None:
        """Convert a whole body."""
        for quote in root.iter("blockquote"):
            written = quote.get("data-alert")
            if written:
                quote.set("data-alert", _STYLE_OF.get(written.split()[0], "note"))


class CalloutExtension(QuotesExtension):  # type: ignore[misc]
    """``pymdownx.quotes`` with callouts, in the styles that themes have."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(callouts=True, **settings)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - named by Markdown
        """Register the extension."""
        super().extendMarkdown(md)
        md.parser.blockprocessors.register(_CalloutProcessor(md.parser, self.getConfigs()), "quote", _QUOTE)
        md.treeprocessors.register(_CalloutStyles(md), "callout-styles", _BEFORE_QUOTES)


def makeExtension(**settings: Any) -> CalloutExtension:  # noqa: N802 - named by Markdown
    """Return the extension."""
    return CalloutExtension(**settings)
