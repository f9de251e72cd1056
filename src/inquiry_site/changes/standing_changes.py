"""Find what changed in the standing of notes: retractions, statuses, relations and disagreements."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from inquiry_site.changes.change import Change, Importance, Reached, at, count, quoted, reach_phrase
from inquiry_site.changes.dependents import Dependents
from inquiry_site.changes.pairing import Pairing
from inquiry_site.changes.paper_matching import matched_keys, papers_of
from inquiry_site.knowledge.bibliography import Source
from inquiry_site.knowledge.relations import DISAGREEING, ResolvedRelation
from inquiry_site.model import AnyDocument, Note, RelationType


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRetracted(Change):
    """A note that was retracted."""

    kind = "note-retracted"
    importance = Importance.CRITICAL

    @property
    def message(self) -> str:
        """What changed."""
        return f"The note was retracted. {reach_phrase(self.reaches)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRetracted(Change):
    """A paper that was retracted."""

    kind = "paper-retracted"
    importance = Importance.CRITICAL
    title: str

    @property
    def message(self) -> str:
        """What changed."""
        return f"This paper was retracted: {quoted(self.title)}. {reach_phrase(self.reaches)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSuperseded(Change):
    """A note that another one supersedes."""

    kind = "note-superseded"
    importance = Importance.CRITICAL
    by: str
    """The id of the other note; empty if only the status was changed."""

    @property
    def message(self) -> str:
        """What changed."""
        by = f"“{self.by}” supersedes the note." if self.by else "The note is superseded."
        return f"{by} {reach_phrase(self.reaches)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteDisputed(Change):
    """A note that is disputed."""

    kind = "note-disputed"
    importance = Importance.REVIEW

    @property
    def message(self) -> str:
        """What changed."""
        return f"The note is disputed. {reach_phrase(self.reaches)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteReinstated(Change):
    """A note that is active again."""

    kind = "note-reinstated"
    importance = Importance.REVIEW

    @property
    def message(self) -> str:
        """What changed."""
        return f"The note is active again; it was {self.before}."


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperReinstated(Change):
    """A paper that is no longer marked as retracted."""

    kind = "paper-reinstated"
    importance = Importance.REVIEW
    title: str

    @property
    def message(self) -> str:
        """What changed."""
        return f"This paper is no longer marked as retracted: {quoted(self.title)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationChange(Change):
    """The fields that changes of relations have in common."""

    type: str
    to: str

    @property
    def _relation(self) -> str:
        return f"this note {self.type} “{self.to}”"


@dataclass(frozen=True, slots=True, kw_only=True)
class DisagreementAdded(RelationChange):
    """A note that contradicts or qualifies another one."""

    kind = "disagreement-added"
    importance = Importance.REVIEW

    @property
    def message(self) -> str:
        """What changed."""
        lines = f"{count(len(self.reaches), 'line')} cite{'s' if len(self.reaches) == 1 else ''} both"
        shown = f" {lines} and will show it." if self.reaches else " No line cites both."
        return f"New disagreement: {self._relation}: {quoted(self.after or '')}{shown}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DisagreementEnded(RelationChange):
    """A note that no longer contradicts or qualifies another one."""

    kind = "disagreement-ended"
    importance = Importance.REVIEW

    @property
    def message(self) -> str:
        """What changed."""
        return f"A disagreement ended; before, {self._relation}: {quoted(self.before or '')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationAdded(RelationChange):
    """A note that supports, extends or supersedes another one."""

    kind = "relation-added"

    @property
    def message(self) -> str:
        """What changed."""
        return f"New relation: {self._relation}: {quoted(self.after or '')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationEnded(RelationChange):
    """A note that no longer supports, extends or supersedes another one."""

    kind = "relation-ended"

    @property
    def message(self) -> str:
        """What changed."""
        return f"A relation ended; before, {self._relation}: {quoted(self.before or '')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonReworded(RelationChange):
    """A relation with another reason."""

    kind = "reason-reworded"

    @property
    def message(self) -> str:
        """What changed."""
        return f"The reason why {self._relation} was reworded."


def find_standing_changes(pairing: Pairing) -> Iterator[Change]:
    """Yield retractions, other statuses of notes, and relations."""
    dependents = Dependents(pairing.after.knowledge)
    for old, new in pairing.changed:
        if isinstance(old, Note) and isinstance(new, Note) and old.status != new.status:
            yield _status_change(new, old.status, dependents)
    for document in pairing.added:
        if isinstance(document, Note) and document.status != "active":
            yield _status_change(document, "active", dependents)
    yield from _retractions(pairing, dependents)
    yield from _relation_changes(pairing, dependents)


def _status_change(note: Note, before: str, dependents: Dependents) -> Change:
    if note.status == "active":
        return NoteReinstated(**at(note), before=before, after=note.status)
    reaches = dependents.of(note.id)
    if note.status == "superseded":
        return NoteSuperseded(**at(note), before=before, after=note.status, by="", reaches=reaches)
    kind = NoteRetracted if note.status == "retracted" else NoteDisputed
    return kind(**at(note), before=before, after=note.status, reaches=reaches)


def _retractions(pairing: Pairing, dependents: Dependents) -> Iterator[Change]:
    """Yield the papers that were retracted or reinstated, one change per note that uses them."""
    revisions = (pairing.before.knowledge.bibliography, pairing.after.knowledge.bibliography)
    affected = {
        n for b in revisions for source in b.sources.values() if source.reference.retracted for n in source.notes
    }
    for old, new in pairing.pairs if affected else ():
        if old.id in affected or new.id in affected:
            former, later = papers_of(pairing, old, new)
            keys = matched_keys(former, later)
            was_retracted = {keys.get(source.key): source.reference.retracted for source in former}
            for source in later:
                yield from _retraction(new, source, was_retracted.get(source.key, ""), dependents)
    for document in pairing.added:
        for source in papers_of(pairing, document, document)[1] if document.id in affected else ():
            yield from _retraction(document, source, "", dependents)


def _retraction(note: AnyDocument, source: Source, before: str, dependents: Dependents) -> Iterator[Change]:
    title, retracted = source.reference.title, source.reference.retracted
    if retracted and not before:
        yield PaperRetracted(**at(note), title=title, after=retracted, reaches=dependents.of(note.id))
    elif before and not retracted:
        yield PaperReinstated(**at(note), title=title, before=before)


_Key = tuple[str, str, RelationType]


def _relation_changes(pairing: Pairing, dependents: Dependents) -> Iterator[Change]:
    old, new = pairing.before.knowledge.relations.outgoing, pairing.after.knowledge.relations.outgoing
    documents = pairing.after.knowledge.graph.documents
    former = {
        (pairing.later_id(r.source), pairing.later_id(r.target), r.type): r for stated in old.values() for r in stated
    }
    later = {(r.source, r.target, r.type): r for stated in new.values() for r in stated}
    for key in sorted(former.keys() | later.keys(), key=lambda key: (key[0], key[1], key[2].value)):
        source, target, _ = key
        # A relation of a note that is gone, or could not be parsed, is reported with the note.
        if source in documents and target in documents and former.get(key) != later.get(key):
            yield from _relation_change(pairing, key, former.get(key), later.get(key), dependents)


def _relation_change(
    pairing: Pairing, key: _Key, old: ResolvedRelation | None, new: ResolvedRelation | None, dependents: Dependents
) -> Iterator[Change]:
    source, target, kind = key
    note = pairing.after.knowledge.graph.documents[source]
    verb = kind.value
    if old and new:
        if old.because != new.because:
            yield ReasonReworded(**at(note), type=verb, to=target, before=old.because, after=new.because)
    elif new and kind in DISAGREEING:
        lines = _lines_citing_both(pairing, source, target)
        yield DisagreementAdded(**at(note), type=verb, to=target, after=new.because, reaches=lines)
    elif new:
        yield RelationAdded(**at(note), type=verb, to=target, after=new.because)
        other = pairing.after.knowledge.graph.note(target)
        if kind is RelationType.SUPERSEDES and other and other.status != "superseded":
            yield NoteSuperseded(**at(other), by=source, reaches=dependents.of(target))
    elif old:
        ended = DisagreementEnded if kind in DISAGREEING else RelationEnded
        yield ended(**at(note), type=verb, to=target, before=old.because)


def _lines_citing_both(pairing: Pairing, one: str, other: str) -> tuple[Reached, ...]:
    graph = pairing.after.knowledge.graph
    both = set(graph.citing_lines.get(one, ())) & set(graph.citing_lines.get(other, ()))
    return tuple(Reached(1, graph.documents[line].path, line, "") for line in sorted(both))
