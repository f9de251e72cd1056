"""Find documents that were added, removed, renamed or published, and files that could not be compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from posixpath import dirname

from inquiry_site.changes.change import Change, Importance, Reached, at, count, quoted, reach_phrase
from inquiry_site.changes.dependents import Dependents
from inquiry_site.changes.pairing import Pairing
from inquiry_site.changes.revision import Revision
from inquiry_site.model import AnyDocument, Kind, Note, ParsedDocument
from inquiry_site.names import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class NotCompared(Change):
    """A file that could not be parsed in one of the revisions, and differs between them."""

    kind = "not-compared"
    importance = Importance.CRITICAL
    is_effect = True
    revisions: tuple[str, ...]
    """The names of the revisions in which it could not be parsed."""

    @property
    def message(self) -> str:
        """What changed."""
        return (
            f"The file could not be parsed in {' and '.join(self.revisions)}, so its changes are not shown. "
            f"“inquiry check” lists its errors."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedPageRemoved(Change):
    """A document that was removed although pages still cite it."""

    kind = "cited-page-removed"
    importance = Importance.CRITICAL
    title: str

    @property
    def message(self) -> str:
        """What changed."""
        return f"Removed, but still cited: {quoted(self.title)} {reach_phrase(self.reaches)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRemoved(Change):
    """A document that was removed, and that no page cites any more."""

    kind = "page-removed"
    importance = Importance.REVIEW
    title: str

    @property
    def message(self) -> str:
        """What changed."""
        return f"Removed: {quoted(self.title)} Its address no longer exists."


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMerged(Change):
    """A document that was removed, and whose address leads to another one."""

    kind = "page-merged"
    title: str

    @property
    def message(self) -> str:
        """What changed."""
        return f"Merged into “{self.after}”, which has its id as an alias: {quoted(self.title)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpublished(Change):
    """A published document that became a draft."""

    kind = "unpublished"
    importance = Importance.REVIEW
    title: str

    @property
    def message(self) -> str:
        """What changed."""
        return f"Now a draft, so it is no longer published: {quoted(self.title)} {reach_phrase(self.reaches)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressLost(Change):
    """A renamed document whose former address does not lead to it."""

    kind = "address-lost"
    importance = Importance.REVIEW

    @property
    def message(self) -> str:
        """What changed."""
        return f"Renamed from “{self.before}” without an alias: add “{self.before}” to “aliases” to keep its address."


@dataclass(frozen=True, slots=True, kw_only=True)
class Renamed(Change):
    """A renamed document whose former id is an alias."""

    kind = "renamed"

    @property
    def message(self) -> str:
        """What changed."""
        return f"Renamed from “{self.before}”, which is now an alias."


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved(Change):
    """A document whose file is in another folder."""

    kind = "moved"

    @property
    def message(self) -> str:
        """What changed."""
        return f"The file was moved from {self.before}. Its address is the same."


@dataclass(frozen=True, slots=True, kw_only=True)
class PageAdded(Change):
    """The fields that all new documents have in common."""

    title: str
    was_draft: bool

    def _novelty(self, noun: str) -> str:
        was_draft = ", formerly a draft" if self.was_draft else ""
        return f"New {noun}{was_draft}: {quoted(self.title)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAdded(PageAdded):
    """A new note."""

    kind = "note-added"
    sources: int
    quotes: int
    citing: int

    @property
    def message(self) -> str:
        """What changed."""
        evidence = f"It has {count(self.sources, 'source')} and {count(self.quotes, 'quote')}"
        citing = "no page cites it" if not self.citing else f"it is cited on {count(self.citing, 'page')}"
        return f"{self._novelty('note')} {evidence}, and {citing}."


@dataclass(frozen=True, slots=True, kw_only=True)
class LineAdded(PageAdded):
    """A new line with an answer."""

    kind = "line-added"
    notes: int

    @property
    def message(self) -> str:
        """What changed."""
        return f"{self._novelty('line')} It cites {count(self.notes, 'note')}."


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenQuestionAdded(PageAdded):
    """A new line without an answer."""

    kind = "open-question-added"

    @property
    def message(self) -> str:
        """What changed."""
        return self._novelty("open question")


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftChanged(Change):
    """A draft that was added, edited or removed; it is not published."""

    kind = "draft-changed"
    verb: str

    @property
    def message(self) -> str:
        """What changed."""
        return f"The draft was {self.verb}; drafts are not published."


def find_unparsed(pairing: Pairing) -> Iterator[Change]:
    """Yield the files that differ and could not be parsed in one revision."""
    for former, later in pairing.differing_files:
        sides = ((former, pairing.before), (later, pairing.after))
        unparsed = tuple(revision.name for entry, revision in sides if entry and entry.document is None)
        entry = later or former
        if unparsed and entry:
            yield NotCompared(path=entry.path, id=entry.id, revisions=unparsed)


def find_page_changes(pairing: Pairing) -> Iterator[Change]:
    """Yield the documents that were added, removed, renamed, moved or published."""
    drafts_before, drafts_after = _drafts(pairing.before), _drafts(pairing.after)
    for document in pairing.added:
        yield _added(pairing.after, document, (document.id, document.kind) in drafts_before)
    yield from _removals(pairing, drafts_after)
    for old, new in pairing.pairs:
        if old.id != new.id:
            lost = old.id not in new.aliases
            yield (AddressLost if lost else Renamed)(**at(new), before=old.id, after=new.id)
        elif dirname(old.path) != dirname(new.path):
            yield Moved(**at(new), before=old.path, after=new.path)
    yield from _draft_changes(pairing, drafts_before, drafts_after)


def _added(after: Revision, document: AnyDocument, was_draft: bool) -> Change:
    if isinstance(document, Note):
        quotes = sum(len(evidence.quotes) for evidence in document.evidence)
        citing = len(after.knowledge.backlinks.get(document.id, ()))
        return NoteAdded(
            **at(document),
            title=document.title,
            was_draft=was_draft,
            sources=len(document.evidence),
            quotes=quotes,
            citing=citing,
        )
    if document.is_open:
        return OpenQuestionAdded(**at(document), title=document.title, was_draft=was_draft)
    notes = len(after.knowledge.sources[document.id])
    return LineAdded(**at(document), title=document.title, was_draft=was_draft, notes=notes)


def _removals(pairing: Pairing, drafts: Mapping[tuple[str, Kind], ParsedDocument]) -> Iterator[Change]:
    merged = {alias: d.id for _, d in pairing.pairs for alias in d.aliases}
    dangling = _dangling(pairing) if pairing.removed else {}
    for document in pairing.removed:
        draft = drafts.get((document.id, document.kind))
        where, title = at(document), document.title
        reaches = tuple(dangling.get(document.id, ()))
        if draft:
            yield Unpublished(path=draft.path, id=draft.id, title=title, reaches=reaches)
        elif document.id in merged:
            yield PageMerged(**where, title=title, before=document.id, after=merged[document.id])
        elif reaches:
            yield CitedPageRemoved(**where, title=title, reaches=reaches)
        else:
            yield PageRemoved(**where, title=title)


def _dangling(pairing: Pairing) -> dict[str, list[Reached]]:
    """Return the sentences that still cite each document that is gone, by its id."""
    names, graph = pairing.before.knowledge.graph.names, pairing.after.knowledge.graph
    dependents = Dependents(pairing.after.knowledge)
    dangling: dict[str, list[Reached]] = {}
    # A name is looked up once, because similar names are searched for one that never existed.
    former_id = lru_cache(maxsize=None)(lambda name: names.resolve(name).id)
    for document in graph.documents.values():
        for citation, resolution in zip(document.body.citations, graph.citations[document.id], strict=True):
            if resolution.outcome not in {Outcome.MISSING, Outcome.DRAFT}:
                continue
            sentence = dependents.sentence(document.id, citation.sentence)
            place = Reached(1, document.path, document.id, sentence)
            places = dangling.setdefault(former_id(citation.target), [])
            if place not in places[-1:]:
                places.append(place)
    return dangling


def _drafts(revision: Revision) -> dict[tuple[str, Kind], ParsedDocument]:
    published = revision.knowledge.graph.documents
    return {
        (entry.id, entry.kind): entry
        for entry in revision.parsed.documents
        if entry.document and entry.document.draft and entry.id not in published
    }


def _draft_changes(
    pairing: Pairing,
    before: Mapping[tuple[str, Kind], ParsedDocument],
    after: Mapping[tuple[str, Kind], ParsedDocument],
) -> Iterator[Change]:
    published = {*pairing.before.knowledge.graph.documents, *pairing.after.knowledge.graph.documents}
    for key in sorted(before.keys() | after.keys(), key=lambda key: (key[1].value, key[0])):
        old, new = before.get(key), after.get(key)
        entry = new or old
        if entry is None or key[0] in published or (old and new and old.document == new.document):
            continue
        verb = "removed" if new is None else "added" if old is None else "edited"
        yield DraftChanged(path=entry.path, id=entry.id, verb=verb)
