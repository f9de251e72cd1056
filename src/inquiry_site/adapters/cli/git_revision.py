"""Read a revision of a knowledge base from a Git repository, without a checkout, hooks and filters."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import PurePath

from inquiry_site.adapters.cli.git_repository import GitRepository
from inquiry_site.config import LARGEST_PAGE, Config
from inquiry_site.file_content import BIBLIOGRAPHY, Asset, FileContent, TooLarge, Unreadable
from inquiry_site.files import CONTENT_FOLDERS, LINK_CYCLE, LINK_OUTSIDE, TEMPLATE_FOLDER
from inquiry_site.html.active_content import LARGEST_DRAWING, find_active_content

_MOST_LINKS = 40
"""Maximum number of symbolic links followed to reach a file, as on Linux."""
_LARGEST_LINK = 4_096
"""Maximum length of the target of a symbolic link, in bytes."""
_LINK, _SUBMODULE = "120000", "160000"


def read_revision(repository: GitRepository, commit: str, config: Config) -> dict[str, FileContent]:
    """Return the files of the knowledge base in a commit, as ``read_tree`` returns those of a folder.

    Args:
        repository: the repository, found from the folder of the knowledge base.
        commit: the hash of the commit.
        config: the settings; hand-written pages are read only if their folder is part of the knowledge base.

    Raises:
        ComparisonError: the commit cannot be read completely.
    """
    files = _Files(repository, commit)
    plan = dict(_planned_files(files, config))
    objects = [wanted.object for wanted in plan.values() if isinstance(wanted, _Wanted)]
    sizes = repository.sizes(objects) if objects else {}
    small = {w.object for w in plan.values() if isinstance(w, _Wanted) and sizes[w.object] <= w.largest}
    contents = repository.contents(sorted(small)) if small else {}
    return {
        path: _content(path, wanted, sizes[wanted.object], contents.get(wanted.object))
        if isinstance(wanted, _Wanted)
        else wanted
        for path, wanted in plan.items()
    }


class _Found(Enum):
    """What a path leads to if it does not lead to a file."""

    FOLDER = "it is a link to a folder"
    MISSING = "it is a link to a file that does not exist"
    LOOP = "too many levels of symbolic links"
    OUTSIDE = LINK_OUTSIDE


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A file to read."""

    object: str
    largest: int
    is_asset: bool = False


class _Files:
    """The files of a commit by path, with symbolic links followed among these files only."""

    def __init__(self, repository: GitRepository, commit: str) -> None:
        entries = [entry for entry in repository.list_files(commit) if entry[1] != _SUBMODULE]
        self._objects = {path: name for path, mode, name in entries if mode != _LINK}
        links = {path: name for path, mode, name in entries if mode == _LINK}
        sizes = repository.sizes(links.values()) if links else {}
        short = [name for name in links.values() if sizes[name] <= _LARGEST_LINK]
        targets = repository.contents(short) if short else {}
        self._targets = {path: os.fsdecode(targets.get(name, b"")) for path, name in links.items()}
        self._paths = sorted({*self._objects, *self._targets})
        self._folders = {str(parent) for path, _, _ in entries for parent in PurePath(path).parents}

    def find(self, path: str) -> tuple[str, _Found | None]:
        """Return the path to which a path leads, and what is there if it is not a file."""
        pending, reached, links = path.split("/"), list[str](), 0
        while pending:
            part = pending.pop(0)
            if part in {"", "."}:
                continue
            if part == "..":
                if not reached:
                    return path, _Found.OUTSIDE
                reached.pop()
                continue
            reached.append(part)
            target = self._targets.get("/".join(reached))
            if target is not None:
                links += 1
                if target.startswith("/"):
                    return path, _Found.OUTSIDE
                if links > _MOST_LINKS:
                    return path, _Found.LOOP
                if not target:
                    return path, _Found.MISSING
                reached.pop()
                pending = [*target.split("/"), *pending]
        real = "/".join(reached)
        if links and any(part.startswith(".") for part in reached):
            return real, _Found.OUTSIDE
        if real in self._objects:
            return real, None
        return real, _Found.FOLDER if real in self._folders or not real else _Found.MISSING

    def is_link(self, path: str) -> bool:
        """Return whether a path is a symbolic link."""
        return path in self._targets

    def object(self, path: str) -> str:
        """Return the hash of a file that is not a link."""
        return self._objects[path]

    def walk(self, folder: str) -> Iterator[tuple[str, str]]:
        """Yield the path of each file below a folder, and where it is: elsewhere if the folder is a link.

        Hidden files are omitted. A folder named like a document is yielded itself.
        """
        real, found = self.find(folder)
        if found is _Found.OUTSIDE:
            yield folder, folder
        prefix = f"{real}/"
        documents = set[str]()
        for path in self._paths if found is _Found.FOLDER else ():
            parts = path.removeprefix(prefix).split("/") if path.startswith(prefix) else ["."]
            if any(part.startswith(".") for part in parts):
                continue
            depth = next((number for number, part in enumerate(parts[:-1], 1) if part.endswith(".md")), len(parts))
            name = "/".join(parts[:depth])
            if name not in documents:
                documents.add(name)
                yield f"{folder}/{name}", f"{prefix}{name}"


