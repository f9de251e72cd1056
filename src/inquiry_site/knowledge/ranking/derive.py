"""Rank the neighbours of all pages.

``similarity.engine`` computes the scores, ``selection`` selects the next lines, and ``reasons`` explains them.
"""

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
from inquiry_site.knowledge.ranking.types import (
    MOST_NEIGHBOURS,
    Pages,
    Ranked,
    Ranking,
    RankingCache,
    RankingInputs,
    Reason,
)
from inquiry_site.model import AnyDocument, InquiringLine
from inquiry_site.similarity.engine import Related, relate

_CANDIDATES = 24
"""Similar lines per line from which its next lines are selected."""
_FALLBACK = 3
"""Next lines of a line that has no similar lines."""


def derive_ranking(
    graph: KnowledgeGraph, inputs: RankingInputs, shown: int = 5, before: Ranking | None = None
) -> Ranking:
    """Rank the neighbours of all pages.

    Args:
        graph: the graph.
        inputs: sources, topics and relations of the documents.
        shown: the number of next lines that a page shows.
        before: the ranking of the previous build; it speeds up this one without affecting its result.
    """
    if before and (before.cache.shown, before.cache.topic_names) != (shown, inputs.topic_names):
        before = None
    items_of_lines = line_items(graph, inputs, before.cache.line_items if before else None)
    items_of_notes = note_items(graph, inputs, before.cache.note_items if before else None)
    lines = relate(items_of_lines.of.values(), (), _CANDIDATES, before.lines if before else None)
    notes = relate(
        items_of_notes.of.values(), graph.cited_notes.values(), MOST_NEIGHBOURS, before.notes if before else None
    )
    if lines.words.changed_pages is None or notes.words.changed_pages is None:
        before = None
    stale = _Stale.of(graph, lines, notes, before, _with_other_choice(items_of_lines, before))
    next_lines = _NextLines(graph, lines, shown)
    orders = _updated(before.cache.orders if before else {}, stale.orders, next_lines.order)
    selected = next_lines.ensure_reachable(orders)
    builder = _NeighbourBuilder(selected, next_lines, notes, Reasons(graph, inputs, lines.words, notes.words))
    reselected = {line for line in selected if before and _ids(before.next_lines[line]) != selected[line]}
    open_questions = {line.id for line in graph.lines if line.is_open}
    return Ranking(
        next_lines=_updated(before.next_lines if before else {}, stale.next_lines | reselected, builder.next_lines_of),
        related_notes=_updated(
            before.related_notes if before else {}, stale.notes - open_questions, builder.related_notes_of
        ),
        bearing=_updated(
            before.bearing if before else {}, stale.notes & open_questions, builder.open_question_notes_of
        ),
        unreached=tuple(unreached(selected, next_lines.start, shown)),
        lines=lines,
        notes=notes,
        cache=RankingCache(shown, inputs.topic_names, items_of_lines, items_of_notes, orders),
    )


@dataclass(frozen=True, slots=True)
class _NeighbourBuilder:
    """A builder of the neighbours of a page, with scores and reasons."""

    selected: Mapping[str, Sequence[str]]
    next_lines: _NextLines
    notes: Related
    reasons: Reasons

    def next_lines_of(self, line: str) -> tuple[Ranked, ...]:
        """Return the next lines of a line."""
        return tuple(self.next_lines.ranked(line, other, self.reasons) for other in self.selected[line])

    def related_notes_of(self, note: str) -> tuple[Ranked, ...]:
        """Return the related notes of a note."""
        near = self.notes.scored[note]
        reasons = self.reasons.for_related_note(note, self.notes.ids[note])
        return tuple(Ranked(other, score, why) for (other, score), why in zip(near, reasons, strict=True))

    def open_question_notes_of(self, line: str) -> tuple[Ranked, ...]:
        """Return the notes that may bear on an open question; those without a reason are omitted."""
        near = self.notes.scored[line]
        ranked = (Ranked(other, score, self.reasons.for_open_question(line, other)) for other, score in near)
        return tuple(neighbour for neighbour in ranked if neighbour.reasons)


_Value = TypeVar("_Value")


def _updated(
    before: Mapping[str, _Value], stale: Collection[str], compute: Callable[[str], _Value]
) -> Mapping[str, _Value]:
    """Return the previous values with those of stale pages recomputed; new pages are added in order of id."""
    computed = {page: compute(page) for page in sorted(stale)}
    return MappingProxyType({**before, **computed})


def _ids(neighbours: Iterable[Ranked]) -> list[str]:
    return [ranked.id for ranked in neighbours]


