"""The last valid version of each file that can no longer be parsed, which a preview shows until it can."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from inquiry_site.model import AnyDocument, ParsedFiles

_MISSING = 20
"""The maximum number of missing files whose last version is kept: an editor may delete a file and create it again,
and a checkout may delete thousands."""


def keep_last_valid(
    parsed: ParsedFiles, before: ParsedFiles, kept: Mapping[str, AnyDocument]
) -> dict[str, AnyDocument]:
    """Return the last valid version of every file that is now faulty, and of the latest that are missing, by path.

    Args:
        parsed: the files now.
        before: the files in the previous build.
        kept: what this function returned for the previous build.
    """
    documents = {entry.path: entry.document for entry in parsed.documents}
    earlier = {entry.path: entry.document for entry in before.documents if not documents.get(entry.path)}
    candidates = {**kept, **{path: document for path, document in earlier.items() if document is not None}}
    faulty = {path: document for path, document in candidates.items() if path in documents and not documents[path]}
    missing = [(path, document) for path, document in candidates.items() if path not in documents]
    return {**dict(missing[-_MISSING:]), **faulty}


def with_last_valid(parsed: ParsedFiles, kept: Mapping[str, AnyDocument]) -> ParsedFiles:
    """Return the files with the last valid version in place of each file that is faulty; the same object if none is."""
    if not any(entry.document is None and entry.path in kept for entry in parsed.documents):
        return parsed
    documents = (
        entry if entry.document is not None else replace(entry, document=kept.get(entry.path))
        for entry in parsed.documents
    )
    return replace(parsed, documents=tuple(documents))
