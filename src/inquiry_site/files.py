"""The core's only disk access: reads a knowledge base as values, writes a tree of files whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from inquiry_site.model import Asset, FileContent, Unreadable

CONTENT_FOLDERS = ("notes", "lines")
TEMPLATE_FOLDER = "templates"
BIBLIOGRAPHY = "references.bib"
WATCHED = (*CONTENT_FOLDERS, TEMPLATE_FOLDER, BIBLIOGRAPHY)
"""What a live preview watches, relative to the root of a knowledge base."""


def read_tree(root: Path, docs_dir: str = "docs") -> dict[str, FileContent]:
    """Every file of a knowledge base by its path relative to ``root``, in a fixed order.

    Args:
        root: the folder that holds ``notes/`` and ``lines/``.
        docs_dir: the folder of the hand-written pages, relative to ``root``; they are named and not read.

    Names that begin with a dot are left out (``.git``, ``.obsidian``). What cannot be read is an
    ``Unreadable`` with the reason, so that one report can name it beside everything else.
    """
    found: dict[str, FileContent] = {}
    for folder in CONTENT_FOLDERS:
        if (root / folder).is_file():
            found[folder] = Unreadable("it is a file, not a folder")
        for path in _walk(root / folder):
            is_asset = path.suffix.lower() != ".md" and path.is_file()
            found[path.relative_to(root).as_posix()] = Asset() if is_asset else _read(path)
    for path in _walk(root / docs_dir):
        found.setdefault(Path(os.path.relpath(path, root)).as_posix(), Asset())
    for path in _walk(root / TEMPLATE_FOLDER):
        if path.is_file():
            found[path.relative_to(root).as_posix()] = _read(path)
    if os.path.lexists(root / BIBLIOGRAPHY):
        found[BIBLIOGRAPHY] = _read(root / BIBLIOGRAPHY)
    return found


def _walk(folder: Path) -> Iterator[Path]:
    """Files below a folder, and the folders that are not entered: those named like a document, closed ones, links."""
    closed: list[OSError] = []
    for parent, folders, names in os.walk(folder, onerror=closed.append):
        paths = [Path(parent, name) for name in sorted((*folders, *names)) if not name.startswith(".")]
        # A link to a folder may lead back here: to follow it could take for ever.
        entered = {
            path.name for path in paths if path.name in folders and path.suffix != ".md" and not path.is_symlink()
        }
        folders[:] = sorted(entered)
        yield from (path for path in paths if path.name not in entered)
    yield from (
        Path(error.filename) for error in closed if not isinstance(error, FileNotFoundError | NotADirectoryError)
    )


def _read(path: Path) -> FileContent:
    try:
        if path.is_dir():
            return Unreadable("it is a link to a folder" if path.is_symlink() else "it is a folder, not a file")
        if path.exists() and not path.is_file():
            return Unreadable("it is neither a file nor a folder")
        return path.read_bytes()
    except FileNotFoundError:
        return Unreadable("it is a link to a file that does not exist")
    except OSError as error:
        return Unreadable((error.strerror or str(error)).lower())


def write_tree(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Add files to a folder: all of them, or none when one cannot be written or is there already.

    Args:
        folder: made when it does not exist.
        contents: the files' bytes by their paths relative to the folder.

    Raises:
        FileExistsError: one of the files exists; nothing was written.
        OSError: one of the files cannot be written; those written before it are gone again.
    """
    for name in contents:
        if os.path.lexists(folder / name):
            raise FileExistsError(f"{folder / name} exists already")
    made: list[Path] = []
    try:
        for name, content in contents.items():
            for parent in _missing_folders((folder / name).parent):
                parent.mkdir()
                made.append(parent)
            with (folder / name).open("xb") as file:
                made.append(folder / name)
                file.write(content)
    except BaseException:
        for path in reversed(made):
            path.rmdir() if path.is_dir() else path.unlink()
        raise


def replace_file(path: Path, content: bytes) -> None:
    """Put other bytes into a file, all of them or none; its permissions stay as they are, and so does a link to it.

    Raises:
        OSError: the file cannot be written; it is as it was.
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


def _missing_folders(folder: Path) -> list[Path]:
    """The folder and those around it that are not there, outermost first."""
    return [parent for parent in (folder, *folder.parents) if not parent.exists()][::-1]
