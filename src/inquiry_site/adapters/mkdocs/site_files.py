"""Add our files to the engine's collection, and decide which of the others are published."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import File, InclusionLevel, set_exclusions

from inquiry_site.adapters.material.search_control import DEFERRED_SEARCH_ASSETS, SEARCH_SCRIPT
from inquiry_site.adapters.mkdocs.engine_page import engine_file, project_root
from inquiry_site.adapters.mkdocs.page_routes import PageRoutes
from inquiry_site.diagnostics import Diagnostic, Span
from inquiry_site.publishing.session import BuildSession
from inquiry_site.rules.files import address_taken
from inquiry_site.rules.rule import Finding

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

    from inquiry_site.files import Boundary

log = get_plugin_logger("inquiry")

STYLESHEET = "assets/inquiry/inquiry.css"
SCRIPT, TRAIL = "assets/inquiry/inquiry.js", "assets/inquiry/trail.js"
_DEFERRED_SCRIPTS = ("assets/inquiry/filters.js", "assets/inquiry/map.js", "assets/inquiry/propose.js")
"""Scripts that ``SCRIPT`` loads on the pages that need them."""


def docs_files(config: MkDocsConfig) -> list[File]:
    """Return the files in the docs folder as the engine will collect them."""
    files = [
        File(os.path.relpath(path, config.docs_dir), config.docs_dir, config.site_dir, config.use_directory_urls)
        for path in sorted(_walk(config.docs_dir))
    ]
    set_exclusions(files, config)
    return files


def _walk(folder: str) -> Iterator[Path]:
    """Yield the files below a folder; links to folders are followed unless they form a cycle."""
    for parent, folders, names in os.walk(folder, followlinks=True):
        real_parent = os.path.realpath(parent)
        folders[:] = [
            name
            for name in folders
            if not f"{real_parent}{os.sep}".startswith(f"{os.path.realpath(os.path.join(parent, name))}{os.sep}")  # noqa: PTH118
        ]
        yield from (Path(parent, name) for name in names)


def remove_outside(files: Files, config: MkDocsConfig, boundary: Boundary) -> None:
    """Remove hand-written files that the engine found by following links out of the project."""
    for file in list(files):
        if file.src_dir == config.docs_dir and not boundary.contains_path(str(file.abs_src_path)):
            log.warning("%s is not published: it is reached through a link that leads out of the project", file.src_uri)
            files.remove(file)


def source_paths(files: Files, config: MkDocsConfig) -> Iterator[str]:
    """Yield the paths of files of the project that the engine reads: neither the theme's nor generated ones."""
    folders = (f"{project_root(config)}{os.sep}", f"{config.docs_dir}{os.sep}")
    for file in files:
        path = file.abs_src_path
        if path and file.generated_by is None and path.startswith(folders):
            yield path


def add_file(file: File, files: Files, used: set[str]) -> bool:
    """Add a file unless another has its URL; return whether it was added.

    Args:
        file: the file.
        files: the engine's files.
        used: the paths of all files that will be published, extended by this one.
    """
    if file.dest_uri in used:
        return False
    used.add(file.dest_uri)
    excluded = files.get_file_from_path(file.src_uri)
    if excluded is not None:
        files.remove(excluded)
    files.append(file)
    return True


def add_pages(
    session: BuildSession, routes: PageRoutes, files: Files, config: MkDocsConfig, is_preview: bool
) -> set[str]:
    """Add our pages to the engine's files or to the fast path; an existing file with the same URL wins.

    Returns:
        The paths of all files that will be published.
    """
    used = {file.dest_uri for file in files if is_published(file, is_preview)}
    for page in session.pages:
        if page.file in used:
            if page.source and not is_preview:
                log.warning("%s is not published: a page of another plugin has the same address", page.source)
        elif routes.takes_fast_path(page):
            used.add(page.file)
        else:
            file = engine_file(page, routes.titles, config)
            add_file(file, files, used)
            entry = routes.engine_page(page, file)
            entry.update_date = str(page.day or session.last_modified or entry.update_date)
    return used


def add_assets(session: BuildSession, files: Files, config: MkDocsConfig, used: set[str], has_search: bool) -> None:
    """Add the style sheet, scripts, redirects and the files beside documents to the engine's files."""
    search_assets = (SEARCH_SCRIPT, *DEFERRED_SEARCH_ASSETS) if has_search else ()
    contents = {
        path: session.template_text(f"assets/{posixpath.basename(path)}")
        for path in (STYLESHEET, SCRIPT, *_DEFERRED_SCRIPTS, TRAIL, *search_assets)
    }
    contents |= {redirect.path: redirect.html for redirect in session.redirects}
    for path, content in contents.items():
        file = File.generated(config, path, content=content, inclusion=InclusionLevel.NOT_IN_NAV)
        add_file(file, files, used)
    for path in session.assets:
        root = str(project_root(config))
        add_file(File(path, root, config.site_dir, config.use_directory_urls), files, used)


def url_conflicts(session: BuildSession, config: MkDocsConfig, is_preview: bool) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each note or line whose URL another file uses, before the engine collects its files."""
    sources = {path: path for path in session.assets}
    sources |= {
        file.dest_uri: f"{file.src_uri} in the docs folder"
        for file in docs_files(config)
        if is_published(file, is_preview)
    }
    for page in session.pages:
        source = sources.get(page.file) if page.source else None
        if source:
            message = f"A hand-written page has the same address: {source}."
            yield address_taken.report(Finding(Span(page.source), message, "Move or rename the hand-written page."))


def is_published(file: File, is_preview: bool) -> bool:
    """Whether the engine publishes a file; a preview includes drafts."""
    least = InclusionLevel.DRAFT if is_preview else InclusionLevel.NOT_IN_NAV
    return bool(file.inclusion.value >= least.value)
