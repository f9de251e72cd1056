"""One build of the site, from the files of the knowledge base to the files of the site."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.exceptions import ConfigurationError, PluginError
from mkdocs.utils import get_build_date

from inquiry_site.adapters.content_policy import HEADERS, ContentPolicy
from inquiry_site.adapters.material.post_processing import PostProcessor
from inquiry_site.adapters.material.search_control import SiteSearch
from inquiry_site.adapters.material.theme import replace_not_found
from inquiry_site.adapters.mkdocs.engine_page import FilesWithFastPages, InquiryPage, project_root, template_error
from inquiry_site.adapters.mkdocs.glossary_page import finish_glossary
from inquiry_site.adapters.mkdocs.layout_renderer import LayoutRenderer
from inquiry_site.adapters.mkdocs.on_demand import OnDemand
from inquiry_site.adapters.mkdocs.options import InquiryOptions, core_config
from inquiry_site.adapters.mkdocs.page_routes import PageRoutes
from inquiry_site.adapters.mkdocs.preview_address import require_free_address
from inquiry_site.adapters.mkdocs.report import PreviewLog, log_progress, report_diagnostics
from inquiry_site.adapters.mkdocs.serve import supports_on_demand
from inquiry_site.adapters.mkdocs.site_files import add_assets, add_pages, remove_outside, url_conflicts
from inquiry_site.adapters.mkdocs.theme_setup import report_unsuitable_theme
from inquiry_site.build import Build
from inquiry_site.config import ConfigError
from inquiry_site.files import Boundary, read_tree
from inquiry_site.gc_control import freeze_heap
from inquiry_site.parsing.glossary import GLOSSARY
from inquiry_site.parsing.parallel import parse_in_processes
from inquiry_site.publishing.cache import BuildCache
from inquiry_site.publishing.file_tree import write_file
from inquiry_site.publishing.fingerprint import hash_program, hash_values
from inquiry_site.publishing.session import BuildSession
from inquiry_site.publishing.site_indexes import SiteIndexes
from inquiry_site.publishing.site_writer import PageOutput, SiteWriter
from inquiry_site.publishing.snapshot import ChangingFilesError, read_snapshot
from inquiry_site.rendering.body.page_links import scan_page
from inquiry_site.rendering.template_folder import BrokenTemplateError
from inquiry_site.rendering.templates import Templates
from inquiry_site.rendering.theme_texts import NOT_FOUND, SEARCH_LABEL

if TYPE_CHECKING:
    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page as EnginePage


class SiteBuild:
    """Everything that lives as long as one build.

    Attributes:
        session: the knowledge base.
        routes: the route of each page.
        writer: writes and publishes the outputs.
        warnings: as rendered in the log.
    """

    def __init__(
        self,
        session: BuildSession,
        config: MkDocsConfig,
        plugin: object,
        policy: ContentPolicy | None,
        has_search: bool,
        preview_log: PreviewLog | None,
    ) -> None:
        """Report every problem before anything is written.

        Args:
            session: the knowledge base.
            config: the engine's configuration.
            plugin: our own plugin.
            policy: the Content-Security-Policy of pages, if they get one.
            has_search: whether the site's search replaces the theme's.
            preview_log: the log of a preview, whose pages may be rendered on demand.

        Raises:
            ConfigurationError: the settings cannot be used.
            PluginError: the knowledge base has errors, and this is not a preview.
        """
        is_preview = preview_log is not None
        try:
            diagnostics = (*session.diagnostics, *url_conflicts(session, config, is_preview))
        except ConfigError as error:
            raise ConfigurationError(f"plugin inquiry: {error}") from error
        freeze_heap()
        self.session = session
        self._config = config
        self._policy = policy
        self._is_preview = is_preview
        self._last_modified = session.last_modified
        report = report_diagnostics(session, diagnostics, preview_log)
        self.warnings, self._banner = report.warnings, report.banner
        self._search = SiteSearch(session.config, session.theme_texts[SEARCH_LABEL]) if has_search else None
        self._post_processor = PostProcessor(self._search, policy)
        self.routes = PageRoutes(session, config, plugin)
        search = self._search
        self._indexes = SiteIndexes(session, (lambda: search.hand_written) if search else None)
        self.writer = SiteWriter(session, Path(config.site_dir).resolve(), self._indexes)
        self._outputs: list[PageOutput] = []
        self._has_headers = False

    def add_files(self, files: Files) -> Files:
        """Add our pages and assets to the engine's files."""
        config = self._config
        remove_outside(files, config, Boundary(project_root(config), self.session.config.docs_dir))
        used = add_pages(self.session, self.routes, files, config, self._is_preview)
        add_assets(self.session, files, config, used, self._search is not None)
        self._indexes.exclude(used)
        self._has_headers = self._policy is not None and HEADERS not in used
        return FilesWithFastPages(files, self.routes.fast_pages, config)

    def start(self, env: Environment, nav: Navigation, files: Files) -> None:
        """Start to render pages, unless they are rendered on demand."""
        renderer = LayoutRenderer(self.session, self._config, env, nav, files, self._post_processor.inquiry_page)
        self._outputs = self.routes.outputs(renderer, self._banner)
        if not (self._is_preview and supports_on_demand()):
            layout_hashes = renderer.layout_hashes() if self.routes.fast_pages else {}
            self.writer.plan(self._outputs, layout_hashes, Path(self._config.site_dir))

    def page_markdown(self, markdown: str, page: EnginePage) -> str:
        """Return a hand-written page's Markdown with its citations resolved; other pages are unchanged."""
        path = page.file.src_uri
        body = None if isinstance(page, InquiryPage) else scan_page(markdown, path)
        # Scanned first: if nothing changed, the knowledge base is not even loaded for pages without citations.
        return self.session.build.resolve_page(body, path) if body else markdown

    def page_content(self, html: str, page: EnginePage) -> str:
        """Return a page's content with the banner above it; a hand-written page is also dated and indexed."""
        if not isinstance(page, InquiryPage):
            # The engine dates a page by the day of the build, so the site would differ every day.
            page.update_date = str(self._last_modified or page.update_date)
            if page.file.src_uri == GLOSSARY:
                html = finish_glossary(html, page.markdown or "")
            if self._search:
                self._search.add(unescape(str(page.title)), page.url, html, page.meta)
        return self._banner + html

    def finish_page(self, html: str, page: EnginePage) -> str:
        """Return a page of the theme as it is published."""
        if not isinstance(page, InquiryPage):
            return self._post_processor.other_page(html, page.url)
        html = self._post_processor.inquiry_page(html, page.url)
        if page.is_deferred:
            self.writer.record_layout(page.file.dest_uri, hash_values(html))
        return html

    def finish_template(self, text: str, name: str) -> str:
        """Return the published form of a file that the engine renders from a template of the theme."""
        if name == "sitemap.xml":
            return self.routes.extend_sitemap(text, str(self._last_modified or get_build_date()))
        if name == "404.html":
            text = replace_not_found(text, self.session.theme_texts[NOT_FOUND])
        return self._post_processor.other_page(text, None) if name.endswith(".html") else text

    def write(self, folder: Path) -> None:
        """Write what the engine has not written.

        Raises:
            OSError: a file cannot be written.
        """
        self.writer.write(folder)
        if self._policy and self._has_headers:
            write_file(folder, HEADERS, self._policy.headers())

    def on_demand(self) -> OnDemand:
        """Return what the server of a preview renders when a browser requests it."""
        files = self._indexes.exports | {page.output.path: page.output.render for page in self._outputs}
        build = self.session.build
        missing, failed = partial(_missing_notice, build, self._banner), partial(_failure_notice, build.templates)
        return OnDemand(files, self._indexes.groups(), missing, failed)

    def release(self) -> None:
        """Drop everything that the next build of a preview does not reuse."""
        self.routes.release()
        vars(self).clear()


