"""Next inquiring lines and related notes: what shares the rarest things comes first, and says what it shares."""

from __future__ import annotations

import heapq
import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from inquiry_site.graph import KnowledgeGraph
from inquiry_site.model import AnyDocument, InquiringLine

DEPTH = 10
"""How many neighbours are kept for each page."""

_FALLBACK = 3
_ROUNDED = 1e-4
"""Scores are compared to four places."""
_COMMONEST = 400
"""A thing that more pages than this share says nothing about any two of them, and would cost the most."""
_WORDS_KEPT = 16
_FAINTEST = 0.05
"""A note that bears less on an open question is no help in answering it."""
_WORD = re.compile(r"[^\W\d_]{3,}")
_EMPTY_WORDS = frozenset(
    (
        "about after all also and any are because been before between both but can could did does done each for "
        "found from had has have how into its less many may more most much not only other our out over same "
        "should show shown some such than that the their them then there these they this those through too under "
        "very was well were what when where whether which while who why will with without would yet"
    ).split()
)
"""English words that tell nothing about a subject, in bases too small to find that out by counting."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a page is a neighbour; the languages of the site have the words for it."""

    kind: str
    """``chosen``, ``shares_notes``, ``papers``, ``together``, ``both_about``, ``about``, ``speak_of``, ``nothing``."""
    count: int = 0
    """How many things are shared, where they are counted."""
    names: tuple[str, ...] = ()
    """What is shared, where it is named."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """One neighbour of a page, with its reasons."""

    id: str
    score: float
    """From 0 to 1, rounded to four places."""
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """The neighbours of every page, the best first."""

    next_lines: Mapping[str, tuple[Ranked, ...]]
    related_notes: Mapping[str, tuple[Ranked, ...]]
    bearing: Mapping[str, tuple[Ranked, ...]]
    """For each open question the notes that may bear on it."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of each page beyond the graph: the sources it rests on and its topics, by slug."""

    sources: Mapping[str, frozenset[str]]
    topics: Mapping[str, tuple[str, ...]]
    topic_names: Mapping[str, str]


class _Signal:
    """One kind of thing that pages share. Cosine of binary vectors weighted by inverse document frequency."""

    def __init__(self, name: str, weight: float, features: Mapping[str, Iterable[str]]) -> None:
        self.name = name
        self.weight = weight
        self._features = {page: sorted(set(found)) for page, found in features.items()}
        self._bearers: dict[str, list[str]] = defaultdict(list)
        for page in sorted(self._features):
            for feature in self._features[page]:
                self._bearers[feature].append(page)
        total = len(self._features) + 1
        self._rarity = {feature: math.log(1 + total / len(bearers)) for feature, bearers in self._bearers.items()}
        self._length = {
            page: math.sqrt(sum(self._rarity[feature] ** 2 for feature in found)) or 1.0
            for page, found in self._features.items()
        }

    def scores(self, page: str) -> dict[str, float]:
        found: dict[str, float] = defaultdict(float)
        for feature in self._features.get(page, ()):
            bearers = self._bearers[feature]
            if len(bearers) <= _COMMONEST:
                worth = self._rarity[feature] ** 2
                for other in bearers:
                    found[other] += worth
        found.pop(page, None)
        length = self._length.get(page, 1.0)
        return {other: worth / (length * self._length[other]) for other, worth in found.items()}

    def shared(self, page: str, other: str) -> list[str]:
        """What two pages share, the rarest first."""
        both = set(self._features.get(page, ())) & set(self._features.get(other, ()))
        return sorted(both, key=lambda feature: (-self._rarity[feature], feature))


def derive_ranking(graph: KnowledgeGraph, evidence: Evidence) -> Ranking:
    """Neighbours of all pages.

    The score is a weighted sum of cosines over what two pages share (notes or citing lines, sources, topics,
    words of title and claim), each thing weighted by its inverse document frequency (Spärck Jones 1972).
    """
    words = _words(graph.notes) | _words(graph.lines)
    return Ranking(
        next_lines=MappingProxyType(_next_lines(graph, evidence, words)),
        related_notes=MappingProxyType(_related_notes(graph, evidence, words)),
        bearing=MappingProxyType(_bearing(graph, evidence, words)),
    )


