"""What a preview's server watches: by the system's own events where it can, and by name where a path comes and goes."""

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
"""Seconds between two looks at all files, as the engine has it."""

_PathStat = tuple[int, int, int]


class Watcher:
    """Keeps a server watching the same paths while they are deleted, replaced and created.

    The engine watches what exists when it starts. The system watches a file or folder rather than its name: once an
    editor has replaced it, or a checkout has deleted it and put it back, its changes would go unnoticed.
    """

    def __init__(self) -> None:
        self._server: LiveReloadServer | None = None
        self._engines: list[str] = []
        self._watched: dict[str, _PathStat] = {}

    def existing(self, root: Path) -> Iterable[str]:
        """Paths of a knowledge base to watch that exist. The engine asks for them once and adds them itself."""
        existing = _stat_paths(root / name for name in WATCHED)
        if self._server is None:
            self._watched = existing
        return existing

    def attach(self, server: LiveReloadServer, root: Path, engines: Iterable[str]) -> None:
        """Watch by events where possible, and the names of all paths in the folders around them.

        Args:
            server: the engine's server, not started yet.
            root: the folder of the knowledge base.
            engines: the paths that the server watches already.
        """
        self._server = server
        self._engines = list(engines)
        existing = _stat_paths(map(Path, self._engines))
        self._watched |= existing
        by_events = sys.platform == "linux" and all(map(_is_local_disk, [str(root), *existing]))
        for path in self._engines:
            server.unwatch(path)
        # The engine keeps whatever has these methods.
        observer = server.observer = _EventObserver() if by_events else _PollingObserver(timeout=_INTERVAL)
        for path in self._engines:
            server.watch(path)
        names: dict[Path, set[str]] = defaultdict(set)
        for named in (*(root / name for name in WATCHED), *map(Path, self._engines)):
            names[named.absolute().parent].add(str(named.absolute()))
        for folder, paths in names.items():
            if folder.is_dir():
                observer.schedule_names(folder, paths)

    def update(self, root: Path) -> None:
        """Watch anew what has been replaced or created since the last call.

        To be called before anything is read: what changes later is then noticed by the watching if not by the reading.
        """
        if self._server is None:
            return
        existing = _stat_paths((*(root / name for name in WATCHED), *map(Path, self._engines)))
        for path in sorted(self._watched.keys() | existing.keys()):
            if self._watched.get(path) != existing.get(path):
                # Counted: a site may name the same path once more in its settings.
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
    """An observer that reports changes alone: the system also reports who reads a file."""

    _handler: FileSystemEventHandler

    def schedule(
        self, event_handler: FileSystemEventHandler, path: str, *, recursive: bool = False, **more: Any
    ) -> ObservedWatch:
        """Report every change below a path to a handler."""
        self._handler = event_handler
        found: ObservedWatch = super().schedule(  # type: ignore[misc]
            _ChangeHandler(event_handler), path, recursive=recursive, **more
        )
        return found

    def schedule_names(self, folder: Path, paths: Iterable[str]) -> None:
        """Report to the last handler when one of these paths in a folder is created, replaced or deleted."""
        super().schedule(_NameHandler(self._handler, paths), str(folder), recursive=False)  # type: ignore[misc]


class _EventObserver(_ChangesObserver, Observer):  # type: ignore[misc,valid-type]
    """Hears of changes from the system."""


class _PollingObserver(_ChangesObserver, PollingObserver):  # type: ignore[misc]
    """Looks through all files at intervals, which finds changes on disks of other machines too."""


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
        # An entry of a folder has changed: those who watch the folder itself are told of that.
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
    place = os.path.realpath(path)
    around = [(len(mount[1]), mount[2]) for mount in mounts if f"{place}/".startswith(f"{mount[1].rstrip('/')}/")]
    return max(around, default=(0, ""))[1] in _LOCAL_FILE_SYSTEMS


def _stat_paths(paths: Iterable[Path]) -> dict[str, _PathStat]:
    """Those of these paths that exist, each with what distinguishes it from a later file or folder of its name.

    Numbers of deleted folders are given out again, so the time of the last change to a folder's entries is part of it.
    """
    found = {}
    for path in paths:
        try:
            stat = path.stat()
        except OSError:
            continue
        found[str(path)] = (stat.st_dev, stat.st_ino, stat.st_ctime_ns)
    return found
