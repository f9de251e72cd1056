"""A live preview whose pages are rendered on demand, and whose addresses always show a page or what is wrong."""

from __future__ import annotations

import logging
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.exceptions import MkDocsException
from mkdocs.plugins import get_plugin_logger

from inquiry_site.adapters.mkdocs.on_demand import OnDemand, PendingFiles
from inquiry_site.adapters.mkdocs.preview_answers import (
    Engine,
    EngineAnswer,
    ask,
    names_page,
    send_failure,
    send_missing,
    send_with_notice,
)
from inquiry_site.adapters.mkdocs.watch import Watcher
from inquiry_site.rendering.templates import MemoryBytecodeCache

if TYPE_CHECKING:
    from mkdocs.livereload import LiveReloadServer

log = get_plugin_logger("inquiry")

_TRIES = 8
"""Attempts to answer a request while builds keep replacing the site."""
_NOT_FOUND = "404.html"
"""The theme's page for missing pages."""


class OnDemandServer:
    """The server of a preview, whose state lasts from one build to the next.

    Attributes:
        theme_templates: the compiled templates of the theme.
        watcher: the paths that the server watches.
        is_dirty: whether the engine updates the previous site instead of building another.
    """

    def __init__(self) -> None:
        self.theme_templates = MemoryBytecodeCache()
        self.watcher = Watcher()
        self.is_dirty = False
        self._pending = PendingFiles()
        self._failed = OnDemand().failed
        self._failure = ""
        self._folder = Path()
        self._spare: Path | None = None
        self._builds = 0
        self._server: LiveReloadServer | None = None

    def lock(self, root: Path, folder: Path) -> Path:
        """Block rendering until ``unlock`` or ``abort``; call this when a build begins, before it reads anything.

        Args:
            root: the folder of the knowledge base.
            folder: the folder that the server serves at first.

        Returns:
            The folder to build in: never the one that is being served, because a build that fails leaves it incomplete.
        """
        self._pending.lock()
        self.watcher.update(root)
        if self._server is None or self._folder != folder or self.is_dirty:
            return folder
        self._spare = self._spare or Path(tempfile.mkdtemp(prefix="inquiry_"))
        return self._spare

    def unlock(self, folder: Path, site_url: str, on_demand: OnDemand) -> None:
        """Serve the site of a build that has ended, and allow rendering again.

        Args:
            folder: the folder of the site.
            site_url: the URL of the site.
            on_demand: what is rendered on demand.
        """
        self._folder = folder
        self._builds += 1
        if self._server is not None:
            self._server.root = str(folder)
        self._failed = on_demand.failed
        self._pending.replace(folder, site_url, on_demand)
        self._pending.release()

    def abort(self, error: Exception) -> None:
        """Keep the previous site after a build that failed, even before ``lock``."""
        self._failure = str(error)
        self._pending.release()

    def close(self) -> None:
        """Delete what the engine does not."""
        if self._spare is not None:
            shutil.rmtree(self._spare, ignore_errors=True)

    def serve(self, server: LiveReloadServer, root: Path, engine_paths: Iterable[str]) -> LiveReloadServer:
        """Let the engine's server render files on demand, survive failing builds and follow new paths.

        Args:
            server: the engine's server, not started yet.
            root: the folder of the knowledge base.
            engine_paths: the paths that the server watches already.

        Returns:
            The server.
        """
        self.watcher.attach(server, root, engine_paths)
        self._server = server
        server.set_app(partial(self._answer, server.get_app()))  # type: ignore[arg-type]
        server.builder = partial(self._rebuild, server.builder)
        return server

    def _rebuild(self, build: Callable[[], None]) -> None:
        """Build; if that fails, let the browsers show why. Otherwise the engine answers nothing until one succeeds."""
        self._failure = ""
        logged = _ConfigErrors()
        try:
            with logged:
                build()
        except Exception as error:  # any plugin may have failed
            self._failure = self._failure or " ".join((*logged.messages, str(error) or type(error).__name__))
            log.error("The site could not be rebuilt; its last version is still served. %s", self._failure)
            log.debug("The exception was:", exc_info=error)
        else:
            self._failure = ""

    def _answer(self, engine: Engine, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "ignore")
        try:
            answer = self._ask(engine, environ, path)
            if answer.is_missing and names_page(path) and not self._failure:
                # First the theme's page, then again: if the page was added meanwhile, nothing would reload this one.
                not_found = ask(engine, environ, f"{self._pending.mount}{_NOT_FOUND}")
                answer = self._ask(engine, environ, path)
                if answer.is_missing:
                    return send_missing(not_found, self._pending.missing_notice(path), start_response)
        except MkDocsException as error:
            log.error("%s", error)
            return send_failure(str(error), start_response)
        if self._failure and answer.is_missing and names_page(path):
            return send_failure(self._failure, start_response)
        if self._failure and answer.is_page:
            return send_with_notice(answer, self._failed(self._failure), answer.status, start_response)
        return answer.send(start_response)

    def _ask(self, engine: Engine, environ: dict[str, Any], path: str) -> EngineAnswer:
        """Render a pending file and return the engine's answer, from a single build unless they follow too closely.

        Raises:
            MkDocsException: the page cannot be rendered.
        """
        for _ in range(_TRIES):
            self._pending.render(path)
            builds = self._builds
            answer = ask(engine, environ)
            # The engine waits for a build to end, but then reads the folder of the previous one.
            if builds == self._builds:
                break
        return answer


class _ConfigErrors(logging.Handler):
    """Collects the errors in settings, which the engine logs before it raises an exception without details."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.messages: list[str] = []
        self._logger = logging.getLogger(f"{log.logger.name.partition('.')[0]}.config")

    def emit(self, record: logging.LogRecord) -> None:
        """Collect a message."""
        self.messages.append(record.getMessage())

    def __enter__(self) -> None:
        self._logger.addHandler(self)

    def __exit__(self, *error: object) -> None:
        self._logger.removeHandler(self)


def supports_on_demand() -> bool:
    """Whether pages can be rendered on demand: without live reload the engine does not pass its server to plugins."""
    return "--no-livereload" not in sys.argv
