"""The site's own search in place of Material's: the control in the header, and the hand-written pages in its index."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape
from typing import Any
from urllib.parse import urlsplit

from inquiry_site.config import Config
from inquiry_site.html.syntax import TAG_OR_COMMENT
from inquiry_site.rendering.urls import SiteUrls, relative_url
from inquiry_site.search.entries import HandWrittenPage

SEARCH_SCRIPT = "assets/inquiry/search.js"
DEFERRED_SEARCH_ASSETS = tuple(f"assets/inquiry/search{name}" for name in ("-dialog.js", "-worker.js", ".css"))
"""What the script loads once a reader searches."""
_HEADER = '<header class="md-header'
_END_OF_HEADER = re.compile(r'<div class="md-header__source">|</nav>')
_HEADING = re.compile(r"<h1\b.*?</h1>", re.DOTALL)
_TAG = re.compile(TAG_OR_COMMENT, re.DOTALL)
_HIDDEN = re.compile(r"data-search-exclude|\bheaderlink\b")
_INLINE = frozenset("a abbr b bdi code em i kbd mark s small span strong sub sup u".split())


def switch_off_theme_search(config: Any) -> bool:
    """Disable the theme's own search for this build; return whether the site had it."""
    plugin = config.plugins.get("material/search")
    if plugin is None or not plugin.config.enabled:
        return False
    plugin.config.enabled = False
    return True


class SiteSearch:
    """The search of one build."""

    def __init__(self, config: Config, label: str) -> None:
        """Start without hand-written pages.

        Args:
            config: the settings.
            label: the label of the control.
        """
        self._label = escape(label)
        self._root = urlsplit(config.site_url or "/").path.rstrip("/") + "/"
        self._fallback = SiteUrls(config.use_directory_urls).page("lines").url
        self._pages: dict[str, HandWrittenPage] = {}

    @property
    def hand_written(self) -> tuple[HandWrittenPage, ...]:
        """The hand-written pages."""
        return tuple(self._pages.values())

    def add(self, title: str, url: str, html: str, meta: Mapping[str, Any]) -> None:
        """Add a hand-written page, unless its metadata excludes it from search."""
        options = meta.get("search")
        if not (isinstance(options, dict) and options.get("exclude")):
            heading = _HEADING.search(html)
            text = html[: heading.start()] + html[heading.end() :] if heading else html
            heading_text = html_to_text(heading[0]) if heading else ""
            self._pages[url] = HandWrittenPage(heading_text or title, url, html_to_text(text))

    def with_control(self, html: str, url: str | None) -> str:
        """Return a page with the control in its header; ``url`` is None for one that is served at any URL.

        Without scripts the control is a link to the list of lines.
        """
        header = html.find(_HEADER)
        end = _END_OF_HEADER.search(html, header) if header >= 0 else None
        if end is None:
            return html
        href = self._root + self._fallback if url is None else relative_url(url, self._fallback)
        control = (
            f'<a class="md-header__button iq-search" href="{escape(href)}" aria-keyshortcuts="/">{self._label}</a>\n'
        )
        return html[: end.start()] + control + html[end.start() :]


def html_to_text(html: str) -> str:
    """Return the text of a page, without the parts that it excludes from search."""
    parts: list[str] = []
    position, excluded_by, depth = 0, "", 0
    for tag in _TAG.finditer(html):
        closes, name, attributes = tag["slash"], tag["name"], tag["attributes"] or ""
        if not depth:
            parts += (html[position : tag.start()], "" if name in _INLINE else " ")
        position = tag.end()
        if depth:
            depth += (name == excluded_by) * (-1 if closes else 1)
        elif name in {"script", "style"} or (name and not closes and _HIDDEN.search(attributes)):
            excluded_by, depth = name, 1
    if not depth:
        parts.append(html[position:])
    return " ".join(unescape("".join(parts)).split())
