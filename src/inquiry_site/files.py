"""The core's only disk access: reads a knowledge base as values, writes a tree of files whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from inquiry_site.model import Asset, FileContent, Unreadable

CONTENT_FOLDERS = ("notes", "lines")
TEMPLATE_FOLDER = "templates"
BIBLIOGRAPHY = "references.bib"
WATCHED = (*CONTENT_FOLDERS, TEMPLATE_FOLDER, BIBLIOGRAPHY)
"""What a live preview watches, relative to the root of a knowledge base."""


def read_tree(root: Path) -> dict[str, FileContent]:
    """Every file of a knowledge base by its path relative to ``root``, in a fixed order.

    Names that begin with a dot are left out (``.git``, ``.obsidian``). What cannot be read is an
    ``Unreadable`` with the reason, so that one report can name it beside everything else.
    """
    found: dict[str, FileContent] = {}
    for folder in CONTENT_FOLDERS:
        for path in _walk(root / folder):
            relative = path.relative_to(root).as_posix()
            is_document = path.suffix == ".md" or path.is_dir()
            found[relative] = _read(path) if is_document else Asset()
    for path in _walk(root / TEMPLATE_FOLDER):
        if path.is_file():
            found[path.relative_to(root).as_posix()] = _read(path)
    if os.path.lexists(root / BIBLIOGRAPHY):
        found[BIBLIOGRAPHY] = _read(root / BIBLIOGRAPHY)
    return found


def _walk(folder: Path) -> Iterator[Path]:
    """Files below a folder, and folders that are not to be entered: those named like a document, and closed ones.

    Links to folders are not followed, so a loop of links ends.
    """
    closed: list[OSError] = []
    for parent, folders, names in os.walk(folder, onerror=closed.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(parent, name) for name in folders if name.endswith(".md"))
        yield from (Path(parent, name) for name in sorted(names) if not name.startswith("."))
    yield from (
        Path(error.filename) for error in closed if not isinstance(error, FileNotFoundError | NotADirectoryError)
    )


def _read(path: Path) -> FileContent:
    try:
        return path.read_bytes()
    except IsADirectoryError:
        return Unreadable("it is a folder, not a file")
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
    written: list[Path] = []
    made: list[Path] = []
    try:
        for name, content in contents.items():
            target = folder / name
            made += _make_folders(target.parent)
            written.append(target)
            target.write_bytes(content)
    except OSError:
        for path in written:
            path.unlink(missing_ok=True)
        for path in reversed(made):
            path.rmdir()
        raise


def _make_folders(folder: Path) -> list[Path]:
    missing = [parent for parent in (folder, *folder.parents) if not parent.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing[::-1]
