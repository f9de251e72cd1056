"""Find what changed in the evidence of notes: sources, quotes, readings and scope."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from rapidfuzz import fuzz, process

from inquiry_site.changes.change import Change, Importance, at, count, listed, quoted, reach_phrase
from inquiry_site.changes.dependents import Dependents
from inquiry_site.changes.pairing import Pairing
from inquiry_site.changes.paper_matching import matched_keys, papers_of
from inquiry_site.file_content import BIBLIOGRAPHY
from inquiry_site.knowledge.bibliography import Bibliography, NoteSource, Source
from inquiry_site.model import Note, Quote, Reference, Scope
from inquiry_site.parsing.quotations import normalize_quotation

_MIN_SIMILARITY = 60.0
"""Per cent. Quotes of which at least this much is the same are two versions of one quote."""
_MOST_COMPARED = 100
"""The maximum number of quotes of a source that are compared with one another."""
_LONGEST_COMPARED = 2_000
"""The maximum number of characters of a quote that are compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteRemoved(Change):
    """A note that lost a quote."""

    kind = "quote-removed"
    importance = Importance.CRITICAL
    left: int
    """The number of quotes that the note still has."""

    @property
    def message(self) -> str:
        """What changed."""
        left = f"{count(self.left, 'quote')} left" if self.left else "none left"
        return f"A quote was removed, {left}: {quoted(self.before or '')}. {reach_phrase(self.reaches)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteChanged(Change):
    """A quote with other words, although a quote is verbatim."""

    kind = "quote-changed"
    importance = Importance.CRITICAL

    @property
    def message(self) -> str:
        """What changed."""
        return f"The words of a quote changed; compare it with the paper. {reach_phrase(self.reaches)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteAdded(Change):
    """A note that gained a quote."""

    kind = "quote-added"

    @property
    def message(self) -> str:
        """What changed."""
        return f"A quote was added: {quoted(self.after or '')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LocatorChanged(Change):
    """A quote with another locator or other punctuation."""

    kind = "locator-changed"

    @property
    def message(self) -> str:
        """What changed."""
        return f"The locator or the typesetting of a quote changed: {self.before} became {self.after}."


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRemoved(Change):
    """A note that lost a source."""

    kind = "source-removed"
    importance = Importance.CRITICAL
    title: str
    quotes: int

    @property
    def message(self) -> str:
        """What changed."""
        lost = f"A source was removed, with {count(self.quotes, 'quote')}: {quoted(self.title)}"
        return f"{lost}. {reach_phrase(self.reaches)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceAdded(Change):
    """A note that gained a source."""

    kind = "source-added"
    title: str

    @property
    def message(self) -> str:
        """What changed."""
        return f"A source was added: {quoted(self.title)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperNew(Change):
    """A paper that no note used before."""

    kind = "paper-new"
    is_effect = True
    title: str
    used: int
    """The number of notes that use it."""

    @property
    def message(self) -> str:
        """What changed."""
        return f"New paper, used by {count(self.used, 'note')}: {quoted(self.title)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperGone(Change):
    """A paper that no note uses any more."""

    kind = "paper-gone"
    is_effect = True
    title: str

    @property
    def message(self) -> str:
        """What changed."""
        return f"No note uses this paper any more: {quoted(self.title)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRecordChanged(Change):
    """A paper whose record differs: title, authors, year, identifiers."""

    kind = "paper-record-changed"
    title: str
    fields: tuple[str, ...] = field(default=())

    @property
    def message(self) -> str:
        """What changed."""
        return f"The record of {quoted(self.title)} changed: {', '.join(self.fields)}."


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingChanged(Change):
    """A source with another record of when and how far it was read."""

    kind = "reading-changed"
    title: str

    @property
    def message(self) -> str:
        """What changed."""
        if self.before is None:
            return f"It is recorded now how far {quoted(self.title)} was read: {self.after}."
        return f"How far {quoted(self.title)} was read changed from {self.before} to {self.after or 'not recorded'}."


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeWidened(Change):
    """A claim that is said to hold for more, or with fewer limits."""

    kind = "scope-widened"
    importance = Importance.REVIEW
    dropped: tuple[str, ...]
    gained: tuple[str, ...]
    is_emptied: bool

    @property
    def message(self) -> str:
        """What changed."""
        parts = [f"“not_shown” lost {listed(self.dropped)}"] * bool(self.dropped)
        parts += [f"“holds” gained {listed(self.gained)}"] * bool(self.gained)
        empty = " Nothing is listed any more that the sources did not show." if self.is_emptied else ""
        return f"The scope was widened: {' and '.join(parts)}.{empty}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeNarrowed(Change):
    """A claim that is said to hold for less, or with more limits."""

    kind = "scope-narrowed"
    dropped: tuple[str, ...]
    gained: tuple[str, ...]

    @property
    def message(self) -> str:
        """What changed."""
        parts = [f"“holds” lost {listed(self.dropped)}"] * bool(self.dropped)
        parts += [f"“not_shown” gained {listed(self.gained)}"] * bool(self.gained)
        return f"The scope was narrowed: {' and '.join(parts) or 'the order of its entries changed'}."


