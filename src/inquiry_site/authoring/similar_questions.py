"""Find existing questions that a new one may repeat."""

from __future__ import annotations

from dataclasses import dataclass

from inquiry_site.graph import KnowledgeGraph
from inquiry_site.model import AnyDocument, Kind
from inquiry_site.names import Outcome
from inquiry_site.text.duplicates import near_duplicates

_LAST = "\U0010ffff"
"""Sorts after every id: of two near-duplicates, the later one is reported."""


@dataclass(frozen=True, slots=True)
class SimilarQuestions:
    """The documents with the most similar questions."""

    nearest: tuple[AnyDocument, ...]
    """The most similar ones, the best first."""
    repeated: AnyDocument | None
    """The one that the new question repeats, in the same or nearly the same words; None if there is none."""


def find_similar(graph: KnowledgeGraph, question: str, kind: Kind) -> SimilarQuestions:
    """Return existing questions that are similar to a new one.

    Questions of the other kind are repeated only if they are the same: a line may ask more broadly what a note asks.
    """
    resolution = graph.names.resolve(question)
    same = resolution.id if resolution.outcome is Outcome.FOUND else next(iter(resolution.candidates), "")
    repeated = same if resolution.outcome in (Outcome.FOUND, Outcome.AMBIGUOUS) else ""
    if not repeated:
        titles = {document.id: document.title for document in graph.documents.values() if document.kind is kind}
        pairs = near_duplicates({**titles, _LAST: question})
        repeated = next((earlier for later, earlier, _ in pairs if later == _LAST), "")
    ids = dict.fromkeys((*([repeated] if repeated else []), *graph.names.nearest(question)))
    nearest = tuple(graph.documents[identifier] for identifier in ids if identifier in graph.documents)
    return SimilarQuestions(nearest, graph.documents.get(repeated))
