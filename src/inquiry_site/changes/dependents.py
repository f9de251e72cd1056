"""Find the sentences that rest on a note: those that cite it, and those that cite a note that rests on it."""

from __future__ import annotations

from collections.abc import Iterator

from inquiry_site.changes.change import MOST_REACHED, Reached
from inquiry_site.knowledge import Knowledge
from inquiry_site.model import Kind

_MOST_IN_TOTAL = 50_000
"""The maximum number of sentences listed for all changes: a pull request may retract every note."""


class Dependents:
    """The sentences that rest on pages of a knowledge base."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._left = _MOST_IN_TOTAL
        self._texts: dict[tuple[str, int], str] = {}

    def of(self, identifier: str) -> tuple[Reached, ...]:
        """Return what rests on a note, directly and through other notes: at most ``MOST_REACHED`` sentences.

        A line that links to another line does not rest on it.
        """
        return self._bounded(self._walk(identifier))

    def citing(self, identifier: str) -> tuple[Reached, ...]:
        """Return the sentences that cite a page."""
        return self._bounded(self._citing(identifier, 1))

    def sentence(self, document: str, index: int) -> str:
        """Return the text of a sentence; empty for the index -1 of a citation outside any sentence."""
        if index < 0:
            return ""
        key = document, index
        if key not in self._texts:
            graph = self._knowledge.graph
            self._texts[key] = graph.sentence_text(graph.documents[document], index)
        return self._texts[key]

    def _bounded(self, places: Iterator[Reached]) -> tuple[Reached, ...]:
        reached: list[Reached] = []
        while len(reached) < MOST_REACHED and self._left > 0:
            place = next(places, None)
            if place is None:
                break
            reached.append(place)
            self._left -= 1
        return tuple(reached)

    def _walk(self, identifier: str) -> Iterator[Reached]:
        seen, frontier, distance = {identifier}, [identifier], 0
        while frontier:
            distance += 1
            following: list[str] = []
            for target in frontier:
                for place in self._citing(target, distance):
                    yield place
                    if place.id not in seen:
                        seen.add(place.id)
                        if self._knowledge.graph.documents[place.id].kind is Kind.NOTE:
                            following.append(place.id)
            frontier = following

    def _citing(self, target: str, distance: int) -> Iterator[Reached]:
        documents = self._knowledge.graph.documents
        for backlink in self._knowledge.backlinks.get(target, ()):
            for passage in backlink.passages:
                sentence = self.sentence(backlink.source, passage.sentence)
                yield Reached(distance, documents[backlink.source].path, backlink.source, sentence)
