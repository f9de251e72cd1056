"""What parsing finds in a body besides citations, links and headings, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation in a body: text in quotation marks, or a block quote."""

    start: int
    end: int
    text: str
    """The text as readers see it, without quotation marks and citations."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A start tag of raw HTML, or an attribute list after a piece of Markdown."""

    start: int
    end: int
    name: str
    """The name of the element in lower case; empty for an attribute list."""
    attributes: Mapping[str, str]
    """Values by name in lower case, with character references as written."""


class FileReferenceStyle(Enum):
    """The syntax that refers to a file by its name or path."""

    SHOWN = "![[file]]"
    LINKED = "[[file]]"
    SOURCE = 'src="file"'


@dataclass(frozen=True, slots=True)
class FileReference:
    """A file beside the notes that a body shows or links to, other than with an ordinary link.

    Offsets are those of all of it for ``[[…]]``, and of the attribute's value for raw HTML.
    """

    start: int
    end: int
    target: str
    """The file's name or path, without a fragment."""
    label: str
    """What follows the first bar in ``[[…]]``: words, or the width of a picture."""
    style: FileReferenceStyle
    fragment: str = ""
    """The part of the address after ``#``."""


class ForeignKind(Enum):
    """The kinds of syntax that other programs understand and this site does not."""

    FOOTNOTE = "footnote without text"
    INLINE_FOOTNOTE = "inline footnote"
    CITATION_KEY = "citation by key"
    TEX_COMMAND = "TeX command"
    TEX_ENVIRONMENT = "TeX environment"
    DIAGRAM = "diagram"
    QUERY = "query"
    FENCED_CALLOUT = "callout in a fence"
    FENCED_FORMULA = "formula in a fence"
    BLOCK_ID = "block id"
    FENCED_DIV = "fenced div"
    TEMPLATE = "template"
    ROLE = "role"
    DIRECTIVE = "directive"
    CONTENTS = "table of contents"


@dataclass(frozen=True, slots=True)
class ForeignSyntax:
    """Syntax of another program, which readers would see as it is written."""

    start: int
    end: int
    kind: ForeignKind
    subject: str
    """The characters themselves, or the name or key in them."""
