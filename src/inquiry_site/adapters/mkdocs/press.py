"""The pages that the engine does not build: which they are, how they are printed, and what it has to know of them."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from mkdocs.plugins import get_plugin_logger

from inquiry_site.adapters.material import mend, without_blank_lines
from inquiry_site.adapters.mkdocs.pages import InquiryPage, nav_titles
from inquiry_site.adapters.mkdocs.preview import Make
from inquiry_site.adapters.mkdocs.shells import Printer, suits, why_not
from inquiry_site.build import Build
from inquiry_site.publishing.presses import Presses
from inquiry_site.rendering.pages import Page

if TYPE_CHECKING:
    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import File, Files
    from mkdocs.structure.nav import Navigation

log = get_plugin_logger("inquiry")

_MANY = 1000
_ENTRY = """
    <url>
         <loc>{}</loc>
         <lastmod>{}</lastmod>
    </url>"""


class Press:
    """The printing of one build.

    Attributes:
        nav: the site's navigation, once there is one.
        printed: the pages that the engine does not build, by their paths.
        titles: the titles that the navigation gives to paths.
    """

    nav: Navigation

    def __init__(self, built: Build, config: MkDocsConfig, plugin: object) -> None:
        self._built = built
        self._config = config
        self._reason = why_not(config, built, plugin)
        self.titles = dict(nav_titles(config.nav))
        self.printed: dict[str, Page] = {}
        self._in_nav: list[InquiryPage] = []
        self._exports: dict[str, Make] = {"graph.json": built.graph_json, "map/notes.json": built.map_json}
        self._presses: Presses | None = None
        self._printer: Printer | None = None
        self._above = ""
        if self._reason and len(built.pages) >= _MANY:
            log.info(
                "Each of %d pages goes through the engine, which takes its time: %s", len(built.pages), self._reason
            )

    def takes(self, page: Page) -> bool:
        """Whether a page is printed; it is, from now on, if it can be."""
        taken = not self._reason and page.path not in self.titles and suits(page, self._config)
        if taken:
            self.printed[page.path] = page
        return taken

    def engine_page(self, page: Page, file: File) -> InquiryPage:
        """A page that the engine builds."""
        entry = InquiryPage(page, self._built, self.titles.get(page.path), file, self._config)
        self._in_nav.append(entry)
        return entry

    def leave_out(self, taken: Collection[str]) -> None:
        """Files whose address is taken are not written."""
        self._exports = {name: make for name, make in self._exports.items() if name not in taken}

    def begin(self, env: Environment, files: Files, above: str, wait: bool) -> None:
        """Begin to print, or to wait until pages are asked for.

        Args:
            env: the theme's templates.
            files: the engine's files.
            above: HTML that stands above the content of each page.
            wait: whether pages wait.
        """
        self._printer = Printer(self._built, self._config, env, self.nav, files, finished)
        self._above = above
        if not wait:
            folder = Path(self._config.site_dir)
            folder.mkdir(parents=True, exist_ok=True)
            self._presses = Presses(tuple(self.printed.values()), self._print, self._built, folder)

    def finish(self, folder: Path) -> Mapping[str, Make]:
        """Print what is not printed yet; or tell what waits, by its path in the site's folder."""
        if self._presses is None:
            return self._exports | {page.file: self._making(page) for page in self.printed.values()}
        self._presses.run(lambda: self._write_exports(folder))
        return {}

    def stop(self) -> None:
        """Give up."""
        if self._presses is not None:
            self._presses.stop()

    def added_to_sitemap(self, sitemap: str, day: str) -> str:
        """The engine's sitemap with the pages that it does not build; ``day`` is that of pages without one."""
        base = self._config.site_url
        if not base:
            return sitemap
        base = base if base.endswith("/") else f"{base}/"
        entries = (_ENTRY.format(escape(urljoin(base, page.url)), page.day or day) for page in self.printed.values())
        head, end, rest = sitemap.rpartition("\n</urlset>")
        return f"{head}{''.join(entries)}{end}{rest}"

    def _making(self, page: Page) -> Make:
        return lambda: self._html(page)

    def _html(self, page: Page) -> str:
        assert self._printer is not None  # noqa: S101 - begun
        return self._printer.html(page, self._above)

    def _print(self, page: Page) -> None:
        path = f"{self._config.site_dir}/{page.file}"
        content = self._html(page).encode(errors="xmlcharrefreplace")
        try:
            _write(path, content)
        except FileNotFoundError:
            os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120 - thousands of them
            _write(path, content)

    def _write_exports(self, folder: Path) -> None:
        for name, make in self._exports.items():
            content = make()
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)


def _write(path: str, content: bytes) -> None:
    with open(path, "wb") as file:  # noqa: PTH123 - thousands of them
        file.write(content)


def finished(html: str) -> str:
    """A page of the theme around one of ours, mended and without the theme's blank lines."""
    return without_blank_lines(mend(html))
