"""Define a change between two revisions: what changed, how important it is, and what rests on it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import ClassVar, TypedDict

from inquiry_site.diagnostics.terminal import shortened
from inquiry_site.model import AnyDocument

_LONGEST_TITLE = 120
"""Maximum characters of an author's text in a message; before and after have the whole text."""


class Importance(Enum):
    """How much attention a change needs from a reviewer."""

    CRITICAL = "critical"
    """A published statement may have lost its evidence, or something could not be compared."""
    REVIEW = "review"
    """A reviewer should read it."""
    INFO = "info"

    @property
    def rank(self) -> int:
        """The position in the order of importance, from 0 for the most important."""
        return list(Importance).index(self)


@dataclass(frozen=True, slots=True, order=True)
class Reached:
    """A sentence that rests on a page, directly or through others."""

    distance: int
    """1 if it rests on the page directly, 2 if it rests on a page that does, and so on."""
    path: str
    id: str
    sentence: str
    """Empty for a citation that is not part of a sentence, and for a note that extends the page without citing it."""

    @property
    def through(self) -> str:
        """Through how many pages it rests on the page, in parentheses; empty if it does directly."""
        return "" if self.distance == 1 else f" (through {count(self.distance - 1, 'page')})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference between two revisions; each subclass is a kind of change and words its own message."""

    kind: ClassVar[str]
    """Stable name of the kind."""
    importance: ClassVar[Importance] = Importance.INFO
    is_effect: ClassVar[bool] = False
    """Whether it may concern a page whose own file is the same."""
    path: str
    """The file that changed, or whose page is affected; if it was renamed, its path after that."""
    id: str = ""
    """The id of the document; empty for other files."""
    before: str | None = None
    """The former value, if there is a single one."""
    after: str | None = None
    reaches: tuple[Reached, ...] = ()
    """The sentences that rest on what changed."""

    @property
    def message(self) -> str:
        """What changed, in one or more sentences."""
        raise NotImplementedError


class _Place(TypedDict):
    path: str
    id: str


def at(document: AnyDocument) -> _Place:
    """Return the fields of a change that locate it in a document."""
    return {"path": document.path, "id": document.id}


def quoted(text: str) -> str:
    """Return an author's text in quotation marks, shortened for a message."""
    return f"“{shortened(' '.join(text.split()), _LONGEST_TITLE)}”"


def listed(names: tuple[str, ...]) -> str:
    """Return authors' texts in quotation marks, separated by commas; of many, only the first are named."""
    shown = ", ".join(map(quoted, names[:_MOST_NAMES]))
    return f"{shown} and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else shown


_MOST_NAMES = 8


def count(number: int, noun: str) -> str:
    """Return a number with its noun: ``1 note``, ``2 notes``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def reach_phrase(reaches: tuple[Reached, ...]) -> str:
    """Return how much rests on a page, as a sentence."""
    if not reaches:
        return "No other page rests on it."
    sentences = sum(1 for reached in reaches if reached.sentence)
    pages = {reached.path for reached in reaches if reached.sentence}
    others = {reached.path for reached in reaches} - pages
    parts = [f"{count(sentences, 'sentence')} on {count(len(pages), 'page')}"] if pages else []
    if others:
        parts.append(count(len(others), "other page" if pages else "page"))
    least = "at least " if len(reaches) >= MOST_REACHED else ""
    rest = "rests" if sentences + len(others) == 1 else "rest"
    phrase = f"{least}{' and '.join(parts)} {rest} on it."
    return phrase[0].upper() + phrase[1:]


MOST_REACHED = 500
"""The maximum number of sentences listed for one change: in a dense graph, everything rests on everything."""
