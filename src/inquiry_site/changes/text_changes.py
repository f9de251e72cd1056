"""Find what changed in the texts and keys of a document: question, claim, answer, figures, verdict, dates, topics."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from inquiry_site.changes.change import Change, Importance, at, count, listed, quoted
from inquiry_site.changes.pairing import Pairing
from inquiry_site.model import AnyDocument, InquiringLine, Note
from inquiry_site.parsing.figures import find_figures, find_number_words
from inquiry_site.parsing.word_count import count_words


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionReworded(Change):
    """A reworded question, which every citing page shows."""

    kind = "question-reworded"
    importance = Importance.REVIEW

    @property
    def message(self) -> str:
        """What changed."""
        return "The question was reworded."


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresChanged(Change):
    """A claim or an answer with other figures."""

    kind = "figures-changed"
    importance = Importance.REVIEW
    subject: str
    lost: tuple[str, ...]
    gained: tuple[str, ...]

    @property
    def message(self) -> str:
        """What changed."""
        lost, gained = listed(self.lost), listed(self.gained)
        if lost and gained:
            return f"Figures of the {self.subject} changed: {lost} became {gained}."
        return f"The {self.subject} lost {lost}." if lost else f"Figures were added to the {self.subject}: {gained}."


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimReworded(Change):
    """A reworded claim with the same figures."""

    kind = "claim-reworded"
    importance = Importance.REVIEW

    @property
    def message(self) -> str:
        """What changed."""
        return "The claim was reworded."


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdatedNotMoved(Change):
    """A claim that changed while the date ``updated`` did not."""

    kind = "updated-not-moved"
    importance = Importance.REVIEW
    updated: dt.date | None

    @property
    def message(self) -> str:
        """What changed."""
        is_date = f"is still {self.updated.isoformat()}" if self.updated else "is missing"
        return f"The claim changed, but “updated” {is_date}, so no citing line becomes due for review."


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerReworded(Change):
    """A reworded answer with the same figures."""

    kind = "answer-reworded"
    importance = Importance.REVIEW

    @property
    def message(self) -> str:
        """What changed."""
        return "The answer was reworded."


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictChanged(Change):
    """A line with another verdict."""

    kind = "verdict-changed"
    importance = Importance.REVIEW

    @property
    def message(self) -> str:
        """What changed."""
        return f"The verdict changed from “{self.before}” to “{self.after}”."


@dataclass(frozen=True, slots=True, kw_only=True)
class LineAnswered(Change):
    """An open question that was answered."""

    kind = "question-answered"
    title: str

    @property
    def message(self) -> str:
        """What changed."""
        return f"The open question is answered: {quoted(self.title)} {quoted(self.after or '')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineReopened(Change):
    """A line whose answer was withdrawn."""

    kind = "question-reopened"
    importance = Importance.REVIEW
    title: str

    @property
    def message(self) -> str:
        """What changed."""
        return f"The answer was withdrawn, so the question is open again: {quoted(self.title)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DescriptionReworded(Change):
    """A line whose description was reworded."""

    kind = "description-reworded"

    @property
    def message(self) -> str:
        """What changed."""
        return "The description was reworded."


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyEdited(Change):
    """A document with another text."""

    kind = "text-edited"
    words: tuple[int, int]

    @property
    def message(self) -> str:
        """What changed."""
        old, new = self.words
        before = "as before" if old == new else f"instead of {old:,}"
        return f"The text was edited; it has {count(new, 'word')} {before}."


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasesChanged(Change):
    """A document with other aliases; without one, its redirect and the citations by that name fail."""

    kind = "aliases-changed"
    lost: tuple[str, ...]
    gained: tuple[str, ...]

    @property
    def message(self) -> str:
        """What changed."""
        parts = [f"lost {listed(self.lost)}"] * bool(self.lost) + [f"gained {listed(self.gained)}"] * bool(self.gained)
        return f"The aliases {' and '.join(parts)}."


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicsChanged(Change):
    """A document with other tags."""

    kind = "topics-changed"
    lost: tuple[str, ...]
    gained: tuple[str, ...]

    @property
    def message(self) -> str:
        """What changed."""
        parts = [f"lost {listed(self.lost)}"] * bool(self.lost) + [f"gained {listed(self.gained)}"] * bool(self.gained)
        return f"The topics {' and '.join(parts)}." if parts else "The order of the topics changed."


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenNextChanged(Change):
    """A line for which the author chose other next lines."""

    kind = "chosen-next-changed"

    @property
    def message(self) -> str:
        """What changed."""
        return f"The author's next lines changed from {self.before or 'none'} to {self.after or 'none'}."


@dataclass(frozen=True, slots=True, kw_only=True)
class DateChanged(Change):
    """A document with another date, such as ``reviewed``."""

    kind = "date-changed"
    key: str

    @property
    def message(self) -> str:
        """What changed."""
        return f"“{self.key}” changed from {self.before or 'no date'} to {self.after or 'no date'}."


def find_text_changes(pairing: Pairing) -> Iterator[Change]:
    """Yield what changed in the texts and keys of paired documents."""
    for old, new in pairing.changed:
        if old.title != new.title:
            yield QuestionReworded(**at(new), before=old.title, after=new.title)
        if isinstance(old, Note) and isinstance(new, Note):
            yield from _claim_changes(old, new)
        elif isinstance(old, InquiringLine) and isinstance(new, InquiringLine):
            yield from _line_changes(old, new, pairing)
        if old.body.text.strip() != new.body.text.strip():
            yield BodyEdited(**at(new), words=(count_words(old.body), count_words(new.body)))
        yield from _key_changes(old, new)


def _claim_changes(old: Note, new: Note) -> Iterator[Change]:
    if old.description == new.description:
        return
    change = _figure_change("claim", new, old.description, new.description)
    yield change or ClaimReworded(**at(new), before=old.description, after=new.description)
    if new.updated is None or (old.updated is not None and new.updated <= old.updated):
        yield UpdatedNotMoved(**at(new), updated=new.updated)


def _line_changes(old: InquiringLine, new: InquiringLine, pairing: Pairing) -> Iterator[Change]:
    if old.is_open and not new.is_open:
        yield LineAnswered(**at(new), title=new.title, before="", after=new.answer)
    elif new.is_open and not old.is_open:
        yield LineReopened(**at(new), title=new.title, before=old.answer, after=new.answer)
    else:
        if old.answer != new.answer:
            change = _figure_change("answer", new, old.answer, new.answer)
            yield change or AnswerReworded(**at(new), before=old.answer, after=new.answer)
        if old.verdict != new.verdict:
            yield VerdictChanged(**at(new), before=old.verdict, after=new.verdict)
    if old.description != new.description:
        yield DescriptionReworded(**at(new), before=old.description, after=new.description)
    if tuple(map(pairing.later_id, old.next)) != new.next:
        yield ChosenNextChanged(**at(new), before=", ".join(old.next), after=", ".join(new.next))


def _key_changes(old: AnyDocument, new: AnyDocument) -> Iterator[Change]:
    # The former id of a renamed document is reported as such.
    gained = tuple(alias for alias in new.aliases if alias not in old.aliases and alias != old.id)
    lost = tuple(alias for alias in old.aliases if alias not in new.aliases and alias != new.id)
    if gained or lost:
        yield AliasesChanged(**at(new), lost=lost, gained=gained)
    if old.tags != new.tags:
        lost = tuple(tag for tag in old.tags if tag not in new.tags)
        yield TopicsChanged(**at(new), lost=lost, gained=tuple(tag for tag in new.tags if tag not in old.tags))
    for key in ("date", "updated", "reviewed"):
        before, after = getattr(old, key, None), getattr(new, key, None)
        if before != after:
            dates = [date.isoformat() if date else None for date in (before, after)]
            yield DateChanged(**at(new), key=key, before=dates[0], after=dates[1])


def _figure_change(subject: str, document: AnyDocument, before: str, after: str) -> FiguresChanged | None:
    lost, gained = _missing_figures(before, after), _missing_figures(after, before)
    if not lost and not gained:
        return None
    return FiguresChanged(**at(document), before=before, after=after, subject=subject, lost=lost, gained=gained)


def _missing_figures(text: str, other: str) -> tuple[str, ...]:
    """Return the figures of a text that another one contains neither in digits nor in words."""
    present = [*find_figures(other), *find_number_words(other)]
    missing = (figure for figure in find_figures(text) if not any(figure.equals(same) for same in present))
    return tuple(dict.fromkeys(text[figure.start : figure.end] for figure in missing))
