"""What a build publishes and what it derives, as values that the next build starts from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from inquiry_site.knowledge import Knowledge
from inquiry_site.model import FileContent, ParsedFiles
from inquiry_site.rendering.pages import Page, Redirect


@dataclass(frozen=True, slots=True)
class FileStat:
    """What tells whether a file is still the one that was written."""

    inode: int
    """The system's, which several links to one file share."""
    size: int
    modified: int
    """When its content last changed, in nanoseconds; programs that copy files set this to whatever they like."""
    changed: int
    """When the system last changed anything about it, which no program sets."""

    def has_content_of(self, other: FileStat) -> bool:
        """Whether two stamps are those of one content: links to a file that come and go count as changes of it."""
        return (self.size, self.modified) == (other.size, other.modified)


@dataclass(frozen=True, slots=True)
class BuildManifest:
    """What a build has published."""

    config_hash: str
    """Fingerprint of program and settings."""
    sources_hash: str
    """Fingerprint of the files it was made of."""
    state_hash: str
    """Fingerprint of the files of which everything is known: the same, or those of an earlier edition."""
    stale_since_state: frozenset[str]
    """Paths of pages that may read otherwise than they did in that one."""
    check_date: dt.date | None
    """Of the checks."""
    site: str
    """The folder in which it stands."""
    pages: tuple[Page, ...]
    redirects: tuple[Redirect, ...]
    assets: tuple[str, ...]
    search_label: str
    """What the search is called in the site's language."""
    warnings: tuple[str, ...]
    """What was said about the files, ready to be said again."""
    layout_hashes: Mapping[str, str]
    """Fingerprint of the theme's page around each kind of page; of pages in the navigation each has its own."""
    always_render: frozenset[str]
    """Files of which something was said while they were made: they are made each time, so that it is said each time."""
    outputs: Mapping[str, FileStat]
    """Every file of the site."""


@dataclass(frozen=True, slots=True)
class CachedState:
    """What an earlier build knew."""

    config_hash: str
    sources_hash: str
    """Of its files."""
    files: Mapping[str, FileContent]
    parsed: ParsedFiles
    knowledge: Knowledge
