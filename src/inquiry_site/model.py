"""The data model: what authors write and what parsing returns, as frozen values."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import Enum

from inquiry_site.body_syntax import FileReference, ForeignSyntax, Quotation, Tag
from inquiry_site.diagnostics import Span
from inquiry_site.file_content import TextFile
from inquiry_site.text.terms import GlossaryEntry

QUESTION_MARKS = ("?", "？", "؟", "՞", "፧", "\u037e")
"""The signs that end a question in Latin, Chinese, Arabic, Armenian, Ethiopic and Greek."""


class Kind(Enum):
    """The two kinds of document; the value is their folder and the first part of their URLs."""

    NOTE = "notes"
    LINE = "lines"

    @property
    def noun(self) -> str:
        """The singular noun: ``note`` or ``line``."""
        return "note" if self is Kind.NOTE else "line"


# --- bodies ---------------------------------------------------------------------------------------------------------


class CitationStyle(Enum):
    """The syntax of a citation."""

    WIKI = "[[id]]"
    LINK = "[words](path)"
    CARD = "![[id]]"


@dataclass(frozen=True, slots=True)
class Citation:
    """A citation of a note or a line in prose. Offsets are characters of the file's text."""

    start: int
    end: int
    target: str
    """The target as written (an id, a title or an alias), or the id to which the path of an ordinary link leads."""
    heading: str
    """The part of an ordinary link after ``#``. In ``[[…]]`` it stays in the target, as a title may contain ``#``."""
    label: str
    """The author's label of the link, as Markdown; empty if the title is to be shown."""
    style: CitationStyle
    sentence: int
    """Index of its sentence in the body's sentences; -1 if it is not part of one."""


