"""Find the files that bodies show or link to by name, among those beside notes and lines and in the docs folder."""

from __future__ import annotations

import html
import posixpath
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from inquiry_site.body_syntax import FileReference, FileReferenceStyle
from inquiry_site.model import AnyDocument, ParsedFiles, TopicFile


@dataclass(frozen=True, slots=True)
class Attachment:
    """The file that a reference leads to."""

    path: str = ""
    """Relative to the root of the knowledge base; empty if the file does not exist or is not the only one."""
    candidates: tuple[str, ...] = ()
    """The paths of several files with the name."""
    is_relative_to_page: bool = False
    """Whether the address is already that of a file seen from the page, so that it is published as written."""


class FileIndex:
    """The files that text can refer to, by their paths and names."""

    def __init__(self, parsed: ParsedFiles, docs_dir: str) -> None:
        """List the files.

        Args:
            parsed: the files of a knowledge base.
            docs_dir: the folder of hand-written pages, whose files are published at the root of the site.
        """
        self._paths = frozenset((*parsed.assets, *parsed.hand_written))
        self._docs_dir = docs_dir
        self._by_name: dict[str, list[str]] = defaultdict(list)
        for path in (*parsed.assets, *parsed.hand_written):
            self._by_name[posixpath.basename(path)].append(path)

    def find_all(self, documents: Iterable[AnyDocument | TopicFile]) -> dict[str, tuple[Attachment, ...]]:
        """Return, for each document that refers to files, the file of each reference in its body, by id.

        Topics are identified by their path: their ids are tags.
        """
        return {
            document.path if isinstance(document, TopicFile) else document.id: tuple(
                self.find(reference, document.path) for reference in document.body.files
            )
            for document in documents
            if document.body.files
        }

    def find(self, reference: FileReference, origin: str) -> Attachment:
        """Return the file: beside its text, else at the path from the root, else the only one with the name.

        Args:
            reference: a reference in a text.
            origin: the path of the file with the text.
        """
        if reference.style is FileReferenceStyle.SOURCE:
            return self._find_source(unquote(html.unescape(reference.target)).partition("?")[0], origin)
        for path in (_joined(posixpath.dirname(origin), reference.target), reference.target):
            if path in self._paths:
                return Attachment(path)
        named = self._by_name.get(posixpath.basename(reference.target), [])
        same = [path for path in named if f"/{path}".endswith(f"/{reference.target}")]
        # Files beside notes come before those of hand-written pages.
        same = [path for path in same if not path.startswith(f"{self._docs_dir}/")] or same
        return Attachment(same[0]) if len(same) == 1 else Attachment(candidates=tuple(same))

    def _find_source(self, target: str, origin: str) -> Attachment:
        beside = _joined(posixpath.dirname(origin), target)
        if beside in self._paths:
            return Attachment(beside)
        stem = posixpath.basename(origin).removesuffix(".md")
        from_page = _joined(origin.partition("/")[0], stem, target)
        is_published = from_page in self._paths or f"{self._docs_dir}/{from_page}" in self._paths
        return Attachment(is_relative_to_page=is_published)


def _joined(*parts: str) -> str:
    return posixpath.normpath(posixpath.join(*parts))
