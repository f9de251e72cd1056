"""Pair the documents of two revisions, including renamed ones."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from inquiry_site.changes.revision import Revision
from inquiry_site.model import AnyDocument, Kind, ParsedDocument

_LEAST_TEXT = 40
"""The minimum number of characters of an unchanged text by which a renamed file is recognised."""

_Files = tuple[ParsedDocument | None, ParsedDocument | None]


@dataclass(frozen=True)
class Pairing:
    """Two revisions with their documents paired. Documents that exist but could not be parsed are not included."""

    before: Revision
    after: Revision
    pairs: tuple[tuple[AnyDocument, AnyDocument], ...]
    """The documents that both revisions have, in the order of their ids after the change."""
    added: tuple[AnyDocument, ...]
    removed: tuple[AnyDocument, ...]
    renamed: Mapping[str, str]
    """The id after the change of each renamed document, by its former id."""

    @cached_property
    def changed(self) -> tuple[tuple[AnyDocument, AnyDocument], ...]:
        """The pairs that differ."""
        return tuple((old, new) for old, new in self.pairs if old is not new and old != new)

    @cached_property
    def later_paths(self) -> Mapping[str, str]:
        """The path after the change of each document whose path changed, by its former path."""
        return {old.path: new.path for old, new in self.pairs if old.path != new.path}

    @cached_property
    def differing_files(self) -> tuple[_Files, ...]:
        """The files of documents that differ, in the order of paths; None on the side that lacks the file."""
        return tuple(_differing_files(self.before, self.after))

    @cached_property
    def unparsed_before(self) -> frozenset[str]:
        """The ids of files that could not be parsed before the change."""
        return frozenset(identifier for identifier, _ in _unparsed(self.before))

    @cached_property
    def unparsed_after(self) -> frozenset[str]:
        """The ids of files that cannot be parsed after the change."""
        return frozenset(identifier for identifier, _ in _unparsed(self.after))

    def later_id(self, identifier: str) -> str:
        """Return the id that a document has after the change."""
        return self.renamed.get(identifier, identifier)


def pair_documents(before: Revision, after: Revision) -> Pairing:
    """Pair the documents of two revisions by id, then renamed ones by alias, question, claim or text."""
    old, new = before.knowledge.graph.documents, after.knowledge.graph.documents
    is_kept = {i for i, document in old.items() if i in new and new[i].kind is document.kind}
    unparsed_before, unparsed_after = _unparsed(before), _unparsed(after)
    gone = {i: d for i, d in old.items() if i not in is_kept and (i, d.kind) not in unparsed_after}
    come = {i: d for i, d in new.items() if i not in is_kept and (i, d.kind) not in unparsed_before}
    renamed = _renamed(gone, come)
    pairs = {i: (old[i], new[i]) for i in is_kept} | {later: (old[i], new[later]) for i, later in renamed.items()}
    return Pairing(
        before,
        after,
        tuple(pairs[i] for i in sorted(pairs)),
        tuple(come[i] for i in sorted(come.keys() - renamed.values())),
        tuple(gone[i] for i in sorted(gone.keys() - renamed.keys())),
        renamed,
    )


def _unparsed(revision: Revision) -> frozenset[tuple[str, Kind]]:
    return frozenset((entry.id, entry.kind) for entry in revision.parsed.documents if entry.document is None)


def _renamed(gone: Mapping[str, AnyDocument], come: Mapping[str, AnyDocument]) -> dict[str, str]:
    by_alias = {
        alias: document.id
        for document in come.values()
        for alias in document.aliases
        if alias in gone and gone[alias].kind is document.kind
    }
    # Of several former ids among the aliases of one document, the first is the one that was renamed.
    first = {by_alias[former]: former for former in sorted(by_alias, reverse=True)}
    renamed = {former: later for later, former in first.items()}
    for trait in (_question, _claim, _body):
        renamed |= _matched(gone, come, renamed, trait)
    return renamed


def _matched(
    gone: Mapping[str, AnyDocument],
    come: Mapping[str, AnyDocument],
    renamed: Mapping[str, str],
    trait: Callable[[AnyDocument], Hashable],
) -> dict[str, str]:
    """Match documents by a trait that exactly one document of each revision has."""
    taken = set(renamed.values())
    former = _by_trait((d for i, d in gone.items() if i not in renamed), trait)
    later = _by_trait((d for i, d in come.items() if i not in taken), trait)
    return {former[key]: later[key] for key in sorted(former.keys() & later.keys(), key=former.__getitem__)}


def _by_trait(documents: Iterator[AnyDocument], trait: Callable[[AnyDocument], Hashable]) -> dict[Hashable, str]:
    found: dict[Hashable, list[str]] = {}
    for document in documents:
        if key := trait(document):
            found.setdefault((document.kind, key), []).append(document.id)
    return {key: ids[0] for key, ids in found.items() if len(ids) == 1}


def _question(document: AnyDocument) -> str:
    return document.title.casefold()


def _claim(document: AnyDocument) -> str:
    return document.description.casefold() if len(document.description) >= _LEAST_TEXT else ""


def _body(document: AnyDocument) -> str:
    text = document.body.text.strip()
    return text if len(text) >= _LEAST_TEXT else ""


def _differing_files(
    before: Revision, after: Revision
) -> Iterator[tuple[ParsedDocument | None, ParsedDocument | None]]:
    old = {entry.path: entry for entry in before.parsed.documents}
    new = {entry.path: entry for entry in after.parsed.documents}
    for path in sorted(old.keys() | new.keys()):
        former, later = old.get(path), new.get(path)
        if former is None or later is None or not _is_unchanged(before, after, former, later):
            yield former, later


def _is_unchanged(before: Revision, after: Revision, former: ParsedDocument, later: ParsedDocument) -> bool:
    one, other = before.files.get(former.path), after.files.get(later.path)
    if one is other:
        return True
    # A placeholder for a file that was not read is no proof that it is unchanged.
    is_read = isinstance(one, str | bytes) and isinstance(other, str | bytes)
    return is_read and (one == other or former.text == later.text != "")
