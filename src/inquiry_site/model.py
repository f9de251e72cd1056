"""The nouns: what authors write, as frozen values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from inquiry_site.diagnostics import Span


class Kind(Enum):
    """The two kinds of document; the value is the folder and the first part of the address."""

    NOTE = "notes"
    LINE = "lines"

    @property
    def noun(self) -> str:
        """The word for one of them."""
        return "note" if self is Kind.NOTE else "line"


BIBLIOGRAPHY = "references.bib"
"""Path of the BibTeX entries that notes may cite by key."""


# --- what a tree of files holds -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Stands for the content of a path that could not be read."""

    reason: str


@dataclass(frozen=True, slots=True)
class TooLarge:
    """Stands for the content of a file that was not read for its size."""

    size: int
    """In bytes."""


@dataclass(frozen=True, slots=True)
class Asset:
    """Stands for the content of a file that is published as it is: a picture beside a note, a hand-written page."""

    active: str = ""
    """Why a browser could run something in it; empty where it only shows or saves the file."""


FileContent = str | bytes | Unreadable | TooLarge | Asset


@dataclass(frozen=True, slots=True)
class TextFile:
    """One readable file."""

    path: str
    """Relative to the folder that holds ``notes/``, with ``/`` between its parts."""
    text: str
    """Without byte-order mark, lines ended by ``\\n``."""


# --- what a body says -----------------------------------------------------------------------------------------------


class CitationStyle(Enum):
    """How a citation was written."""

    WIKI = "[[id]]"
    LINK = "[words](path)"
    CARD = "![[id]]"


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in prose that points at a note or a line. Offsets count characters of the file's text."""

    start: int
    end: int
    target: str
    """As written: an id, a title, an alias, or the path of an ordinary link resolved to an id."""
    heading: str
    """The part after ``#`` of an ordinary link. In ``[[…]]`` it is still in the target: a title may hold a ``#``."""
    words: str
    """The author's own words for the link, as Markdown; empty when the title is to be shown."""
    style: CitationStyle
    sentence: int
    """Index of its sentence in the body's sentences."""


