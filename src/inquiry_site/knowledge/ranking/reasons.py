"""Reasons why one page is a neighbour of another, as facts that a reader can check."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from inquiry_site.graph import KnowledgeGraph
from inquiry_site.knowledge.ranking.types import RankingInputs, Reason, RelationLike
from inquiry_site.model import AnyDocument, InquiringLine, RelationType
from inquiry_site.similarity.engine import SharedWords
from inquiry_site.text.tokenize import tokenize

MOST = 3
"""Maximum number of reasons per neighbour; readers would skip any more."""

_MAX_TOPICS = 2
_MAX_WORDS = 3
_MIN_COVERED = 0.7
"""The minimum share of a ``not_shown`` phrase's words, weighted by rarity, that an open question about it contains."""
_REASON_OF_DISPUTE = {RelationType.CONTRADICTS: "disputes", RelationType.QUALIFIES: "qualifies"}
_STOP_WORDS = frozenset(
    (
        "a about after against all also an and any are as at be because been before between both but by can could did "
        "do does done each for found from had has have how if in into is it its less like many may more most much no "
        "not of on only or other our out over same should show shown so some such than that the their them then there "
        "these they this those through to too under up very was we well were what when where whether which while who "
        "why will with without would yet"
    ).split()
)
"""English words without information about a subject, for knowledge bases too small to determine them by counting."""


class _NoteRelations:
    """The relations between notes, indexed for look-up from either note.

    Attributes:
        types: the type of the relation between two notes, by their ids in both orders.
        notes: the ids of all notes with relations.
    """

    def __init__(self, relations: Mapping[str, Sequence[RelationLike]]) -> None:
        self._relations = [relation for of_note in relations.values() for relation in of_note]
        self.types: dict[tuple[str, str], RelationType] = {}
        for relation in self._relations:
            self.types[relation.source, relation.target] = relation.type
            self.types[relation.target, relation.source] = relation.type
        self.notes = {note for pair in self.types for note in pair}

    @cached_property
    def opponents(self) -> Mapping[str, list[tuple[RelationType, str]]]:
        """The notes that dispute each note, by its id, with the type of the relation."""
        opponents: dict[str, list[tuple[RelationType, str]]] = defaultdict(list)
        for relation in self._relations:
            if relation.type in _REASON_OF_DISPUTE:
                opponents[relation.target].append((relation.type, relation.source))
            if relation.type is RelationType.CONTRADICTS:
                opponents[relation.source].append((relation.type, relation.target))
        return opponents


