"""Generate the Content-Security-Policy of a site: which scripts pages may run, and which hosts they may load from."""

from __future__ import annotations

import re
from base64 import b64encode
from collections import defaultdict
from collections.abc import Mapping
from hashlib import sha256
from html import escape
from urllib.parse import urlsplit

HEADERS = "_headers"
"""The file from which static hosts read response headers."""

_BASE: Mapping[str, str] = {
    "default-src": "'self'",
    "base-uri": "'self'",
    "font-src": "'self' data:",
    "form-action": "'self'",
    "img-src": "* data:",
    "media-src": "*",
    "object-src": "'none'",
    "script-src": "'self'",
    # The theme and Markdown tables set inline styles, which cannot run code.
    "style-src": "'self' 'unsafe-inline'",
}
_SCRIPT = re.compile(r"<script\b(?P<attributes>[^>]*)>(?P<text>.*?)</script>", re.DOTALL | re.IGNORECASE)
_LOADED = re.compile(
    r"""<(?P<name>script|link|iframe)\b[^>]*?\s(?:src|href)=(?P<quote>["']?)(?P<address>https?://[^"'\s>]+)(?P=quote)""",
    re.IGNORECASE,
)
_DIRECTIVE_OF = {"script": "script-src", "link": "style-src", "iframe": "frame-src"}
_STYLESHEET = re.compile(r"""\brel=["']?stylesheet""", re.IGNORECASE)
_DATA = re.compile(
    r"""\btype=["']?(?!module|importmap|speculationrules|(?:text|application)/(?:java|ecma)script)[a-z]"""
)
_SOURCE = re.compile(r"""\bsrc=""")
_CHARSET, _HEAD = (re.compile(tag, re.IGNORECASE) for tag in (r"<meta\s+charset=[^>]*>", r"<head\b[^>]*>"))
_CONTENT = '<div class="md-container"'
_REPOSITORY = ' data-md-component="source"'
_NOTHING = "'none'"
_FONTS, _FONT_FILES = "https://fonts.googleapis.com", "https://fonts.gstatic.com"


class ContentPolicy:
    """The policies of a build's pages, and a common one that allows what any of them needs."""

    def __init__(self, additions: Mapping[str, str]) -> None:
        """Create the policies of a build without any pages yet.

        Args:
            additions: more sources by directive, from the site's settings.
        """
        self._additions = additions
        self._needed: dict[str, set[str]] = defaultdict(set)

    def protect(self, html: str, *, by_author: bool) -> str:
        """Return a page with its policy in the head, before everything that it governs.

        The policy allows each inline script of the theme by its hash, and each host from which the theme or a
        hand-written page loads files.

        Args:
            html: a whole page.
            by_author: whether an author wrote its article; authors' scripts are not allowed.
        """
        needed = _required_sources(_without_article(html) if by_author else html)
        for directive, sources in needed.items():
            self._needed[directive] |= sources
        if by_author:
            needed["frame-src"] = {_NOTHING}
        meta = f'<meta http-equiv="Content-Security-Policy" content="{escape(self._policy(needed), quote=False)}">'
        # For privacy: otherwise the theme would make each reader's browser request statistics from the code host.
        html = html.replace(_REPOSITORY, "")
        # Browsers look for the encoding only in the first bytes of a page, so the policy is inserted after it.
        anchor = _CHARSET.search(html) or _HEAD.search(html)
        return f"{html[: anchor.end()]}\n{meta}{html[anchor.end() :]}" if anchor else html

    def headers(self) -> str:
        """Return the content of ``_headers``: one policy for all protected pages, for hosts that read this file."""
        policy = f"{self._policy(self._needed)}; frame-ancestors 'self'"
        return (
            f"/*\n  Content-Security-Policy: {policy}\n  X-Content-Type-Options: nosniff\n"
            "  Referrer-Policy: strict-origin-when-cross-origin\n"
        )

    def _policy(self, needed: Mapping[str, set[str]]) -> str:
        names = dict.fromkeys((*_BASE, *sorted(needed), *self._additions))
        return "; ".join(f"{name} {' '.join(self._sources(name, needed.get(name, set())))}" for name in names)

    def _sources(self, name: str, needed: set[str]) -> list[str]:
        """Return the sources of a directive, including those of ``default-src``, which it would otherwise override."""
        added = self._additions.get(name, "").split()
        if _NOTHING in needed:
            return added or [_NOTHING]
        return [_BASE.get(name, _BASE["default-src"]), *sorted(needed), *added]


def _required_sources(html: str) -> dict[str, set[str]]:
    """Return the sources that a page needs beyond its own site, by directive."""
    needed: dict[str, set[str]] = defaultdict(set)
    for script in _SCRIPT.finditer(html):
        if not _SOURCE.search(script["attributes"]) and not _DATA.search(script["attributes"]):
            digest = b64encode(sha256(script["text"].encode(errors="xmlcharrefreplace")).digest()).decode()
            needed["script-src"].add(f"'sha256-{digest}'")
    for tag in _LOADED.finditer(html):
        name = tag["name"].lower()
        if name == "link" and not _STYLESHEET.search(tag[0]):
            continue
        parts = urlsplit(tag["address"])
        needed[_DIRECTIVE_OF[name]].add(f"{parts.scheme}://{parts.netloc}")
    if _FONTS in needed["style-src"]:
        needed["font-src"].add(_FONT_FILES)
    return needed


def _without_article(html: str) -> str:
    """Return a page without the parts that contain an author's text: the article and the table of contents."""
    start, article, end = html.find(_CONTENT), html.find("<article"), html.rfind("</article>")
    start = start if 0 <= start < article else article
    return html[:start] + html[end:] if 0 <= start < end else html
