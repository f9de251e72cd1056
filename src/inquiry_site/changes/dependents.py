"""Find the sentences that rest on a note, as pages and ``inquiry reach`` show them, and those that cite a page."""

from __future__ import annotations

from collections.abc import Iterator

from inquiry_site.changes.change import MOST_REACHED, Reached
from inquiry_site.knowledge import Knowledge
from inquiry_site.knowledge.standing import paths_from

_MOST_IN_TOTAL = 50_000
"""The maximum number of sentences listed for all changes: a pull request may retract every note."""


class Dependents:
    """The sentences that rest on pages of a knowledge base."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._left = _MOST_IN_TOTAL
        self._texts: dict[tuple[str, int], str] = {}

    def of(self, identifier: str) -> tuple[Reached, ...]:
        """Return what rests on a page, directly and through others, nearest first: at most ``MOST_REACHED`` places."""
        return self._bounded(self._resting(identifier))

    def citing(self, identifier: str) -> tuple[Reached, ...]:
        """Return the sentences that cite a page."""
        return self._bounded(self._citing(identifier))

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

    def _resting(self, identifier: str) -> Iterator[Reached]:
        documents = self._knowledge.graph.documents
        listed: set[tuple[str, int]] = set()
        for path, dependent in paths_from(self._knowledge.reliance, (identifier,)):
            if dependent.page == identifier:
                continue
            # A note that extends another rests on it even if none of its sentences cites it.
            for index in [passage.sentence for passage in dependent.passages] or [-1]:
                if (dependent.page, index) not in listed:
                    listed.add((dependent.page, index))
                    document = documents[dependent.page]
                    yield Reached(path.length + 1, document.path, document.id, self.sentence(document.id, index))

    def _citing(self, target: str) -> Iterator[Reached]:
        documents = self._knowledge.graph.documents
        for backlink in self._knowledge.backlinks.get(target, ()):
            for passage in backlink.passages:
                sentence = self.sentence(backlink.source, passage.sentence)
                yield Reached(1, documents[backlink.source].path, backlink.source, sentence)