def _planned_files(files: _Files, config: Config) -> Iterator[tuple[str, FileContent | _Wanted]]:
    """Yield each path of a knowledge base, with the file to read, or the placeholder for it."""
    limit = config.limits.file_size
    for folder in CONTENT_FOLDERS:
        if files.find(folder)[1] is None:
            yield folder, Unreadable("it is a file, not a folder")
        for path, real in files.walk(folder):
            is_document = path.lower().endswith(".md")
            yield path, _planned(files, real, limit) if is_document else _planned_asset(files, path, real)
    docs = posixpath.normpath(config.docs_dir)
    if is_inside(config.docs_dir) and docs not in CONTENT_FOLDERS:
        for path, real in files.walk(docs):
            is_read = path.endswith(".md") and not config.is_excluded(path.removeprefix(f"{docs}/"))
            yield path, _planned_page(files, real, is_read)
    for path, real in files.walk(TEMPLATE_FOLDER):
        if files.find(real)[1] in {None, _Found.OUTSIDE}:
            yield path, _planned(files, real, limit)
    if files.find(BIBLIOGRAPHY)[1] is not _Found.MISSING or files.is_link(BIBLIOGRAPHY):
        yield BIBLIOGRAPHY, _planned(files, BIBLIOGRAPHY, limit)


def is_inside(docs_dir: str) -> bool:
    """Return whether the folder of hand-written pages is part of the knowledge base, not beside it."""
    return not PurePath(docs_dir).is_absolute() and posixpath.normpath(docs_dir).split("/")[0] not in {"..", "."}


def _planned_asset(files: _Files, path: str, real: str) -> FileContent | _Wanted:
    planned = _planned(files, real, LARGEST_DRAWING)
    if isinstance(planned, _Wanted):
        # Only drawings are read: any other type of file is judged by its name.
        is_drawing = path.lower().endswith(".svg")
        return replace(planned, is_asset=True) if is_drawing else Asset(find_active_content(path, bytes))
    return planned


def _planned(files: _Files, path: str, largest: int) -> FileContent | _Wanted:
    real, found = files.find(path)
    if found is None:
        return _Wanted(files.object(real), largest)
    return Unreadable(found.value if files.is_link(path) or found is _Found.OUTSIDE else "it is a folder, not a file")


def _planned_page(files: _Files, path: str, is_read: bool) -> FileContent | _Wanted:
    real, found = files.find(path)
    if found is _Found.OUTSIDE:
        return Unreadable(LINK_OUTSIDE)
    if found is _Found.FOLDER and files.is_link(path) and (not real or path.startswith(f"{real}/")):
        return Unreadable(LINK_CYCLE)
    return _Wanted(files.object(real), LARGEST_PAGE) if is_read and found is None else Asset()


def _content(path: str, wanted: _Wanted, size: int, content: bytes | None) -> FileContent:
    if wanted.is_asset:
        # An asset is not kept, and one that is too large is judged by its size.
        return Asset(find_active_content(path, lambda: bytes(LARGEST_DRAWING + 1) if content is None else content))
    return TooLarge(size) if content is None else content
