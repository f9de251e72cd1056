"""A live preview: pages that are made when a browser asks for them."""

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


class OnDemandServer:
    """What a preview keeps from one build to the next.

    Attributes:
        compiled: the theme's templates.
        watcher: what the server watches.
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
        """A build begins: until ``end`` no page is made. To be called before anything is read."""
        self._building.acquire()
        self._is_building = True
        self._pending, self._pending_groups = {}, {}
        self.watcher.update(root)

    def unlock(
        self,
        folder: Path,
        site_url: str,
        waiting: Mapping[str, Render],
        groups: Mapping[str, RenderGroup] | None = None,
    ) -> None:
        """A build has ended.

        Args:
            folder: where the site is served from.
            site_url: the address of the site.
            waiting: files of it that are still to be made.
            groups: what makes all files whose paths begin so.
        """
        self._folder = folder
        self._mount = urlsplit(site_url).path.rstrip("/") + "/"
        self._pending = dict(waiting)
        self._pending_groups = dict(groups or {})
        self._release()

    def abort(self) -> None:
        """A build has failed, if it has begun at all: what there was is gone."""
        self._pending, self._pending_groups = {}, {}
        self._release()

    def _release(self) -> None:
        if self._is_building:
            self._is_building = False
            self._building.release()

    def serve(self, server: LiveReloadServer) -> LiveReloadServer:
        """Answer for files that are still to be made."""
        engine = server.get_app()

        def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            started: list[Any] = []
            body: Iterable[bytes] = ()
            path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "ignore")
            for _ in range(_TRIES):
                try:
                    made = self._render_pending(path)
                except MkDocsException as error:
                    return _report_failure(error, start_response)
                started.clear()
                body = engine(environ, lambda *given: started.append(given))  # type: ignore[misc,arg-type]
                # A build that began in between has emptied the folder, or has ended and knows the page.
                if not started[0][0].startswith("404") or not (made or self._render_pending(path)):
                    break
            start_response(*started[0])
            return body

        server.set_app(answer)
        return server

    def _render_pending(self, path: str) -> bool:
        """Make the file at a path of the server's, unless it is there; whether it is one of ours."""
        if not path.startswith(self._mount):
            return False
        name = posixpath.normpath(path[len(self._mount) :] + ("index.html" if path.endswith("/") else ""))
        with self._building:
            for start in [start for start in self._pending_groups if name.startswith(start)]:
                made = self._pending_groups.pop(start)()
                self._pending |= {one: partial(bytes, content) for one, content in made.items()}
            found = next((one for one in (name, f"{name}/index.html") if one in self._pending), None)
            if found is None:
                return False
            write_file(self._folder, found, self._pending[found]())
            return True


def _report_failure(error: MkDocsException, start_response: Callable[..., Any]) -> Iterable[bytes]:
    """A page that shows why another cannot be rendered, and asks again by itself until it can."""
    log.error("%s", error)
    start_response("500 Internal Server Error", [("Content-Type", "text/html; charset=utf-8")])
    page = (
        '<!doctype html>\n<meta charset="utf-8"><meta http-equiv="refresh" content="2"><title>Error</title>\n'
        f"<h1>This page cannot be rendered</h1>\n<p>{escape(str(error))}</p>\n"
    )
    return [page.encode(errors="xmlcharrefreplace")]


def supports_on_demand() -> bool:
    """Whether pages may wait until they are asked for: without live reload nobody tells us of the server."""
    return "--no-livereload" not in sys.argv
