"""Let the engine build in a staging directory, and publish only a complete site."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.exceptions import PluginError
from mkdocs.plugins import get_plugin_logger

from inquiry_site.adapters.mkdocs.report import counted_warnings
from inquiry_site.diagnostics.text import counted
from inquiry_site.publishing.site_writer import SiteWriter
from inquiry_site.publishing.snapshot import first_changed, stat_sources
from inquiry_site.publishing.staging import StagingDirectory

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

log = get_plugin_logger("inquiry")


class StagedSite:
    """The staging directory of one build; while it is in use, ``config.site_dir`` is its path."""

    def __init__(self, config: MkDocsConfig) -> None:
        """Create the directory and point the engine at it.

        Raises:
            PluginError: it cannot be created.
        """
        self._site_dir = config.site_dir
        try:
            self._staging = StagingDirectory(Path(config.site_dir))
        except OSError as error:
            raise PluginError(f"The site cannot be built in {config.site_dir}: {error}") from error
        config.site_dir = str(self._staging.folder)
        self._sources = stat_sources(())

    def watch_sources(self, paths: Iterable[str]) -> None:
        """Record the files that the engine reads itself from now on."""
        self._sources = stat_sources(paths)

    def publish(self, writer: SiteWriter, warnings: Sequence[str], is_cached: bool, config: MkDocsConfig) -> None:
        """Replace the published site.

        Raises:
            PluginError: files changed during the build, there are warnings under ``--strict``, or the site cannot be
                written. The published site is unchanged.
        """
        self._refuse_incomplete(len(warnings), config)
        try:
            problem = writer.publish(self._staging, warnings, is_cached)
        except OSError as error:
            raise self.write_error(error) from error
        if problem:
            log.info("The next build will start from scratch, because the cache cannot be saved: %s", problem)
        config.site_dir = self._site_dir
        log.info("The site is in %s", self._site_dir)

    def write_error(self, error: OSError) -> PluginError:
        """Return the error for a site that cannot be written."""
        return PluginError(f"The site cannot be written: {error}. {self._site_dir} is unchanged.")

    def discard(self) -> None:
        """Remove the directory."""
        self._staging.discard()

    def _refuse_incomplete(self, warnings: int, config: MkDocsConfig) -> None:
        # With --quiet the engine counts no warnings, so ours are counted separately.
        count = max(counted_warnings(), warnings) if config.strict else 0
        changed = first_changed(self._sources, stat_sources(self._sources))
        if count:
            reason = f"{counted(count, 'warning')} in strict mode"
        elif changed:
            reason = f"{changed} changed during the build; build again when it no longer changes"
        else:
            return
        raise PluginError(f"Nothing was published: {reason}. {self._site_dir} is unchanged.")
