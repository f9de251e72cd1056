"""The build at hand: what is known from the last one, and the rest when somebody asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from inquiry_site.build import Build, ProgressCallback, build
from inquiry_site.config import Config
from inquiry_site.diagnostics import Diagnostic
from inquiry_site.model import BIBLIOGRAPHY, Asset, FileContent
from inquiry_site.parsing.parser import ParseAll
from inquiry_site.publishing.cache import BuildCache
from inquiry_site.publishing.fingerprint import hash_files
from inquiry_site.publishing.manifest import BuildManifest, CachedState, FileStat
from inquiry_site.rendering.pages import Page, PageContext, Redirect, unwritten
from inquiry_site.rendering.staleness import stale_pages
from inquiry_site.rendering.template_folder import template_folder

_FEW_PAGES = 20
_DOCUMENTS = ("notes/", "lines/", BIBLIOGRAPHY)


class BuildSession:
    """A knowledge base on its way to a site.

    Attributes:
        edition: what the last build published, if this program did with the same settings.
        same: whether the files are those of that edition: then nothing is built until somebody asks for a page.
    """

    def __init__(
        self,
        files: Mapping[str, FileContent],
        config: Config,
        report: ProgressCallback | None = None,
        parse: ParseAll | None = None,
        before: Build | None = None,
        memory: BuildCache | None = None,
        basis: str = "",
    ) -> None:
        """Take up the work.

        Args:
            files: the knowledge base.
            config: the settings.
            report: called as each stage begins.
            parse: what parses the documents.
            before: an earlier build that this process still has.
            memory: what other processes left.
            basis: a fingerprint of the program and of all settings.
        """
        self.config = config
        self.config_hash = basis
        self.cache = memory
        self._files = files
        self._progress = report
        self._parse = parse
        self._before = before
        self._problem = ""
        edition = memory.load_manifest() if memory else None
        self.manifest: BuildManifest | None = edition if edition and edition.config_hash == basis else None
        self.sources_hash = hash_files(files) if memory else ""
        told = (self.manifest.sources_hash, self.manifest.check_date) if self.manifest else None
        self._valid_manifest = self.manifest if told == (self.sources_hash, config.today) else None
        self.is_up_to_date = self._valid_manifest is not None

    @cached_property
    def cached_state(self) -> CachedState | None:
        """What the last build knew, if it was of the edition that stands."""
        found = self.cache.load_state(self.config_hash) if self.cache and self.manifest else None
        return found if found and self.manifest and found.sources_hash == self.manifest.state_hash else None

    @cached_property
    def build(self) -> Build:
        """Everything that follows from the files.

        Raises:
            ConfigError: the settings name a rule or a level that does not exist.
        """
        # Kept any longer, two builds would be in memory for as long as a preview shows one.
        before, self._before = self._before, None
        return build(self._files, self.config, self._progress, before or self.cached_state, self._parse)

    @property
    def list_limits(self) -> tuple[int, int]:
        """How many next lines and related notes a page shows."""
        return self.config.next_lines, self.config.related_notes

    @property
    def pages(self) -> tuple[Page, ...]:
        """All pages of the site."""
        return (self._valid_manifest or self.build).pages

    @property
    def redirects(self) -> tuple[Redirect, ...]:
        """All former addresses."""
        return (self._valid_manifest or self.build).redirects

    @property
    def assets(self) -> tuple[str, ...]:
        """The files beside the documents."""
        return (self._valid_manifest or self.build).assets

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What is wrong with the files, where that has to be found out."""
        return () if self.is_up_to_date else self.build.diagnostics

    @property
    def cached_warnings(self) -> tuple[str, ...]:
        """What was said of the same files the last time."""
        return self._valid_manifest.warnings if self._valid_manifest else ()

    @property
    def search_label(self) -> str:
        """What the search is called in the site's language."""
        return self._valid_manifest.search_label if self._valid_manifest else self.build.words["search"]

    @property
    def last_modified(self) -> dt.date | None:
        """The day of the page that changed last."""
        return max((page.day for page in self.pages if page.day), default=None)

    def write(self, page: Page) -> PageContext:
        """What a page says."""
        return (self._by_path[page.path] if self.is_up_to_date else page).write()

    @cached_property
    def _by_path(self) -> Mapping[str, Page]:
        return {page.path: page for page in self.build.pages}

    def overrides(self, name: str) -> bool:
        """Whether the site has its own file of ``templates/``."""
        return f"templates/{name}" in self._files

    def template_text(self, name: str) -> str:
        """A file of ``templates/``: the site's own, else the one that ships."""
        if not self.is_up_to_date:
            return self.build.templates.text(name)
        own = self._files.get(f"templates/{name}")
        if isinstance(own, bytes):
            return own.decode()
        return own if isinstance(own, str) else (template_folder() / name).read_text(encoding="utf-8")

    @cached_property
    def stale_pages(self) -> frozenset[str] | None:
        """Paths of pages that may read otherwise than in what is known from earlier; none where nothing is."""
        if self.cached_state is None or _shared_files(self.cached_state.files) != _shared_files(self._files):
            return None
        return stale_pages(self.cached_state.knowledge, self.build.knowledge, self.list_limits)

    def is_stale(self, page: Page) -> bool:
        """Whether a page may read otherwise than in the edition; all may where that is not known."""
        if self.is_up_to_date:
            return False
        # The edition may have strayed from what is known, and this build may be back there.
        return (
            self.stale_pages is None
            or self.manifest is None
            or page.path in self.stale_pages | self.manifest.stale_since_state
        )

    @property
    def _can_keep_baseline(self) -> bool:
        """Whether so few pages have changed that the next build can begin from what was known before this one."""
        return self.stale_pages is not None and len(self.stale_pages) <= max(_FEW_PAGES, len(self.pages) // 50)

    def save_manifest(
        self,
        *,
        site: str,
        warnings: tuple[str, ...],
        shells: Mapping[str, str],
        restless: frozenset[str],
        stamps: Mapping[str, FileStat],
    ) -> str:
        """Leave for the next build what was published; empty, or why something cannot be left.

        Args are fields of ``Edition``.
        """
        if self.cache is None:
            return ""
        known, astray = self.sources_hash, frozenset[str]()
        if self._valid_manifest:
            known, astray = self._valid_manifest.state_hash, self._valid_manifest.stale_since_state
        elif self.cached_state and self._can_keep_baseline:
            known, astray = self.cached_state.sources_hash, self.stale_pages or astray
        edition = BuildManifest(
            config_hash=self.config_hash,
            sources_hash=self.sources_hash,
            state_hash=known,
            stale_since_state=astray,
            check_date=self.config.today,
            site=site,
            pages=tuple(replace(page, write=unwritten) for page in self.pages),
            redirects=self.redirects,
            assets=self.assets,
            search_label=self.search_label,
            warnings=warnings,
            layout_hashes=shells,
            always_render=restless,
            outputs=stamps,
        )
        return self._problem or self.cache.save_manifest(edition)

    def save_state(self) -> None:
        """Leave what is known of the files for the next build, unless it is nearly what is known already."""
        if self.cache is not None and not self.is_up_to_date and not self._can_keep_baseline:
            built = self.build
            earlier = CachedState(self.config_hash, self.sources_hash, self._files, built.parsed, built.knowledge)
            self._problem = self.cache.save_state(earlier)


def _shared_files(files: Mapping[str, FileContent]) -> dict[str, FileContent]:
    """What is no document: templates, of which any page may be made, and files that any page may show or link to."""
    return {
        path: content
        for path, content in files.items()
        if not path.startswith(_DOCUMENTS) or isinstance(content, Asset)
    }
