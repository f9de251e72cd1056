"""Values of the ranking: neighbours, their reasons, and the inputs of a ranking."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from inquiry_site.model import AnyDocument, RelationType

if TYPE_CHECKING:
    from inquiry_site.similarity.corpus import Item
    from inquiry_site.similarity.engine import Related

MOST_NEIGHBOURS = 10
"""The number of neighbours kept for each page."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a page is a neighbour; worded by the UI strings of the site's language."""

    kind: str
    """A key of the UI strings: ``chosen``, ``shares_notes``, ``papers``, ``disputes``, ``goes_on``, …"""
    count: int = 0
    """The number of shared notes, papers or lines, for kinds that count them."""
    names: tuple[str, ...] = ()
    """The notes, topics or words concerned, for kinds that name them."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """One neighbour of a page, with its reasons."""

    id: str
    score: float
    """From 0 to 1, rounded to four decimal places."""
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Pages:
    """The items of one kind of document, with the data from which they were built."""

    of: Mapping[str, Item]
    """The items by document id."""
    _documents: Mapping[str, AnyDocument]
    _links: Mapping[str, Sequence[str]]
    _shared: Mapping[str, Mapping[str, Collection[str]]]
    """The features that documents share, by kind and then by document id."""


@dataclass(frozen=True, slots=True)
class RankingCache:
    """Inputs and intermediate results of a ranking, which speed up the next one."""

    shown: int
    topic_names: Mapping[str, str]
    line_items: Pages
    note_items: Pages
    orders: Mapping[str, Sequence[str]]
    """The next lines of each line, before they were adjusted so that every line can be reached."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The neighbours of every page, best first."""

    next_lines: Mapping[str, tuple[Ranked, ...]]
    related_notes: Mapping[str, tuple[Ranked, ...]]
    bearing: Mapping[str, tuple[Ranked, ...]]
    """The notes that may bear on each open question, by its id."""

    def truncated(self, lines: int, notes: int) -> Neighbours:
        """Return the first next lines and related notes of each page, as values that can be pickled.

        Args:
            lines: the number of next lines per line.
            notes: the number of related notes per note.
        """
        return Neighbours(
            {line: ranked[:lines] for line, ranked in self.next_lines.items()},
            {note: ranked[:notes] for note, ranked in self.related_notes.items()},
            dict(self.bearing),
        )


@dataclass(frozen=True, slots=True)
class Ranking(Neighbours):
    """The neighbours of every page, with the scores and signals behind them."""

    unreached: tuple[str, ...]
    """Lines that cannot be reached from the home page by next lines."""
    lines: Related = field(repr=False, compare=False)
    """The similarity of lines: scores, signals, and the calibrated weights of signals."""
    notes: Related = field(repr=False, compare=False)
    """The similarity of notes, and of notes to open questions."""
    cache: RankingCache = field(repr=False, compare=False)


class RelationLike(Protocol):
    """A relation between two notes."""

    @property
    def source(self) -> str:
        """The note that states it."""

    @property
    def target(self) -> str:
        """The note to which it refers."""

    @property
    def type(self) -> RelationType:
        """The type of the relation."""


@dataclass(frozen=True, slots=True)
class RankingInputs:
    """The inputs of the ranking other than the graph."""

    sources: Mapping[str, frozenset[str]]
    """Keys of the sources of each note, by note id."""
    topics: Mapping[str, tuple[str, ...]]
    """Slugs of the topics of each document, by document id."""
    topic_names: Mapping[str, str]
    """The display name of each topic slug."""
    relations: Mapping[str, tuple[RelationLike, ...]]
    """The relations that each note states, by note id."""
