"""Which pages take the fast path, which the engine builds, and which it only lists in its navigation."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from mkdocs.plugins import get_plugin_logger

from inquiry_site.adapters.mkdocs.engine_page import InquiryPage, nav_titles
from inquiry_site.adapters.mkdocs.fast_path import fast_path_blocker, is_eligible
from inquiry_site.adapters.mkdocs.layout_renderer import LayoutRenderer
from inquiry_site.publishing.session import BuildSession
from inquiry_site.publishing.site_writer import PageOutput
from inquiry_site.publishing.workers import Output
from inquiry_site.rendering.pages import Page

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import File

log = get_plugin_logger("inquiry")

_MANY_PAGES = 1000
_SITEMAP_ENTRY = """
    <url>
         <loc>{}</loc>
         <lastmod>{}</lastmod>
    </url>"""


class PageRoutes:
    """The route of each page of one build.

    Attributes:
        fast_pages: pages that the engine does not build, by path.
        titles: the titles in the navigation, by path.
        uses_fast_path: whether any page may take the fast path.
    """

    def __init__(self, session: BuildSession, config: MkDocsConfig, plugin: object) -> None:
        """Determine whether pages may take the fast path.

        Args:
            session: the build.
            config: the engine's configuration.
            plugin: our own plugin, whose event handlers do not count.
        """
        self._session = session
        self._config = config
        self.titles = dict(nav_titles(config.nav))
        self.fast_pages: dict[str, Page] = {}
        self._nav_pages: list[tuple[Page, InquiryPage]] = []
        self._engine_pages: list[InquiryPage] = []
        blocker = fast_path_blocker(config, session, plugin)
        self.uses_fast_path = not blocker
        if blocker and len(session.pages) >= _MANY_PAGES:
            log.info("The engine builds each of %d pages itself, which is slow: %s", len(session.pages), blocker)

    def takes_fast_path(self, page: Page) -> bool:
        """Route a page to the fast path if it is eligible; return whether it is."""
        is_fast = self.uses_fast_path and page.path not in self.titles and is_eligible(page, self._config)
        if is_fast:
            self.fast_pages[page.path] = page
        return is_fast

    def engine_page(self, page: Page, file: File) -> InquiryPage:
        """Return the engine's object for a page that it builds, or that it lists and leaves empty for now."""
        is_deferred = self.uses_fast_path and not page.source
        entry = InquiryPage(page, self._session, self.titles.get(page.path), file, self._config, is_deferred)
        self._engine_pages.append(entry)
        if is_deferred:
            self._nav_pages.append((page, entry))
        return entry

    def outputs(self, renderer: LayoutRenderer, banner: str) -> list[PageOutput]:
        """Return the pages that the engine does not render: those of the navigation first.

        Args:
            renderer: renders them.
            banner: HTML above the content of each page.
        """
        nav = (
            PageOutput(page, Output(page.file, partial(renderer.render_nav_page, entry, banner)), has_own_layout=True)
            for page, entry in self._nav_pages
        )
        fast = (
            PageOutput(page, Output(page.file, partial(renderer.render_page, page, banner), bool(page.source)))
            for page in self.fast_pages.values()
        )
        return [*nav, *fast]

    def extend_sitemap(self, sitemap: str, default_day: str) -> str:
        """Return the engine's sitemap with the pages that it does not build."""
        base = self._config.site_url
        if not base:
            return sitemap
        base = base if base.endswith("/") else f"{base}/"
        head, end, rest = sitemap.rpartition("\n</urlset>")
        return f"{head}{''.join(_sitemap_entries(self.fast_pages.values(), base, default_day))}{end}{rest}"

    def release(self) -> None:
        """Drop the knowledge base and everything rendered from it, once this build has no more pages to render.

        The engine's objects are full of reference cycles. Through them, a preview would keep the pages of every earlier
        build until a full garbage collection, which is postponed because it takes as long as a rebuild.
        """
        for entry in self._engine_pages:
            entry.release()
        # The engine's list of files refers to this same mapping.
        self.fast_pages.clear()
        vars(self).clear()


def _sitemap_entries(pages: Iterable[Page], base: str, default_day: str) -> Iterable[str]:
    return (_SITEMAP_ENTRY.format(escape(urljoin(base, page.url)), page.day or default_day) for page in pages)
