"""The plugin: what happens at each event of the engine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from mkdocs.plugins import BasePlugin, event_priority

from inquiry_site.adapters.material.theme import PAGE_TEMPLATE
from inquiry_site.adapters.mkdocs.engine_page import project_root
from inquiry_site.adapters.mkdocs.options import InquiryOptions
from inquiry_site.adapters.mkdocs.report import PreviewLog
from inquiry_site.adapters.mkdocs.serve import OnDemandServer
from inquiry_site.adapters.mkdocs.site_build import SiteBuild, open_session
from inquiry_site.adapters.mkdocs.site_files import source_paths
from inquiry_site.adapters.mkdocs.staged_site import StagedSite
from inquiry_site.adapters.mkdocs.termination import Termination
from inquiry_site.adapters.mkdocs.theme_setup import (
    configure_theme,
    content_policy,
    has_own_search,
    use_page_template,
)
from inquiry_site.build import Build
from inquiry_site.gc_control import RebuildCollector

if TYPE_CHECKING:
    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page as EnginePage


class InquiryPlugin(BasePlugin[InquiryOptions]):  # type: ignore[no-untyped-call]
    """Adds the pages of the knowledge base beside ``mkdocs.yml`` to the site.

    Where nothing in the site depends on the engine's page loop, pages whose number grows with the knowledge base bypass
    it (``fast_path``): they are rendered into a layout that the engine renders once for each kind.
    """

    def __init__(self) -> None:
        self._preview_log: PreviewLog | None = None
        self._server = OnDemandServer()
        self._collector = RebuildCollector()
        self._termination = Termination()
        self._previous: Build | None = None
        self._current: SiteBuild | None = None
        self._staged: StagedSite | None = None
        self._nav: Navigation

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Remember whether this is a preview. Handling this event also keeps the plugin alive between rebuilds."""
        if command == "serve":
            self._preview_log, self._server.is_dirty = PreviewLog(), dirty
        else:
            self._termination.catch()

    def on_shutdown(self) -> None:
        """Clean up after a build that a signal ended, which the engine does not treat as an error."""
        self._abort()
        self._server.close()
        self._termination.release()

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Add style sheet, scripts and watched paths."""
        configure_theme(config, self.config)
        config.watch.extend(self._server.watcher.existing(project_root(config)))
        return config

    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        """Build the knowledge base before anything is written, so that errors leave the published site unchanged."""
        if self._preview_log:
            config.site_dir = str(self._server.lock(project_root(config), Path(config.site_dir)))
            if self._current is not None:
                self._current.release()
                self._current = None
            self._collector.collect()
        session = open_session(config, self.config, self._preview_log is not None, self._previous)
        # A policy would forbid the inline script with which a preview reloads pages.
        policy = None if self._preview_log else content_policy(config, self.config)
        self._current = SiteBuild(session, config, self, policy, has_own_search(config, self.config), self._preview_log)
        if self._preview_log:
            self._previous = session.build
        else:
            self._staged = StagedSite(config)

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add our pages and assets to the engine's files, from memory."""
        return self._current.add_files(files) if self._current else files

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        """Keep the navigation for pages that are rendered outside the engine's loop."""
        self._nav = nav
        if self._staged is not None:
            self._staged.watch_sources(source_paths(files, config))
        return nav

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """Choose the template of our pages, and start to render them."""
        if self._current is None:
            return env
        if self._preview_log:
            env.bytecode_cache = self._server.theme_templates
        use_page_template(env, self._current.session.template_text(PAGE_TEMPLATE), files)
        self._current.start(env, self._nav, files)
        return env

    @event_priority(-50)
    def on_page_markdown(self, markdown: str, *, page: EnginePage, config: MkDocsConfig, files: Files) -> str:
        """Resolve the citations of hand-written pages, after other plugins."""
        return self._current.page_markdown(markdown, page) if self._current else markdown

    def on_page_content(self, html: str, *, page: EnginePage, config: MkDocsConfig, files: Files) -> str:
        """Put the diagnostics of a preview above the content of every page."""
        return self._current.page_content(html, page) if self._current else html

    @event_priority(-100)
    def on_post_page(self, output: str, *, page: EnginePage, config: MkDocsConfig) -> str:
        """Finish a page, after every other plugin: a policy refers to scripts by their hashes."""
        return self._current.finish_page(output, page) if self._current else output

    @event_priority(-100)
    def on_post_template(self, output_content: str, *, template_name: str, config: MkDocsConfig) -> str:
        """Finish ``404.html`` and the sitemap."""
        return self._current.finish_template(output_content, template_name) if self._current else output_content

    @event_priority(-100)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Write the rest, after every other plugin has written, and publish."""
        assert self._current is not None  # noqa: S101 - set in on_pre_build
        folder = Path(config.site_dir)
        if self._staged is None:
            self._current.write(folder)
            self._server.unlock(folder, config.site_url or "", self._current.on_demand())
            return
        try:
            self._current.write(folder)
        except OSError as error:
            raise self._staged.write_error(error) from error
        is_cached = self._current.routes.uses_fast_path
        self._staged.publish(self._current.writer, self._current.warnings, is_cached, config)
        self._staged = None

    def on_build_error(self, *, error: Exception) -> None:
        """Clean up."""
        self._server.abort(error)
        self._abort()

    def _abort(self) -> None:
        if self._current is not None:
            self._current.writer.stop()
        if self._staged is not None:
            self._staged.discard()
            self._staged = None

    @event_priority(-100)
    def on_serve(
        self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Callable[..., None]
    ) -> LiveReloadServer:
        """Let the preview's server render pages on demand, after every plugin has watched paths with its builder."""
        engine_paths = [config.docs_dir, *([config.config_file_path] if config.config_file_path else [])]
        return self._server.serve(server, project_root(config), engine_paths)
