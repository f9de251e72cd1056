"""The pages that the engine does not build: which they are, how they are printed, and what it has to know of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from mkdocs.plugins import get_plugin_logger

from inquiry_site.adapters.material import mend, without_blank_lines
from inquiry_site.adapters.mkdocs.pages import InquiryPage, nav_titles
from inquiry_site.adapters.mkdocs.shells import Printer, suits, why_not
from inquiry_site.build import Build
from inquiry_site.publishing.presses import Job, Make, Presses, put
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
        self._in_nav: dict[str, InquiryPage] = {}
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
        """A page that the engine builds, or one of its navigation that it leaves empty."""
        waits = not self._reason and not page.source
        entry = InquiryPage(page, self._built, self.titles.get(page.path), file, self._config, waits)
        if waits:
            self._in_nav[page.file] = entry
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
            self._presses = Presses(self._jobs(), self._built, folder)

    def _jobs(self) -> Iterator[Job]:
        assert self._printer is not None  # noqa: S101 - begun
        for file, entry in self._in_nav.items():
            yield Job(file, partial(self._printer.html_in_nav, entry, self._above))
        for page in self.printed.values():
            yield Job(page.file, partial(self._printer.html, page, self._above), bool(page.source))

    def finish(self, folder: Path) -> Mapping[str, Make]:
        """Print what is not printed yet; or tell what waits, by its path in the site's folder."""
        if self._presses is None:
            return self._exports | {job.file: job.make for job in self._jobs()}
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

    def _write_exports(self, folder: Path) -> None:
        for name, make in self._exports.items():
            put(folder, name, make())


def finished(html: str) -> str:
    """A page of the theme around one of ours, mended and without the theme's blank lines."""
    return without_blank_lines(mend(html))
