"""The sources of a line: each cited note once, in order of first citation, with the passages that cite it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from inquiry_site.graph import KnowledgeGraph, Passage


@dataclass(frozen=True, slots=True)
class CitedNote:
    """A note that a line cites, with the citing passages."""

    note: str
    passages: tuple[Passage, ...]


def derive_sources(graph: KnowledgeGraph) -> Mapping[str, tuple[CitedNote, ...]]:
    """Return the notes that each line cites, by the line's id."""
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
