"""The plugin: what happens at each event of the engine."""

from __future__ import annotations

import datetime as dt
import logging
import posixpath
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from mkdocs.config import config_options as option
from mkdocs.exceptions import ConfigurationError, PluginError
from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger
from mkdocs.structure.files import File, InclusionLevel
from mkdocs.utils import get_build_date

from inquiry_site.adapters.content_policy import ContentPolicy
from inquiry_site.adapters.material.search_control import (
    DEFERRED_SEARCH_ASSETS,
    SEARCH_SCRIPT,
    SiteSearch,
    switch_off_theme_search,
)
from inquiry_site.adapters.material.theme import (
    PAGE_TEMPLATE,
    BrokenLayoutError,
    is_material,
    register_layout,
    switch_off_tooltips,
)
from inquiry_site.adapters.mkdocs.engine_page import FilesWithFastPages, InquiryPage, engine_file, project_root
from inquiry_site.adapters.mkdocs.options import InquiryOptions, core_config
from inquiry_site.adapters.mkdocs.press import Press
from inquiry_site.adapters.mkdocs.serve import OnDemandServer, supports_on_demand
from inquiry_site.adapters.mkdocs.site_files import add_file, docs_files, remove_outside, source_paths
from inquiry_site.adapters.mkdocs.termination import Termination, counted_warnings
from inquiry_site.build import Build
from inquiry_site.config import Config, ConfigError
from inquiry_site.diagnostics import Diagnostic, Severity, Span
from inquiry_site.diagnostics.text import first_of_each_file, render_text, summarise
from inquiry_site.files import Boundary, read_tree
from inquiry_site.gc_control import RebuildCollector, freeze_heap
from inquiry_site.parsing.parallel import parse_in_processes
from inquiry_site.publishing.cache import BuildCache
from inquiry_site.publishing.fingerprint import hash_program, hash_settings
from inquiry_site.publishing.session import BuildSession
from inquiry_site.publishing.snapshot import ChangingFilesError, SourceStat, first_changed, read_snapshot, stat_sources
from inquiry_site.publishing.staging import StagingDirectory
from inquiry_site.rules.files import address_taken
from inquiry_site.rules.rule import Finding

if TYPE_CHECKING:
    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page as EnginePage

log = get_plugin_logger("inquiry")

STYLESHEET = "assets/inquiry/inquiry.css"
SCRIPT, TRAIL = "assets/inquiry/inquiry.js", "assets/inquiry/trail.js"
DEFERRED_SCRIPTS = ("assets/inquiry/filters.js", "assets/inquiry/map.js")
"""Scripts that the first one asks for, on the pages that need them."""
_MANY = 1000