@dataclass(frozen=True, slots=True)
class Link:
    """Any other link or image. Offsets are those of its destination."""

    start: int
    end: int
    destination: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading in a body; its span ends after its text and attributes."""

    start: int
    end: int
    text: str
    explicit_id: str
    """The id written by the author (``{#id}``); empty if the site's Markdown derives it from the text."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with citations."""

    parts: tuple[str | int, ...]
    """Plain text, and the indices of citations in between."""
    block: tuple[int, int] = (0, 0)
    """Start and end of the paragraph, list item or table cell around it; offsets in the file's text."""


@dataclass(frozen=True, slots=True)
class Body:
    """The Markdown below the frontmatter, and the elements found in it."""

    text: str
    offset: int
    """Offset of the body in the file's text."""
    citations: tuple[Citation, ...] = ()
    links: tuple[Link, ...] = ()
    """Relative links, to other files of the site."""
    headings: tuple[Heading, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    quotations: tuple[Quotation, ...] = ()
    comments: tuple[tuple[int, int], ...] = ()
    """Start and end of each comment, in HTML or between percent signs; offsets in the file's text."""
    unclosed_fence: tuple[int, int] | None = None
    """Start and end of a code fence that is never closed; offsets in the file's text."""
    external_links: tuple[Link, ...] = ()
    """Links that leave the site."""
    other_schemes: tuple[Link, ...] = ()
    """Links with another scheme, such as ``mailto:`` and ``javascript:``."""
    tags: tuple[Tag, ...] = ()
    """Tags of raw HTML."""
    unclosed_comment: tuple[int, int] | None = None
    """Start and end of percent signs that open a comment which is never closed; offsets in the file's text."""
    files: tuple[FileReference, ...] = ()
    """Files that are shown or linked by their names, and the sources of pictures and media in raw HTML."""
    foreign: tuple[ForeignSyntax, ...] = ()
    """Syntax of other programs."""

    @property
    def is_empty(self) -> bool:
        """Whether the body contains nothing but whitespace and comments."""
        return not self.published_text.strip()

    @property
    def published_text(self) -> str:
        """The text without its comments."""
        if not self.comments:
            return self.text
        pieces, position = [], self.offset
        for start, end in (*self.comments, (self.offset + len(self.text), 0)):
            pieces.append(self.text[position - self.offset : start - self.offset])
            position = end
        return "".join(pieces)


# --- frontmatter ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim passage of a source and its location there."""

    text: str
    locator: str = ""


@dataclass(frozen=True, slots=True)
class SourceCheck:
    """When, how far (``abstract`` or ``text``) and in which version (such as ``v2``) a note's author read a source."""

    on: dt.date
    extent: str
    version: str = ""


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
    """``yes`` or the ISO date of the retraction; empty if the source is not retracted."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """An entry of a note's ``sources``: a record, or a key in ``references.bib``."""

    reference: Reference | None
    key: str = ""
    """The BibTeX key without ``@``; empty if the entry contains a record."""
    quotes: tuple[Quote, ...] = ()
    checked: SourceCheck | None = None


class RelationType(Enum):
    """The type of a relation, seen from the note that states it."""

    SUPPORTS = "supports"
    CONTRADICTS = "contradicts"
    QUALIFIES = "qualifies"
    EXTENDS = "extends"
    SUPERSEDES = "supersedes"


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation that a note states to another note, with the reason."""

    type: RelationType
    to: str
    because: str


@dataclass(frozen=True, slots=True)
class Scope:
    """The conditions under which a claim holds, and those for which it was not shown."""

    holds: tuple[str, ...] = ()
    not_shown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The fields that notes and lines have in common."""

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
    """A note: one question, one claim, and its published evidence."""

    evidence: tuple[Evidence, ...]
    scope: Scope = Scope()
    relations: tuple[Relation, ...] = ()
    status: str = "active"

    @property
    def kind(self) -> Kind:
        """Always ``Kind.NOTE``."""
        return Kind.NOTE


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiringLine(Document):
    """An inquiring line: one big question, answered in prose that cites notes."""

    answer: str = ""
    verdict: str
    next: tuple[str, ...] = ()
    reviewed: dt.date | None = None

    @property
    def kind(self) -> Kind:
        """Always ``Kind.LINE``."""
        return Kind.LINE

    @property
    def is_open(self) -> bool:
        """Whether the question is published without an answer."""
        return self.body.is_empty


AnyDocument = Note | InquiringLine


# --- what parsing returns -------------------------------------------------------------------------------------------


class FaultKind(Enum):
    """The ways in which a file can be invalid. The rules define wording and severity."""

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
    """A fault that makes a file, or part of it, unusable."""

    kind: FaultKind
    span: Span
    subject: str = ""
    """The key, id or other element concerned."""
    detail: str = ""
    """What was expected, or the underlying error message."""
    found: str = ""
    """What the file contains instead."""


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """A parsed file in ``notes/`` or ``lines/``: a document, or the faults that prevented one."""

    path: str
    kind: Kind
    id: str
    text: str
    document: AnyDocument | None
    faults: tuple[Fault, ...] = ()
    faulty_body: Body | None = None
    """The body of a file without a document; its citations and links are checked all the same."""
    faulty_references: tuple[tuple[tuple[str | int, ...], str], ...] = ()
    """The ids in ``next`` and ``relations`` of a file without a document, each with the path of keys to it."""


@dataclass(frozen=True, slots=True)
class ParsedPage:
    """A hand-written page of the docs folder."""

    path: str
    text: str
    body: Body | None = None
    """None if the page cites nothing."""


@dataclass(frozen=True, slots=True)
class TopicFile:
    """What an author wrote about the topic of a tag, which is the id; aliases are tags that mean the same."""

    id: str
    path: str
    title: str
    body: Body
    description: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedTopic:
    """A parsed file in ``topics/``, or the faults that prevented one."""

    path: str
    id: str
    text: str
    topic: TopicFile | None
    faults: tuple[Fault, ...] = ()
    faulty_body: Body | None = None


@dataclass(frozen=True, slots=True)
class IncompleteEntry:
    """An entry of ``references.bib`` that lacks required fields."""

    key: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ParsedBibliography:
    """The parsed ``references.bib``."""

    entries: tuple[tuple[str, Reference], ...] = ()
    incomplete: tuple[IncompleteEntry, ...] = ()
    faults: tuple[Fault, ...] = ()
    written_names: tuple[tuple[str, int, tuple[str, ...]], ...] = ()
    """The key and the line of each entry, and its authors as written: which parts are family names is lost later."""


@dataclass(frozen=True, slots=True)
class ParsedFiles:
    """All files of a knowledge base after parsing, in order of path."""

    documents: tuple[ParsedDocument, ...] = ()
    bibliography: ParsedBibliography = ParsedBibliography()
    faults: tuple[Fault, ...] = ()
    """Faults of paths that are not documents."""
    assets: tuple[str, ...] = ()
    active: tuple[tuple[str, str], ...] = ()
    """Paths of assets in which a browser could run something, each with the reason."""
    hand_written: tuple[str, ...] = ()
    """Paths of the files in the docs folder, to which prose may link."""
    templates: tuple[TextFile, ...] = ()
    """The site's own templates, with paths relative to ``templates/``."""
    pages: tuple[ParsedPage, ...] = ()
    """The hand-written pages that could be read."""
    topics: tuple[ParsedTopic, ...] = ()
    glossary: tuple[GlossaryEntry, ...] = ()

    @property
    def texts(self) -> dict[str, str]:
        """The text of every parsed document, topic and page, by path."""
        return {file.path: file.text for files in (self.documents, self.topics, self.pages) for file in files}
