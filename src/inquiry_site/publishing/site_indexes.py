"""The files that describe the whole site: exports of the graph and the search index."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial
from pathlib import Path

from inquiry_site.publishing.file_tree import write_file
from inquiry_site.publishing.fingerprint import hash_values
from inquiry_site.publishing.published_site import PublishedSite
from inquiry_site.publishing.session import BuildSession
from inquiry_site.publishing.workers import Render
from inquiry_site.search import FOLDER, MANIFEST
from inquiry_site.search.entries import HandWrittenPage

SearchedPages = Callable[[], tuple[HandWrittenPage, ...]]
"""Returns the hand-written pages that the search includes, once the engine has converted them."""
RenderGroup = Callable[[], Mapping[str, bytes]]


class SiteIndexes:
    """Exports and search index of one build.

    Attributes:
        exports: the function that renders each export, by path.
    """

    def __init__(self, session: BuildSession, searched_pages: SearchedPages | None) -> None:
        """Prepare the exports and the search; nothing is rendered yet.

        Args:
            session: the build.
            searched_pages: hand-written pages for the search; None for a site without this search.
        """
        self._session = session
        self._searched_pages = searched_pages
        self.exports: dict[str, Render] = {
            "graph.json": lambda: session.build.graph_in_pieces(),
            "map/notes.json": lambda: session.build.map_json(),
        }

    def exclude(self, paths: Collection[str]) -> None:
        """Exclude exports whose paths are used by other files of the site."""
        self.exports = {path: render for path, render in self.exports.items() if path not in paths}

    def groups(self) -> dict[str, RenderGroup]:
        """Return the functions that each render several files, by the prefix of their paths."""
        searched_pages, session = self._searched_pages, self._session
        return {f"{FOLDER}/": lambda: session.build.search(searched_pages())} if searched_pages else {}

    def render(self, paths: Collection[str]) -> dict[str, Render]:
        """Return the functions that render these files, by path."""
        renders = {path: self.exports[path] for path in paths if path in self.exports}
        if len(renders) < len(paths) and self._searched_pages is not None:
            files = self._session.build.search(self._searched_pages())
            renders |= {path: partial(bytes, content) for path, content in files.items() if path in paths}
        return renders

    def write_exports(self, folder: Path, kept: Collection[str]) -> None:
        """Write the exports that are not kept from the published site."""
        for path, render in self.exports.items():
            if path not in kept:
                write_file(folder, path, render())

    def write_search(self, folder: Path, published: PublishedSite) -> tuple[set[str], str]:
        """Write the search index, except for files that are published already: each is named after its content.

        Returns:
            The paths of files to keep, and a hash of what hand-written pages contribute.
        """
        if self._searched_pages is None:
            return set(), ""
        pages = self._searched_pages()
        pages_hash = hash_values(pages)
        unchanged = published.unchanged_below(FOLDER)
        if self._session.is_up_to_date and published.has_layout(FOLDER, pages_hash) and MANIFEST in unchanged:
            return unchanged, pages_hash
        kept = set()
        for path, content in self._session.build.search(pages).items():
            if path in unchanged and path != MANIFEST:
                kept.add(path)
            else:
                write_file(folder, path, content)
        return kept, pages_hash