class InquiryPlugin(BasePlugin[InquiryOptions]):  # type: ignore[no-untyped-call]
    """Gives the engine the pages of a knowledge base that stands beside ``mkdocs.yml``.

    Pages of which there are many are not built by the engine, where nothing in the site needs that: they are printed
    into the theme's page, which the engine renders once for all of a kind.
    """

    def __init__(self) -> None:
        self._serving = False
        self._preview = OnDemandServer()
        self._rebuilds = RebuildCollector()
        self._work: BuildSession | None = None
        self._built: Build | None = None
        self._newest: dt.date | None = None
        self._problems = ""
        self._said: tuple[str, ...] = ()
        self._has_search = False
        self._search: SiteSearch | None = None
        self._press: Press | None = None
        self._stage: StagingDirectory | None = None
        self._termination = Termination()
        self._sources: dict[str, SourceStat] = {}
        self._site_dir = ""

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Remember whether this is a preview. Having this event also keeps the plugin alive between rebuilds."""
        self._serving = command == "serve"
        if not self._serving:
            self._termination.catch()

    def on_shutdown(self) -> None:
        """Remove what a build has left that a signal ended, which is no error to the engine."""
        self._give_up()
        self._termination.release()

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Add style sheet and scripts, before the site's own, and the folders that a preview watches."""
        config.extra_css.insert(0, STYLESHEET)
        self._has_search = self.config.search and is_material(config.theme.dirs)
        if self._has_search and switch_off_theme_search(config):
            log.info("The site's own search takes the place of the theme's; `inquiry: {search: false}` keeps that one")
        optional = ((SEARCH_SCRIPT, self._has_search), (TRAIL, self.config.trail))
        for path in reversed((SCRIPT, *(path for path, is_wanted in optional if is_wanted))):
            script = option.ExtraScriptValue(path)
            # They come after the text: the page is shown before they are there.
            script.defer = True
            config.extra_javascript.insert(0, script)
        if is_material(config.theme.dirs) and self.config.html != "trusted" and switch_off_tooltips(config.theme):
            log.warning("The theme's feature content.tooltips is switched off: it shows titles of authors as HTML")
        config.watch.extend(self._preview.watcher.existing(project_root(config)))
        return config

    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        """Build the knowledge base before anything is written, so that errors leave the site as it was."""
        root = project_root(config)
        if self._serving:
            self._preview.lock(root)
            self._release_former_build()
            self._rebuilds.collect()
        settings = core_config(config, self.config, self._serving)
        self._work = self._begin(root, settings, config)
        try:
            findings = (*self._work.diagnostics, *self._taken_addresses(self._work, config))
        except ConfigError as error:
            raise ConfigurationError(f"plugin inquiry: {error}") from error
        if self._serving:
            self._built = self._work.build
        freeze_heap()
        self._newest = self._work.last_modified
        self._show(findings)
        self._search = SiteSearch(self._work.config, self._work.search_label) if self._has_search else None
        self._press = Press(
            self._work, config, self, Path(config.site_dir).resolve(), self._search, self._policy(config)
        )
        if not self._serving:
            self._build_aside(config)

    def _policy(self, config: MkDocsConfig) -> ContentPolicy | None:
        """None where the settings or the theme want none, and in a preview: its live reload is an inline script."""
        csp = self.config.csp
        if self._serving or csp is False or not is_material(config.theme.dirs):
            return None
        return ContentPolicy(csp if isinstance(csp, dict) else {})

    def _release_former_build(self) -> None:
        """Let go of everything but the values from which the next build continues."""
        if self._press is not None:
            self._press.release()
        self._work = self._press = self._search = None

    def _begin(self, root: Path, settings: Config, config: MkDocsConfig) -> BuildSession:
        if self._serving:
            return BuildSession(
                read_tree(root, settings.docs_dir, settings.limits.file_size),
                settings,
                _log_progress,
                before=self._built,
            )
        try:
            files = read_snapshot(root, settings.docs_dir, settings.limits.file_size)
        except ChangingFilesError as error:
            raise PluginError(f"{error}. Nothing was published; build again once they are written.") from error
        # The day is no part of it: each has its own checks, and the same pages but for one.
        basis = hash_settings(
            hash_program(), replace(settings, today=None), config["markdown_extensions"], config["mdx_configs"]
        )
        return BuildSession(files, settings, _log_progress, parse_in_processes, memory=BuildCache(root), basis=basis)

    def _build_aside(self, config: MkDocsConfig) -> None:
        self._site_dir = config.site_dir
        try:
            self._stage = StagingDirectory(Path(config.site_dir))
        except OSError as error:
            raise PluginError(f"The site cannot be built in {config.site_dir}: {error}") from error
        config.site_dir = str(self._stage.folder)

    def _show(self, findings: tuple[Diagnostic, ...]) -> None:
        """Report every finding once: errors stop a build, and stand on every page of a preview."""
        assert self._work is not None  # noqa: S101 - set by the only caller
        self._problems = ""
        errors = [finding for finding in findings if finding.severity is Severity.ERROR]
        most = self._work.config.limits.findings
        others = (finding for finding in findings if finding.severity is Severity.WARNING)
        warnings, more = first_of_each_file(others, most)
        texts = self._work.build.texts if findings else {}
        self._said = (
            *self._work.cached_warnings,
            *(render_text([warning], texts) for warning in warnings),
            *more.values(),
        )
        for said in self._said:
            log.warning("%s", said)
        if errors:
            report = f"{summarise(errors)}\n\n{render_text(errors, texts, most)}\n"
            if not self._serving:
                raise PluginError(report)
            log.error("%s", report)
        if self._serving and findings:
            shown = {
                "problems": [_problem(found) for found in first_of_each_file(errors, most)[0]],
                "warnings": [_problem(w) for w in warnings],
            }
            self._problems = self._work.build.templates.render("problems.html", shown)

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Hand the engine its pages and files from memory; what stands at an address already wins."""
        work, press = self._work, self._press
        if work is None or press is None:
            return files
        remove_outside(files, config, Boundary(project_root(config), work.config.docs_dir))
        taken = {file.dest_uri for file in files if self._is_published(file)}
        for page in work.pages:
            if page.file in taken:
                if page.source and not self._serving:
                    log.warning("%s is not published: a page of another plugin stands at its address", page.source)
            elif press.takes(page):
                taken.add(page.file)
            else:
                file = engine_file(page, press.titles, config)
                add_file(file, files, taken)
                entry = press.engine_page(page, file)
                entry.update_date = str(page.day or self._newest or entry.update_date)
        for name, content in _asset_outputs(work, self._has_search):
            file = File.generated(config, name, content=content, inclusion=InclusionLevel.NOT_IN_NAV)
            add_file(file, files, taken)
        for path in work.assets:
            add_file(File(path, str(project_root(config)), config.site_dir, config.use_directory_urls), files, taken)
        press.leave_out(taken)
        return FilesWithFastPages(files, press.printed, config)

    def _is_published(self, file: File) -> bool:
        least = InclusionLevel.DRAFT if self._serving else InclusionLevel.NOT_IN_NAV
        return bool(file.inclusion.value >= least.value)

    def _taken_addresses(self, work: BuildSession, config: MkDocsConfig) -> Iterator[Diagnostic]:
        """Notes and lines at whose address another file stands, found before the engine collects its files."""
        places = {path: path for path in work.assets}
        places |= {f.dest_uri: f"{f.src_uri} in the docs folder" for f in docs_files(config) if self._is_published(f)}
        for page in work.pages:
            place = places.get(page.file) if page.source else None
            if place:
                message = f"A hand-written page stands at this page's address: {place}."
                yield address_taken.report(Finding(Span(page.source), message, "Move or rename the hand-written page."))

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        """Keep the navigation for the pages that are printed."""
        if self._press is not None:
            self._press.nav = nav
        # Those that the engine reads and copies itself, from now on.
        self._sources = {} if self._serving else stat_sources(source_paths(files, config))
        return nav

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """Let our pages stand in a shorter page of the theme, unless the site has a page of its own; begin to print."""
        if self._work is None or self._press is None:
            return env
        if self._serving:
            env.bytecode_cache = self._preview.theme_templates
        try:
            offered = register_layout(env, self._work.template_text(PAGE_TEMPLATE))
        except BrokenLayoutError as problem:
            raise PluginError(str(problem)) from problem
        for file in files.documentation_pages() if offered else ():
            if isinstance(file.page, InquiryPage):
                file.page.meta["template"] = PAGE_TEMPLATE
        self._press.begin(env, files, self._problems, wait=self._serving and supports_on_demand())
        return env

    def on_page_content(self, html: str, *, page: EnginePage, config: MkDocsConfig, files: Files) -> str:
        """Put what is wrong on top of every page of a preview."""
        if not isinstance(page, InquiryPage):
            # The engine dates a page by the day of the build, which would make every day's site another one.
            page.update_date = str(self._newest or page.update_date)
            if self._search:
                self._search.add(unescape(str(page.title)), page.url, html, page.meta)
        return self._problems + html

    @event_priority(-100)
    def on_post_page(self, output: str, *, page: EnginePage, config: MkDocsConfig) -> str:
        """Mend the theme's HTML, after every other plugin: a policy names scripts by their hashes."""
        if self._press is None:
            return output
        if not isinstance(page, InquiryPage):
            return self._press.mended(output, page.url)
        output = self._press.finished(output, page.url)
        self._press.saw(page, output)
        return output

    @event_priority(-100)
    def on_post_template(self, output_content: str, *, template_name: str, config: MkDocsConfig) -> str:
        """The same for the page of what is not found; and the sitemap has the pages that the engine does not know."""
        if self._press is None:
            return output_content
        if template_name == "sitemap.xml":
            return self._press.added_to_sitemap(output_content, str(self._newest or get_build_date()))
        return self._press.mended(output_content, None) if template_name.endswith(".html") else output_content

    @event_priority(-100)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Print the rest, after every other plugin has written, and publish."""
        assert self._press is not None  # noqa: S101 - a build has begun
        if self._serving:
            self._press.finish(Path(config.site_dir))
            groups = self._press.groups() if supports_on_demand() else {}
            self._preview.unlock(Path(config.site_dir), config.site_url or "", self._press.waiting(), groups)
            return
        assert self._stage is not None  # noqa: S101 - a build that is no preview
        try:
            self._press.finish(Path(config.site_dir))
            self._refuse_to_publish(config)
            self._press.publish(self._stage, self._said)
        except OSError as error:
            raise PluginError(f"The site cannot be written: {error}. {self._site_dir} is as it was.") from error
        config.site_dir = self._site_dir
        self._stage = None
        log.info("The site stands in %s", self._site_dir)

    def _refuse_to_publish(self, config: MkDocsConfig) -> None:
        """Let no site take the place of the former one that is not wholly of one version, or not as strict as asked.

        Raises:
            PluginError: it is not.
        """
        # With --quiet the engine sees no warning; ours count all the same.
        count = max(counted_warnings(log.logger), len(self._said)) if config.strict else 0
        changed = first_changed(self._sources, stat_sources(self._sources))
        if count:
            reason = f"{count} warning{'s' if count > 1 else ''} in strict mode"
        elif changed:
            reason = f"{changed} changed during the build; build again once it is written"
        else:
            return
        raise PluginError(f"Nothing was published: {reason}. {self._site_dir} is as it was.")

    def on_build_error(self, *, error: Exception) -> None:
        """Leave nothing behind."""
        if self._serving:
            self._preview.abort()
        self._give_up()

    def _give_up(self) -> None:
        if self._press is not None:
            self._press.stop()
        if self._stage is not None:
            self._stage.discard()
            self._stage = None

    def on_serve(
        self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Callable[..., None]
    ) -> LiveReloadServer:
        """Answer the server's requests for pages that wait."""
        own = [config.docs_dir, *([config.config_file_path] if config.config_file_path else [])]
        self._preview.watcher.attach(server, project_root(config), own)
        return self._preview.serve(server)


def _problem(found: Diagnostic) -> dict[str, str]:
    return {"place": str(found.span), "message": found.message, "hint": found.hint}


def _log_progress(stage: str, count: int) -> None:
    log.log(logging.INFO if count >= _MANY else logging.DEBUG, "%s %d", stage, count)


def _asset_outputs(work: BuildSession, has_search: bool) -> Iterator[tuple[str, str]]:
    for address in (
        STYLESHEET,
        SCRIPT,
        *DEFERRED_SCRIPTS,
        TRAIL,
        *((SEARCH_SCRIPT, *DEFERRED_SEARCH_ASSETS) if has_search else ()),
    ):
        yield address, work.template_text(f"assets/{posixpath.basename(address)}")
    for redirect in work.redirects:
        yield redirect.path, redirect.html