@dataclass(frozen=True, slots=True)
class Link:
    """Any other link or image: only its destination's place matters."""

    start: int
    end: int
    destination: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a body."""

    text: str
    explicit_id: str
    """The id given by hand (``{#id}``); empty when the site's Markdown makes it from the text."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that cites: plain text, with citations by their index in between."""

    parts: tuple[str | int, ...]
    block: tuple[int, int] = (0, 0)
    """Where the paragraph, item or cell stands that holds it; offsets into the file's text."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words that a body gives as somebody's own: in quotation marks, or as a block."""

    start: int
    end: int
    text: str
    """As a reader sees it, without marks and citations."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag of raw HTML that opens an element, or a list of attributes behind a piece of Markdown."""

    start: int
    end: int
    name: str
    """In lower case; empty for a list of attributes."""
    attributes: Mapping[str, str]
    """Values by names in lower case, character references as written."""


@dataclass(frozen=True, slots=True)
class Body:
    """The Markdown below the frontmatter, with what it cites."""

    text: str
    offset: int
    """Where it begins in the file's text."""
    citations: tuple[Citation, ...] = ()
    links: tuple[Link, ...] = ()
    """Links to files beside this one."""
    headings: tuple[Heading, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    quotations: tuple[Quotation, ...] = ()
    comments: tuple[tuple[int, int], ...] = ()
    """Where HTML comments stand; offsets into the file's text."""
    unclosed: tuple[int, int] | None = None
    """Where a fence of code stands that is never closed; offsets into the file's text."""
    addresses: tuple[Link, ...] = ()
    """Links that leave the site."""
    other_schemes: tuple[Link, ...] = ()
    """Links to what is neither a page of the web nor of the site: ``mailto:``, ``javascript:``."""
    tags: tuple[Tag, ...] = ()
    """Raw HTML."""

    @property
    def is_empty(self) -> bool:
        """Whether there is no prose at all: comments are none."""
        if not self.comments:
            return not self.text.strip()
        rest, position = "", self.offset
        for start, end in (*self.comments, (self.offset + len(self.text), 0)):
            rest += self.text[position - self.offset : start - self.offset]
            position = end
        return not rest.strip()


# --- what frontmatter says ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim passage of a source and where it stands there."""

    text: str
    locator: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """The bibliographic record of a source."""

    title: str
    authors: tuple[str, ...]
    year: int
    doi: str = ""
    arxiv: str = ""
    isbn: str = ""
    url: str = ""
    venue: str = ""
    type: str = "paper"
    retracted: str = ""
    """``yes`` or the ISO date of the retraction; empty when it stands."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One entry of a note's ``sources``: a record of its own, or a key of ``references.bib``."""

    reference: Reference | None
    key: str = ""
    """The BibTeX key without its ``@``; empty for a record of its own."""
    quotes: tuple[Quote, ...] = ()


class RelationType(Enum):
    """How one note bears on another, from the note that says so."""

    SUPPORTS = "supports"
    CONTRADICTS = "contradicts"
    QUALIFIES = "qualifies"
    EXTENDS = "extends"
    SUPERSEDES = "supersedes"


@dataclass(frozen=True, slots=True)
class Relation:
    """What a note says about another note, and why."""

    type: RelationType
    to: str
    because: str


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a claim holds and where it was not shown."""

    holds: tuple[str, ...] = ()
    not_shown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a note and a line have in common."""

    id: str
    path: str
    title: str
    description: str
    body: Body
    tags: tuple[str, ...] = ()
    date: dt.date | None = None
    updated: dt.date | None = None
    aliases: tuple[str, ...] = ()
    draft: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Document):
    """One question, one claim, its published evidence."""

    evidence: tuple[Evidence, ...]
    scope: Scope = Scope()
    relations: tuple[Relation, ...] = ()
    status: str = "active"

    @property
    def kind(self) -> Kind:
        """Always a note."""
        return Kind.NOTE


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiringLine(Document):
    """One big question, answered in prose that cites notes."""

    answer: str = ""
    verdict: str
    next: tuple[str, ...] = ()
    reviewed: dt.date | None = None

    @property
    def kind(self) -> Kind:
        """Always a line."""
        return Kind.LINE

    @property
    def is_open(self) -> bool:
        """Whether the question is published without an answer."""
        return self.body.is_empty


AnyDocument = Note | InquiringLine


# --- what parsing returns -------------------------------------------------------------------------------------------


class FaultKind(Enum):
    """What can keep a file from being understood. Wording and severity are the rules' business."""

    UNREADABLE = "unreadable"
    NOT_UTF8 = "not-utf8"
    EMPTY = "empty"
    NO_FRONTMATTER = "no-frontmatter"
    UNCLOSED_FRONTMATTER = "unclosed-frontmatter"
    BAD_YAML = "bad-yaml"
    NOT_A_MAPPING = "not-a-mapping"
    MISSING_KEY = "missing-key"
    UNKNOWN_KEY = "unknown-key"
    WRONG_TYPE = "wrong-type"
    BAD_VALUE = "bad-value"
    BAD_ID = "bad-id"
    BAD_PATH = "bad-path"
    BAD_BIBTEX = "bad-bibtex"
    UNCLOSED_CODE = "unclosed-code"
    TOO_LARGE = "too-large"
    TOO_DEEP = "too-deep"
    TOO_COMPLEX = "too-complex"


@dataclass(frozen=True, slots=True)
class Fault:
    """A fact about a file that cannot be used as it stands."""

    kind: FaultKind
    span: Span
    subject: str = ""
    """The key, id or thing it is about."""
    detail: str = ""
    """What was expected, or the underlying message."""
    found: str = ""
    """What stands there instead."""


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """One file of ``notes/`` or ``lines/`` after parsing: a document, or the faults that prevented it."""

    path: str
    kind: Kind
    id: str
    text: str
    document: AnyDocument | None
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class IncompleteEntry:
    """An entry of ``references.bib`` that lacks what a source needs."""

    key: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ParsedBibliography:
    """``references.bib`` after parsing."""

    entries: tuple[tuple[str, Reference], ...] = ()
    incomplete: tuple[IncompleteEntry, ...] = ()
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedFiles:
    """Everything that was read, in the order of paths."""

    documents: tuple[ParsedDocument, ...] = ()
    bibliography: ParsedBibliography = ParsedBibliography()
    faults: tuple[Fault, ...] = ()
    """Faults of paths that are no document at all."""
    assets: tuple[str, ...] = ()
    active: tuple[tuple[str, str], ...] = ()
    """Paths of assets in which a browser could run something, each with the reason."""
    hand_written: tuple[str, ...] = ()
    """Paths of the files of the docs folder, which prose may link to."""
    templates: tuple[TextFile, ...] = ()
    """A site's own templates; paths are relative to ``templates/``."""

    @property
    def texts(self) -> dict[str, str]:
        """The text of every document that could be read, by its path."""
        return {document.path: document.text for document in self.documents}
