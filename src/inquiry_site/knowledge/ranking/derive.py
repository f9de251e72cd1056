"""The neighbours of all pages: how near they are is the engine's, which are taken ``choice``'s, why ``reasons``'s."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import MappingProxyType

from inquiry_site.graph import KnowledgeGraph
from inquiry_site.knowledge.ranking.choice import lead_everywhere, take_turns, unreached, with_open
from inquiry_site.knowledge.ranking.pages import cited_together, line_pages, note_pages
from inquiry_site.knowledge.ranking.reasons import Reasons
from inquiry_site.knowledge.ranking.values import DEPTH, Facts, Ranked, Ranking, Reason
from inquiry_site.model import InquiringLine
from inquiry_site.nearness.engine import Related, relate

_CANDIDATES = 24
"""So many near lines are weighed for the next ones of each."""
_FALLBACK = 3
"""So many other lines are named where nothing is near."""


def derive_ranking(graph: KnowledgeGraph, facts: Facts, shown: int = 5) -> Ranking:
    """Neighbours of all pages: how near they are is ``nearness.engine``'s, which are taken is ``choice``'s.

    Args:
        graph: the graph.
        facts: what is known beyond it.
        shown: how many next lines a page shows.
    """
    lines = relate(line_pages(graph, facts), depth=_CANDIDATES)
    notes = relate(note_pages(graph, facts), cited_together(graph), depth=DEPTH)
    reasons = Reasons(graph, facts, lines.words, notes.words)
    next_lines = _NextLines(graph, lines, reasons, shown)
    order = next_lines.choose()
    return Ranking(
        next_lines=MappingProxyType({line: tuple(next_lines.rank(line, order[line])) for line in order}),
        related_notes=MappingProxyType({note.id: _related(note.id, notes, reasons) for note in graph.notes}),
        bearing=MappingProxyType({line.id: _bearing(line.id, notes, reasons) for line in graph.lines if line.is_open}),
        unreached=tuple(unreached(order, start_of(graph), shown)),
        lines=lines,
        notes=notes,
    )


class _NextLines:
    """The next lines of all lines."""

    def __init__(self, graph: KnowledgeGraph, related: Related, reasons: Reasons, shown: int) -> None:
        self._graph = graph
        self._reasons = reasons
        self._shown = shown
        self._near = {line: dict(found) for line, found in related.near.items()}
        self._chosen = {line.id: list(self._chosen_of(line)) for line in graph.lines}

    def _chosen_of(self, line: InquiringLine) -> Iterator[str]:
        for target in dict.fromkeys(line.next):
            if target != line.id and self._graph.line(target):
                yield target

    def choose(self) -> dict[str, list[str]]:
        """The next lines of each line, the author's own first."""
        kept = {line: len(chosen) for line, chosen in self._chosen.items()}
        lists = {line: self._order(line) for line in self._chosen}
        return lead_everywhere(lists, self._near, kept, start_of(self._graph), self._shown)

    def _order(self, line: str) -> list[str]:
        chosen, near = self._chosen[line], self._near[line]
        rest = take_turns({other: score for other, score in near.items() if other not in chosen}, self._near)
        order = [*chosen, *rest][:DEPTH] or self._anything(line)
        is_open = {other for other in order if self._graph.line(other).is_open}  # type: ignore[union-attr]
        return with_open(order, near, is_open, len(chosen), self._shown)

    def _anything(self, line: str) -> list[str]:
        return [other for other in self._chosen if other != line][:_FALLBACK]

    def rank(self, line: str, order: Sequence[str]) -> Iterator[Ranked]:
        """The next lines of one line with scores and reasons."""
        for other in order:
            why = self._reasons.of_next(line, other)
            if other in self._chosen[line]:
                why = (Reason("chosen"), *why)
            yield Ranked(other, self._near[line].get(other, 0.0), why or (Reason("nothing"),))


def start_of(graph: KnowledgeGraph) -> str:
    """The first line of the home page: of those with an answer the one that rests on the most notes; empty for none."""
    count = {line.id: len(graph.cited_notes(line.id)) for line in graph.lines}
    ordered = sorted(graph.lines, key=lambda line: (line.verdict == "open", -count[line.id], line.id))
    return ordered[0].id if ordered else ""


def _related(note: str, related: Related, reasons: Reasons) -> tuple[Ranked, ...]:
    return tuple(Ranked(other, score, reasons.of_related(note, other)) for other, score in related.near[note])


def _bearing(line: str, related: Related, reasons: Reasons) -> tuple[Ranked, ...]:
    ranked = (Ranked(other, score, reasons.of_bearing(line, other)) for other, score in related.near[line])
    return tuple(found for found in ranked if found.reasons)
