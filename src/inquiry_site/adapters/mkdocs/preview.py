"""A live preview: what it watches, and pages that are made when a browser asks for them."""

from __future__ import annotations

import os
import posixpath
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import ObservedWatch

from inquiry_site.files import WATCHED
from inquiry_site.publishing.files import put
from inquiry_site.publishing.presses import Make

if TYPE_CHECKING:
    from mkdocs.livereload import LiveReloadServer

MakeAll = Callable[[], Mapping[str, bytes]]
_TRIES = 8
_CHANGES = frozenset({"created", "modified", "moved", "deleted"})
_OWN_DISKS = frozenset("btrfs ext2 ext3 ext4 f2fs overlay tmpfs xfs zfs".split())


class Preview:
    """What a preview keeps from one build to the next.

    Attributes:
        compiled: the theme's templates.
    """

    def __init__(self) -> None:
        self.compiled = Compiled()
        self._server: LiveReloadServer | None = None
        self._watched: dict[str, tuple[int, int, int]] = {}
        self._building = threading.RLock()
        self._is_building = False
        self._waiting: dict[str, Make] = {}
        self._groups: dict[str, MakeAll] = {}
        self._folder = Path()
        self._mount = "/"

    def watch_at_first(self, root: Path) -> Iterable[str]:
        """The folders that are there when the engine asks for them, which it does once."""
        existing = _watchable(root)
        if self._server is None:
            self._watched = existing
        return existing

    def begin(self, root: Path) -> None:
        """A build begins: until ``end`` no page is made, and what came into being since the last one is watched.

        To be called before anything is read: what changes later is then seen by the watching if not by the reading.
        """
        self._building.acquire()
        self._is_building = True
        self._waiting, self._groups = {}, {}
        if self._server is None:
            return
        existing = _watchable(root)
        for path, identity in sorted(self._watched.items()):
            if existing.get(path) != identity:
                self._server.unwatch(path)
        for path, identity in sorted(existing.items()):
            if self._watched.get(path) != identity:
                self._server.watch(path)
        self._watched = existing

    def end(
        self, folder: Path, site_url: str, waiting: Mapping[str, Make], groups: Mapping[str, MakeAll] | None = None
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
        self._waiting = dict(waiting)
        self._groups = dict(groups or {})
        self._release()

    def give_up(self) -> None:
        """A build has failed, if it has begun at all: what there was is gone."""
        self._waiting, self._groups = {}, {}
        self._release()

    def _release(self) -> None:
        if self._is_building:
            self._is_building = False
            self._building.release()

    def serve(self, server: LiveReloadServer, watched: Iterable[str]) -> LiveReloadServer:
        """Answer for files that are still to be made.

        Args:
            server: the engine's server.
            watched: what it watches already.
        """
        self._server = server
        _watch_by_events(server, watched)
        engine = server.get_app()

        def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            started: list[Any] = []
            body: Iterable[bytes] = ()
            path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "ignore")
            for _ in range(_TRIES):
                made = self._make(path)
                started.clear()
                body = engine(environ, lambda *given: started.append(given))  # type: ignore[misc,arg-type]
                # A build that began in between has emptied the folder, or has ended and knows the page.
                if not started[0][0].startswith("404") or not (made or self._make(path)):
                    break
            start_response(*started[0])
            return body

        server.set_app(answer)
        return server

    def _make(self, path: str) -> bool:
        """Make the file at a path of the server's, unless it is there; whether it is one of ours."""
        if not path.startswith(self._mount):
            return False
        name = posixpath.normpath(path[len(self._mount) :] + ("index.html" if path.endswith("/") else ""))
        with self._building:
            for start in [start for start in self._groups if name.startswith(start)]:
                made = self._groups.pop(start)()
                self._waiting |= {one: partial(bytes, content) for one, content in made.items()}
            found = next((one for one in (name, f"{name}/index.html") if one in self._waiting), None)
            if found is None:
                return False
            put(self._folder, found, self._waiting[found]())
            return True


class Compiled(BytecodeCache):
    """Templates that were compiled for an earlier build of the same preview."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take a template from an earlier build."""
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template for the next build."""
        self._code[bucket.key] = bucket.bytecode_to_string()


class _Observer(Observer):  # type: ignore[misc,valid-type]
    """Tells of changes alone: the system also says who reads a file."""

    def schedule(
        self, event_handler: FileSystemEventHandler, path: str, *, recursive: bool = False, **more: Any
    ) -> ObservedWatch:
        """Tell a handler of every change below a path."""
        found: ObservedWatch = super().schedule(_Changes(event_handler), path, recursive=recursive, **more)
        return found


class _Changes(FileSystemEventHandler):
    def __init__(self, handler: FileSystemEventHandler) -> None:
        self._handler = handler

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type in _CHANGES:
            self._handler.dispatch(event)


def _watch_by_events(server: LiveReloadServer, watched: Iterable[str]) -> None:
    """Let the system tell of changes at once, where files lie on a disk of its own.

    The engine looks through all files twice a second, which finds changes on disks of other machines too.
    """
    paths = [path for path in watched if Path(path).exists()]
    if sys.platform != "linux" or not all(map(_is_on_own_disk, paths)):
        return
    for path in paths:
        server.unwatch(path)
    # The engine keeps whatever has these methods.
    server.observer = _Observer()
    for path in paths:
        server.watch(path)


def _is_on_own_disk(path: str) -> bool:
    try:
        mounts = [line.split() for line in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()]
    except OSError:
        return False
    place = os.path.realpath(path)
    around = [(len(mount[1]), mount[2]) for mount in mounts if f"{place}/".startswith(f"{mount[1].rstrip('/')}/")]
    return max(around, default=(0, ""))[1] in _OWN_DISKS


def can_wait() -> bool:
    """Whether pages may wait until they are asked for: without live reload nobody tells us of the server."""
    return "--no-livereload" not in sys.argv


def _watchable(root: Path) -> dict[str, tuple[int, int, int]]:
    """What a preview watches, each with what tells it from another of its name.

    Numbers of deleted folders are given out anew, so the time of the last change to a folder's entries is part of it.
    """
    found = {}
    for name in WATCHED:
        try:
            stat = (root / name).stat()
        except OSError:
            continue
        found[str(root / name)] = (stat.st_dev, stat.st_ino, stat.st_ctime_ns)
    return found
