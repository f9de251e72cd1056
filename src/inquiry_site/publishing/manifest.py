"""What a build publishes and what it derives, as values that the next build starts from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from inquiry_site.file_content import FileContent
from inquiry_site.knowledge import Knowledge
from inquiry_site.model import ParsedFiles
from inquiry_site.rendering.pages import Page, Redirect


@dataclass(frozen=True, slots=True)
class FileStat:
    """The file system's record of a file; it differs once the file has been changed or replaced."""

    inode: int
    """Shared by all hard links to a file."""
    size: int
    """In bytes."""
    modified: int
    """When the content last changed, in nanoseconds. Programs that copy files may set it to any value."""
    changed: int
    """When content or metadata last changed, in nanoseconds. No program can set it."""

    def has_same_content(self, other: FileStat) -> bool:
        """Whether two records describe the same content: creating or removing a hard link changes ``changed``."""
        return (self.size, self.modified) == (other.size, other.modified)


@dataclass(frozen=True, slots=True)
class BuildManifest:
    """What a build published."""

    config_hash: str
    """Hash of the program and of all settings."""
    sources_hash: str
    """Hash of the files that were built."""
    state_hash: str
    """Hash of the files that the cached state describes: the same ones, or those of an earlier build."""
    stale_since_state: frozenset[str]
    """Paths of pages that were stale relative to the cached state."""
    check_date: dt.date | None
    """The date of the checks."""
    site: str
    """The folder of the published site."""
    pages: tuple[Page, ...]
    redirects: tuple[Redirect, ...]
    assets: tuple[str, ...]
    theme_texts: Mapping[str, str]
    """What the theme's own pages take from the site, by key."""
    warnings: tuple[str, ...]
    """Rendered warnings; repeated when nothing has changed."""
    layout_hashes: Mapping[str, str]
    """Hash of each layout by kind of page, of each page in the navigation by its file, and of the searched pages."""
    always_render: frozenset[str]
    """Outputs whose rendering logged a warning; rendered on every build so the warning is repeated."""
    outputs: Mapping[str, FileStat]
    """Every file of the site."""


@dataclass(frozen=True, slots=True)
class CachedState:
    """What an earlier build read and derived."""

    config_hash: str
    sources_hash: str
    files: Mapping[str, FileContent]
    parsed: ParsedFiles
    knowledge: Knowledge