def _words(documents: Iterable[AnyDocument]) -> dict[str, list[str]]:
    """The rarest words of each page's title and description.

    Words of every fourth page of their kind are left out: in a small base those of the list below, in a large one
    whatever stands in all claims or all questions.
    """
    found = {
        document.id: set(_WORD.findall(f"{document.title} {document.description}".casefold())) - _EMPTY_WORDS
        for document in documents
    }
    frequency: dict[str, int] = defaultdict(int)
    for words in found.values():
        for word in words:
            frequency[word] += 1
    common = max(2, len(found) // 4)
    return {
        page: sorted((w for w in words if frequency[w] <= common), key=lambda w: (frequency[w], w))[:_WORDS_KEPT]
        for page, words in found.items()
    }


def _best(page: str, signals: Iterable[_Signal], describe: Callable[[str, str], list[Reason]]) -> list[Ranked]:
    """The neighbours of a page that share anything, equal scores in the order of ids."""
    totals: dict[str, float] = defaultdict(float)
    for signal in signals:
        for other, score in signal.scores(page).items():
            totals[other] += signal.weight * score
    # Of the thousands that share something, only those that may be among the best are put in order.
    least = min(heapq.nlargest(DEPTH, totals.values()), default=0.0) - _ROUNDED
    ordered = sorted(
        (other for other, total in totals.items() if total >= least),
        key=lambda other: (-round(totals[other], 4), other),
    )[:DEPTH]
    return [Ranked(other, round(totals[other], 4), tuple(describe(page, other))) for other in ordered]


def _next_lines(
    graph: KnowledgeGraph, evidence: Evidence, words: Mapping[str, list[str]]
) -> dict[str, tuple[Ranked, ...]]:
    lines = graph.lines
    cited = {line.id: [target for target in graph.passages[line.id] if graph.note(target)] for line in lines}
    notes = _Signal("notes", 0.5, cited)
    sources = _Signal("sources", 0.2, {line: _sources_of(found, evidence) for line, found in cited.items()})
    topics = _Signal("topics", 0.15, {line.id: evidence.topics.get(line.id, ()) for line in lines})
    vocabulary = _Signal("words", 0.15, {line.id: words[line.id] for line in lines})
    signals = (notes, sources, topics, vocabulary)

    def describe(page: str, other: str) -> list[Reason]:
        shared = notes.shared(page, other)
        # The papers of a shared note are no news beside the note itself.
        papers = set(sources.shared(page, other)) - _sources_of(shared, evidence)
        reasons = [Reason("shares_notes", len(shared))] if shared else []
        reasons += [Reason("papers", len(papers))] if papers else []
        reasons += _about(topics.shared(page, other), evidence)
        return reasons or _speaks_of(vocabulary, page, other)

    def next_of(line: InquiringLine) -> tuple[Ranked, ...]:
        ranked = {found.id: found for found in _best(line.id, signals, describe)}
        chosen = [target for target in line.next if target != line.id and graph.line(target)]
        first = [
            _chosen(ranked.get(target) or Ranked(target, 0.0, tuple(describe(line.id, target)))) for target in chosen
        ]
        rest = [found for target, found in ranked.items() if target not in chosen]
        if not first and not rest:
            others = [other.id for other in lines if other.id != line.id][:_FALLBACK]
            rest = [Ranked(other, 0.0, (Reason("nothing"),)) for other in others]
        return tuple((first + rest)[:DEPTH])

    return {line.id: next_of(line) for line in lines}


def _chosen(found: Ranked) -> Ranked:
    return Ranked(found.id, found.score, (Reason("chosen"), *found.reasons))


def _related_notes(
    graph: KnowledgeGraph, evidence: Evidence, words: Mapping[str, list[str]]
) -> dict[str, tuple[Ranked, ...]]:
    notes = graph.notes
    citing: dict[str, list[str]] = defaultdict(list)
    for line in graph.lines:
        for target in graph.passages[line.id]:
            citing[target].append(line.id)
    lines = _Signal("lines", 0.35, {note.id: citing.get(note.id, ()) for note in notes})
    sources = _Signal("sources", 0.25, {note.id: evidence.sources.get(note.id, ()) for note in notes})
    topics = _Signal("topics", 0.15, {note.id: evidence.topics.get(note.id, ()) for note in notes})
    vocabulary = _Signal("words", 0.25, {note.id: words[note.id] for note in notes})

    def describe(page: str, other: str) -> list[Reason]:
        together, papers = len(lines.shared(page, other)), len(sources.shared(page, other))
        reasons = [Reason("together", together)] if together else []
        reasons += [Reason("papers", papers)] if papers else []
        reasons += _about(topics.shared(page, other), evidence)
        return reasons or _speaks_of(vocabulary, page, other)

    return {note.id: tuple(_best(note.id, (lines, sources, topics, vocabulary), describe)) for note in notes}


def _bearing(
    graph: KnowledgeGraph, evidence: Evidence, words: Mapping[str, list[str]]
) -> dict[str, tuple[Ranked, ...]]:
    """Notes that share topics and words with an open question."""
    asked = [line for line in graph.lines if line.is_open]
    pages = [*graph.notes, *asked]
    topics = _Signal("topics", 0.4, {page.id: evidence.topics.get(page.id, ()) for page in pages})
    vocabulary = _Signal("words", 0.6, {page.id: words[page.id] for page in pages})

    def describe(page: str, other: str) -> list[Reason]:
        return _about(topics.shared(page, other), evidence, "about") + _speaks_of(vocabulary, page, other)

    ranked = {line.id: _best(line.id, (topics, vocabulary), describe) for line in asked}
    return {
        line: tuple(found for found in neighbours if graph.note(found.id) and found.score >= _FAINTEST)
        for line, neighbours in ranked.items()
    }


def _sources_of(notes: Iterable[str], evidence: Evidence) -> set[str]:
    return {source for note in notes for source in evidence.sources.get(note, ())}


def _about(topics: list[str], evidence: Evidence, kind: str = "both_about") -> list[Reason]:
    names = tuple(evidence.topic_names[slug] for slug in topics[:2])
    return [Reason(kind, names=names)] if names else []


def _speaks_of(vocabulary: _Signal, page: str, other: str) -> list[Reason]:
    words = tuple(vocabulary.shared(page, other)[:3])
    return [Reason("speak_of", names=words)] if words else []
