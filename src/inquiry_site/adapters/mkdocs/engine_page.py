"""Our pages as objects of the engine."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from html import escape, unescape
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from mkdocs.exceptions import MkDocsException, PluginError
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page as EnginePage
from mkdocs.structure.toc import get_toc

from inquiry_site.adapters.mkdocs.author_markdown import author_config, shield, unshield
from inquiry_site.diagnostics.terminal import printable_line
from inquiry_site.publishing.session import BuildSession
from inquiry_site.rendering.context import PageContext
from inquiry_site.rendering.pages import Page
from inquiry_site.rendering.template_folder import BrokenTemplateError
from inquiry_site.rendering.toc import TocHeading, read_toc

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

log = get_plugin_logger("inquiry")

_LONGEST = 300
"""Maximum length of a log message, in characters."""
_SUMMARY = 160
"""Maximum length of a description for search engines and link previews, in characters."""
_ANCHOR = re.compile(r'<[^<>]*?\s(?:id|name)="([^"]*)"')


class InquiryPage(EnginePage):
    """A page with a layout of ours, in which the engine converts only the author's Markdown.

    A deferred page has no content until it is rendered outside the engine's page loop.
    """

    def __init__(
        self,
        page: Page,
        session: BuildSession,
        title: str | None,
        file: File,
        config: MkDocsConfig,
        is_deferred: bool = False,
    ) -> None:
        super().__init__(title, file, config)
        self._page = page
        self._session = session
        self.is_deferred = is_deferred
        self.in_nav = file.inclusion.value > InclusionLevel.NOT_IN_NAV.value

    def read_source(self, config: MkDocsConfig) -> None:
        """Set Markdown and metadata from the core instead of reading the file."""
        self.markdown = ""
        if not self.is_deferred:
            self._context = self._session.build.context(self._page)
            self.markdown = self._context.markdown
            if not self._context.is_trusted:
                self.markdown = shield(self.markdown)
        description = page_summary(self._page)
        self.meta = {"description": description} if description else {}
        if self._page.url not in {"", "index.html"}:
            self.meta["title"] = escape_for_theme(self._page.title)
        if self._page.tags:
            self.meta["tags"] = [escape_for_theme(tag) for tag in self._page.tags]

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Convert the author's Markdown with the site's settings, then render the page around it."""
        if self.is_deferred:
            self.content = ""
            return
        prose = ""
        if self.markdown:
            if not self._context.is_trusted:
                self.markdown = unshield(self.markdown)
            config = author_config(config, self._context.is_trusted)
            with naming_page(self._page):
                super().render(config, files)
            prose = self.content or ""
        self._set_content(self._context, prose)
        del self._context

    def fill_content(self, banner: str) -> None:
        """Set the content of a deferred page, with the HTML of a banner above it."""
        self._set_content(self._session.build.context(self._page), "")
        self.content = banner + (self.content or "")

    def release(self) -> None:
        """Drop the knowledge base: the engine's page and its file refer to each other, so both outlive their build."""
        del self._page, self._session

    def _set_content(self, context: PageContext, prose: str) -> None:
        try:
            self.content = context.render(
                self._session.build.templates, prose, partial(warn_of_removed_part, self._page)
            )
        except BrokenTemplateError as problem:
            raise template_error(problem) from problem
        self.toc = get_toc([_toc_token(heading) for heading in read_toc(self.content)])  # type: ignore[misc]
        self.present_anchor_ids = set(map(unescape, _ANCHOR.findall(self.content)))


