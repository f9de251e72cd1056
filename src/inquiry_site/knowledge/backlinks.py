"""Backlinks: the lines and notes that cite a page, with the citing passages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from inquiry_site.graph import KnowledgeGraph, Passage
from inquiry_site.model import Kind


@dataclass(frozen=True, slots=True)
class Backlink:
    """A page that cites another, with the citing passages."""

    source: str
    passages: tuple[Passage, ...]


def derive_backlinks(graph: KnowledgeGraph) -> Mapping[str, tuple[Backlink, ...]]:
    """Return the backlinks of each cited page, by its id: lines first, then notes, each sorted by id."""
    backlinks_of: dict[str, list[Backlink]] = defaultdict(list)
    for document in sorted(graph.documents.values(), key=lambda document: (document.kind is Kind.NOTE, document.id)):
        for target, passages in graph.passages[document.id].items():
            backlinks_of[target].append(Backlink(document.id, passages))
    return MappingProxyType({target: tuple(backlinks) for target, backlinks in backlinks_of.items()})
