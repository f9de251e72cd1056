"""Convert ids to paths and URLs of the built site. No other module does this."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from urllib.parse import quote

from inquiry_site.model import AnyDocument

HOME = "index"


@dataclass(frozen=True, slots=True)
class PageLocation:
    """The paths and the URL of one page."""

    path: str
    """Path of its Markdown file in a docs tree: ``notes/x.md``."""
    url: str
    """URL relative to the site's root, percent-encoded: ``notes/x/``; empty for the home page."""
    file: str
    """Path of its file in the built site: ``notes/x/index.html``."""


class SiteUrls:
    """The locations of pages for one setting of ``use_directory_urls``, each computed once.

    Attributes:
        docs_dir: the folder of the hand-written pages; links to them are kept.
    """

    def __init__(self, use_directory_urls: bool = True, docs_dir: str = "docs") -> None:
        self.docs_dir = docs_dir
        self._use_directory_urls = use_directory_urls
        self._locations: dict[tuple[str, ...], PageLocation] = {}

    def page(self, *parts: str) -> PageLocation:
        """Return the location of a page by folder and name; a folder alone means its index."""
        location = self._locations.get(parts)
        if location is None:
            location = self._locations[parts] = self._locate(parts)
        return location

    def _locate(self, parts: tuple[str, ...]) -> PageLocation:
        stem = posixpath.join(*parts)
        is_index = len(parts) == 1
        path = f"{stem}.md" if stem == HOME else f"{stem}/index.md" if is_index else f"{stem}.md"
        if not self._use_directory_urls:
            file = path.removesuffix(".md") + ".html"
            return PageLocation(path, quote(file), file)
        directory = "" if stem == HOME else f"{stem}/"
        return PageLocation(path, quote(directory), f"{directory}index.html")

    def document(self, document: AnyDocument) -> PageLocation:
        """Return the location of a note or a line."""
        return self.page(document.kind.value, document.id)

    def source(self, key: str) -> PageLocation:
        """Return the location of a source."""
        return self.page("sources", key)

    @property
    def glossary(self) -> str:
        """The URL of the hand-written page with the glossary."""
        return "glossary/" if self._use_directory_urls else "glossary.html"

    def topic(self, slug: str) -> PageLocation:
        """Return the location of a topic."""
        return self.page("topics", slug)


def relative_url(origin: str, target: str) -> str:
    """Return the relative URL from one page to another.

    Args:
        origin: the URL of the page with the link, relative to the site's root.
        target: the URL of the other page, relative to the site's root.
    """
    return "../" * origin.count("/") + target or "./"
