"""Find what changes on other pages: reviews that are due, next lines, near-duplicates, topics used once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from inquiry_site.changes.change import Change, Importance, at, count, listed, quoted
from inquiry_site.changes.pairing import Pairing
from inquiry_site.knowledge import Knowledge
from inquiry_site.model import AnyDocument, InquiringLine, Kind, Note
from inquiry_site.text.duplicates import near_duplicates


@dataclass(frozen=True, slots=True, kw_only=True)
class DueForReview(Change):
    """A line that cites a note which was updated after the line's last review."""

    kind = "due-for-review"
    importance = Importance.REVIEW
    is_effect = True
    notes: tuple[str, ...]

    @property
    def message(self) -> str:
        """What changed."""
        return f"The line is due for review, because these notes were updated after it: {listed(self.notes)}."


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewDone(Change):
    """A line that is no longer due for review."""

    kind = "review-done"
    is_effect = True
    notes: tuple[str, ...]

    @property
    def message(self) -> str:
        """What changed."""
        return f"The line is no longer due for review because of {listed(self.notes)}."


@dataclass(frozen=True, slots=True, kw_only=True)
class NextMoved(Change):
    """A line that shows other next lines, or in another order."""

    kind = "next-moved"
    is_effect = True

    @property
    def message(self) -> str:
        """What changed."""
        return f"The next lines changed from {self.before or 'none'} to {self.after or 'none'}."


@dataclass(frozen=True, slots=True, kw_only=True)
class NearDuplicate(Change):
    """A question that is nearly the same as that of another page."""

    kind = "near-duplicate"
    importance = Importance.REVIEW
    is_effect = True
    title: str
    other: str
    other_title: str

    @property
    def message(self) -> str:
        """What changed."""
        return f"{quoted(self.title)} asks nearly the same as “{self.other}”: {quoted(self.other_title)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicUsedOnce(Change):
    """A document with a new topic that no other document has."""

    kind = "topic-used-once"
    importance = Importance.REVIEW

    @property
    def message(self) -> str:
        """What changed."""
        return f"The topic {quoted(self.after or '')} is new, and no other page has it."


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNoteLacks(Change):
    """What a new note could still have, although the format does not require it."""

    kind = "new-note-lacks"
    importance = Importance.REVIEW
    is_effect = True
    missing: tuple[str, ...]

    @property
    def message(self) -> str:
        """What changed."""
        return f"The new note is valid, but: {'; '.join(self.missing)}."


def find_effects(pairing: Pairing) -> Iterator[Change]:
    """Yield what changes on pages because of changes elsewhere, other than next lines."""
    yield from _reviews(pairing)
    yield from _near_duplicates(pairing)
    lone_topics = _lone_topics(pairing)
    yield from _topics_used_once(pairing, lone_topics)
    for document in pairing.added:
        alone = lone_topics.get(document.id, ())
        missing = tuple(_missing(document, alone, pairing)) if isinstance(document, Note) else ()
        if missing:
            yield NewNoteLacks(**at(document), missing=missing)


def _reviews(pairing: Pairing) -> Iterator[Change]:
    before, after = pairing.before.knowledge.relations.due, pairing.after.knowledge.relations.due
    for old, new in pairing.pairs:
        former = tuple(map(pairing.later_id, before.get(old.id, ())))
        later = after.get(new.id, ())
        come = tuple(note for note in later if note not in former)
        gone = tuple(note for note in former if note not in later)
        if come:
            yield DueForReview(**at(new), notes=come)
        if gone:
            yield ReviewDone(**at(new), notes=gone)


