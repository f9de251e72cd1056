"""The neighbours of all pages: how near they are is the engine's, which are taken ``choice``'s, why ``reasons``'s."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

from inquiry_site.graph import KnowledgeGraph
from inquiry_site.knowledge.ranking.items import line_items, note_items
from inquiry_site.knowledge.ranking.reasons import Reasons
from inquiry_site.knowledge.ranking.selection import diversify, ensure_reachable, promote_open_question, unreached
from inquiry_site.knowledge.ranking.types import MOST_NEIGHBOURS, Ranked, Ranking, RankingCache, RankingInputs, Reason
from inquiry_site.model import InquiringLine
from inquiry_site.similarity.engine import Related, relate

_CANDIDATES = 24
"""So many near lines are weighed for the next ones of each."""
_FALLBACK = 3
"""So many other lines are named where nothing is near."""


def derive_ranking(
    graph: KnowledgeGraph, facts: RankingInputs, shown: int = 5, before: Ranking | None = None
) -> Ranking:
    """Neighbours of all pages: how near they are is ``nearness.engine``'s, which are taken is ``choice``'s.

    Args:
        graph: the graph.
        facts: what is known beyond it.
        shown: how many next lines a page shows.
        before: the ranking before some documents changed; it makes this one faster, not another.
    """
    if before and (before.cache.shown, before.cache.topic_names) != (shown, facts.topic_names):
        before = None
    of_lines = line_items(graph, facts, before.cache.line_pages if before else None)
    of_notes = note_items(graph, facts, before.cache.note_pages if before else None)
    lines = relate(of_lines.of.values(), (), _CANDIDATES, before.lines if before else None)
    notes = relate(of_notes.of.values(), graph.cited_notes.values(), MOST_NEIGHBOURS, before.notes if before else None)
    if lines.words.changed_pages is None or notes.words.changed_pages is None:
        before = None
    anew = _Stale.of(graph, lines, notes, before)
    next_lines = _NextLines(graph, lines, shown)
    orders = _updated(before.cache.orders if before else {}, anew.orders, next_lines.order)
    taken = next_lines.ensure_reachable(orders)
    told = _NeighbourBuilder(taken, next_lines, notes, Reasons(graph, facts, lines.words, notes.words))
    elsewhere = {line for line in taken if before and _ids(before.next_lines[line]) != taken[line]}
    is_open = {line.id for line in graph.lines if line.is_open}
    return Ranking(
        next_lines=_updated(before.next_lines if before else {}, anew.next_lines | elsewhere, told.following),
        related_notes=_updated(before.related_notes if before else {}, anew.notes - is_open, told.related),
        bearing=_updated(before.bearing if before else {}, anew.notes & is_open, told.bearing),
        unreached=tuple(unreached(taken, next_lines.start, shown)),
        lines=lines,
        notes=notes,
        cache=RankingCache(shown, facts.topic_names, of_lines, of_notes, orders),
    )


@dataclass(frozen=True, slots=True)
class _NeighbourBuilder:
    """The neighbours of pages with their scores and reasons."""

    taken: Mapping[str, Sequence[str]]
    next_lines: _NextLines
    notes: Related
    reasons: Reasons

    def following(self, line: str) -> tuple[Ranked, ...]:
        """The next lines of a line."""
        return tuple(self.next_lines.ranked(line, other, self.reasons) for other in self.taken[line])

    def related(self, note: str) -> tuple[Ranked, ...]:
        """The related notes of a note."""
        near = self.notes.near[note]
        reasons = self.reasons.of_related(note, self.notes.neighbours[note])
        return tuple(Ranked(other, score, why) for (other, score), why in zip(near, reasons, strict=True))

    def bearing(self, line: str) -> tuple[Ranked, ...]:
        """The notes that may bear on an open question."""
        near = self.notes.near[line]
        ranked = (Ranked(other, score, self.reasons.of_bearing(line, other)) for other, score in near)
        return tuple(found for found in ranked if found.reasons)


_Value = TypeVar("_Value")


def _updated(
    before: Mapping[str, _Value], anew: Collection[str], make: Callable[[str], _Value]
) -> Mapping[str, _Value]:
    """What there was before, with some made anew; in the order of ids."""
    made = {page: make(page) for page in sorted(anew)}
    return MappingProxyType({**before, **made})


def _ids(found: Iterable[Ranked]) -> list[str]:
    return [ranked.id for ranked in found]


@dataclass(frozen=True, slots=True)
class _Stale:
    """Pages whose neighbours are not simply those of the ranking before."""

    orders: Collection[str]
    """Lines that may take other lines, or in another order."""
    next_lines: AbstractSet[str]
    """Lines of whose neighbours reasons or scores may say something else."""
    notes: AbstractSet[str]
    """Notes and open questions likewise."""

    @classmethod
    def of(cls, graph: KnowledgeGraph, lines: Related, notes: Related, before: Ranking | None) -> _Stale:
        """All of them where there was no ranking of these pages before."""
        said, told = lines.words.changed_pages or frozenset(), notes.words.changed_pages or frozenset()
        if before is None:
            every = lines.near.keys()
            return cls(every, every, notes.near.keys())
        moved = {line for line, found in lines.near.items() if found is not before.lines.near[line]}
        # What reasons say of lines rests on the notes that these cite.
        speaking = {line.id for line in graph.lines if not told.isdisjoint(graph.passages[line.id])}
        if notes.words.frequencies_changed:
            speaking.update(line.id for line in graph.lines if line.is_open)
        near_notes = {page for page, found in notes.near.items() if found is not before.notes.near[page]}
        return cls(
            orders=said | moved | _with_changed_similarity(lines, before.lines, moved),
            next_lines=moved | _with_neighbours(lines, said | speaking) | _preceding(before, said | speaking),
            notes=near_notes | _with_neighbours(notes, told),
        )


def _with_changed_similarity(lines: Related, before: Related, moved: AbstractSet[str]) -> AbstractSet[str]:
    """The lines of whose candidates two are more or less alike than before."""
    alike = {line: {other for other, _ in set(lines.near[line]) ^ set(before.near[line])} for line in moved}
    return {
        line
        for line, near in lines.neighbours.items()
        if not moved.isdisjoint(near) and any(not alike[one].isdisjoint(near) for one in near if one in moved)
    }


def _with_neighbours(related: Related, changed: AbstractSet[str]) -> AbstractSet[str]:
    """These pages, and those that have one of them for a neighbour."""
    return changed | {page for page, near in related.neighbours.items() if not changed.isdisjoint(near)}


def _preceding(before: Ranking, changed: AbstractSet[str]) -> AbstractSet[str]:
    """The lines that one of these followed: chosen by an author, it need not be near."""
    return {line for line, found in before.next_lines.items() if not changed.isdisjoint(_ids(found))}


class _NextLines:
    """Which lines follow each."""

    def __init__(self, graph: KnowledgeGraph, related: Related, shown: int) -> None:
        self._graph = graph
        self._shown = shown
        self._near = {line: dict(found) for line, found in related.near.items()}
        self._chosen = {line.id: self._chosen_of(line) for line in graph.lines}
        self.start = start_of(graph)

    def _chosen_of(self, line: InquiringLine) -> list[str]:
        return [target for target in dict.fromkeys(line.next) if target != line.id and self._graph.line(target)]

    def order(self, line: str) -> list[str]:
        """The next lines of a line, the author's own first."""
        chosen, near = self._chosen[line], self._near[line]
        rest = diversify({other: score for other, score in near.items() if other not in chosen}, self._near)
        order = [*chosen, *rest][:MOST_NEIGHBOURS] or self._fallback(line)
        is_open = {other for other in order if self._graph.line(other).is_open}  # type: ignore[union-attr]
        return promote_open_question(order, near, is_open, len(chosen), self._shown)

    def _fallback(self, line: str) -> list[str]:
        return [other for other in self._chosen if other != line][:_FALLBACK]

    def ensure_reachable(self, orders: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
        """The same, so changed that there is a way to every line."""
        kept = {line: len(chosen) for line, chosen in self._chosen.items()}
        return ensure_reachable(orders, self._near, kept, self.start, self._shown)

    def ranked(self, line: str, other: str, reasons: Reasons) -> Ranked:
        """One of the next lines of a line, with its score and reasons."""
        why = reasons.of_next(line, other)
        if other in self._chosen[line]:
            why = (Reason("chosen"), *why)
        return Ranked(other, self._near[line].get(other, 0.0), why or (Reason("nothing"),))


def start_of(graph: KnowledgeGraph) -> str:
    """The first line of the home page: of those with an answer the one that rests on the most notes; empty for none."""
    ordered = sorted(graph.lines, key=lambda line: (line.verdict == "open", -len(graph.cited_notes[line.id]), line.id))
    return ordered[0].id if ordered else ""
