"""Why one page is a neighbour of another, as facts that a reader can check."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from inquiry_site.graph import KnowledgeGraph
from inquiry_site.knowledge.ranking.types import RankingInputs, Reason
from inquiry_site.model import AnyDocument, InquiringLine, RelationType
from inquiry_site.similarity.engine import SharedWords
from inquiry_site.text.tokenize import tokenize

MOST = 3
"""How many reasons are given: more would not be read."""

_NAMED = 2
_WORDS_NAMED = 3
_COVERED = 0.7
"""An open question asks about what was not shown when it has so much of its words, the rare ones above all."""
_DISPUTING = {RelationType.CONTRADICTS: "disputes", RelationType.QUALIFIES: "qualifies"}
_EMPTY_WORDS = frozenset(
    (
        "a about after against all also an and any are as at be because been before between both but by can could did "
        "do does done each for found from had has have how if in into is it its less like many may more most much no "
        "not of on only or other our out over same should show shown so some such than that the their them then there "
        "these they this those through to too under up very was we well were what when where whether which while who "
        "why will with without would yet"
    ).split()
)
"""English words that tell nothing about a subject, in bases too small to find that out by counting."""


class Reasons:
    """The reasons of one knowledge base."""

    def __init__(self, graph: KnowledgeGraph, facts: RankingInputs, lines: SharedWords, notes: SharedWords) -> None:
        self._graph = graph
        self._lines, self._notes = lines, notes
        self._facts = facts
        self._cited = graph.cited_notes
        self._tied: dict[tuple[str, str], RelationType] = {}
        for ties in facts.relations.values():
            for tie in ties:
                self._tied[tie.source, tie.target] = self._tied[tie.target, tie.source] = tie.type
        self._tied_notes = {note for pair in self._tied for note in pair}

    def of_next(self, page: str, other: str) -> tuple[Reason, ...]:
        """Why one line is next to another."""
        return tuple(self._of_next(page, other))[:MOST] or self._speak_of(self._lines, page, other)

    def _of_next(self, page: str, other: str) -> Iterator[Reason]:
        shared = [note for note in self._cited[page] if note in set(self._cited[other])]
        if shared:
            yield Reason("shares_notes", len(shared))
        yield from self._disputes(page, other)
        yield from self._not_shown(page, other)
        if page in self._graph.passages[other]:
            yield Reason("builds_on")
        yield from self._named("goes_on", self._other_topics(page, other))
        # The papers of a shared note are no news beside the note itself.
        papers = self._sources_of(self._cited[page]) & self._sources_of(self._cited[other]) - self._sources_of(shared)
        if papers:
            yield Reason("papers", len(papers))
        yield from self._named("both_about", self._both_about(page, other))

    def _disputes(self, page: str, other: str) -> Iterator[Reason]:
        """What the notes of another line say against those of this one, which does not cite them itself."""
        here, there = self._cited[page], self._cited[other]
        found: dict[RelationType, dict[str, None]] = defaultdict(dict)
        for note in here:
            for kind, against in self._against.get(note, ()):
                if against in there and against not in here:
                    found[kind][self._graph.documents[note].title] = None
        for kind, word in _DISPUTING.items():
            if found[kind]:
                yield Reason(word, names=(next(iter(found[kind])),))
                return

    @cached_property
    def _against(self) -> Mapping[str, list[tuple[RelationType, str]]]:
        """For each note the notes that dispute it."""
        found: dict[str, list[tuple[RelationType, str]]] = defaultdict(list)
        for ties in self._facts.relations.values():
            for tie in ties:
                if tie.type in _DISPUTING:
                    found[tie.target].append((tie.type, tie.source))
                if tie.type is RelationType.CONTRADICTS:
                    found[tie.source].append((tie.type, tie.target))
        return found

    def _not_shown(self, page: str, other: str) -> Iterator[Reason]:
        """What the notes of a line were not shown for, where an open question asks about it."""
        asking = self._graph.line(other)
        if asking is None or not asking.is_open:
            return
        for identifier in self._cited[page]:
            note = self._graph.note(identifier)
            for phrase in note.scope.not_shown if note else ():
                if self._covers(_tokens(asking), set(tokenize(phrase)) - _EMPTY_WORDS):
                    yield Reason("not_shown", names=(phrase,))
                    return

    def _covers(self, asked: set[str], told: set[str]) -> bool:
        known, pages = self._notes.frequency, len(self._graph.documents)
        worth = {word: math.log(1 + pages / (1 + known.get(word, 0))) for word in sorted(told)}
        both = [word for word in worth if word in asked]
        telling = any(known.get(word, 0) <= max(2, pages // 10) for word in both)
        return telling and sum(map(worth.__getitem__, both)) >= _COVERED * sum(worth.values())

    def of_related(self, page: str, others: Iterable[str]) -> Iterator[tuple[Reason, ...]]:
        """Why one note is related to each of these."""
        nothing: frozenset[str] = frozenset()
        citing, papers = self._citing.get(page, nothing), self._facts.sources.get(page, nothing)
        about, is_tied = self._about.get(page, nothing), page in self._tied_notes
        for other in others:
            found = []
            if is_tied and (tied := self._tied.get((page, other))):
                found.append(Reason(f"tie_{_DISPUTING.get(tied, 'bears')}"))
            if citing and (together := citing & self._citing.get(other, nothing)):
                found.append(Reason("together", len(together)))
            if papers and (both := papers & self._facts.sources.get(other, nothing)):
                found.append(Reason("papers", len(both)))
            if page in self._graph.passages[other]:
                found.append(Reason("cites"))
            if about and not about.isdisjoint(self._about.get(other, nothing)):
                found += self._named("both_about", self._both_about(page, other))
            yield tuple(found[:MOST]) or self._speak_of(self._notes, page, other)

    @cached_property
    def _about(self) -> Mapping[str, frozenset[str]]:
        return {page: frozenset(topics) for page, topics in self._facts.topics.items()}

    @cached_property
    def _citing(self) -> Mapping[str, frozenset[str]]:
        return {note: frozenset(lines) for note, lines in self._graph.citing_lines.items()}

    def of_bearing(self, page: str, other: str) -> tuple[Reason, ...]:
        """Why a note may bear on an open question."""
        return (*self._named("about", self._both_about(page, other)), *self._speak_of(self._notes, page, other))

    def _other_topics(self, page: str, other: str) -> list[str]:
        here = self._facts.topics.get(page, ())
        return [slug for slug in self._facts.topics.get(other, ()) if slug not in here]

    def _both_about(self, page: str, other: str) -> list[str]:
        there = self._facts.topics.get(other, ())
        return [slug for slug in self._facts.topics.get(page, ()) if slug in there]

    def _named(self, kind: str, slugs: Sequence[str]) -> Iterator[Reason]:
        if slugs:
            yield Reason(kind, names=tuple(self._facts.topic_names[slug] for slug in slugs[:_NAMED]))

    def _sources_of(self, notes: Iterable[str]) -> set[str]:
        return {source for note in notes for source in self._facts.sources.get(note, ())}

    def _speak_of(self, known: SharedWords, page: str, other: str) -> tuple[Reason, ...]:
        """The rarest words that both have in their questions and claims."""
        names = [word for word in known.shared_by(page, other) if word not in _EMPTY_WORDS][:_WORDS_NAMED]
        return (Reason("speak_of", names=tuple(names)),) if names else ()


def _tokens(document: AnyDocument) -> set[str]:
    answer = document.answer if isinstance(document, InquiringLine) else ""
    return set(tokenize(f"{document.title} {document.description} {answer}"))
