"""A line's Sources: each cited note once, in the order of first citation, with the passages that cite it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from inquiry_site.graph import KnowledgeGraph, Passage


@dataclass(frozen=True, slots=True)
class CitedNote:
    """One of a line's sources."""

    note: str
    passages: tuple[Passage, ...]


def derive_sources(graph: KnowledgeGraph) -> Mapping[str, tuple[CitedNote, ...]]:
    """For each line the notes that it cites."""
    return MappingProxyType(
        {
            line.id: tuple(
                CitedNote(target, passages)
                for target, passages in graph.passages[line.id].items()
                if graph.note(target)
            )
            for line in graph.lines
        }
    )
