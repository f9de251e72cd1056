"""The view of where a line's sources disagree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from inquiry_site.knowledge.relations import ResolvedRelation
from inquiry_site.rendering.views.builder import NoteCardView, ViewBuilder


@dataclass(frozen=True, slots=True)
class OpposingView:
    """A source that disagrees with another; ``type`` is ``contradicts`` or ``qualifies``."""

    type: str
    incoming: bool
    """Whether this source says it of the other, rather than the other of this one."""
    note: NoteCardView
    because: str
    replies: tuple[str, ...] = ()
    """Where both notes say that they contradict: the reasons that the other one gives."""
    told: bool = False
    """Whether its claim stands further up among the disagreements already."""


@dataclass(frozen=True, slots=True)
class DisagreementView:
    """One source and those that disagree with it, so that each claim can be read beside the other."""

    note: NoteCardView
    opposing: tuple[OpposingView, ...]
    told: bool = False
    """Whether its claim stands further up, where others disagree with it too."""


def disagreement_views(ties: Sequence[ResolvedRelation], desk: ViewBuilder) -> tuple[DisagreementView, ...]:
    """Disagreements about the source that has most of them, then about what is left, until none is.

    A claim that five others dispute is so read once and not five times; where it comes up again its question stands.
    """
    left = list(ties)
    views = []
    told: set[str] = set()
    while left:
        counts = Counter(end for tie in left for end in (tie.source, tie.target))
        # Of equals the first in the order of the ties: a Counter keeps the order in which it met them.
        center, _ = counts.most_common(1)[0]
        about = [tie for tie in left if center in (tie.source, tie.target)]
        left = [tie for tie in left if tie not in about]
        known = center in told
        told.add(center)
        opposing = tuple(_opposing(tie, center, told, desk) for tie in about)
        views.append(DisagreementView(_card(center, desk), opposing, known))
    return tuple(views)


def _opposing(tie: ResolvedRelation, center: str, told: set[str], desk: ViewBuilder) -> OpposingView:
    incoming = tie.target == center
    other = tie.source if incoming else tie.target
    known = other in told
    told.add(other)
    return OpposingView(tie.type.value, incoming, _card(other, desk), tie.because, tie.replies, known)


def _card(note: str, desk: ViewBuilder) -> NoteCardView:
    document = desk.knowledge.graph.note(note)
    assert document is not None  # noqa: S101 - ties hold ids of notes only
    return desk.note_card(document)