class Reasons:
    """The reasons for neighbours in one knowledge base, computed on demand."""

    def __init__(self, graph: KnowledgeGraph, inputs: RankingInputs, lines: SharedWords, notes: SharedWords) -> None:
        self._graph = graph
        self._lines, self._notes = lines, notes
        self._inputs = inputs
        self._cited = graph.cited_notes
        self._note_relations = _NoteRelations(inputs.relations)

    def for_next_line(self, page: str, other: str) -> tuple[Reason, ...]:
        """Return the reasons why a line is a next line of another."""
        return tuple(self._for_next_line(page, other))[:MOST] or self._word_reason(self._lines, page, other)

    def _for_next_line(self, page: str, other: str) -> Iterator[Reason]:
        shared = [note for note in self._cited[page] if note in set(self._cited[other])]
        if shared:
            yield Reason("shares_notes", len(shared))
        yield from self._disputes(page, other)
        yield from self._not_shown(page, other)
        if page in self._graph.passages[other]:
            yield Reason("builds_on")
        yield from self._topic_reason("goes_on", self._new_topics(page, other))
        # The papers of shared notes add nothing to the reason that names those notes.
        papers = self._sources_of(self._cited[page]) & self._sources_of(self._cited[other]) - self._sources_of(shared)
        if papers:
            yield Reason("papers", len(papers))
        yield from self._topic_reason("both_about", self._shared_topics(page, other))

    def _disputes(self, page: str, other: str) -> Iterator[Reason]:
        """Yield a reason if the other line cites a note, not cited by this line, that disputes one of this line's."""
        cited, other_cited = self._cited[page], self._cited[other]
        titles_by_kind: dict[RelationType, dict[str, None]] = defaultdict(dict)
        for note in cited:
            for kind, opponent in self._note_relations.opponents.get(note, ()):
                if opponent in other_cited and opponent not in cited:
                    titles_by_kind[kind][self._graph.documents[note].title] = None
        for kind, reason in _REASON_OF_DISPUTE.items():
            if titles_by_kind[kind]:
                yield Reason(reason, names=(next(iter(titles_by_kind[kind])),))
                return

    def _not_shown(self, page: str, other: str) -> Iterator[Reason]:
        """Yield a reason if the other line is an open question about what this line's notes did not show."""
        question = self._graph.line(other)
        if question is None or not question.is_open:
            return
        for identifier in self._cited[page]:
            note = self._graph.note(identifier)
            for phrase in note.scope.not_shown if note else ():
                if self._covers(_tokens(question), set(tokenize(phrase)) - _STOP_WORDS):
                    yield Reason("not_shown", names=(phrase,))
                    return

    def _covers(self, question_words: set[str], phrase_words: set[str]) -> bool:
        frequency, pages = self._notes.frequency, len(self._graph.documents)
        rarity = {word: math.log(1 + pages / (1 + frequency.get(word, 0))) for word in sorted(phrase_words)}
        shared = [word for word in rarity if word in question_words]
        has_rare_word = any(frequency.get(word, 0) <= max(2, pages // 10) for word in shared)
        return has_rare_word and sum(map(rarity.__getitem__, shared)) >= _MIN_COVERED * sum(rarity.values())

    def for_related_note(self, page: str, others: Iterable[str]) -> Iterator[tuple[Reason, ...]]:
        """Yield the reasons why each of the other notes is related to a note."""
        empty: frozenset[str] = frozenset()
        citing_lines, papers = self._lines_citing.get(page, empty), self._inputs.sources.get(page, empty)
        topics, is_related = self._topics_of.get(page, empty), page in self._note_relations.notes
        for other in others:
            reasons = []
            if is_related and (relation_type := self._note_relations.types.get((page, other))):
                reasons.append(Reason(f"tie_{_REASON_OF_DISPUTE.get(relation_type, 'bears')}"))
            if citing_lines and (shared_lines := citing_lines & self._lines_citing.get(other, empty)):
                reasons.append(Reason("together", len(shared_lines)))
            if papers and (shared_papers := papers & self._inputs.sources.get(other, empty)):
                reasons.append(Reason("papers", len(shared_papers)))
            if page in self._graph.passages[other]:
                reasons.append(Reason("cites"))
            if topics and not topics.isdisjoint(self._topics_of.get(other, empty)):
                reasons += self._topic_reason("both_about", self._shared_topics(page, other))
            yield tuple(reasons[:MOST]) or self._word_reason(self._notes, page, other)

    @cached_property
    def _topics_of(self) -> Mapping[str, frozenset[str]]:
        return {page: frozenset(topics) for page, topics in self._inputs.topics.items()}

    @cached_property
    def _lines_citing(self) -> Mapping[str, frozenset[str]]:
        return {note: frozenset(lines) for note, lines in self._graph.citing_lines.items()}

    def for_open_question(self, page: str, other: str) -> tuple[Reason, ...]:
        """Return the reasons why a note may bear on an open question."""
        return (
            *self._topic_reason("about", self._shared_topics(page, other)),
            *self._word_reason(self._notes, page, other),
        )

    def _new_topics(self, page: str, other: str) -> list[str]:
        topics = self._inputs.topics.get(page, ())
        return [slug for slug in self._inputs.topics.get(other, ()) if slug not in topics]

    def _shared_topics(self, page: str, other: str) -> list[str]:
        other_topics = self._inputs.topics.get(other, ())
        return [slug for slug in self._inputs.topics.get(page, ()) if slug in other_topics]

    def _topic_reason(self, kind: str, slugs: Sequence[str]) -> Iterator[Reason]:
        if slugs:
            yield Reason(kind, names=tuple(self._inputs.topic_names[slug] for slug in slugs[:_MAX_TOPICS]))

    def _sources_of(self, notes: Iterable[str]) -> set[str]:
        return {source for note in notes for source in self._inputs.sources.get(note, ())}

    def _word_reason(self, words: SharedWords, page: str, other: str) -> tuple[Reason, ...]:
        """Return a reason with the rarest words that both pages have in their titles and descriptions, if any."""
        names = [word for word in words.shared_by(page, other) if word not in _STOP_WORDS][:_MAX_WORDS]
        return (Reason("speak_of", names=tuple(names)),) if names else ()


def _tokens(document: AnyDocument) -> set[str]:
    answer = document.answer if isinstance(document, InquiringLine) else ""
    return set(tokenize(f"{document.title} {document.description} {answer}"))
