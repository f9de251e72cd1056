"""The files of a preview that are rendered when a browser requests them."""

from __future__ import annotations

import posixpath
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from inquiry_site.publishing.file_tree import write_file
from inquiry_site.publishing.site_indexes import RenderGroup
from inquiry_site.publishing.workers import Render


@dataclass(frozen=True, slots=True)
class OnDemand:
    """What the pages of one build are rendered with."""

    files: Mapping[str, Render] = field(default_factory=dict)
    """Functions that each render one file, by path."""
    groups: Mapping[str, RenderGroup] = field(default_factory=dict)
    """Functions that each render several files, by the prefix of their paths."""
    missing: Callable[[str], str] = lambda url: ""
    """Returns a notice as HTML for a URL without a page."""
    failed: Callable[[str], str] = escape
    """Returns a notice as HTML, given why a later build failed. It is kept until one succeeds, so it must not refer to
    this build."""


class PendingFiles:
    """The files that have not been requested since the last build; none while a build is running."""

    def __init__(self) -> None:
        self._building = threading.RLock()
        self._is_building = False
        self._files: dict[str, Render] = {}
        self._groups: dict[str, RenderGroup] = {}
        self._missing = OnDemand().missing
        self._folder = Path()
        self.mount = "/"

    def lock(self) -> None:
        """Forget all files, and block rendering until ``release``; called by the thread that builds."""
        self._building.acquire()
        self._is_building = True
        self._set(OnDemand())

    def replace(self, folder: Path, site_url: str, on_demand: OnDemand) -> None:
        """Set the files of a build that has ended, the folder that they are written to, and the URL of the site."""
        self._folder = folder
        self.mount = urlsplit(site_url).path.rstrip("/") + "/"
        self._set(on_demand)

    def release(self) -> None:
        """Allow rendering again, if a build has blocked it."""
        if self._is_building:
            self._is_building = False
            self._building.release()

    def _set(self, on_demand: OnDemand) -> None:
        self._files, self._groups = dict(on_demand.files), dict(on_demand.groups)
        self._missing = on_demand.missing

    def missing_notice(self, path: str) -> str:
        """Return a notice as HTML for a path of the server that has no page.

        Raises:
            MkDocsException: it cannot be rendered.
        """
        with self._building:
            return self._missing(path.removeprefix(self.mount))

    def render(self, path: str) -> None:
        """Render the pending file at a path of the server, if there is one.

        Raises:
            MkDocsException: it cannot be rendered.
        """
        if not path.startswith(self.mount):
            return
        name = posixpath.normpath(path[len(self.mount) :] + ("index.html" if path.endswith("/") else ""))
        with self._building:
            for prefix in [prefix for prefix in self._groups if name.startswith(prefix)]:
                rendered = self._groups.pop(prefix)()
                self._files |= {file: partial(bytes, content) for file, content in rendered.items()}
            pending = next((file for file in (name, f"{name}/index.html") if file in self._files), None)
            if pending is not None:
                write_file(self._folder, pending, self._files[pending]())
