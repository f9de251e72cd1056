"""Watch the files of a preview, by events of the system where possible, even if paths are deleted and recreated."""

from __future__ import annotations

import os
import sys
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from watchdog.events import FileModifiedEvent, FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import ObservedWatch
from watchdog.observers.polling import PollingObserver

from inquiry_site.files import WATCHED

if TYPE_CHECKING:
    from mkdocs.livereload import LiveReloadServer

_CHANGES = frozenset({"created", "modified", "moved", "deleted"})
_LOCAL_FILE_SYSTEMS = frozenset("btrfs ext2 ext3 ext4 f2fs overlay tmpfs xfs zfs".split())
_INTERVAL = 0.5
"""Seconds between two scans of all files, as in the engine."""

_PathStat = tuple[int, int, int]
"""Device, inode, and the time of the last change of a path's metadata in nanoseconds."""


class Watcher:
    """Keeps a server watching the same paths while they are deleted, replaced and created.

    The engine watches the paths that exist when it starts. The system watches inodes rather than names: without this
    class, changes would be missed after an editor has replaced a file, or a checkout has deleted and recreated it.
    """

    def __init__(self) -> None:
        self._server: LiveReloadServer | None = None
        self._engine_paths: list[str] = []
        self._watched: dict[str, _PathStat] = {}

    def existing(self, root: Path) -> Iterable[str]:
        """Return the existing paths of a knowledge base to watch; the engine adds them when it starts."""
        existing = _stat_paths(root / name for name in WATCHED)
        if self._server is None:
            self._watched = existing
        return existing

    def attach(self, server: LiveReloadServer, root: Path, engine_paths: Iterable[str]) -> None:
        """Replace the server's observer by one that uses events where possible, and watch parent folders for names.

        Args:
            server: the engine's server, not started yet.
            root: the folder of the knowledge base.
            engine_paths: the paths that the server watches already.
        """
        self._server = server
        self._engine_paths = list(engine_paths)
        existing = _stat_paths(map(Path, self._engine_paths))
        self._watched |= existing
        uses_events = sys.platform == "linux" and all(map(_is_local_disk, [str(root), *existing]))
        for path in self._engine_paths:
            server.unwatch(path)
        # The engine accepts any object with the methods of an observer.
        observer = server.observer = _EventObserver() if uses_events else _PollingObserver(timeout=_INTERVAL)
        for path in self._engine_paths:
            server.watch(path)
        paths_by_folder: dict[Path, set[str]] = defaultdict(set)
        for watched in (*(root / name for name in WATCHED), *map(Path, self._engine_paths)):
            paths_by_folder[watched.absolute().parent].add(str(watched.absolute()))
        for folder, paths in paths_by_folder.items():
            if folder.is_dir():
                observer.schedule_names(folder, paths)

    def update(self, root: Path) -> None:
        """Watch the paths that have been replaced or created since the last call.

        Call this before a build reads anything, so that a change during the build triggers the next one.
        """
        if self._server is None:
            return
        existing = _stat_paths((*(root / name for name in WATCHED), *map(Path, self._engine_paths)))
        for path in sorted(self._watched.keys() | existing.keys()):
            if self._watched.get(path) != existing.get(path):
                # As often as before: a site's settings may list the same path again.
                count = self._unwatch(path) or 1
                for _ in range(count if path in existing else 0):
                    self._server.watch(path)
        self._watched = existing

    def _unwatch(self, path: str) -> int:
        assert self._server is not None  # noqa: S101 - attached
        count = 0
        with suppress(KeyError):
            while True:
                self._server.unwatch(path)
                count += 1
        return count


class _ChangesObserver:
    """A mixin for observers that reports changes only, because the system also reports read access."""

    _handler: FileSystemEventHandler

    def schedule(
        self, event_handler: FileSystemEventHandler, path: str, *, recursive: bool = False, **more: Any
    ) -> ObservedWatch:
        """Report every change below a path to a handler."""
        self._handler = event_handler
        watch: ObservedWatch = super().schedule(  # type: ignore[misc]
            _ChangeHandler(event_handler), path, recursive=recursive, **more
        )
        return watch

    def schedule_names(self, folder: Path, paths: Iterable[str]) -> None:
        """Report the creation, replacement and deletion of paths in a folder to the last scheduled handler."""
        super().schedule(_NameHandler(self._handler, paths), str(folder), recursive=False)  # type: ignore[misc]


class _EventObserver(_ChangesObserver, Observer):  # type: ignore[misc,valid-type]
    """An observer that receives events from the system."""


class _PollingObserver(_ChangesObserver, PollingObserver):  # type: ignore[misc]
    """An observer that scans all files at intervals, which also finds changes on network file systems."""


class _ChangeHandler(FileSystemEventHandler):
    def __init__(self, handler: FileSystemEventHandler) -> None:
        self._handler = handler

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type in _CHANGES:
            self._handler.dispatch(event)


class _NameHandler(FileSystemEventHandler):
    def __init__(self, handler: FileSystemEventHandler, paths: Iterable[str]) -> None:
        self._handler = handler
        self._paths = frozenset(paths)

    def on_any_event(self, event: FileSystemEvent) -> None:
        # An entry of a folder has changed: handlers of the folder itself receive their own event.
        if event.event_type not in _CHANGES or (event.is_directory and event.event_type == "modified"):
            return
        for path in self._paths & {os.fsdecode(event.src_path), os.fsdecode(event.dest_path)}:
            # The engine ignores events of folders.
            self._handler.dispatch(FileModifiedEvent(path))


def _is_local_disk(path: str) -> bool:
    try:
        mounts = [line.split() for line in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()]
    except OSError:
        return False
    real = os.path.realpath(path)
    candidates = [(len(mount[1]), mount[2]) for mount in mounts if f"{real}/".startswith(f"{mount[1].rstrip('/')}/")]
    return max(candidates, default=(0, ""))[1] in _LOCAL_FILE_SYSTEMS


def _stat_paths(paths: Iterable[Path]) -> dict[str, _PathStat]:
    """Return the paths that exist, with a record that differs once a path has been replaced.

    The record includes a time, because the system reuses the inode numbers of deleted folders.
    """
    stats = {}
    for path in paths:
        try:
            stat = path.stat()
        except OSError:
            continue
        stats[str(path)] = (stat.st_dev, stat.st_ino, stat.st_ctime_ns)
    return stats
