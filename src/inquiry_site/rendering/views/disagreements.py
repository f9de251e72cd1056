"""Define and build the views of disagreements between a line's sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from inquiry_site.knowledge.relations import ResolvedRelation
from inquiry_site.rendering.views.builder import NoteCardView, ViewBuilder


@dataclass(frozen=True, slots=True)
class OpposingView:
    """A cited note that disagrees with another; ``type`` is ``contradicts`` or ``qualifies``."""

    type: str
    incoming: bool
    """Whether this note states the relation to the other one, rather than the other one to it."""
    note: NoteCardView
    because: str
    replies: tuple[str, ...] = ()
    """If both notes state that they contradict each other: the reasons that the other one gives."""
    told: bool = False
    """Whether its claim is already shown further up among the disagreements."""


@dataclass(frozen=True, slots=True)
class DisagreementView:
    """A cited note and those that disagree with it, so that readers can compare their claims side by side."""

    note: NoteCardView
    opposing: tuple[OpposingView, ...]
    told: bool = False
    """Whether its claim is already shown further up among the disagreements."""


def disagreement_views(relations: Sequence[ResolvedRelation], builder: ViewBuilder) -> tuple[DisagreementView, ...]:
    """Group disagreements: first those of the source that has the most of them, then the rest in the same way.

    So a claim that five others dispute is shown once and not five times; where it recurs, only its question is shown.
    """
    remaining = list(relations)
    views = []
    shown: set[str] = set()
    while remaining:
        counts = Counter(note for relation in remaining for note in (relation.source, relation.target))
        # Ties are broken by the order of the relations, because a Counter keeps insertion order.
        center, _ = counts.most_common(1)[0]
        group = [relation for relation in remaining if center in (relation.source, relation.target)]
        remaining = [relation for relation in remaining if relation not in group]
        is_shown = center in shown
        shown.add(center)
        opposing = tuple(_opposing(relation, center, shown, builder) for relation in group)
        views.append(DisagreementView(_card(center, builder), opposing, is_shown))
    return tuple(views)


def _opposing(relation: ResolvedRelation, center: str, shown: set[str], builder: ViewBuilder) -> OpposingView:
    incoming = relation.target == center
    other = relation.source if incoming else relation.target
    is_shown = other in shown
    shown.add(other)
    card = _card(other, builder)
    return OpposingView(relation.type.value, incoming, card, relation.because, relation.replies, is_shown)


def _card(note: str, builder: ViewBuilder) -> NoteCardView:
    document = builder.knowledge.graph.note(note)
    assert document is not None  # noqa: S101 - relations contain ids of notes only
    return builder.note_card(document)
