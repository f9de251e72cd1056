"""Render changes for a terminal: a summary, then each change with its words marked and what rests on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from inquiry_site.changes.change import Change, Reached, count
from inquiry_site.changes.summary import summarise_changes
from inquiry_site.changes.word_diff import Presence, diff_words
from inquiry_site.diagnostics.terminal import printable_line

_LONGEST_LINE = 2_000
"""Maximum characters of a line: a claim of 600 characters with every word replaced, and its marks."""
_LONGEST_SENTENCE = 200
_MOST_PLACES = 10
"""The maximum number of sentences shown for a change; JSON has all."""
_MARKS = {Presence.BOTH: ("", ""), Presence.REMOVED: ("[-", "-]"), Presence.ADDED: ("{+", "+}")}
"""Marks around the words of each kind, as in ``git diff --word-diff``."""
WITH_WORDS = frozenset(
    (
        "answer-reworded claim-reworded description-reworded figures-changed paper-record-changed question-reworded "
        "quote-changed reason-reworded"
    ).split()
)
"""Kinds whose former and later texts are compared word by word."""


def render_changes_text(changes: Sequence[Change]) -> str:
    """Return a summary and all changes, the most important first."""
    blocks = [printable_line(summarise_changes(changes), _LONGEST_LINE)]
    blocks += ["\n".join(_rows(change)) for change in changes]
    return "\n\n".join(blocks)


def render_failure_text(message: str) -> str:
    """Return the line that is written if the revisions could not be compared."""
    return printable_line(f"Nothing was compared, because the comparison failed: {message}", _LONGEST_LINE)


def _rows(change: Change) -> Iterator[str]:
    head = f"{change.importance.value}: {change.path}: {change.message} [{change.kind}]"
    yield printable_line(head, _LONGEST_LINE)
    if has_reworded_sentence(change) or change.kind in WITH_WORDS:
        pieces = diff_words(change.before or "", change.after or "")
        marked = "".join(_MARKS[piece.presence][0] + piece.text + _MARKS[piece.presence][1] for piece in pieces)
        yield f"  {printable_line(marked, _LONGEST_LINE)}"
    for reached in change.reaches[:_MOST_PLACES]:
        yield f"  reaches {printable_line(_place(reached), _LONGEST_SENTENCE)}"
    more = len(change.reaches) - _MOST_PLACES
    if more > 0:
        yield f"  … and {count(more, 'more place')}; “--format json” lists them."


def has_reworded_sentence(change: Change) -> bool:
    """Return whether a sentence lost a citation and was reworded at the same time."""
    return change.kind == "sentence-lost-citation" and change.before != change.after


def _place(reached: Reached) -> str:
    return f"{reached.path}{reached.through}{': ' if reached.sentence else ''}{reached.sentence}"
