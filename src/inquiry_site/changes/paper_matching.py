"""Match the papers of two revisions: one whose identifiers were completed is the same paper under another key."""

from __future__ import annotations

from collections.abc import Iterable

from inquiry_site.changes.pairing import Pairing
from inquiry_site.knowledge.bibliography import Source, identities
from inquiry_site.model import AnyDocument


def matched_keys(former: Iterable[Source], later: Iterable[Source]) -> dict[str, str]:
    """Return the later key of each former paper that shares a DOI, arXiv number, ISBN or URL with a later one."""
    by_identity = {name: source.key for source in later for name in identities(source.reference)}
    keys: dict[str, str] = {}
    for source in former:
        key = next((by_identity[name] for name in identities(source.reference) if name in by_identity), None)
        if key is not None:
            keys[source.key] = key
    return keys


def papers_of(pairing: Pairing, old: AnyDocument, new: AnyDocument) -> tuple[list[Source], list[Source]]:
    """Return the papers that a note used before and after the change."""
    before, after = pairing.before.knowledge.bibliography, pairing.after.knowledge.bibliography
    return (
        [before.sources[source.key] for source in before.of_note.get(old.id, ())],
        [after.sources[source.key] for source in after.of_note.get(new.id, ())],
    )
