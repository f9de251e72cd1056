"""One build of a site: cached results where they are still valid, and the rest computed on demand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cached_property

from inquiry_site.build import Build, ProgressCallback, build
from inquiry_site.config import Config
from inquiry_site.diagnostics import Diagnostic
from inquiry_site.file_content import BIBLIOGRAPHY, Asset, FileContent
from inquiry_site.parsing.parser import ParseAll
from inquiry_site.publishing.cache import BuildCache
from inquiry_site.publishing.fingerprint import hash_files
from inquiry_site.publishing.manifest import BuildManifest, CachedState
from inquiry_site.rendering.pages import Page, Redirect
from inquiry_site.rendering.staleness import stale_pages
from inquiry_site.rendering.template_folder import template_folder
from inquiry_site.rendering.theme_texts import render_theme_texts

_DOCUMENTS = ("notes/", "lines/", "topics/", BIBLIOGRAPHY)


class BuildSession:
    """An incremental build: reuses the last build's results and computes the rest on demand.

    Attributes:
        sources_hash: hash of the files; empty without a cache.
        manifest: what the last build published, if it had the same ``config_hash``.
        is_up_to_date: whether that build read the same files on the same day; then nothing is built until needed.
    """

    def __init__(
        self,
        files: Mapping[str, FileContent],
        config: Config,
        report: ProgressCallback | None = None,
        parse: ParseAll | None = None,
        before: Build | None = None,
        cache: BuildCache | None = None,
        config_hash: str = "",
    ) -> None:
        """Compare the files with the manifest of the last build.

        Args:
            files: the knowledge base.
            config: the settings.
            report: called as each stage begins.
            parse: parses the documents.
            before: an earlier build of this process.
            cache: the results of earlier processes.
            config_hash: hash of the program and of all settings.
        """
        self.files = files
        self.config = config
        self.config_hash = config_hash
        self.cache = cache
        self._report = report
        self._parse = parse
        self._before = before
        manifest = cache.load_manifest() if cache else None
        self.manifest: BuildManifest | None = manifest if manifest and manifest.config_hash == config_hash else None
        self.sources_hash = hash_files(files) if cache else ""
        built_from = (self.manifest.sources_hash, self.manifest.check_date) if self.manifest else None
        self._current_manifest = self.manifest if built_from == (self.sources_hash, config.today) else None
        self.is_up_to_date = self._current_manifest is not None

    @cached_property
    def cached_state(self) -> CachedState | None:
        """The state that the manifest refers to, if the cache has it."""
        state = self.cache.load_state(self.config_hash) if self.cache and self.manifest else None
        return state if state and self.manifest and state.sources_hash == self.manifest.state_hash else None

    @cached_property
    def build(self) -> Build:
        """Everything that follows from the files.

        Raises:
            ConfigError: the settings name a rule or a severity that does not exist.
        """
        # Otherwise a preview would keep two builds in memory.
        before, self._before = self._before, None
        return build(self.files, self.config, self._report, before or self.cached_state, self._parse)

    @property
    def list_limits(self) -> tuple[int, int]:
        """How many next lines and related notes a page lists."""
        return self.config.next_lines, self.config.related_notes

    @property
    def pages(self) -> tuple[Page, ...]:
        """All pages of the site."""
        return (self._current_manifest or self.build).pages

    @property
    def redirects(self) -> tuple[Redirect, ...]:
        """The pages at former URLs."""
        return (self._current_manifest or self.build).redirects

    @property
    def assets(self) -> tuple[str, ...]:
        """Paths of the files beside the documents that are published."""
        return (self._current_manifest or self.build).assets

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """The diagnostics of the files; empty when up to date, because ``cached_warnings`` then contains them."""
        return () if self.is_up_to_date else self.build.diagnostics

    @property
    def cached_warnings(self) -> tuple[str, ...]:
        """The rendered warnings of the last build, if it read the same files."""
        return self._current_manifest.warnings if self._current_manifest else ()

    @property
    def theme_texts(self) -> Mapping[str, str]:
        """What the theme's own pages take from the site, by key."""
        return self._current_manifest.theme_texts if self._current_manifest else _theme_texts(self.build)

    @property
    def last_modified(self) -> dt.date | None:
        """The date of the page that changed last."""
        return max((page.day for page in self.pages if page.day), default=None)

    def overrides(self, name: str) -> bool:
        """Whether the site has its own version of a file in ``templates/``."""
        return f"templates/{name}" in self.files

    def template_text(self, name: str) -> str:
        """Return the text of a file in ``templates/``: the site's own, else the shipped one."""
        if not self.is_up_to_date:
            return self.build.templates.text(name)
        own = self.files.get(f"templates/{name}")
        if isinstance(own, bytes):
            return own.decode()
        return own if isinstance(own, str) else (template_folder() / name).read_text(encoding="utf-8")

    @cached_property
    def stale_pages(self) -> frozenset[str] | None:
        """Paths of pages that may be stale relative to the cached state; None if there is no such state."""
        if self.cached_state is None or _shared_files(self.cached_state.files) != _shared_files(self.files):
            return None
        return stale_pages(self.cached_state.knowledge, self.build.knowledge, self.list_limits)

    def is_stale(self, page: Page) -> bool:
        """Whether a page may differ from the published one; True if that is unknown."""
        if self.is_up_to_date:
            return False
        # The published site may already differ from the cached state, and this build may match that state again.
        stale = self.stale_pages
        if stale is None or self.manifest is None:
            return True
        return page.path in stale or page.path in self.manifest.stale_since_state


def _theme_texts(built: Build) -> Mapping[str, str]:
    return render_theme_texts(built.templates, built.words, built.config)


def _shared_files(files: Mapping[str, FileContent]) -> dict[str, FileContent]:
    """Return the files that any page may depend on: templates, and files that pages embed or link to."""
    return {
        path: content
        for path, content in files.items()
        if not path.startswith(_DOCUMENTS) or isinstance(content, Asset)
    }
