"""Find the files that bodies show or link to by name, among those beside notes and lines and in the docs folder."""

from __future__ import annotations

import html
import posixpath
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from inquiry_site.body_syntax import FileReference, FileReferenceStyle
from inquiry_site.model import AnyDocument, ParsedFiles


@dataclass(frozen=True, slots=True)
class Attachment:
    """The file that a reference leads to."""

    path: str = ""
    """Relative to the root of the knowledge base; empty if the file does not exist or is not the only one."""
    candidates: tuple[str, ...] = ()
    """The paths of several files with the name."""
    is_relative_to_page: bool = False
    """Whether the address is already that of a file seen from the page, so that it is published as written."""


def resolve_attachments(
    documents: Iterable[AnyDocument], parsed: ParsedFiles, docs_dir: str
) -> Mapping[str, tuple[Attachment, ...]]:
    """Return, for each document that refers to files, the file of each reference in its body.

    Args:
        documents: notes and lines.
        parsed: lists the files.
        docs_dir: the folder of hand-written pages, from which files are published at the root of the site.
    """
    referring = [document for document in documents if document.body.files]
    if not referring:
        return {}
    index = _FileIndex(parsed, docs_dir)
    return {
        document.id: tuple(index.find(reference, document) for reference in document.body.files)
        for document in referring
    }


class _FileIndex:
    """The paths of a knowledge base's files, by their names."""

    def __init__(self, parsed: ParsedFiles, docs_dir: str) -> None:
        self._paths = frozenset((*parsed.assets, *parsed.hand_written))
        self._docs_dir = docs_dir
        self._by_name: dict[str, list[str]] = defaultdict(list)
        for path in parsed.assets:
            self._by_name[posixpath.basename(path)].append(path)

    def find(self, reference: FileReference, document: AnyDocument) -> Attachment:
        """Return the file: beside the document, else at the path from the root, else the only one with its name."""
        is_source = reference.style is FileReferenceStyle.SOURCE
        target = unquote(html.unescape(reference.target)).partition("?")[0] if is_source else reference.target
        beside = posixpath.normpath(posixpath.join(posixpath.dirname(document.path), target))
        if beside in self._paths:
            return Attachment(beside)
        if is_source:
            from_page = posixpath.normpath(posixpath.join(document.kind.value, document.id, target))
            is_published = from_page in self._paths or f"{self._docs_dir}/{from_page}" in self._paths
            return Attachment(is_relative_to_page=is_published)
        if target in self._paths:
            return Attachment(target)
        named = self._by_name.get(posixpath.basename(target), [])
        same = [path for path in named if f"/{path}".endswith(f"/{target}")]
        return Attachment(same[0]) if len(same) == 1 else Attachment(candidates=tuple(same))