def find_evidence_changes(pairing: Pairing) -> Iterator[Change]:
    """Yield what changed in the evidence of paired notes, and in the papers of the whole knowledge base."""
    before, after = pairing.before.knowledge.bibliography, pairing.after.knowledge.bibliography
    dependents = Dependents(pairing.after.knowledge)
    for old, new in pairing.pairs:
        if not (isinstance(old, Note) and isinstance(new, Note)):
            continue
        if before.of_note.get(old.id, ()) != after.of_note.get(new.id, ()):
            keys = matched_keys(*papers_of(pairing, old, new))
            former = {keys.get(source.key, source.key): source for source in before.of_note.get(old.id, ())}
            later = {source.key: source for source in after.of_note.get(new.id, ())}
            yield from _source_changes(new, former, later, (before, after), dependents)
        if old.scope != new.scope:
            yield from _scope_changes(new, old.scope, new.scope)
    yield from _paper_changes(pairing)


def _source_changes(
    note: Note,
    former: Mapping[str, NoteSource],
    later: Mapping[str, NoteSource],
    bibliographies: tuple[Bibliography, Bibliography],
    dependents: Dependents,
) -> Iterator[Change]:
    before, after = bibliographies
    reaches = dependents.of(note.id)
    left = sum(len(source.quotes) for source in later.values())
    for key, source in former.items():
        if key not in later:
            title = before.sources[source.key].reference.title
            yield SourceRemoved(**at(note), before=source.key, title=title, quotes=len(source.quotes), reaches=reaches)
    for key, source in later.items():
        earlier = former.get(key)
        title = after.sources[key].reference.title
        if earlier is None:
            yield SourceAdded(**at(note), after=key, title=title)
            continue
        for change in _quote_changes(note, earlier.quotes, source.quotes, left):
            yield replace(change, reaches=reaches) if change.importance is Importance.CRITICAL else change
        if earlier.checked != source.checked:
            yield ReadingChanged(**at(note), title=title, before=_reading(earlier), after=_reading(source))


def _reading(source: NoteSource) -> str | None:
    read = source.checked
    return f"{read.extent}, {read.on.isoformat()} {read.version}".rstrip() if read else None


def _quote_changes(note: Note, old: tuple[Quote, ...], new: tuple[Quote, ...], left: int) -> Iterator[Change]:
    former = {normalize_quotation(quote.text): quote for quote in old}
    later = {normalize_quotation(quote.text): quote for quote in new}
    for words in former.keys() & later.keys():
        if former[words] != later[words]:
            yield LocatorChanged(**at(note), before=_described(former[words]), after=_described(later[words]))
    gone = {words: quote for words, quote in former.items() if words not in later}
    come = {words: quote for words, quote in later.items() if words not in former}
    for words, other in _versions(gone, come):
        yield QuoteChanged(**at(note), before=gone.pop(words).text, after=come.pop(other).text)
    for quote in gone.values():
        yield QuoteRemoved(**at(note), before=quote.text, left=left)
    for quote in come.values():
        yield QuoteAdded(**at(note), after=quote.text)


