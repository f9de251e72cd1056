"""Summarise changes in one sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from inquiry_site.changes.change import Change, Importance, count
from inquiry_site.changes.evidence_changes import PaperGone, PaperNew
from inquiry_site.changes.page_changes import (
    CitedPageRemoved,
    LineAdded,
    NotCompared,
    NoteAdded,
    OpenQuestionAdded,
    PageMerged,
    PageRemoved,
    Unpublished,
)

_REMOVALS = (CitedPageRemoved, PageRemoved, PageMerged, Unpublished)
_ADDITIONS = (NoteAdded, LineAdded, OpenQuestionAdded)
_NAMED_FILES = 3


def summarise_changes(changes: Sequence[Change]) -> str:
    """Return the number of pages that changed and of changes to read, in one sentence.

    Files that could not be compared are named, so that an incomplete comparison is never mistaken for a clean one.
    """
    if not changes:
        return "Nothing changed."
    parts = list(_counts(changes))
    read = sum(1 for change in changes if change.importance is not Importance.INFO)
    is_complete = not any(isinstance(change, NotCompared) for change in changes)
    sentence = ", ".join(parts) or ("No page changed" if is_complete else "No other page changed")
    if read:
        sentence += f"; {read:,} {'thing' if read == 1 else 'things'} to look at"
    elif not parts:
        sentence = f"{count(len(changes), 'minor change')}, none of them on a page"
    return f"{sentence}.{_incomplete(changes)}"


def _counts(changes: Sequence[Change]) -> Iterator[str]:
    new = {change.path for change in changes if isinstance(change, _ADDITIONS)}
    gone = {change.path for change in changes if isinstance(change, _REMOVALS)}
    edited = {c.path for c in changes if c.id and not c.is_effect} - new - gone
    for noun, prefix in (("note", "notes/"), ("line", "lines/")):
        for paths, verb in ((new, "added"), (gone, "removed"), (edited, "edited")):
            number = sum(1 for path in paths if path.startswith(prefix))
            if number:
                yield f"{count(number, noun)} {verb}"
    for kind, adjective in ((PaperNew, "new"), (PaperGone, "no longer used")):
        number = sum(1 for change in changes if isinstance(change, kind))
        if number:
            yield f"{count(number, 'paper')} {adjective}"


def _incomplete(changes: Sequence[Change]) -> str:
    unparsed = [change for change in changes if isinstance(change, NotCompared)]
    parts: list[str] = []
    for name in dict.fromkeys(name for change in unparsed for name in change.revisions):
        paths = [change.path for change in unparsed if name in change.revisions]
        shown = ", ".join(paths[:_NAMED_FILES]) + (", …" if len(paths) > _NAMED_FILES else "")
        parts.append(f"{count(len(paths), 'file')} of {name} could not be parsed: {shown}.")
    return f" The comparison is incomplete. {' '.join(parts)}" if parts else ""
