"""Compare two revisions of a knowledge base."""

from __future__ import annotations

from inquiry_site.changes import (
    citation_changes,
    effect_changes,
    evidence_changes,
    file_changes,
    finding_changes,
    page_changes,
    standing_changes,
    text_changes,
)
from inquiry_site.changes.change import Change
from inquiry_site.changes.pairing import pair_documents
from inquiry_site.changes.revision import Revision

KINDS: tuple[type[Change], ...] = (
    page_changes.NotCompared,
    finding_changes.ErrorsAdded,
    standing_changes.PaperRetracted,
    standing_changes.NoteRetracted,
    page_changes.CitedPageRemoved,
    standing_changes.NoteSuperseded,
    evidence_changes.SourceRemoved,
    evidence_changes.QuoteRemoved,
    evidence_changes.QuoteChanged,
    citation_changes.SentenceLostCitation,
    text_changes.FiguresChanged,
    text_changes.ClaimReworded,
    text_changes.UpdatedNotMoved,
    text_changes.VerdictChanged,
    text_changes.AnswerReworded,
    text_changes.LineReopened,
    text_changes.QuestionReworded,
    evidence_changes.ScopeWidened,
    citation_changes.SentenceWeakened,
    standing_changes.NoteDisputed,
    standing_changes.DisagreementAdded,
    standing_changes.DisagreementEnded,
    standing_changes.NoteReinstated,
    standing_changes.PaperReinstated,
    page_changes.PageRemoved,
    page_changes.Unpublished,
    page_changes.AddressLost,
    effect_changes.DueForReview,
    effect_changes.NewNoteLacks,
    effect_changes.NearDuplicate,
    effect_changes.TopicUsedOnce,
    finding_changes.WarningsAdded,
    file_changes.TemplateChanged,
    page_changes.NoteAdded,
    page_changes.LineAdded,
    page_changes.OpenQuestionAdded,
    text_changes.LineAnswered,
    page_changes.Renamed,
    page_changes.PageMerged,
    page_changes.Moved,
    evidence_changes.PaperNew,
    evidence_changes.PaperGone,
    evidence_changes.PaperRecordChanged,
    evidence_changes.SourceAdded,
    evidence_changes.QuoteAdded,
    evidence_changes.LocatorChanged,
    evidence_changes.ReadingChanged,
    evidence_changes.ScopeNarrowed,
    citation_changes.CitationAdded,
    citation_changes.CitationRemoved,
    standing_changes.RelationAdded,
    standing_changes.RelationEnded,
    standing_changes.ReasonReworded,
    text_changes.DescriptionReworded,
    text_changes.BodyEdited,
    text_changes.TopicsChanged,
    text_changes.AliasesChanged,
    text_changes.ChosenNextChanged,
    text_changes.DateChanged,
    effect_changes.ReviewDone,
    effect_changes.NextMoved,
    finding_changes.SuggestionsAdded,
    finding_changes.FindingsFixed,
    page_changes.DraftChanged,
    file_changes.OtherFileChanged,
    file_changes.FormattingChanged,
)
"""Every kind of change, the most important first."""

_RANKS = {kind: (kind.importance.rank, position) for position, kind in enumerate(KINDS)}


def compare(before: Revision, after: Revision, with_ranking: bool = False) -> tuple[Change, ...]:
    """Return what changed between two revisions, the most important first.

    Args:
        before: the earlier revision.
        after: the later revision.
        with_ranking: whether the next lines are compared too, which takes longer than everything else.
    """
    pairing = pair_documents(before, after)
    changes: list[Change] = [
        *page_changes.find_unparsed(pairing),
        *page_changes.find_page_changes(pairing),
        *text_changes.find_text_changes(pairing),
        *evidence_changes.find_evidence_changes(pairing),
        *standing_changes.find_standing_changes(pairing),
        *citation_changes.find_citation_changes(pairing),
        *effect_changes.find_effects(pairing),
        *finding_changes.find_finding_changes(pairing),
        *file_changes.find_other_files(pairing),
    ]
    changes += citation_changes.find_weakened_sentences(pairing, changes)
    if with_ranking:
        changes += effect_changes.find_moved_next_lines(pairing)
    changes += file_changes.find_formatting(pairing, changes)
    return tuple(sorted(changes, key=_order))


def _order(change: Change) -> tuple[tuple[int, int], str, str, str, str, str]:
    """Return the sort key of a change: importance, kind, then place."""
    return _RANKS[type(change)], change.path, change.id, change.message, change.before or "", change.after or ""
