"""Our pages as the engine's: their Markdown is converted as the site's settings say."""

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
from inquiry_site.diagnostics.terminal import visible_line
from inquiry_site.publishing.session import BuildSession
from inquiry_site.rendering.pages import Page, PageContext
from inquiry_site.rendering.template_folder import BrokenTemplateError
from inquiry_site.rendering.toc import TocHeading, read_toc

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

log = get_plugin_logger("inquiry")

_LONGEST = 300
"""Characters of a line in the log."""
_SUMMARY = 160
"""What search engines and shared links show of a description, in characters."""
_ANCHOR = re.compile(r'<[^<>]*?\s(?:id|name)="([^"]*)"')


class InquiryPage(EnginePage):
    """A page that the core has laid out; the engine converts only the author's Markdown in it.

    One that waits is empty at first: what stands in it is put there when the page is printed.
    """

    def __init__(
        self, page: Page, work: BuildSession, title: str | None, file: File, config: MkDocsConfig, waits: bool = False
    ) -> None:
        super().__init__(title, file, config)
        self._page = page
        self._work = work
        self.is_deferred = waits
        self.in_nav = file.inclusion.value > InclusionLevel.NOT_IN_NAV.value

    def read_source(self, config: MkDocsConfig) -> None:
        """Take the Markdown and the metadata from the core instead of the file."""
        self.markdown = ""
        if not self.is_deferred:
            self._manuscript = self._work.write(self._page)
            self.markdown = self._manuscript.markdown
            if not self._manuscript.is_trusted:
                self.markdown = shield(self.markdown)
        description = summary(self._page)
        self.meta = {"description": description} if description else {}
        if self._page.url not in {"", "index.html"}:
            self.meta["title"] = escape_for_theme(self._page.title)
        if self._page.tags:
            self.meta["tags"] = [escape_for_theme(tag) for tag in self._page.tags]

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Convert the author's Markdown as the site's settings say, then lay the page out around it."""
        if self.is_deferred:
            self.content = ""
            return
        prose = ""
        if self.markdown:
            if not self._manuscript.is_trusted:
                self.markdown, config = unshield(self.markdown), author_config(config)
            with naming_page(self._page):
                super().render(config, files)
            prose = self.content or ""
        self._lay_out(self._manuscript, prose)
        del self._manuscript

    def fill_content(self, above: str) -> None:
        """Put into a page that waits what stands in it, below other HTML."""
        self._lay_out(self._work.write(self._page), "")
        self.content = above + (self.content or "")

    def release(self) -> None:
        """Drop the knowledge base: the engine's page and its file refer to each other, so both outlive their build."""
        del self._page, self._work

    def _lay_out(self, manuscript: PageContext, prose: str) -> None:
        try:
            self.content = manuscript.render(self._work.build.templates, prose, partial(warn_of_loss, self._page))
        except BrokenTemplateError as problem:
            raise template_error(problem) from problem
        self.toc = get_toc([_toc_token(entry) for entry in read_toc(self.content)])  # type: ignore[misc]
        self.present_anchor_ids = set(map(unescape, _ANCHOR.findall(self.content)))


@contextmanager
def naming_page(page: Page) -> Iterator[None]:
    """Report what a Markdown extension raises while a page is converted as an error that names the page's file.

    Extensions are other people's code: they may raise anything, and a traceback does not name the note.
    """
    try:
        yield
    except (MkDocsException, OSError):
        raise
    except RecursionError as error:
        problem = "something in it is nested more deeply than a Markdown extension can follow"
        raise PluginError(f"{page.source or page.path} cannot be converted: {problem}.") from error
    except Exception as error:
        problem = visible_line(f"{type(error).__name__}: {error}", 300)
        message = f"{page.source or page.path} cannot be converted: a Markdown extension fails with {problem}"
        raise PluginError(
            f"{message}. Find the construct by leaving parts out, or switch the extension off."
        ) from error


def template_error(problem: BrokenTemplateError) -> PluginError:
    """What is said of a template of the site's own that cannot be used."""
    return PluginError(f"templates/{problem.name}:{problem.line}: {problem}")


def warn_of_loss(page: Page, part: str) -> None:
    """Report what was left out of a page because it is unsafe, where only the conversion could find it."""
    log.warning("%s", visible_line(f"{page.source}: left out of the page: {part} [files/unsafe-html]", _LONGEST))


def summary(page: Page) -> Markup:
    """The description of a page for search engines and shared links; empty where it has none."""
    text = " ".join(page.description.split())
    return escape_for_theme(text if len(text) <= _SUMMARY else shorten(text, _SUMMARY, placeholder="…"))


def escape_for_theme(text: str) -> Markup:
    """Text as themes print it, which escape nothing: safe in an element and within double quotation marks.

    An apostrophe is left alone, for it is common in titles and some themes escape what they show of the search index.
    """
    return Markup(escape(text, quote=False).replace('"', "&quot;"))  # noqa: S704 - just escaped


def _toc_token(entry: TocHeading) -> dict[str, Any]:
    children = [_toc_token(child) for child in entry.children]
    return {"level": entry.level, "id": escape(entry.id), "name": escape(entry.text), "children": children}


def project_root(config: MkDocsConfig) -> Path:
    """The folder of ``mkdocs.yml``, beside which a knowledge base stands."""
    return Path(config.config_file_path).parent if config.config_file_path else Path.cwd()


def nav_titles(nav: object) -> Iterator[tuple[str, str]]:
    """The titles that ``nav`` gives to paths: the engine keeps them only for pages that it makes itself."""
    for entry in nav if isinstance(nav, list) else ():
        for title, value in entry.items() if isinstance(entry, dict) else ():
            if isinstance(value, str):
                yield posixpath.normpath(value), str(title)
            else:
                yield from nav_titles(value)


def engine_file(page: Page, titles: dict[str, str], config: MkDocsConfig) -> File:
    """The file that the engine takes a page to come from."""
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
    """The engine's files, and those of pages that it does not build: links to them lead there."""

    def __init__(self, files: Files, printed: dict[str, Page], config: MkDocsConfig) -> None:
        super().__init__(files)
        self._printed = printed
        self._config = config
        self._made: dict[str, File] = {}

    def get_file_from_path(self, path: str) -> File | None:
        """A file of the engine's, or one of ours, which is made when somebody asks."""
        found = super().get_file_from_path(path)
        page = None if found else self._printed.get(posixpath.normpath(path))
        if page is None:
            return found
        if page.path not in self._made:
            self._made[page.path] = engine_file(page, {}, self._config)
        return self._made[page.path]
