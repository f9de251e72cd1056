"""A live preview whose pages are rendered on demand, when a browser requests them."""

from __future__ import annotations

import posixpath
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from mkdocs.exceptions import MkDocsException
from mkdocs.plugins import get_plugin_logger

from inquiry_site.adapters.mkdocs.watch import Watcher
from inquiry_site.publishing.file_tree import write_file
from inquiry_site.publishing.site_indexes import RenderGroup
from inquiry_site.publishing.workers import Render
from inquiry_site.rendering.templates import MemoryBytecodeCache

if TYPE_CHECKING:
    from mkdocs.livereload import LiveReloadServer

log = get_plugin_logger("inquiry")

_TRIES = 8
"""Attempts to answer a request while builds keep replacing the site."""


class OnDemandServer:
    """The server of a preview, whose state lasts from one build to the next.

    Attributes:
        theme_templates: the compiled templates of the theme.
        watcher: the paths that the server watches.
    """

    def __init__(self) -> None:
        self.theme_templates = MemoryBytecodeCache()
        self.watcher = Watcher()
        self._building = threading.RLock()
        self._is_building = False
        self._pending: dict[str, Render] = {}
        self._pending_groups: dict[str, RenderGroup] = {}
        self._folder = Path()
        self._mount = "/"

    def lock(self, root: Path) -> None:
        """Block rendering until ``unlock`` or ``abort``; call this when a build begins, before it reads anything."""
        self._building.acquire()
        self._is_building = True
        self._pending, self._pending_groups = {}, {}
        self.watcher.update(root)

    def unlock(
        self,
        folder: Path,
        site_url: str,
        pending: Mapping[str, Render],
        groups: Mapping[str, RenderGroup] | None = None,
    ) -> None:
        """Allow rendering again after a build.

        Args:
            folder: the folder that the server serves.
            site_url: the URL of the site.
            pending: what renders each file on demand, by path.
            groups: what renders several files on demand, by the prefix of their paths.
        """
        self._folder = folder
        self._mount = urlsplit(site_url).path.rstrip("/") + "/"
        self._pending = dict(pending)
        self._pending_groups = dict(groups or {})
        self._release()

    def abort(self) -> None:
        """Clean up after a build that failed, even before ``lock``; its pages are not rendered."""
        self._pending, self._pending_groups = {}, {}
        self._release()

    def _release(self) -> None:
        if self._is_building:
            self._is_building = False
            self._building.release()

    def serve(self, server: LiveReloadServer) -> LiveReloadServer:
        """Let the engine's server render pending files on demand; return the server."""
        engine = server.get_app()

        def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            started: list[Any] = []
            body: Iterable[bytes] = ()
            path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "ignore")
            for _ in range(_TRIES):
                try:
                    is_rendered = self._render_pending(path)
                except MkDocsException as error:
                    return _report_failure(error, start_response)
                started.clear()
                body = engine(environ, lambda *status: started.append(status))  # type: ignore[misc,arg-type]
                # Meanwhile another build may have emptied the folder, or ended and made the page available.
                if not started[0][0].startswith("404") or not (is_rendered or self._render_pending(path)):
                    break
            start_response(*started[0])
            return body

        server.set_app(answer)
        return server

    def _render_pending(self, path: str) -> bool:
        """Render the pending file at a path of the server; return whether there is one."""
        if not path.startswith(self._mount):
            return False
        name = posixpath.normpath(path[len(self._mount) :] + ("index.html" if path.endswith("/") else ""))
        with self._building:
            for prefix in [prefix for prefix in self._pending_groups if name.startswith(prefix)]:
                rendered = self._pending_groups.pop(prefix)()
                self._pending |= {file: partial(bytes, content) for file, content in rendered.items()}
            pending = next((file for file in (name, f"{name}/index.html") if file in self._pending), None)
            if pending is None:
                return False
            write_file(self._folder, pending, self._pending[pending]())
            return True


def _report_failure(error: MkDocsException, start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Return a page that shows why the requested one cannot be rendered, and reloads until it can."""
    log.error("%s", error)
    start_response("500 Internal Server Error", [("Content-Type", "text/html; charset=utf-8")])
    page = (
        '<!doctype html>\n<meta charset="utf-8"><meta http-equiv="refresh" content="2"><title>Error</title>\n'
        f"<h1>This page cannot be rendered</h1>\n<p>{escape(str(error))}</p>\n"
    )
    return [page.encode(errors="xmlcharrefreplace")]


def supports_on_demand() -> bool:
    """Whether pages can be rendered on demand: without live reload the engine does not pass its server to plugins."""
    return "--no-livereload" not in sys.argv
