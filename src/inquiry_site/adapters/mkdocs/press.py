"""The pages that the engine does not build: which they are, how they are printed, and what it has to know of them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from mkdocs.plugins import get_plugin_logger

from inquiry_site.adapters.content_policy import HEADERS, ContentPolicy
from inquiry_site.adapters.material import mend, without_blank_lines
from inquiry_site.adapters.mkdocs.pages import InquiryPage, nav_titles
from inquiry_site.adapters.mkdocs.shells import Printer, suits, why_not
from inquiry_site.adapters.search import SiteSearch
from inquiry_site.publishing.files import intact, link, put, renew, same_site, settled, stamped
from inquiry_site.publishing.fingerprint import of_values
from inquiry_site.publishing.memory import Stamp
from inquiry_site.publishing.presses import Job, Make, Presses
from inquiry_site.publishing.stage import Stage
from inquiry_site.publishing.work import Work
from inquiry_site.rendering.exports.search import FOLDER, MANIFEST
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

    def __init__(
        self,
        work: Work,
        config: MkDocsConfig,
        plugin: object,
        site: Path,
        search: SiteSearch | None = None,
        policy: ContentPolicy | None = None,
    ) -> None:
        """Find out what can be printed.

        Args:
            work: the knowledge base.
            config: the site's settings.
            plugin: whose own part in the engine's events does not count.
            site: where the site is published.
            search: the site's search, if it is ours.
            policy: what pages may load and run, if they say so.
        """
        self._work = work
        self._config = config
        self._site = site
        # What another folder holds is of no use here.
        self._edition = work.edition if work.edition and work.edition.site == str(site) else None
        self._search = search
        self._policy = policy
        self._reason = why_not(config, work, plugin)
        self.titles = dict(nav_titles(config.nav))
        self.printed: dict[str, Page] = {}
        self._in_nav: dict[str, tuple[Page, InquiryPage]] = {}
        self._engine_pages: list[InquiryPage] = []
        self._stubs: dict[str, str] = {}
        self._exports: dict[str, Make] = {
            "graph.json": lambda: work.built.graph_in_pieces(),
            "map/notes.json": lambda: work.built.map_json(),
        }
        self._presses: Presses | None = None
        self._printer: Printer | None = None
        self._shells: Mapping[str, str] = {}
        self._kept: set[str] = set()
        self._above = ""
        self._has_headers = False
        if self._reason and len(work.pages) >= _MANY:
            log.info(
                "Each of %d pages goes through the engine, which takes its time: %s", len(work.pages), self._reason
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
        entry = InquiryPage(page, self._work, self.titles.get(page.path), file, self._config, waits)
        self._engine_pages.append(entry)
        if waits:
            self._in_nav[page.file] = page, entry
        return entry

    def leave_out(self, taken: Collection[str]) -> None:
        """Files whose address is taken are not written."""
        self._exports = {name: make for name, make in self._exports.items() if name not in taken}
        self._has_headers = self._policy is not None and HEADERS not in taken

    def saw(self, entry: InquiryPage, html: str) -> None:
        """The engine has built a page, which is empty as yet if it waits."""
        if entry.waits:
            self._stubs[entry.file.dest_uri] = of_values(html)

    def begin(self, env: Environment, files: Files, above: str, wait: bool) -> None:
        """Begin to print, or to wait until pages are asked for.

        Args:
            env: the theme's templates.
            files: the engine's files.
            above: HTML that stands above the content of each page.
            wait: whether pages wait.
        """
        self._printer = Printer(self._work, self._config, env, self.nav, files, self.finished)
        self._above = above
        if wait:
            return
        self._shells = self._printer.shells() if self.printed else {}
        self._kept = self._to_keep()
        folder = Path(self._config.site_dir)
        folder.mkdir(parents=True, exist_ok=True)
        jobs = [*self._jobs_in_nav(self._reached_in_nav()), *self._jobs()]
        self._presses = Presses((job for job in jobs if job.file not in self._kept), self._work, folder)

    def _to_keep(self) -> set[str]:
        """Printed pages that stand in the site as they would be printed again."""
        edition = self._edition
        if edition is None or not self._shells.items() <= edition.shells.items():
            return set()
        same = {page.file for page in self.printed.values() if not self._work.reached(page)} - edition.restless
        return intact(self._site, edition.stamps, same)

    def _reached_in_nav(self) -> list[str]:
        if self._edition is None:
            return list(self._in_nav)
        return [file for file, (page, _) in self._in_nav.items() if self._work.reached(page)]

    def _jobs(self) -> Iterator[Job]:
        assert self._printer is not None  # noqa: S101 - begun
        for page in self.printed.values():
            yield Job(page.file, partial(self._printer.html, page, self._above), bool(page.source))

    def _jobs_in_nav(self, files: Iterable[str]) -> Iterator[Job]:
        assert self._printer is not None  # noqa: S101 - begun
        for file in files:
            yield Job(file, partial(self._printer.html_in_nav, self._in_nav[file][1], self._above))

    def waiting(self) -> Mapping[str, Make]:
        """What can be made when it is asked for, by its path in the site's folder; nothing where all is made."""
        if self._presses is not None:
            return {}
        jobs = [*self._jobs_in_nav(self._in_nav), *self._jobs()]
        return self._exports | {job.file: job.make for job in jobs}

    def groups(self) -> Mapping[str, Callable[[], Mapping[str, bytes]]]:
        """What makes many files at once, by how their paths begin."""
        search, work = self._search, self._work
        return {f"{FOLDER}/": lambda: work.built.search(search.others)} if search else {}

    def finish(self, folder: Path) -> None:
        """Make what is not made yet."""
        if self._presses is None:
            return
        edition = self._edition
        if edition and self._work.same:
            self._kept |= intact(self._site, edition.stamps, self._exports)
        kept, searched = self._presses.run(partial(self._put_search, folder), partial(self._put_exports, folder))
        self._kept |= kept
        self._stubs[FOLDER] = searched
        others = [file for file in self._in_nav if file not in self._presses.made]
        if edition and others:
            same = {file for file in others if edition.shells.get(file) == self._stubs.get(file)}
            self._kept |= intact(self._site, edition.stamps, same)
        for job in self._jobs_in_nav(file for file in others if file not in self._kept):
            put(folder, job.file, job.make())
        if self._policy and self._has_headers:
            put(folder, HEADERS, self._policy.headers())

    def publish(self, stage: Stage, said: Iterable[str]) -> None:
        """Put what was made and what is kept in the place of the site, unless it is that site; and remember it.

        Args:
            stage: where it was made.
            said: what was said of the files.

        Raises:
            OSError: it cannot be put there.
        """
        assert self._presses is not None  # noqa: S101 - begun
        edition = self._edition
        for file in self._kept & self._in_nav.keys():
            (stage.folder / file).unlink()
        made = stamped(stage.folder)
        if edition and same_site(stage.folder, made.keys(), self._kept, self._site, edition.stamps):
            stage.discard()
            if not self._work.same:
                self._remember(edition.stamps, tuple(said))
            return
        expected = self._put_together(stage, made)
        stage.publish()
        if edition and self._work.memory:
            stage.set_aside(self._work.memory.former)
        stage.discard()
        # Last of all: links to the files count as changes of them.
        stamps = settled(self._site, expected)
        if stamps is not None:
            self._remember(stamps, tuple(said))

    def _put_together(self, stage: Stage, made: Mapping[str, Stamp]) -> dict[str, Stamp]:
        """Let the folder of a stage hold the whole site; every file of it."""
        edition, memory = self._edition, self._work.memory
        if edition is None or memory is None:
            return dict(made)
        kept = {name: edition.stamps[name] for name in self._kept}
        built = stage.take_over(memory.former)
        if built is None:
            gone = link(self._site, stage.folder, kept)
        else:
            gone = renew(stage.folder, self._site, kept, built, made)
            shutil.rmtree(built, ignore_errors=True)
        return {**kept, **made, **self._put_again(stage.folder, gone)}

    def _put_again(self, folder: Path, names: Collection[str]) -> dict[str, Stamp]:
        """Write files that were to be kept and are gone: another build has published, or somebody deleted them."""
        if not names:
            return {}
        makers = {job.file: job.make for job in (*self._jobs_in_nav(self._in_nav), *self._jobs())} | self._exports
        if self._search is not None and any(name not in makers for name in names):
            searched = self._work.built.search(self._search.others)
            makers |= {name: partial(bytes, content) for name, content in searched.items()}
        return {name: put(folder, name, makers[name]()) for name in names}

    def _remember(self, stamps: Mapping[str, Stamp], said: tuple[str, ...]) -> None:
        assert self._presses is not None  # noqa: S101 - begun
        if self._reason:
            return
        problem = self._work.leave(
            site=str(self._site),
            warnings=said,
            shells={**self._shells, **self._stubs},
            restless=frozenset(self._presses.restless),
            stamps=stamps,
        )
        if problem:
            log.info("The next build will not be faster for this one, of which nothing could be kept: %s", problem)

    def stop(self) -> None:
        """Give up."""
        if self._presses is not None:
            self._presses.stop()

    def release(self) -> None:
        """Drop the knowledge base and everything made of it, once no page of this build is rendered any more.

        The engine's objects are full of reference cycles. Through them a preview would keep the pages of every former
        build until a full garbage collection, which is postponed because it takes as long as a rebuild.
        """
        for entry in self._engine_pages:
            entry.release()
        # The engine's list of files holds this very mapping.
        self.printed.clear()
        vars(self).clear()

    def added_to_sitemap(self, sitemap: str, day: str) -> str:
        """The engine's sitemap with the pages that it does not build; ``day`` is that of pages without one."""
        base = self._config.site_url
        if not base:
            return sitemap
        base = base if base.endswith("/") else f"{base}/"
        entries = (_ENTRY.format(escape(urljoin(base, page.url)), page.day or day) for page in self.printed.values())
        head, end, rest = sitemap.rpartition("\n</urlset>")
        return f"{head}{''.join(entries)}{end}{rest}"

    def _put_exports(self, folder: Path) -> None:
        """Write the other files that tell of the whole site, and leave for the next build what is known."""
        for name, make in self._exports.items():
            if name not in self._kept:
                put(folder, name, make())
        self._work.leave_knowledge()

    def _put_search(self, folder: Path) -> tuple[set[str], str]:
        """Write the files of the search but for those that stand: each bears the name of its content.

        Returns:
            Those that stand, and a fingerprint of what hand-written pages add.
        """
        if self._search is None:
            return set(), ""
        others = self._search.others
        searched, edition = of_values(others), self._edition
        known = edition.stamps if edition else {}
        standing = intact(self._site, known, [name for name in known if name.startswith(f"{FOLDER}/")])
        if edition and self._work.same and edition.shells.get(FOLDER) == searched and MANIFEST in standing:
            return standing, searched
        kept = set()
        for name, content in self._work.built.search(others).items():
            if name in standing and name != MANIFEST:
                kept.add(name)
            else:
                put(folder, name, content)
        return kept, searched

    def finished(self, html: str, url: str) -> str:
        """A page of the theme around one of ours, mended, with the search, and without the theme's blank lines."""
        html = without_blank_lines(self._with_search(html, url))
        return self._policy.protect(html, by_author=True) if self._policy else html

    def mended(self, html: str, url: str | None) -> str:
        """A page of the theme, mended and with the search; ``url`` is ``None`` for one that is served anywhere."""
        html = self._with_search(html, url)
        return self._policy.protect(html, by_author=False) if self._policy else html

    def _with_search(self, html: str, url: str | None) -> str:
        html = mend(html)
        return self._search.with_control(html, url) if self._search else html
