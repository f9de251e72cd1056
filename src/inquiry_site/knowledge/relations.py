"""Relations between notes, disagreements among the notes of a line, and lines due for review."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from inquiry_site.graph import KnowledgeGraph
from inquiry_site.model import InquiringLine, RelationType
from inquiry_site.names import Outcome

DISAGREEING = (RelationType.CONTRADICTS, RelationType.QUALIFIES)
"""The relation types of disagreement, the stronger one first."""


@dataclass(frozen=True, slots=True)
class ResolvedRelation:
    """A relation between two notes that both exist."""

    source: str
    target: str
    type: RelationType
    because: str
    replies: tuple[str, ...] = ()
    """If both notes state the contradiction: the reasons that the target gives."""


@dataclass(frozen=True, slots=True)
class Relations:
    """All relations by source, by target, and by the lines that cite both notes."""

    outgoing: Mapping[str, tuple[ResolvedRelation, ...]]
    incoming: Mapping[str, tuple[ResolvedRelation, ...]]
    disagreements: Mapping[str, tuple[ResolvedRelation, ...]]
    """For each line, the disagreements between the notes it cites, contradictions first."""
    due: Mapping[str, tuple[str, ...]]
    """For each line, the cited notes whose claim changed after the line was last reviewed against them."""


def derive_relations(graph: KnowledgeGraph) -> Relations:
    """Resolve all relations. Those with a missing target are skipped here and reported by the checks."""
    outgoing: dict[str, tuple[ResolvedRelation, ...]] = {}
    incoming: dict[str, list[ResolvedRelation]] = defaultdict(list)
    for note in graph.notes:
        relations = []
        for relation in note.relations:
            resolution = graph.names.resolve(relation.to)
            if resolution.outcome is Outcome.FOUND and graph.note(resolution.id) and resolution.id != note.id:
                relations.append(ResolvedRelation(note.id, resolution.id, relation.type, relation.because))
        if relations:
            outgoing[note.id] = tuple(relations)
        for resolved in relations:
            incoming[resolved.target].append(resolved)
    return Relations(
        outgoing=MappingProxyType(outgoing),
        incoming=MappingProxyType({target: tuple(relations) for target, relations in incoming.items()}),
        disagreements=MappingProxyType({line.id: tuple(_disagreements(graph, line, outgoing)) for line in graph.lines}),
        due=MappingProxyType({line.id: tuple(_due(graph, line)) for line in graph.lines}),
    )


def _disagreements(
    graph: KnowledgeGraph, line: InquiringLine, outgoing: Mapping[str, tuple[ResolvedRelation, ...]]
) -> Iterator[ResolvedRelation]:
    cited = graph.passages[line.id]
    for kind in DISAGREEING:
        relations = [
            relation
            for note in cited
            for relation in outgoing.get(note, ())
            if relation.type is kind and relation.target in cited
        ]
        yield from _with_replies(relations) if kind is RelationType.CONTRADICTS else relations


def _with_replies(relations: list[ResolvedRelation]) -> Iterator[ResolvedRelation]:
    """Merge a contradiction that both notes state into one, with the note that is cited first as its source."""
    by_direction: dict[tuple[str, str], list[ResolvedRelation]] = {}
    for relation in relations:
        by_direction.setdefault((relation.source, relation.target), []).append(relation)
    seen: set[tuple[str, str]] = set()
    for (source, target), stated in by_direction.items():
        if (target, source) not in seen:
            seen.add((source, target))
            other_reasons = [relation.because for relation in by_direction.get((target, source), ())]
            own_reasons = {relation.because for relation in stated}
            yield replace(stated[0], replies=tuple(because for because in other_reasons if because not in own_reasons))
            yield from stated[1:]


def _due(graph: KnowledgeGraph, line: InquiringLine) -> Iterator[str]:
    for target in graph.passages[line.id] if line.reviewed else ():
        note = graph.note(target)
        if note and note.updated and line.reviewed and note.updated > line.reviewed:
            yield note.id