def _described(quote: Quote) -> str:
    return f"{quoted(quote.text)} ({quote.locator or 'no locator'})"


def _versions(gone: Mapping[str, Quote], come: Mapping[str, Quote]) -> list[tuple[str, str]]:
    """Return the pairs of similar quotes, each of which is in at most one pair."""
    left = {words: words[:_LONGEST_COMPARED] for words in list(come)[:_MOST_COMPARED]}
    pairs: list[tuple[str, str]] = []
    for words in list(gone)[:_MOST_COMPARED]:
        match = process.extractOne(words[:_LONGEST_COMPARED], left, scorer=fuzz.ratio, score_cutoff=_MIN_SIMILARITY)
        if match is not None:
            pairs.append((words, match[2]))
            del left[match[2]]
    return pairs


def _scope_changes(note: Note, old: Scope, new: Scope) -> Iterator[Change]:
    dropped = tuple(limit for limit in old.not_shown if limit not in new.not_shown)
    holds = tuple(case for case in new.holds if case not in old.holds)
    if dropped or holds:
        emptied = bool(old.not_shown) and not new.not_shown
        yield ScopeWidened(**at(note), dropped=dropped, gained=holds, is_emptied=emptied)
    lost = tuple(case for case in old.holds if case not in new.holds)
    limits = tuple(limit for limit in new.not_shown if limit not in old.not_shown)
    if lost or limits or not (dropped or holds):
        yield ScopeNarrowed(**at(note), dropped=lost, gained=limits)


def _paper_changes(pairing: Pairing) -> Iterator[Change]:
    before, after = pairing.before.knowledge.bibliography.sources, pairing.after.knowledge.bibliography.sources
    later_keys = {key: key for key in before.keys() & after.keys()}
    if before.keys() != after.keys():
        later_keys = matched_keys(before.values(), after.values())
    is_known = set(later_keys.values())
    if before.keys() != after.keys():
        is_known |= matched_keys(after.values(), before.values()).keys()
    for source in after.values():
        if source.key not in is_known and pairing.unparsed_before.isdisjoint(source.notes):
            place = pairing.after.knowledge.graph.documents[source.notes[0]].path
            used = len(source.notes)
            yield PaperNew(path=place, after=source.key, title=source.reference.title, used=used)
    for source in before.values():
        if source.key not in later_keys:
            if not pairing.unparsed_after.isdisjoint(source.notes):
                continue
            path = pairing.before.knowledge.graph.documents[source.notes[0]].path
            path = pairing.later_paths.get(path, path)
            yield PaperGone(path=path, before=source.key, title=source.reference.title)
        elif source.reference != (later := after[later_keys[source.key]]).reference:
            yield from _record_changes(pairing, source, later)


_FIELDS = ("title", "authors", "year", "doi", "arxiv", "isbn", "url", "venue", "type")


def _record_changes(pairing: Pairing, old: Source, new: Source) -> Iterator[Change]:
    fields = tuple(name for name in _FIELDS if getattr(old.reference, name) != getattr(new.reference, name))
    if fields:
        place = _place_of(pairing, new)
        values = [_values(source.reference, fields) for source in (old, new)]
        yield PaperRecordChanged(
            path=place, before=values[0], after=values[1], title=new.reference.title, fields=fields
        )


def _values(reference: Reference, fields: tuple[str, ...]) -> str:
    values = (getattr(reference, name) for name in fields)
    return "; ".join(", ".join(value) if isinstance(value, tuple) else str(value) for value in values)


def _place_of(pairing: Pairing, source: Source) -> str:
    """Return the first changed note that contains a record of a paper, or else ``references.bib``."""
    changed = {new.id for _, new in pairing.changed} | {document.id for document in pairing.added}
    notes = [note for note in source.notes if note in changed]
    return pairing.after.knowledge.graph.documents[notes[0]].path if notes else BIBLIOGRAPHY
