"""What the ranking says: neighbours, why they are neighbours, and what that rests on."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from inquiry_site.model import AnyDocument, RelationType

if TYPE_CHECKING:
    from inquiry_site.similarity.corpus import Item
    from inquiry_site.similarity.engine import Related

MOST_NEIGHBOURS = 10
"""How many neighbours are kept for each page."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a page is a neighbour; the languages of the site have the words for it."""

    kind: str
    """A key of the words: ``chosen``, ``shares_notes``, ``papers``, ``disputes``, ``goes_on``, …"""
    count: int = 0
    """How many things are shared, where they are counted."""
    names: tuple[str, ...] = ()
    """What is shared, disputed or gone on to, where it is named."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """One neighbour of a page, with its reasons."""

    id: str
    score: float
    """From 0 to 1, rounded to four places."""
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of one kind of document, and what they were made of."""

    of: Mapping[str, Item]
    _documents: Mapping[str, AnyDocument]
    _links: Mapping[str, Sequence[str]]
    _shared: Mapping[str, Mapping[str, Collection[str]]]
    """What pages share, by its kind and then by page."""


@dataclass(frozen=True, slots=True)
class RankingCache:
    """What a ranking was made of and with, by which the next one is made faster."""

    shown: int
    topic_names: Mapping[str, str]
    line_pages: Pages
    note_pages: Pages
    orders: Mapping[str, Sequence[str]]
    """The next lines of each line before a way was made to every line."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The neighbours of every page, the best first."""

    next_lines: Mapping[str, tuple[Ranked, ...]]
    related_notes: Mapping[str, tuple[Ranked, ...]]
    bearing: Mapping[str, tuple[Ranked, ...]]
    """For each open question the notes that may bear on it."""

    def first(self, lines: int, notes: int) -> Neighbours:
        """Only so many next lines and related notes of each page, as values that another process can be told."""
        return Neighbours(
            {line: found[:lines] for line, found in self.next_lines.items()},
            {note: found[:notes] for note, found in self.related_notes.items()},
            dict(self.bearing),
        )


@dataclass(frozen=True, slots=True)
class Ranking(Neighbours):
    """The neighbours of every page and what they rest on."""

    unreached: tuple[str, ...]
    """Lines to which no next lines lead from the home page."""
    lines: Related = field(repr=False, compare=False)
    """What the next lines rest on: the evidence on each pair of lines, and how far each kind is trusted here."""
    notes: Related = field(repr=False, compare=False)
    """The same of notes."""
    cache: RankingCache = field(repr=False, compare=False)


class RelationLike(Protocol):
    """A relation between two notes."""

    @property
    def source(self) -> str:
        """The note that states it."""

    @property
    def target(self) -> str:
        """The note that it is about."""

    @property
    def type(self) -> RelationType:
        """What it says."""


@dataclass(frozen=True, slots=True)
class RankingInputs:
    """What is known of each page beyond the graph."""

    sources: Mapping[str, frozenset[str]]
    """Keys of the sources that each note rests on."""
    topics: Mapping[str, tuple[str, ...]]
    """Slugs of the topics of each page."""
    topic_names: Mapping[str, str]
    relations: Mapping[str, tuple[RelationLike, ...]]
    """The relations that each note states."""
