"""Read files that others may be writing, so that a build is of one version of them."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePath

from inquiry_site.config import LARGEST_FILE
from inquiry_site.files import CONTENT_FOLDERS, TEMPLATE_FOLDER, read_tree
from inquiry_site.model import BIBLIOGRAPHY, FileContent

_TRIES = 5
_PAUSE = 0.2
"""Seconds before the files are read again; each further time one more such pause."""

SourceStat = tuple[int, int, int, int]
"""Device-independent evidence of a file's content: number, size, and when content and anything else changed."""


class ChangingFilesError(Exception):
    """Files kept changing while they were read, or changed while a build used them."""


def read_snapshot(root: Path, docs_dir: str, largest: int = LARGEST_FILE) -> dict[str, FileContent]:
    """Read a knowledge base of which no file changed meanwhile; arguments and result are ``read_tree``'s.

    Raises:
        ChangingFilesError: files changed during each of several attempts.
    """
    before = _stat_tree(root, docs_dir)
    for attempt in range(1, _TRIES + 1):
        files = read_tree(root, docs_dir, largest)
        after = _stat_tree(root, docs_dir)
        if before == after:
            return files
        changed = first_changed(before, after)
        before = after
        time.sleep(_PAUSE * attempt)
    raise ChangingFilesError(f"{changed} and possibly other files change while they are read")


def first_changed(before: Mapping[str, SourceStat], after: Mapping[str, SourceStat]) -> str:
    """The first path that was created, changed or deleted; empty for none."""
    return min((path for path in before.keys() | after.keys() if before.get(path) != after.get(path)), default="")


def stat_sources(paths: Iterable[str]) -> dict[str, SourceStat]:
    """Those of some paths that exist, each with what changes when the file does."""
    found = {path: _source_stat(path) for path in paths}
    return {path: identity for path, identity in found.items() if identity}


def _stat_tree(root: Path, docs_dir: str) -> dict[str, SourceStat]:
    """The same for every file that is read, by its path relative to ``root``."""
    folders = [*CONTENT_FOLDERS, TEMPLATE_FOLDER, *([] if PurePath(docs_dir).is_absolute() else [docs_dir])]
    start = len(f"{root}{os.sep}")
    paths = (path for name in (*folders, BIBLIOGRAPHY) for path in _walk_files(str(root / name)))
    return {path[start:]: identity for path, identity in stat_sources(paths).items()}


def _walk_files(path: str) -> Iterator[str]:
    yield path
    try:
        with os.scandir(path) as entries:
            found = list(entries)
    except OSError:
        return
    for entry in found:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk_files(entry.path)
        else:
            yield entry.path


def _source_stat(path: str) -> SourceStat | None:
    try:
        try:
            stat = os.stat(path)  # noqa: PTH116 - there are thousands
        except OSError:
            # A link that leads nowhere.
            stat = os.lstat(path)
    except OSError:
        return None
    return stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns
