"""Read a knowledge base and write files atomically: the core's only access to the disk."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path, PurePath

from inquiry_site.config import LARGEST_FILE, LARGEST_PAGE
from inquiry_site.file_content import BIBLIOGRAPHY, Asset, FileContent, TooLarge, Unreadable
from inquiry_site.html.active_content import LARGEST_DRAWING, find_active_content

DOCUMENT_FOLDERS = ("notes", "lines")
"""A folder that contains one of these is a knowledge base."""
CONTENT_FOLDERS = (*DOCUMENT_FOLDERS, "topics")
"""The folders of files in the format; other files in them are published unchanged."""
TEMPLATE_FOLDER = "templates"
CACHE_FOLDER = ".cache/inquiry"
"""The folder of the cache that speeds up the next build."""
WATCHED = (*CONTENT_FOLDERS, TEMPLATE_FOLDER, BIBLIOGRAPHY)
"""The paths that a live preview watches, relative to the root of a knowledge base."""

_Entry = os.DirEntry[str] | Path


def read_tree(
    root: Path,
    docs_dir: str = "docs",
    largest: int = LARGEST_FILE,
    is_excluded: Callable[[str], bool] | None = None,
) -> dict[str, FileContent]:
    """Read every file of a knowledge base.

    Names that start with a dot are omitted (``.git``, ``.obsidian``). Symbolic links are followed only to files that
    the project itself could publish.

    Args:
        root: the folder that contains ``notes/`` and ``lines/``.
        docs_dir: the folder of the hand-written pages, relative to ``root``; other files in it are listed but not read.
        largest: the maximum size of a file that is read, in bytes; a larger one becomes ``TooLarge``.
        is_excluded: whether the site does not publish a hand-written page, given its path relative to ``docs_dir``.

    Returns:
        Content by path relative to ``root``, in a deterministic order. A file that cannot be read is an ``Unreadable``
        with the reason, so that it can be reported together with all other findings.
    """
    boundary = Boundary(root, docs_dir, largest)
    contents: dict[str, FileContent] = {}
    for folder in CONTENT_FOLDERS:
        if (root / folder).is_file():
            contents[folder] = Unreadable("it is a file, not a folder")
        for path, entry in boundary.walk(root / folder, folder):
            is_asset = not path.lower().endswith(".md") and _is_file(entry)
            contents[path] = boundary.asset(path, entry) if is_asset else boundary.read(entry)
    if not PurePath(docs_dir).is_absolute():
        for path, entry in boundary.walk(root / docs_dir, PurePath(docs_dir).as_posix()):
            relative = path.removeprefix(f"{PurePath(docs_dir).as_posix()}/")
            is_read = path.endswith(".md") and not (is_excluded and is_excluded(relative))
            contents.setdefault(path, boundary.hand_written(entry, is_read))
    for path, entry in boundary.walk(root / TEMPLATE_FOLDER, TEMPLATE_FOLDER):
        if _is_file(entry) or not boundary.contains(entry):
            contents[path] = boundary.read(entry)
    if os.path.lexists(root / BIBLIOGRAPHY):
        contents[BIBLIOGRAPHY] = boundary.read(root / BIBLIOGRAPHY)
    return contents


LINK_OUTSIDE = "it is a link that leads out of the project, or to a hidden file in it"

LINK_CYCLE = "it is a link to a folder that contains it"


def contains_link(root: Path, path: str) -> bool:
    """Return whether a path in a project or one of its parents is a link, which an untrusted author may have added."""
    return any((root / part).is_symlink() for part in (path, *map(str, PurePath(path).parents[:-1])))


class Boundary:
    """The boundary of a knowledge base: symbolic links that lead out of it are not followed, as they are untrusted."""

    def __init__(self, root: Path, docs_dir: str = "docs", largest: int = LARGEST_FILE) -> None:
        base = os.path.realpath(root)
        docs = os.path.normpath(os.path.join(base, docs_dir))  # noqa: PTH118
        # Maintainers may configure a docs folder elsewhere, but a link in its place is not part of their configuration.
        self._largest = largest
        self._bases = (base, docs) if os.path.realpath(docs) == docs else (base,)

    def contains(self, entry: _Entry) -> bool:
        """Return whether a path resolves to one within the project that is not hidden (``.git``)."""
        return not entry.is_symlink() or self.contains_path(entry)

    def contains_path(self, path: _Entry | str) -> bool:
        """Return the same as ``contains``, for a path in which any folder may be a link."""
        real = os.path.realpath(path)
        for base in self._bases:
            if real == base:
                return True
            if real.startswith(f"{base.rstrip(os.sep)}{os.sep}"):
                return not any(part.startswith(".") for part in PurePath(real).relative_to(base).parts)
        return False

    def walk(self, folder: Path, name: str) -> Iterator[tuple[str, _Entry]]:
        """Yield the files below a folder; a folder that is a link out of the project is yielded itself."""
        return _walk(folder, name) if self.contains(folder) else iter([(name, folder)])

    def read(self, entry: _Entry) -> FileContent:
        """Return the content of a file, or the reason why it cannot be read."""
        return _read(entry, self._largest) if self.contains(entry) else Unreadable(LINK_OUTSIDE)

    def hand_written(self, entry: _Entry, is_read: bool) -> FileContent:
        """Return the content of a file in the docs folder, or a placeholder; the engine follows links to folders."""
        if not self.contains(entry):
            return Unreadable(LINK_OUTSIDE)
        if entry.is_symlink() and os.path.realpath(entry) in map(os.path.realpath, Path(entry).absolute().parents):
            return Unreadable(LINK_CYCLE)
        return _read(entry, LARGEST_PAGE) if is_read and _is_file(entry) else Asset()

    def asset(self, path: str, entry: _Entry) -> FileContent:
        """Return a placeholder for a file that is published unchanged."""
        if not self.contains(entry):
            return Unreadable(LINK_OUTSIDE)
        try:
            return Asset(find_active_content(path, partial(_read_at_most, entry, LARGEST_DRAWING + 1)))
        except OSError as error:
            return _unreadable(error)


def _walk(folder: Path, name: str) -> Iterator[tuple[str, _Entry]]:
    """Yield the path and entry of each file below a folder.

    Folders that are not entered are yielded too: those named like a document, unreadable ones and links. A link to a
    folder may lead back here, so following it might never end.
    """
    try:
        with os.scandir(folder) as entries:
            listed = sorted((entry for entry in entries if not entry.name.startswith(".")), key=lambda e: e.name)
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError:
        yield name, folder
        return
    inner: list[os.DirEntry[str]] = []
    for entry in listed:
        if entry.is_dir(follow_symlinks=False) and not entry.name.endswith(".md"):
            inner.append(entry)
        else:
            yield f"{name}/{entry.name}", entry
    for entry in inner:
        yield from _walk(Path(entry.path), f"{name}/{entry.name}")


def _is_file(entry: _Entry) -> bool:
    try:
        return entry.is_file()
    except OSError:
        return False


def _read(entry: _Entry, largest: int) -> FileContent:
    try:
        if entry.is_file():
            with open(entry, "rb") as file:  # noqa: PTH123 - a DirEntry is not a Path, and there are thousands
                size = os.fstat(file.fileno()).st_size
                return file.read() if size <= largest else TooLarge(size)
        if entry.is_dir():
            return Unreadable("it is a link to a folder") if entry.is_symlink() else _unread_folder(entry)
        if os.path.exists(entry):  # noqa: PTH110
            return Unreadable("it is neither a file nor a folder")
        return Unreadable("it is a link to a file that does not exist")
    except FileNotFoundError:
        return Unreadable("it is a link to a file that does not exist")
    except OSError as error:
        return _unreadable(error)


def _unread_folder(folder: _Entry) -> Unreadable:
    """Return why a folder was not entered: it cannot be listed, or it has the name of a document."""
    try:
        with os.scandir(folder):
            return Unreadable("it is a folder, not a file")
    except OSError as error:
        return _unreadable(error)


def _unreadable(error: OSError) -> Unreadable:
    return Unreadable((error.strerror or str(error)).lower())


def _read_at_most(entry: _Entry, count: int) -> bytes:
    with open(entry, "rb") as file:  # noqa: PTH123 - as above
        return file.read(count)


def write_tree(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Add files to a folder: either all of them, or none if one cannot be written or already exists.

    Args:
        folder: the folder, created if it does not exist.
        contents: the files' bytes by path relative to the folder.

    Raises:
        FileExistsError: one of the files exists; nothing was written.
        OSError: one of the files cannot be written; those written before it have been removed.
    """
    for name in contents:
        if os.path.lexists(folder / name):
            raise FileExistsError(f"{folder / name} already exists")
    created: list[Path] = []
    try:
        for name, content in contents.items():
            for parent in _missing_folders((folder / name).parent):
                parent.mkdir()
                created.append(parent)
            with (folder / name).open("xb") as file:
                created.append(folder / name)
                file.write(content)
    except BaseException:
        for path in reversed(created):
            path.rmdir() if path.is_dir() else path.unlink()
        raise


def replace_file(path: Path, content: bytes) -> None:
    """Replace the content of a file atomically, keeping its permissions and any link to it.

    Raises:
        OSError: the file cannot be written; it is unchanged.
    """
    path = path.resolve()
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        shutil.copymode(path, name)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


class FileChangedError(OSError):
    """A file has changed since it was read."""


def replace_files(root: Path, contents: Mapping[str, tuple[bytes, bytes]], renamed: tuple[str, str]) -> None:
    """Replace the content of files and rename one of them: either everything is done, or nothing.

    Args:
        root: the folder of the files.
        contents: the content that each file must have now, and its new content, by path relative to the folder.
        renamed: the path of one of the files, and its new path.

    Raises:
        FileChangedError: a file has changed since it was read; nothing was written.
        FileExistsError: the new path exists; nothing was written.
        OSError: a file cannot be written; all files are as before.
    """
    for path, (before, _) in contents.items():
        if (root / path).read_bytes() != before:
            raise FileChangedError(f"{path} has changed since it was read")
    old, new = (root / path for path in renamed)
    staged: list[_StagedFile] = []
    is_created = False
    try:
        for path, (_, after) in contents.items():
            staged.append(_StagedFile((root / path).resolve()))
            staged[-1].write(after)
        with new.open("xb") as file:
            is_created = True
            file.write(contents[renamed[0]][1])
        shutil.copymode(old, new)
        for entry in staged:
            entry.commit()
        old.unlink()
    except BaseException:
        for entry in staged:
            entry.roll_back()
        if is_created:
            new.unlink(missing_ok=True)
        raise
    finally:
        for entry in staged:
            entry.clean_up()


class _StagedFile:
    """The next content of a file and a copy of its present one, in temporary files beside it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._next, self._copy = _temporary_file(path), _temporary_file(path)
        self._is_committed = False

    def write(self, content: bytes) -> None:
        """Write both files."""
        self._next.write_bytes(content)
        shutil.copymode(self._path, self._next)
        shutil.copy2(self._path, self._copy)

    def commit(self) -> None:
        """Put the next content in place."""
        self._is_committed = True
        self._next.replace(self._path)

    def roll_back(self) -> None:
        """Put the former content back in place, which needs no space on the disk."""
        if self._is_committed:
            self._copy.replace(self._path)

    def clean_up(self) -> None:
        """Delete the temporary files that are left."""
        for path in (self._next, self._copy):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)


def _temporary_file(path: Path) -> Path:
    """Create an empty hidden file beside a file."""
    descriptor, name = tempfile.mkstemp(prefix=".inquiry-", dir=path.parent)
    os.close(descriptor)
    return Path(name)


def _missing_folders(folder: Path) -> list[Path]:
    """Return the missing folders among a folder and its parents, outermost first."""
    return [parent for parent in (folder, *folder.parents) if not parent.exists()][::-1]
