"""What a build saves for the next one: the manifest of the published site, and the state behind it."""

from __future__ import annotations

from collections.abc import Mapping

from inquiry_site.publishing.manifest import BuildManifest, CachedState, FileStat
from inquiry_site.publishing.session import BuildSession

_FEW_PAGES = 20
"""A saved state is kept if at most this many pages are stale, whatever the size of the site."""


class Checkpoint:
    """Saves the results of a session in its cache.

    The state is large, so a small edit does not save it again: the manifest then records which pages are stale
    relative to the older state.
    """

    def __init__(self, session: BuildSession) -> None:
        self._session = session
        self._problem = ""

    def save_state(self) -> None:
        """Save parsed files and knowledge, unless few pages are stale relative to the saved state."""
        session = self._session
        if session.cache is not None and not session.is_up_to_date and not self._can_keep_state:
            build = session.build
            state = CachedState(session.config_hash, session.sources_hash, session.files, build.parsed, build.knowledge)
            self._problem = session.cache.save_state(state)

    def save_manifest(
        self,
        *,
        site: str,
        warnings: tuple[str, ...],
        layout_hashes: Mapping[str, str],
        always_render: frozenset[str],
        outputs: Mapping[str, FileStat],
    ) -> str:
        """Save the manifest of the published site; arguments are fields of ``BuildManifest``.

        Returns:
            Why the manifest or the state could not be saved; empty if both were.
        """
        session = self._session
        if session.cache is None:
            return ""
        state_hash, stale = self._state_and_stale_pages()
        manifest = BuildManifest(
            config_hash=session.config_hash,
            sources_hash=session.sources_hash,
            state_hash=state_hash,
            stale_since_state=stale,
            check_date=session.config.today,
            site=site,
            pages=session.pages,
            redirects=session.redirects,
            assets=session.assets,
            theme_texts=session.theme_texts,
            warnings=warnings,
            layout_hashes=layout_hashes,
            always_render=always_render,
            outputs=outputs,
        )
        return self._problem or session.cache.save_manifest(manifest)

    def _state_and_stale_pages(self) -> tuple[str, frozenset[str]]:
        """Return the hash of the sources that the saved state describes, and the pages that changed since."""
        session = self._session
        if session.is_up_to_date and session.manifest is not None:
            return session.manifest.state_hash, session.manifest.stale_since_state
        if session.cached_state and self._can_keep_state:
            return session.cached_state.sources_hash, session.stale_pages or frozenset()
        return session.sources_hash, frozenset()

    @property
    def _can_keep_state(self) -> bool:
        stale = self._session.stale_pages
        return stale is not None and len(stale) <= max(_FEW_PAGES, len(self._session.pages) // 50)
