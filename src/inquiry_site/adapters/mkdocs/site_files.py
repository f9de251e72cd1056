"""The engine's files: which of them are the site's own, and which may be published."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import File, set_exclusions

from inquiry_site.adapters.mkdocs.engine_page import project_root

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

    from inquiry_site.files import Boundary

log = get_plugin_logger("inquiry")


def docs_files(config: MkDocsConfig) -> list[File]:
    """Return the files of the docs folder as the engine will find them."""
    found = [
        File(os.path.relpath(path, config.docs_dir), config.docs_dir, config.site_dir, config.use_directory_urls)
        for path in sorted(_walk(config.docs_dir))
    ]
    set_exclusions(found, config)
    return found


def _walk(folder: str) -> Iterator[Path]:
    """Yield the files below a folder; links to folders are followed unless they lead back."""
    for parent, folders, names in os.walk(folder, followlinks=True):
        around = os.path.realpath(parent)
        folders[:] = [
            name
            for name in folders
            if not f"{around}{os.sep}".startswith(f"{os.path.realpath(os.path.join(parent, name))}{os.sep}")  # noqa: PTH118
        ]
        yield from (Path(parent, name) for name in names)


def remove_outside(files: Files, config: MkDocsConfig, boundary: Boundary) -> None:
    """Remove hand-written files that the engine found by following links out of the project."""
    for file in list(files):
        if file.src_dir == config.docs_dir and not boundary.contains_path(str(file.abs_src_path)):
            log.warning("%s is not published: it is behind a link that leads out of the project", file.src_uri)
            files.remove(file)


def source_paths(files: Files, config: MkDocsConfig) -> Iterator[str]:
    """Yield paths of the site's own pages and files that the engine reads: none of the theme's, none from memory."""
    folders = (f"{project_root(config)}{os.sep}", f"{config.docs_dir}{os.sep}")
    for file in files:
        path = file.abs_src_path
        if path and file.generated_by is None and path.startswith(folders):
            yield path


def add_file(file: File, files: Files, taken: set[str]) -> bool:
    """Add a file unless another has its address; return whether it was added."""
    if file.dest_uri in taken:
        return False
    taken.add(file.dest_uri)
    excluded = files.get_file_from_path(file.src_uri)
    if excluded is not None:
        files.remove(excluded)
    files.append(file)
    return True
