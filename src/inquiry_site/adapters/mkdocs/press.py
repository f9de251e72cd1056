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
from inquiry_site.adapters.material.search_control import SiteSearch
from inquiry_site.adapters.material.theme import fix_theme_html, strip_blank_lines
from inquiry_site.adapters.mkdocs.engine_page import InquiryPage, nav_titles
from inquiry_site.adapters.mkdocs.layout_renderer import LayoutRenderer, fast_path_blocker, is_eligible
from inquiry_site.publishing.file_tree import (
    final_stats,
    hardlink_files,
    is_identical,
    stat_tree,
    sync_tree,
    unchanged_files,
    write_file,
)
from inquiry_site.publishing.fingerprint import hash_settings
from inquiry_site.publishing.manifest import FileStat
from inquiry_site.publishing.session import BuildSession
from inquiry_site.publishing.staging import StagingDirectory
from inquiry_site.publishing.workers import Output, Render, WriterPool
from inquiry_site.rendering.pages import Page
from inquiry_site.search import FOLDER, MANIFEST

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
        work: BuildSession,
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
        self._edition = work.manifest if work.manifest and work.manifest.site == str(site) else None
        self._search = search
        self._policy = policy
        self._reason = fast_path_blocker(config, work, plugin)
        self.titles = dict(nav_titles(config.nav))
        self.printed: dict[str, Page] = {}
        self._in_nav: dict[str, tuple[Page, InquiryPage]] = {}
        self._engine_pages: list[InquiryPage] = []
        self._stubs: dict[str, str] = {}
        self._exports: dict[str, Render] = {
            "graph.json": lambda: work.build.graph_in_pieces(),
            "map/notes.json": lambda: work.build.map_json(),
        }
        self._presses: WriterPool | None = None
        self._printer: LayoutRenderer | None = None
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
        taken = not self._reason and page.path not in self.titles and is_eligible(page, self._config)
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
        if entry.is_deferred:
            self._stubs[entry.file.dest_uri] = hash_settings(html)

    def begin(self, env: Environment, files: Files, above: str, wait: bool) -> None:
        """Begin to print, or to wait until pages are asked for.

        Args:
            env: the theme's templates.
            files: the engine's files.
            above: HTML that stands above the content of each page.
            wait: whether pages wait.
        """
        self._printer = LayoutRenderer(self._work, self._config, env, self.nav, files, self.finished)
        self._above = above
        if wait:
            return
        self._shells = self._printer.layout_hashes() if self.printed else {}
        self._kept = self._to_keep()
        folder = Path(self._config.site_dir)
        folder.mkdir(parents=True, exist_ok=True)
        jobs = [*self._jobs_in_nav(self._reached_in_nav()), *self._jobs()]
        self._presses = WriterPool((job for job in jobs if job.path not in self._kept), self._work, folder)

    def _to_keep(self) -> set[str]:
        """Printed pages that stand in the site as they would be printed again."""
        edition = self._edition
        if edition is None or not self._shells.items() <= edition.layout_hashes.items():
            return set()
        same = {page.file for page in self.printed.values() if not self._work.is_stale(page)} - edition.always_render
        return unchanged_files(self._site, edition.outputs, same)

    def _reached_in_nav(self) -> list[str]:
        if self._edition is None:
            return list(self._in_nav)
        return [file for file, (page, _) in self._in_nav.items() if self._work.is_stale(page)]

    def _jobs(self) -> Iterator[Output]:
        assert self._printer is not None  # noqa: S101 - begun
        for page in self.printed.values():
            yield Output(page.file, partial(self._printer.render_page, page, self._above), bool(page.source))

    def _jobs_in_nav(self, files: Iterable[str]) -> Iterator[Output]:
        assert self._printer is not None  # noqa: S101 - begun
        for file in files:
            yield Output(file, partial(self._printer.render_nav_page, self._in_nav[file][1], self._above))

    def waiting(self) -> Mapping[str, Render]:
        """What can be made when it is asked for, by its path in the site's folder; nothing where all is made."""
        if self._presses is not None:
            return {}
        jobs = [*self._jobs_in_nav(self._in_nav), *self._jobs()]
        return self._exports | {job.path: job.render for job in jobs}

    def groups(self) -> Mapping[str, Callable[[], Mapping[str, bytes]]]:
        """What makes many files at once, by how their paths begin."""
        search, work = self._search, self._work
        return {f"{FOLDER}/": lambda: work.build.search(search.hand_written)} if search else {}

    def finish(self, folder: Path) -> None:
        """Make what is not made yet."""
        if self._presses is None:
            return
        edition = self._edition
        if edition and self._work.is_up_to_date:
            self._kept |= unchanged_files(self._site, edition.outputs, self._exports)
        kept, searched = self._presses.run(partial(self._put_search, folder), partial(self._put_exports, folder))
        self._kept |= kept
        self._stubs[FOLDER] = searched
        others = [file for file in self._in_nav if file not in self._presses.written]
        if edition and others:
            same = {file for file in others if edition.layout_hashes.get(file) == self._stubs.get(file)}
            self._kept |= unchanged_files(self._site, edition.outputs, same)
        for job in self._jobs_in_nav(file for file in others if file not in self._kept):
            write_file(folder, job.path, job.render())
        if self._policy and self._has_headers:
            write_file(folder, HEADERS, self._policy.headers())

    def publish(self, stage: StagingDirectory, said: Iterable[str]) -> None:
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
        made = stat_tree(stage.folder)
        if edition and is_identical(stage.folder, made.keys(), self._kept, self._site, edition.outputs):
            stage.discard()
            if not self._work.is_up_to_date:
                self._remember(edition.outputs, tuple(said))
            return
        expected = self._put_together(stage, made)
        stage.publish()
        if edition and self._work.cache:
            stage.keep_as_spare(self._work.cache.spare)
        stage.discard()
        # Last of all: links to the files count as changes of them.
        stamps = final_stats(self._site, expected)
        if stamps is not None:
            self._remember(stamps, tuple(said))

    def _put_together(self, stage: StagingDirectory, made: Mapping[str, FileStat]) -> dict[str, FileStat]:
        """Let the folder of a stage hold the whole site; every file of it."""
        edition, memory = self._edition, self._work.cache
        if edition is None or memory is None:
            return dict(made)
        kept = {name: edition.outputs[name] for name in self._kept}
        built = stage.reuse_spare(memory.spare)
        if built is None:
            gone = hardlink_files(self._site, stage.folder, kept)
        else:
            gone = sync_tree(stage.folder, self._site, kept, built, made)
            shutil.rmtree(built, ignore_errors=True)
        return {**kept, **made, **self._put_again(stage.folder, gone)}

    def _put_again(self, folder: Path, names: Collection[str]) -> dict[str, FileStat]:
        """Write files that were to be kept and are gone: another build has published, or somebody deleted them."""
        if not names:
            return {}
        makers = {job.path: job.render for job in (*self._jobs_in_nav(self._in_nav), *self._jobs())} | self._exports
        if self._search is not None and any(name not in makers for name in names):
            searched = self._work.build.search(self._search.hand_written)
            makers |= {name: partial(bytes, content) for name, content in searched.items()}
        return {name: write_file(folder, name, makers[name]()) for name in names}

    def _remember(self, stamps: Mapping[str, FileStat], said: tuple[str, ...]) -> None:
        assert self._presses is not None  # noqa: S101 - begun
        if self._reason:
            return
        problem = self._work.save_manifest(
            site=str(self._site),
            warnings=said,
            shells={**self._shells, **self._stubs},
            restless=frozenset(self._presses.with_warnings),
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
                write_file(folder, name, make())
        self._work.save_state()

    def _put_search(self, folder: Path) -> tuple[set[str], str]:
        """Write the files of the search but for those that stand: each bears the name of its content.

        Returns:
            Those that stand, and a fingerprint of what hand-written pages add.
        """
        if self._search is None:
            return set(), ""
        others = self._search.hand_written
        searched, edition = hash_settings(others), self._edition
        known = edition.outputs if edition else {}
        standing = unchanged_files(self._site, known, [name for name in known if name.startswith(f"{FOLDER}/")])
        if (
            edition
            and self._work.is_up_to_date
            and edition.layout_hashes.get(FOLDER) == searched
            and MANIFEST in standing
        ):
            return standing, searched
        kept = set()
        for name, content in self._work.build.search(others).items():
            if name in standing and name != MANIFEST:
                kept.add(name)
            else:
                write_file(folder, name, content)
        return kept, searched

    def finished(self, html: str, url: str) -> str:
        """A page of the theme around one of ours, mended, with the search, and without the theme's blank lines."""
        html = strip_blank_lines(self._with_search(html, url))
        return self._policy.protect(html, by_author=True) if self._policy else html

    def mended(self, html: str, url: str | None) -> str:
        """A page of the theme, mended and with the search; ``url`` is ``None`` for one that is served anywhere."""
        html = self._with_search(html, url)
        return self._policy.protect(html, by_author=False) if self._policy else html

    def _with_search(self, html: str, url: str | None) -> str:
        html = fix_theme_html(html)
        return self._search.with_control(html, url) if self._search else html
