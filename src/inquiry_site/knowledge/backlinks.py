"""Cited by: each line and note that cites a page, with the passages that do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from inquiry_site.graph import KnowledgeGraph, Passage
from inquiry_site.model import Kind


@dataclass(frozen=True, slots=True)
class Backlink:
    """One page that cites another."""

    source: str
    passages: tuple[Passage, ...]


def derive_backlinks(graph: KnowledgeGraph) -> Mapping[str, tuple[Backlink, ...]]:
    """For each cited page the pages that cite it: lines first, then notes, each in the order of ids."""
    found: dict[str, list[Backlink]] = defaultdict(list)
    for document in sorted(graph.documents.values(), key=lambda document: (document.kind is Kind.NOTE, document.id)):
        for target, passages in graph.passages[document.id].items():
            found[target].append(Backlink(document.id, passages))
    return MappingProxyType({target: tuple(backlinks) for target, backlinks in found.items()})
