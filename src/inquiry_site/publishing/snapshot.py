"""Read a consistent snapshot of files that other programs may be writing."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path, PurePath

from inquiry_site.config import LARGEST_FILE
from inquiry_site.file_content import BIBLIOGRAPHY, FileContent
from inquiry_site.files import CONTENT_FOLDERS, TEMPLATE_FOLDER, read_tree

_TRIES = 5
_PAUSE = 0.2
"""Seconds before the second attempt; each further attempt waits this much longer."""

SourceStat = tuple[int, int, int, int]
"""A file's inode, size in bytes, and times of the last change of its content and of its metadata, in nanoseconds."""


class ChangingFilesError(Exception):
    """Files kept changing while they were read, or changed while a build used them."""


def read_snapshot(
    root: Path, docs_dir: str, largest: int = LARGEST_FILE, is_excluded: Callable[[str], bool] | None = None
) -> dict[str, FileContent]:
    """Read a knowledge base; try again if files change meanwhile.

    Args:
        root: the folder of the knowledge base.
        docs_dir: the folder of hand-written pages, relative to ``root``.
        largest: the size in bytes above which a file is not read.
        is_excluded: whether a hand-written page is not published, as for ``read_tree``.

    Returns:
        The files by path, as ``read_tree`` returns them.

    Raises:
        ChangingFilesError: files changed during each of several attempts.
    """
    before = _stat_tree(root, docs_dir)
    for attempt in range(1, _TRIES + 1):
        files = read_tree(root, docs_dir, largest, is_excluded)
        after = _stat_tree(root, docs_dir)
        if before == after:
            return files
        changed = first_changed(before, after)
        before = after
        time.sleep(_PAUSE * attempt)
    raise ChangingFilesError(f"{changed} and possibly other files change while they are read")


def first_changed(before: Mapping[str, SourceStat], after: Mapping[str, SourceStat]) -> str:
    """Return the first path that was created, changed or deleted; empty if none was."""
    return min((path for path in before.keys() | after.keys() if before.get(path) != after.get(path)), default="")


def stat_sources(paths: Iterable[str]) -> dict[str, SourceStat]:
    """Return the records of the files that exist, by path."""
    stats = {path: _source_stat(path) for path in paths}
    return {path: stat for path, stat in stats.items() if stat}


def _stat_tree(root: Path, docs_dir: str) -> dict[str, SourceStat]:
    """Return the record of every file that ``read_tree`` reads, by path relative to ``root``."""
    folders = [*CONTENT_FOLDERS, TEMPLATE_FOLDER, *([] if PurePath(docs_dir).is_absolute() else [docs_dir])]
    start = len(f"{root}{os.sep}")
    paths = (path for name in (*folders, BIBLIOGRAPHY) for path in _walk_files(str(root / name)))
    return {path[start:]: stat for path, stat in stat_sources(paths).items()}


def _walk_files(path: str) -> Iterator[str]:
    yield path
    try:
        with os.scandir(path) as scanner:
            entries = list(scanner)
    except OSError:
        return
    for entry in entries:
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
            # A broken symbolic link.
            stat = os.lstat(path)
    except OSError:
        return None
    return stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns
