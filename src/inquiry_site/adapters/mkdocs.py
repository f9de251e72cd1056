"""The MkDocs plugin ``inquiry``; ProperDocs runs it unchanged."""

from __future__ import annotations

import datetime as dt
import logging
import os
import posixpath
import re
from collections.abc import Callable, Iterator
from html import escape, unescape
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Any, Literal

from markdown.extensions.toc import slugify as default_slugify
from markupsafe import Markup
from mkdocs.config import config_options as option
from mkdocs.config.base import Config as PluginConfig
from mkdocs.exceptions import ConfigurationError, PluginError
from mkdocs.plugins import BasePlugin, get_plugin_logger
from mkdocs.structure.files import File, InclusionLevel, set_exclusions
from mkdocs.structure.pages import Page as EnginePage
from mkdocs.structure.toc import get_toc
from mkdocs.utils import get_build_date

from inquiry_site.adapters.material import SHELL, BrokenShellError, mend, offer_shell, without_blank_lines
from inquiry_site.adapters.search import (
    SEARCH_LATER,
    SEARCH_SCRIPT,
    SiteSearch,
    switch_off_theme_search,
    takes_place_of_theme,
)
from inquiry_site.build import Build, build
from inquiry_site.collector import set_aside
from inquiry_site.config import Config, ConfigError
from inquiry_site.diagnostics import Diagnostic, Severity, Span
from inquiry_site.diagnostics.text import render_text, summarise
from inquiry_site.files import WATCHED, read_tree
from inquiry_site.rendering.outline import OutlineEntry, read_outline
from inquiry_site.rendering.pages import Page
from inquiry_site.rendering.shipped import BrokenTemplateError
from inquiry_site.rules.base import Finding
from inquiry_site.rules.files import address_taken

if TYPE_CHECKING:
    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure.files import Files

log = get_plugin_logger("inquiry")

STYLESHEET = "assets/inquiry/inquiry.css"
SCRIPT, TRAIL = "assets/inquiry/inquiry.js", "assets/inquiry/trail.js"
LATER = ("assets/inquiry/filters.js", "assets/inquiry/map.js")
"""Scripts that the first one asks for, on the pages that need them."""
_MANY = 1000
_SUMMARY = 160
"""What search engines and shared links show of a description, in characters."""
_ANCHOR = re.compile(r'<[^<>]*?\s(?:id|name)="([^"]*)"')


class InquiryConfig(PluginConfig):  # type: ignore[no-untyped-call]
    """The options of the plugin in ``mkdocs.yml``."""

    next_lines = option.Type(int, default=Config().next_lines)
    related_notes = option.Type(int, default=Config().related_notes)
    rules = option.Type(dict, default={})
    search = option.Type(bool, default=Config().search)
    trail = option.Type(bool, default=Config().trail)