@dataclass(frozen=True, slots=True)
class _Stale:
    """Pages whose neighbours may differ from the previous ranking."""

    orders: Collection[str]
    """Lines whose next lines, or their order, may differ."""
    next_lines: AbstractSet[str]
    """Lines whose next lines may have different scores or reasons."""
    notes: AbstractSet[str]
    """Notes and open questions whose neighbours may differ in any way."""

    @classmethod
    def of(
        cls, graph: KnowledgeGraph, lines: Related, notes: Related, before: Ranking | None, rechosen: AbstractSet[str]
    ) -> _Stale:
        """Find the stale pages; all pages if there is no previous ranking."""
        changed_lines = lines.words.changed_pages or frozenset()
        changed_notes = notes.words.changed_pages or frozenset()
        if before is None:
            all_lines = lines.scored.keys()
            return cls(all_lines, all_lines, notes.scored.keys())
        moved = {line for line, near in lines.scored.items() if near is not before.lines.scored[line]}
        # Reasons for next lines depend on the notes that the lines cite.
        citing = {line.id for line in graph.lines if not changed_notes.isdisjoint(graph.passages[line.id])}
        if notes.words.frequencies_changed:
            citing.update(line.id for line in graph.lines if line.is_open)
        near_notes = {page for page, near in notes.scored.items() if near is not before.notes.scored[page]}
        return cls(
            orders=changed_lines | moved | rechosen | _with_changed_similarity(lines, before.lines, moved),
            next_lines=moved
            | rechosen
            | _with_neighbours(lines, changed_lines | citing)
            | _preceding(before, changed_lines | citing),
            notes=near_notes | _with_neighbours(notes, changed_notes),
        )


def _with_other_choice(pages: Pages, before: Ranking | None) -> AbstractSet[str]:
    """Return the lines whose author chose other next lines than in the previous build, or some that did not exist."""
    if before is None:
        return frozenset()
    lines, former = pages._documents, before.cache.line_items._documents
    return {i for i, line in lines.items() if i in former and _existing(line, lines) != _existing(former[i], former)}


def _existing(line: AnyDocument, lines: Collection[str]) -> list[str]:
    return [target for target in line.next if target in lines] if isinstance(line, InquiringLine) else []


def _with_changed_similarity(lines: Related, before: Related, moved: AbstractSet[str]) -> AbstractSet[str]:
    """Return the lines with two candidates whose similarity to each other changed."""
    changed_pairs = {line: {other for other, _ in set(lines.scored[line]) ^ set(before.scored[line])} for line in moved}
    return {
        line
        for line, near in lines.ids.items()
        if not moved.isdisjoint(near) and any(not changed_pairs[one].isdisjoint(near) for one in near if one in moved)
    }


def _with_neighbours(related: Related, changed: AbstractSet[str]) -> AbstractSet[str]:
    """Return these pages and all pages that have one of them as a neighbour."""
    return changed | {page for page, near in related.ids.items() if not changed.isdisjoint(near)}


def _preceding(before: Ranking, changed: AbstractSet[str]) -> AbstractSet[str]:
    """Return the lines with a changed next line; one chosen by the author need not be among the similar lines."""
    return {line for line, neighbours in before.next_lines.items() if not changed.isdisjoint(_ids(neighbours))}


class _NextLines:
    """The selection of the next lines of each line."""

    def __init__(self, graph: KnowledgeGraph, related: Related, shown: int) -> None:
        self._graph = graph
        self._shown = shown
        self._near = {line: dict(near) for line, near in related.scored.items()}
        self._chosen = {line.id: self._chosen_of(line) for line in graph.lines}
        self.start = home_line(graph)

    def _chosen_of(self, line: InquiringLine) -> list[str]:
        return [target for target in dict.fromkeys(line.next) if target != line.id and self._graph.line(target)]

    def order(self, line: str) -> list[str]:
        """Return the ids of the next lines of a line, those chosen by the author first."""
        chosen, near = self._chosen[line], self._near[line]
        selected = diversify({other: score for other, score in near.items() if other not in chosen}, self._near)
        order = [*chosen, *selected][:MOST_NEIGHBOURS] or self._fallback(line)
        open_questions = {other for other in order if self._graph.line(other).is_open}  # type: ignore[union-attr]
        return promote_open_question(order, near, open_questions, len(chosen), self._shown)

    def _fallback(self, line: str) -> list[str]:
        return [other for other in self._chosen if other != line][:_FALLBACK]

    def ensure_reachable(self, orders: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
        """Return the next lines adjusted so that every line can be reached."""
        kept = {line: len(chosen) for line, chosen in self._chosen.items()}
        return ensure_reachable(orders, self._near, kept, self.start, self._shown)

    def ranked(self, line: str, other: str, reasons: Reasons) -> Ranked:
        """Return a next line of a line, with its score and reasons."""
        why = reasons.for_next_line(line, other)
        if other in self._chosen[line]:
            why = (Reason("chosen"), *why)
        return Ranked(other, self._near[line].get(other, 0.0), why or (Reason("nothing"),))


def home_line(graph: KnowledgeGraph) -> str:
    """Return the id of the first line of the home page: the answered line that cites the most notes.

    An open question is returned only if no line is answered; the id is empty if there are no lines.
    """
    ordered = sorted(graph.lines, key=lambda line: (line.verdict == "open", -len(graph.cited_notes[line.id]), line.id))
    return ordered[0].id if ordered else ""
