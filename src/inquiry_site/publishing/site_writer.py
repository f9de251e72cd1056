"""Write a site incrementally: render what is stale, keep the rest of the published site, and publish both at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from inquiry_site.publishing.checkpoint import Checkpoint
from inquiry_site.publishing.file_tree import final_stats, stat_tree, write_file
from inquiry_site.publishing.manifest import FileStat
from inquiry_site.publishing.published_site import PublishedSite
from inquiry_site.publishing.session import BuildSession
from inquiry_site.publishing.site_indexes import SiteIndexes
from inquiry_site.publishing.staging import StagingDirectory
from inquiry_site.publishing.workers import LEAST_OUTPUTS, LateInput, Output, Render, WriterPool
from inquiry_site.rendering.pages import Page
from inquiry_site.search import FOLDER


@dataclass(frozen=True, slots=True)
class PageOutput:
    """A page and what renders it."""

    page: Page
    output: Output
    has_own_layout: bool = False
    """Whether its layout differs from all others, as in the navigation: the engine writes an empty page first, whose
    hash is the layout's."""


class SiteWriter:
    """Plans, writes and publishes the outputs of one build."""

    def __init__(self, session: BuildSession, site: Path, indexes: SiteIndexes) -> None:
        """Compare the manifest with the folder of the site.

        Args:
            session: the build.
            site: the folder of the published site.
            indexes: exports and search.
        """
        self._session = session
        self._indexes = indexes
        self._published = PublishedSite(site, session.manifest)
        self._checkpoint = Checkpoint(session)
        self._pages: Sequence[PageOutput] = ()
        self._layout_hashes: dict[str, str] = {}
        self._kept: set[str] = set()
        self._pool: WriterPool | None = None

    def plan(self, pages: Sequence[PageOutput], layout_hashes: Mapping[str, str], folder: Path) -> None:
        """Decide which published pages are kept, and start to render the others.

        Args:
            pages: pages with a layout of their own first.
            layout_hashes: hash of each shared layout.
            folder: where to write.
        """
        self._pages = pages
        self._layout_hashes.update(layout_hashes)
        self._kept = self._unchanged_pages()
        outputs = [page.output for page in pages if self._must_render(page)]
        folder.mkdir(parents=True, exist_ok=True)
        self._pool = WriterPool(outputs, folder, _neighbours(self._session))

    def record_layout(self, path: str, layout_hash: str) -> None:
        """Record the layout of a page that has its own."""
        self._layout_hashes[path] = layout_hash

    def write(self, folder: Path) -> None:
        """Render everything that is neither written nor kept."""
        if self._pool is None:
            return
        if self._session.is_up_to_date:
            self._kept |= self._published.unchanged(self._indexes.exports)
        write_search = partial(self._indexes.write_search, folder, self._published)
        is_large = len(self._session.pages) >= LEAST_OUTPUTS
        kept, searched_hash = self._pool.run(write_search, partial(self._write_indexes, folder), is_large)
        self._kept |= kept
        self._layout_hashes[FOLDER] = searched_hash
        rest = {
            page.output.path: page.output
            for page in self._pages
            if page.has_own_layout and page.output.path not in self._pool.written
        }
        same_layout = {path for path in rest if self._published.has_layout(path, self._layout_hashes.get(path))}
        self._kept |= self._published.unchanged(same_layout)
        for path, output in rest.items():
            if path not in self._kept:
                write_file(folder, path, output.render())

    def publish(self, staging: StagingDirectory, warnings: Sequence[str], is_cached: bool) -> str:
        """Replace the published site with what was written and kept, unless they are identical, and save the manifest.

        Args:
            staging: where the site was written.
            warnings: rendered warnings of the build.
            is_cached: whether the next build may start from this one.

        Returns:
            Why nothing could be saved for the next build; empty if saving succeeded or was not needed.

        Raises:
            OSError: the site cannot be published.
        """
        for page in self._pages:
            if page.has_own_layout and page.output.path in self._kept:
                (staging.folder / page.output.path).unlink()
        manifest, cache, written = self._published.manifest, self._session.cache, stat_tree(staging.folder)
        if manifest and self._published.equals(staging.folder, written.keys(), self._kept):
            staging.discard()
            needs_saving = is_cached and not self._session.is_up_to_date
            return self._save(manifest.outputs, warnings) if needs_saving else ""
        expected = dict(written)
        if manifest and cache:
            expected, missing = self._published.complete(staging, self._kept, written, cache.spare)
            expected |= _render(missing, self._pages, self._indexes, staging.folder)
        staging.publish()
        if manifest and cache:
            staging.keep_as_spare(cache.spare)
        staging.discard()
        # Last of all, because creating and removing hard links changes the records of files.
        outputs = final_stats(self._published.folder, expected)
        return self._save(outputs, warnings) if is_cached and outputs is not None else ""

    def stop(self) -> None:
        """Abort: stop the second process."""
        if self._pool is not None:
            self._pool.stop()

    def _unchanged_pages(self) -> set[str]:
        """Return the files of pages with shared layouts whose published versions are up to date."""
        manifest = self._published.manifest
        if manifest is None or not self._published.has_layouts(self._layout_hashes):
            return set()
        fresh = {
            page.output.path
            for page in self._pages
            if not page.has_own_layout and not self._session.is_stale(page.page)
        }
        return self._published.unchanged(fresh - manifest.always_render)

    def _must_render(self, page: PageOutput) -> bool:
        """Whether a page is rendered at once; ``write`` decides on others with a layout of their own."""
        if page.has_own_layout:
            return self._published.manifest is None or self._session.is_stale(page.page)
        return page.output.path not in self._kept

    def _write_indexes(self, folder: Path) -> None:
        self._indexes.write_exports(folder, self._kept)
        self._checkpoint.save_state()

    def _save(self, outputs: Mapping[str, FileStat], warnings: Sequence[str]) -> str:
        return self._checkpoint.save_manifest(
            site=str(self._published.folder),
            warnings=tuple(warnings),
            layout_hashes=self._layout_hashes,
            always_render=frozenset(self._pool.with_warnings if self._pool else ()),
            outputs=outputs,
        )


def _neighbours(session: BuildSession) -> LateInput:
    return LateInput(
        compute=lambda: session.build.knowledge.neighbours.truncated(*session.list_limits),
        receive=lambda neighbours: session.build.knowledge.use_neighbours(neighbours),
    )


def _render(
    paths: Collection[str], pages: Sequence[PageOutput], indexes: SiteIndexes, folder: Path
) -> dict[str, FileStat]:
    """Write kept files that disappeared: another build has published, or they were deleted."""
    if not paths:
        return {}
    renders: dict[str, Render] = {page.output.path: page.output.render for page in pages}
    renders |= indexes.render([path for path in paths if path not in renders])
    return {path: write_file(folder, path, renders[path]()) for path in paths}