class InquiryPage(EnginePage):
    """A page that the core has laid out; the engine converts only the author's Markdown in it."""

    def __init__(self, page: Page, built: Build, title: str | None, file: File, config: MkDocsConfig) -> None:
        super().__init__(title, file, config)
        self._page = page
        self._built = built
        self.in_nav = file.inclusion.value > InclusionLevel.NOT_IN_NAV.value

    def read_source(self, config: MkDocsConfig) -> None:
        """Take the Markdown and the metadata from the core instead of the file."""
        self.markdown = self._page.prose
        description = shorten(self._page.description, _SUMMARY, placeholder="…")
        self.meta = {"description": _as_html(description)} if description else {}
        if self._page.url not in {"", "index.html"}:
            self.meta["title"] = _as_html(self._page.title)
        if self._page.tags:
            self.meta["tags"] = [_as_html(tag) for tag in self._page.tags]

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Convert the author's Markdown as the site's settings say, then lay the page out around it."""
        prose = ""
        if self.markdown:
            super().render(config, files)
            prose = self.content or ""
        try:
            self.content = self._built.html(self._page, prose)
        except BrokenTemplateError as problem:
            raise PluginError(f"templates/{problem.name}:{problem.line}: {problem}") from problem
        self.toc = get_toc([_token(entry) for entry in read_outline(self.content)])  # type: ignore[misc]
        self.present_anchor_ids = set(map(unescape, _ANCHOR.findall(self.content)))


def _as_html(text: str) -> Markup:
    """Text as themes print it, which escape nothing: safe in an element and within double quotation marks.

    An apostrophe is left alone, for it is common in titles and some themes escape what they show of the search index.
    """
    return Markup(escape(text, quote=False).replace('"', "&quot;"))  # noqa: S704 - just escaped


def _token(entry: OutlineEntry) -> dict[str, Any]:
    children = [_token(child) for child in entry.children]
    return {"level": entry.level, "id": entry.id, "name": escape(entry.text), "children": children}


class InquiryPlugin(BasePlugin[InquiryConfig]):  # type: ignore[no-untyped-call]
    """Gives the engine the pages of a knowledge base that stands beside ``mkdocs.yml``."""

    def __init__(self) -> None:
        self._serving = False
        self._server: LiveReloadServer | None = None
        self._watched: dict[str, tuple[int, int, int]] = {}
        self._built: Build | None = None
        self._newest: dt.date | None = None
        self._problems = ""
        self._has_search = False
        self._search: SiteSearch | None = None

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Remember whether this is a preview. Having this event also keeps the plugin alive between rebuilds."""
        self._serving = command == "serve"

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Add style sheet and scripts, before the site's own, and the folders that a preview watches."""
        config.extra_css.insert(0, STYLESHEET)
        self._has_search = self.config.search and takes_place_of_theme(config)
        if self._has_search and switch_off_theme_search(config):
            log.info("The site's own search takes the place of the theme's; `inquiry: {search: false}` keeps that one")
        optional = ((SEARCH_SCRIPT, self._has_search), (TRAIL, self.config.trail))
        for path in reversed((SCRIPT, *(path for path, is_wanted in optional if is_wanted))):
            script = option.ExtraScriptValue(path)
            # They come after the text: the page is shown before they are there.
            script.defer = True
            config.extra_javascript.insert(0, script)
        root = _root(config)
        existing = _watchable(root)
        config.watch.extend(existing)
        if self._server is None:
            # The engine reads this list once, before it serves; what comes later is watched in `_follow_paths`.
            self._watched = existing
        return config

    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        """Build the knowledge base before the engine empties the site folder, so that errors leave it as it was."""
        root = _root(config)
        # Before anything is read: what changes from here on is seen by the watching if not by the reading.
        self._follow_paths(root)
        settings = self._settings(config, root)
        try:
            self._built = build(read_tree(root, settings.docs_dir), settings, _report, self._built)
        except ConfigError as error:
            raise ConfigurationError(f"plugin inquiry: {error}") from error
        self._search = SiteSearch(self._built, config.site_url or "") if self._has_search else None
        if not self._serving:
            set_aside()
        self._newest = max((page.day for page in self._built.pages if page.day), default=None)
        findings = (*self._built.diagnostics, *self._taken_addresses(self._built, config))
        self._show(findings)

    def _settings(self, config: MkDocsConfig, root: Path) -> Config:
        settings: dict[str, Any] = {
            "site_name": config.site_name,
            "site_description": config.site_description or "",
            "site_url": config.site_url or "",
            "use_directory_urls": config.use_directory_urls,
            "drafts": self._serving,
            "language": str(config.theme.get("language") or "en"),
            "direction": str(config.theme.get("direction") or ""),
            "docs_dir": Path(os.path.relpath(config.docs_dir, root)).as_posix(),
            "today": dt.date.fromisoformat(get_build_date()),
            **dict(self.config),
        }
        toc = config.mdx_configs.get("toc") or {}
        slugify, separator = toc.get("slugify") or default_slugify, toc.get("separator")
        if callable(slugify):
            settings["slugify"] = lambda words, usual: slugify(words, separator or usual)
        try:
            return Config.from_mapping(settings)
        except ConfigError as error:
            raise ConfigurationError(f"plugin inquiry: {error}") from error

    def _show(self, findings: tuple[Diagnostic, ...]) -> None:
        """Report every finding once: errors stop a build, and stand on every page of a preview."""
        assert self._built is not None  # noqa: S101 - set by the only caller
        self._problems = ""
        errors = [finding for finding in findings if finding.severity is Severity.ERROR]
        warnings = [finding for finding in findings if finding.severity is Severity.WARNING]
        for warning in warnings:
            log.warning("%s", render_text([warning], self._built.texts))
        if errors:
            report = f"{summarise(errors)}\n\n{render_text(errors, self._built.texts)}\n"
            if not self._serving:
                raise PluginError(report)
            log.error("%s", report)
        if self._serving and findings:
            shown = {"problems": [_problem(found) for found in errors], "warnings": [_problem(w) for w in warnings]}
            self._problems = self._built.templates.render("problems.html", shown)

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Hand the engine its pages and files from memory; what stands at an address already wins."""
        built = self._built
        if built is None:
            return files
        taken = {file.dest_uri for file in files if self._is_published(file)}
        titles = dict(_nav_titles(config.nav))
        for page in built.pages:
            file = _file(page, titles, config)
            if _add(file, files, taken):
                entry = InquiryPage(page, built, titles.get(page.path), file, config)
                entry.update_date = str(page.day or self._newest or entry.update_date)
            elif page.source and not self._serving:
                log.warning("%s is not published: a page of another plugin stands at its address", page.source)
        for name, content in _generated(built, self._has_search):
            file = File.generated(config, name, content=content, inclusion=InclusionLevel.NOT_IN_NAV)
            _add(file, files, taken)
        for path in built.assets:
            _add(File(path, str(_root(config)), config.site_dir, config.use_directory_urls), files, taken)
        return files

    def _is_published(self, file: File) -> bool:
        least = InclusionLevel.DRAFT if self._serving else InclusionLevel.NOT_IN_NAV
        return bool(file.inclusion.value >= least.value)

    def _taken_addresses(self, built: Build, config: MkDocsConfig) -> Iterator[Diagnostic]:
        """Notes and lines at whose address another file stands, found before the engine collects its files."""
        places = {path: path for path in built.assets}
        places |= {f.dest_uri: f"{f.src_uri} in the docs folder" for f in _docs(config) if self._is_published(f)}
        for page in built.pages:
            place = places.get(_file(page, {}, config).dest_uri) if page.source else None
            if place:
                message = f"A hand-written page stands at this page's address: {place}."
                yield address_taken.report(Finding(Span(page.source), message, "Move or rename the hand-written page."))

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """Let our pages stand in a shorter page of the theme, unless the site has a page of its own."""
        try:
            offered = self._built is not None and offer_shell(env, self._built.templates.text(SHELL))
        except BrokenShellError as problem:
            raise PluginError(str(problem)) from problem
        for file in files.documentation_pages() if offered else ():
            if isinstance(file.page, InquiryPage):
                file.page.meta["template"] = SHELL
        return env

    def on_page_content(self, html: str, *, page: EnginePage, config: MkDocsConfig, files: Files) -> str:
        """Put what is wrong on top of every page of a preview."""
        if not isinstance(page, InquiryPage):
            # The engine dates a page by the day of the build, which would make every day's site another one.
            page.update_date = str(self._newest or page.update_date)
            if self._search:
                self._search.add(unescape(str(page.title)), page.url, html, page.meta)
        return self._problems + html

    def on_post_page(self, output: str, *, page: EnginePage, config: MkDocsConfig) -> str:
        """Mend the theme's HTML."""
        output = self._mended(output, page.url)
        return without_blank_lines(output) if isinstance(page, InquiryPage) else output

    def on_post_template(self, output_content: str, *, template_name: str, config: MkDocsConfig) -> str:
        """The same for the page of what is not found."""
        return self._mended(output_content, None) if template_name.endswith(".html") else output_content

    def _mended(self, html: str, url: str | None) -> str:
        html = mend(html)
        return self._search.with_control(html, url) if self._search else html

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Write the search, now that all pages are known."""
        if self._search:
            self._search.write(Path(config.site_dir))

    def on_serve(
        self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Callable[..., None]
    ) -> LiveReloadServer:
        """Keep the server, to watch folders that come into being later."""
        self._server = server
        return server

    def _follow_paths(self, root: Path) -> None:
        """Watch what came into being since the last build and forget what is gone; what was replaced is both."""
        if self._server is None:
            return
        existing = _watchable(root)
        for path, identity in sorted(self._watched.items()):
            if existing.get(path) != identity:
                self._server.unwatch(path)
        for path, identity in sorted(existing.items()):
            if self._watched.get(path) != identity:
                self._server.watch(path)
        self._watched = existing


def _watchable(root: Path) -> dict[str, tuple[int, int, int]]:
    """What a preview watches, each with what tells it from another of its name.

    Numbers of deleted folders are given out anew, so the time of the last change to a folder's entries is part of it.
    """
    found = {}
    for name in WATCHED:
        try:
            stat = (root / name).stat()
        except OSError:
            continue
        found[str(root / name)] = (stat.st_dev, stat.st_ino, stat.st_ctime_ns)
    return found


def _problem(found: Diagnostic) -> dict[str, str]:
    return {"place": str(found.span), "message": found.message, "hint": found.hint}


def _root(config: MkDocsConfig) -> Path:
    return Path(config.config_file_path).parent if config.config_file_path else Path.cwd()


def _report(stage: str, count: int) -> None:
    log.log(logging.INFO if count >= _MANY else logging.DEBUG, "%s %d", stage, count)


def _docs(config: MkDocsConfig) -> list[File]:
    """The files of the docs folder as the engine will find them."""
    paths = [Path(parent, name) for parent, _, names in os.walk(config.docs_dir, followlinks=True) for name in names]
    found = [
        File(os.path.relpath(path, config.docs_dir), config.docs_dir, config.site_dir, config.use_directory_urls)
        for path in sorted(paths)
    ]
    set_exclusions(found, config)
    return found


def _add(file: File, files: Files, taken: set[str]) -> bool:
    """Add a file where nothing stands at its address yet."""
    if file.dest_uri in taken:
        return False
    taken.add(file.dest_uri)
    excluded = files.get_file_from_path(file.src_uri)
    if excluded is not None:
        files.remove(excluded)
    files.append(file)
    return True


def _nav_titles(nav: object) -> Iterator[tuple[str, str]]:
    """The titles that ``nav`` gives to paths: the engine keeps them only for pages that it makes itself."""
    for entry in nav if isinstance(nav, list) else ():
        for title, value in entry.items() if isinstance(entry, dict) else ():
            if isinstance(value, str):
                yield posixpath.normpath(value), str(title)
            else:
                yield from _nav_titles(value)


def _file(page: Page, titles: dict[str, str], config: MkDocsConfig) -> File:
    in_nav = (
        not page.source and posixpath.basename(page.path) == "index.md" and (config.nav is None or page.path in titles)
    )
    inclusion = InclusionLevel.INCLUDED if in_nav else InclusionLevel.NOT_IN_NAV
    if not page.source:
        return File.generated(config, page.path, content="", inclusion=inclusion)
    path = _root(config) / page.source
    file = File.generated(config, page.path, abs_src_path=str(path), inclusion=inclusion)
    file.edit_uri = Path(os.path.relpath(path, config.docs_dir)).as_posix()
    return file


def _generated(built: Build, has_search: bool) -> Iterator[tuple[str, str]]:
    yield "graph.json", built.graph_json()
    yield "map/notes.json", built.map_json()
    for address in (STYLESHEET, SCRIPT, *LATER, TRAIL, *((SEARCH_SCRIPT, *SEARCH_LATER) if has_search else ())):
        yield address, built.templates.text(f"assets/{posixpath.basename(address)}")
    for redirect in built.redirects:
        yield redirect.path, redirect.html