@contextmanager
def naming_page(page: Page) -> Iterator[None]:
    """Turn any exception of a Markdown extension into a ``PluginError`` that names the page's file.

    Extensions are third-party code: they may raise anything, and a traceback does not name the note.

    Raises:
        PluginError: an extension failed.
    """
    try:
        yield
    except (MkDocsException, OSError):
        raise
    except RecursionError as error:
        problem = "something in it is nested too deeply for a Markdown extension"
        raise PluginError(f"{page.source or page.path} cannot be converted: {problem}.") from error
    except Exception as error:
        problem = printable_line(f"{type(error).__name__}: {error}", 300)
        message = f"{page.source or page.path} cannot be converted: a Markdown extension failed with {problem}"
        raise PluginError(
            f"{message}. Remove parts of the text to find the cause, or disable the extension."
        ) from error


def template_error(problem: BrokenTemplateError) -> PluginError:
    """Return the error for a template of the site's own that cannot be used."""
    return PluginError(f"templates/{problem.name}:{problem.line}: {problem}")


def warn_of_removed_part(page: Page, part: str) -> None:
    """Log an unsafe part that was removed from a page and that only the conversion could find."""
    log.warning("%s", printable_line(f"{page.source}: removed from the page: {part} [files/unsafe-html]", _LONGEST))


def page_summary(page: Page) -> Markup:
    """Return a page's description for search engines and link previews; empty if it has none."""
    text = " ".join(page.description.split())
    return escape_for_theme(text if len(text) <= _SUMMARY else shorten(text, _SUMMARY, placeholder="…"))


def escape_for_theme(text: str) -> Markup:
    """Escape text for themes, which escape nothing: the result is safe in an element and in a double-quoted attribute.

    Apostrophes are kept: they are common in titles, and some themes escape search results a second time.
    """
    return Markup(escape(text, quote=False).replace('"', "&quot;"))  # noqa: S704 - just escaped


def _toc_token(entry: TocHeading) -> dict[str, Any]:
    children = [_toc_token(child) for child in entry.children]
    return {"level": entry.level, "id": escape(entry.id), "name": escape(entry.text), "children": children}


def project_root(config: MkDocsConfig) -> Path:
    """Return the folder of ``mkdocs.yml``, which is the root of the knowledge base."""
    return Path(config.config_file_path).parent if config.config_file_path else Path.cwd()


def nav_titles(nav: object) -> Iterator[tuple[str, str]]:
    """Yield path and title of each entry of ``nav`` with a title; the engine keeps them only for its own pages."""
    for entry in nav if isinstance(nav, list) else ():
        for title, value in entry.items() if isinstance(entry, dict) else ():
            if isinstance(value, str):
                yield posixpath.normpath(value), str(title)
            else:
                yield from nav_titles(value)


def engine_file(page: Page, titles: dict[str, str], config: MkDocsConfig) -> File:
    """Return the source file that the engine associates with a page."""
    in_nav = (
        not page.source and posixpath.basename(page.path) == "index.md" and (config.nav is None or page.path in titles)
    )
    inclusion = InclusionLevel.INCLUDED if in_nav else InclusionLevel.NOT_IN_NAV
    if not page.source:
        return File.generated(config, page.path, content="", inclusion=inclusion)
    path = project_root(config) / page.source
    file = File.generated(config, page.path, abs_src_path=str(path), inclusion=inclusion)
    file.edit_uri = Path(os.path.relpath(path, config.docs_dir)).as_posix()
    return file


class FilesWithFastPages(Files):
    """The engine's files, and those of pages on the fast path, so that links to them can be resolved."""

    def __init__(self, files: Files, fast_pages: dict[str, Page], config: MkDocsConfig) -> None:
        super().__init__(files)
        self._fast_pages = fast_pages
        self._config = config
        self._files_of_pages: dict[str, File] = {}

    def get_file_from_path(self, path: str) -> File | None:
        """Return a file of the engine's, or that of a page on the fast path, which is created on demand."""
        file = super().get_file_from_path(path)
        page = None if file else self._fast_pages.get(posixpath.normpath(path))
        if page is None:
            return file
        if page.path not in self._files_of_pages:
            self._files_of_pages[page.path] = engine_file(page, {}, self._config)
        return self._files_of_pages[page.path]
