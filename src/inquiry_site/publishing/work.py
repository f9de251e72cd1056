"""The build at hand: what is known from the last one, and the rest when somebody asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from inquiry_site.build import Build, Report, build
from inquiry_site.config import Config
from inquiry_site.diagnostics import Diagnostic
from inquiry_site.model import BIBLIOGRAPHY, Asset, FileContent
from inquiry_site.parsing.documents import ParseAll
from inquiry_site.publishing.fingerprint import of_files
from inquiry_site.publishing.memory import Earlier, Edition, Memory, Stamp
from inquiry_site.rendering.pages import Manuscript, Page, Redirect, unwritten
from inquiry_site.rendering.reach import reached_pages
from inquiry_site.rendering.shipped import template_folder

_FEW = 20
_DOCUMENTS = ("notes/", "lines/", BIBLIOGRAPHY)


class Work:
    """A knowledge base on its way to a site.

    Attributes:
        edition: what the last build published, if this program did with the same settings.
        same: whether the files are those of that edition: then nothing is built until somebody asks for a page.
    """

    def __init__(
        self,
        files: Mapping[str, FileContent],
        config: Config,
        report: Report | None = None,
        parse: ParseAll | None = None,
        before: Build | None = None,
        memory: Memory | None = None,
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
        self.basis = basis
        self.memory = memory
        self._files = files
        self._report = report
        self._parse = parse
        self._before = before
        self._problem = ""
        edition = memory.edition() if memory else None
        self.edition: Edition | None = edition if edition and edition.basis == basis else None
        self.fingerprint = of_files(files) if memory else ""
        told = (self.edition.files, self.edition.day) if self.edition else None
        self._unchanged = self.edition if told == (self.fingerprint, config.today) else None
        self.same = self._unchanged is not None

    @cached_property
    def earlier(self) -> Earlier | None:
        """What the last build knew, if it was of the edition that stands."""
        found = self.memory.earlier(self.basis) if self.memory and self.edition else None
        return found if found and self.edition and found.fingerprint == self.edition.known else None

    @cached_property
    def built(self) -> Build:
        """Everything that follows from the files.

        Raises:
            ConfigError: the settings name a rule or a level that does not exist.
        """
        # Kept any longer, two builds would be in memory for as long as a preview shows one.
        before, self._before = self._before, None
        return build(self._files, self.config, self._report, before or self.earlier, self._parse)

    @property
    def shown(self) -> tuple[int, int]:
        """How many next lines and related notes a page shows."""
        return self.config.next_lines, self.config.related_notes

    @property
    def pages(self) -> tuple[Page, ...]:
        """All pages of the site."""
        return (self._unchanged or self.built).pages

    @property
    def redirects(self) -> tuple[Redirect, ...]:
        """All former addresses."""
        return (self._unchanged or self.built).redirects

    @property
    def assets(self) -> tuple[str, ...]:
        """The files beside the documents."""
        return (self._unchanged or self.built).assets

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        """What is wrong with the files, where that has to be found out."""
        return () if self.same else self.built.diagnostics

    @property
    def said(self) -> tuple[str, ...]:
        """What was said of the same files the last time."""
        return self._unchanged.warnings if self._unchanged else ()

    @property
    def search(self) -> str:
        """What the search is called in the site's language."""
        return self._unchanged.search if self._unchanged else self.built.words["search"]

    @property
    def newest(self) -> dt.date | None:
        """The day of the page that changed last."""
        return max((page.day for page in self.pages if page.day), default=None)

    def write(self, page: Page) -> Manuscript:
        """What a page says."""
        return (self._by_path[page.path] if self.same else page).write()

    @cached_property
    def _by_path(self) -> Mapping[str, Page]:
        return {page.path: page for page in self.built.pages}

    def has_own(self, name: str) -> bool:
        """Whether the site has its own file of ``templates/``."""
        return f"templates/{name}" in self._files

    def text(self, name: str) -> str:
        """A file of ``templates/``: the site's own, else the one that ships."""
        if not self.same:
            return self.built.templates.text(name)
        own = self._files.get(f"templates/{name}")
        if isinstance(own, bytes):
            return own.decode()
        return own if isinstance(own, str) else (template_folder() / name).read_text(encoding="utf-8")

    @cached_property
    def astray(self) -> frozenset[str] | None:
        """Paths of pages that may read otherwise than in what is known from earlier; none where nothing is."""
        if self.earlier is None or _beside(self.earlier.files) != _beside(self._files):
            return None
        return reached_pages(self.earlier.knowledge, self.built.knowledge, self.shown)

    def reached(self, page: Page) -> bool:
        """Whether a page may read otherwise than in the edition; all may where that is not known."""
        if self.same:
            return False
        # The edition may have strayed from what is known, and this build may be back there.
        return self.astray is None or self.edition is None or page.path in self.astray | self.edition.astray

    @property
    def _is_near(self) -> bool:
        """Whether so few pages have changed that the next build can begin from what was known before this one."""
        return self.astray is not None and len(self.astray) <= max(_FEW, len(self.pages) // 50)

    def leave(
        self,
        *,
        site: str,
        warnings: tuple[str, ...],
        shells: Mapping[str, str],
        restless: frozenset[str],
        stamps: Mapping[str, Stamp],
    ) -> str:
        """Leave for the next build what was published; empty, or why something cannot be left.

        Args are fields of ``Edition``.
        """
        if self.memory is None:
            return ""
        known, astray = self.fingerprint, frozenset[str]()
        if self._unchanged:
            known, astray = self._unchanged.known, self._unchanged.astray
        elif self.earlier and self._is_near:
            known, astray = self.earlier.fingerprint, self.astray or astray
        edition = Edition(
            basis=self.basis,
            files=self.fingerprint,
            known=known,
            astray=astray,
            day=self.config.today,
            site=site,
            pages=tuple(replace(page, write=unwritten) for page in self.pages),
            redirects=self.redirects,
            assets=self.assets,
            search=self.search,
            warnings=warnings,
            shells=shells,
            restless=restless,
            stamps=stamps,
        )
        return self._problem or self.memory.keep_edition(edition)

    def leave_knowledge(self) -> None:
        """Leave what is known of the files for the next build, unless it is nearly what is known already."""
        if self.memory is not None and not self.same and not self._is_near:
            built = self.built
            earlier = Earlier(self.basis, self.fingerprint, self._files, built.parsed, built.knowledge)
            self._problem = self.memory.keep_knowledge(earlier)


def _beside(files: Mapping[str, FileContent]) -> dict[str, FileContent]:
    """What is no document: templates, of which any page may be made, and files that any page may show or link to."""
    return {
        path: content
        for path, content in files.items()
        if not path.startswith(_DOCUMENTS) or isinstance(content, Asset)
    }
