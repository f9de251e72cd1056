"""Define and build the views of disagreements between a line's sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inquiry_site.knowledge.relations import ResolvedRelation
from inquiry_site.model import RelationType
from inquiry_site.rendering.views.builder import NoteCardView, ViewBuilder


@dataclass(frozen=True, slots=True)
class PartyView:
    """A source of a line that disagrees with another, with its number in the list of sources."""

    number: int
    note: NoteCardView


@dataclass(frozen=True, slots=True)
class DisagreementView:
    """Two sources of a line that disagree; ``type`` is ``contradicts`` or ``qualifies``."""

    type: str
    source: PartyView
    """The note that states the relation."""
    target: PartyView
    because: str
    replies: tuple[str, ...] = ()
    """If both notes state that they contradict each other: the reasons that the other one gives."""


def disagreement_views(
    relations: Sequence[ResolvedRelation], numbers: Mapping[str, int], builder: ViewBuilder
) -> tuple[DisagreementView, ...]:
    """Build the views of disagreements, contradictions first.

    Args:
        relations: those between the sources of a line.
        numbers: the number of each source in the list of the line, by id.
        builder: builds the views of notes.
    """
    ordered = sorted(relations, key=lambda relation: relation.type is not RelationType.CONTRADICTS)
    return tuple(
        DisagreementView(
            relation.type.value,
            _party(relation.source, numbers, builder),
            _party(relation.target, numbers, builder),
            relation.because,
            relation.replies,
        )
        for relation in ordered
    )


def _party(note: str, numbers: Mapping[str, int], builder: ViewBuilder) -> PartyView:
    document = builder.knowledge.graph.note(note)
    assert document is not None  # noqa: S101 - relations contain ids of notes only
    return PartyView(numbers[note], builder.note_card(document))
