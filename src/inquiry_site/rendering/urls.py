"""Where everything stands in the built site: the one place that knows addresses."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from urllib.parse import quote

from inquiry_site.model import AnyDocument

HOME = "index"


@dataclass(frozen=True, slots=True)
class PageLocation:
    """One page's places."""

    path: str
    """As a Markdown file of a docs tree: ``notes/x.md``."""
    url: str
    """Relative to the site's root, percent-encoded: ``notes/x/``; empty for the home page."""
    file: str
    """As a file of the built site: ``notes/x/index.html``."""


class SiteUrls:
    """Addresses under one setting of ``use_directory_urls``, each worked out once.

    Attributes:
        docs_dir: folder of the hand-written pages, whose links keep leading to them.
    """

    def __init__(self, use_directory_urls: bool = True, docs_dir: str = "docs") -> None:
        self.docs_dir = docs_dir
        self._use_directory_urls = use_directory_urls
        self._known: dict[tuple[str, ...], PageLocation] = {}

    def page(self, *parts: str) -> PageLocation:
        """The address of a page by its folder and name; a folder alone means its index."""
        address = self._known.get(parts)
        if address is None:
            address = self._known[parts] = self._work_out(parts)
        return address

    def _work_out(self, parts: tuple[str, ...]) -> PageLocation:
        stem = posixpath.join(*parts)
        is_index = len(parts) == 1
        path = f"{stem}.md" if stem == HOME else f"{stem}/index.md" if is_index else f"{stem}.md"
        if not self._use_directory_urls:
            file = path.removesuffix(".md") + ".html"
            return PageLocation(path, quote(file), file)
        directory = "" if stem == HOME else f"{stem}/"
        return PageLocation(path, quote(directory), f"{directory}index.html")

    def document(self, document: AnyDocument) -> PageLocation:
        """The address of a note or a line."""
        return self.page(document.kind.value, document.id)

    def source(self, key: str) -> PageLocation:
        """The address of a source."""
        return self.page("sources", key)

    def topic(self, slug: str) -> PageLocation:
        """The address of a topic."""
        return self.page("topics", slug)


def relative_url(origin: str, target: str) -> str:
    """A link from one page to another; both are addresses relative to the root."""
    return "../" * origin.count("/") + target or "./"