def _near_duplicates(pairing: Pairing) -> Iterator[Change]:
    asked = [{(d.id, d.title) for d in r.knowledge.graph.documents.values()} for r in (pairing.before, pairing.after)]
    if asked[0] == asked[1]:
        return
    documents = pairing.after.knowledge.graph.documents
    for kind in Kind:
        former = {frozenset(map(pairing.later_id, pair)) for pair in _similar(pairing.before.knowledge, kind)}
        for later, earlier in _similar(pairing.after.knowledge, kind):
            if frozenset((later, earlier)) not in former:
                # The page whose question is new is the one to change.
                pair = sorted((later, earlier), key=lambda i: ((i, documents[i].title) in asked[0], i != later))
                document, other = (documents[i] for i in pair)
                yield NearDuplicate(**at(document), title=document.title, other=other.id, other_title=other.title)


def _similar(knowledge: Knowledge, kind: Kind) -> Iterator[tuple[str, str]]:
    titles = {d.id: d.title for d in knowledge.graph.documents.values() if d.kind is kind and not _is_obsolete(d)}
    for later, earlier, _ in near_duplicates(titles):
        yield later, earlier


def _is_obsolete(document: AnyDocument) -> bool:
    return isinstance(document, Note) and document.status in {"superseded", "retracted"}


def _topics_used_once(pairing: Pairing, lone_topics: Mapping[str, tuple[str, ...]]) -> Iterator[Change]:
    """Yield the new topics with one page. Those of new notes are part of what the note lacks."""
    added = {document.id for document in pairing.added if isinstance(document, Note)}
    for identifier, names in lone_topics.items():
        for name in names if identifier not in added else ():
            yield TopicUsedOnce(**at(pairing.after.knowledge.graph.documents[identifier]), after=name)


def _lone_topics(pairing: Pairing) -> dict[str, tuple[str, ...]]:
    """Return the names of the topics that are new and have a single page, by its id."""
    before, after = pairing.before.knowledge.topics.by_slug, pairing.after.knowledge.topics.by_slug
    alone: dict[str, tuple[str, ...]] = {}
    for slug, topic in after.items():
        pages = (*topic.lines, *topic.notes)
        if slug not in before and len(pages) == 1:
            alone[pages[0]] = (*alone.get(pages[0], ()), topic.name)
    return alone


def _missing(note: Note, alone: tuple[str, ...], pairing: Pairing) -> Iterator[str]:
    """Yield what a new note lacks, as clauses."""
    after = pairing.after.knowledge
    if not note.scope.not_shown:
        yield "“scope.not_shown” has no entry"
    quotes = [quote for evidence in note.evidence for quote in evidence.quotes]
    if not quotes:
        yield "it has no quote"
    without = sum(1 for quote in quotes if not quote.locator)
    if without:
        yield f"{count(without, 'quote')} {'has' if without == 1 else 'have'} no locator"
    if alone:
        yield f"no other page has the topic {listed(alone)}"
    lines = after.graph.citing_lines.get(note.id, [])
    if not lines:
        yield "no line cites it"
    unreviewed = tuple(line for line in lines if _is_unreviewed(line, pairing))
    if unreviewed:
        yield f"“reviewed” was not updated in the lines that now cite it: {listed(unreviewed)}"


def _is_unreviewed(line: str, pairing: Pairing) -> bool:
    """Return whether a line that existed before has the same date of review."""
    former, later = pairing.before.knowledge.graph.line(line), pairing.after.knowledge.graph.line(line)
    return former is not None and later is not None and former.reviewed == later.reviewed


def find_moved_next_lines(pairing: Pairing) -> Iterator[Change]:
    """Yield the lines that show other next lines. Computes the ranking of both revisions."""
    before = pairing.before.knowledge
    shown = before.next_lines
    former = before.ranking.next_lines
    # The ranking of one revision starts from that of the other, which changes no result.
    later = replace(pairing.after.knowledge, previous_ranking=before.ranking).ranking.next_lines
    for old, new in pairing.pairs:
        if isinstance(new, InquiringLine):
            ids = [pairing.later_id(ranked.id) for ranked in former[old.id][:shown]]
            others = [ranked.id for ranked in later[new.id][:shown]]
            if ids != others:
                yield NextMoved(**at(new), before=", ".join(ids), after=", ".join(others))