def _missing_notice(build: Build, banner: str, url: str) -> str:
    try:
        return banner + build.missing_notice(url)
    except BrokenTemplateError as problem:
        raise template_error(problem) from problem


def _failure_notice(templates: Templates, message: str) -> str:
    return templates.render("failed.html", {"message": message})


def open_session(
    config: MkDocsConfig, options: InquiryOptions, is_preview: bool, previous: Build | None
) -> BuildSession:
    """Read the knowledge base and, except in a preview, open its cache.

    The first time, report an unsuitable theme, and check the address of a preview.

    Args:
        config: the engine's configuration.
        options: the plugin's options.
        is_preview: whether drafts are included and the cache is not used.
        previous: the last build of a preview.

    Raises:
        ConfigurationError: the settings cannot be used, or a preview cannot be served at its address.
        PluginError: files change while they are read.
    """
    if previous is None:
        report_unsuitable_theme(config)
        if is_preview:
            require_free_address(config)
    settings, root = core_config(config, options, is_preview), project_root(config)
    limit = settings.limits.file_size
    if is_preview:
        files = read_tree(root, settings.docs_dir, limit, settings.is_excluded)
        return BuildSession(files, settings, log_progress, before=previous)
    try:
        files = read_snapshot(root, settings.docs_dir, limit, settings.is_excluded)
    except ChangingFilesError as error:
        raise PluginError(f"{error}. Nothing was published; build again when they no longer change.") from error
    # The date is excluded: it changes only diagnostics and one page, and the manifest records it.
    config_hash = hash_values(
        hash_program(), replace(settings, today=None), config["markdown_extensions"], config["mdx_configs"]
    )
    cache = BuildCache(root)
    return BuildSession(files, settings, log_progress, parse_in_processes, cache=cache, config_hash=config_hash)
