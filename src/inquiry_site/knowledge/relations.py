"""What notes say about one another: relations both ways, disagreement within a line, what a review is due for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from inquiry_site.graph import KnowledgeGraph, Outcome
from inquiry_site.model import InquiringLine, RelationType

DISAGREEING = (RelationType.CONTRADICTS, RelationType.QUALIFIES)
"""The stronger first."""


@dataclass(frozen=True, slots=True)
class ResolvedRelation:
    """A relation that holds between two notes that both exist."""

    source: str
    target: str
    type: RelationType
    because: str
    replies: tuple[str, ...] = ()
    """In a contradiction that both notes state: the reasons that the other one gives."""


@dataclass(frozen=True, slots=True)
class Relations:
    """All ties, by either end and by the lines that cite both ends."""

    outgoing: Mapping[str, tuple[ResolvedRelation, ...]]
    incoming: Mapping[str, tuple[ResolvedRelation, ...]]
    disagreements: Mapping[str, tuple[ResolvedRelation, ...]]
    """For each line the ties of disagreement between the notes that it cites, contradictions first."""
    due: Mapping[str, tuple[str, ...]]
    """For each line the cited notes whose claim changed after the line was last read against them."""


def derive_relations(graph: KnowledgeGraph) -> Relations:
    """Relations with both ends resolved; one whose end is missing is the checks' business."""
    outgoing: dict[str, tuple[ResolvedRelation, ...]] = {}
    incoming: dict[str, list[ResolvedRelation]] = defaultdict(list)
    for note in graph.notes:
        ties = []
        for relation in note.relations:
            resolution = graph.names.resolve(relation.to)
            if resolution.outcome is Outcome.FOUND and graph.note(resolution.id) and resolution.id != note.id:
                ties.append(ResolvedRelation(note.id, resolution.id, relation.type, relation.because))
        if ties:
            outgoing[note.id] = tuple(ties)
        for tie in ties:
            incoming[tie.target].append(tie)
    return Relations(
        outgoing=MappingProxyType(outgoing),
        incoming=MappingProxyType({target: tuple(ties) for target, ties in incoming.items()}),
        disagreements=MappingProxyType({line.id: tuple(_disagreements(graph, line, outgoing)) for line in graph.lines}),
        due=MappingProxyType({line.id: tuple(_due(graph, line)) for line in graph.lines}),
    )


def _disagreements(
    graph: KnowledgeGraph, line: InquiringLine, outgoing: Mapping[str, tuple[ResolvedRelation, ...]]
) -> Iterator[ResolvedRelation]:
    cited = graph.passages[line.id]
    for kind in DISAGREEING:
        ties = [tie for note in cited for tie in outgoing.get(note, ()) if tie.type is kind and tie.target in cited]
        yield from _with_replies(ties) if kind is RelationType.CONTRADICTS else ties


def _with_replies(ties: list[ResolvedRelation]) -> Iterator[ResolvedRelation]:
    """A contradiction that both notes state is one, told from the side of the note that is cited first."""
    by_direction: dict[tuple[str, str], list[ResolvedRelation]] = {}
    for tie in ties:
        by_direction.setdefault((tie.source, tie.target), []).append(tie)
    told: set[tuple[str, str]] = set()
    for (source, target), stated in by_direction.items():
        if (target, source) not in told:
            told.add((source, target))
            others = [tie.because for tie in by_direction.get((target, source), ())]
            known = {tie.because for tie in stated}
            yield replace(stated[0], replies=tuple(because for because in others if because not in known))
            yield from stated[1:]


def _due(graph: KnowledgeGraph, line: InquiringLine) -> Iterator[str]:
    for target in graph.passages[line.id] if line.reviewed else ():
        note = graph.note(target)
        if note and note.updated and line.reviewed and note.updated > line.reviewed:
            yield note.id
