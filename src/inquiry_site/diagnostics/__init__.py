"""Define diagnostics: findings about an author's files, as values with a span."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache


class Severity(Enum):
    """The severity of a finding: an error stops a build, a warning only a strict one, and a suggestion none."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A range of text in one file. Lines and columns count from 1, columns count characters, the end is exclusive."""

    path: str
    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1

    @classmethod
    def of(cls, path: str, text: str, start: int, end: int) -> Span:
        """Return the span of ``text[start:end]``. Offsets past the end of the text are clamped to it."""
        start = min(max(start, 0), len(text))
        end = min(max(end, start), len(text))
        line, column = _position(text, start)
        end_line, end_column = _position(text, end)
        return cls(path, line, column, end_line, end_column)

    def __str__(self) -> str:
        """Return the start of the span in the form that editors and terminals turn into a link."""
        return f"{self.path}:{self.line}:{self.column}"


def _position(text: str, offset: int) -> tuple[int, int]:
    breaks = _line_breaks(text) if len(text) > _LARGE else None
    if breaks is None:
        return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1
    line = bisect_left(breaks, offset)
    return line + 1, offset - (breaks[line - 1] + 1 if line else 0) + 1


_LARGE = 20_000


@lru_cache(maxsize=1)
def _line_breaks(text: str) -> list[int]:
    """Return the offsets of the line breaks of a large text, cached because it may have as many findings as lines."""
    return [offset for offset, char in enumerate(text) if char == "\n"]


RULE_REFERENCE = "rules/"
"""The path of the rule reference, relative to the URL of the documentation."""


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """A replacement of a range of text. Offsets count characters of the file's text."""

    start: int
    end: int
    replacement: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A finding: where it is, what is wrong, why it matters and how to fix it."""

    code: str
    """Stable name of the rule, ``family/what``."""
    severity: Severity
    span: Span
    message: str
    """What is wrong, in one sentence."""
    why: str = ""
    """Why it matters to a reader or an author."""
    hint: str = ""
    """How to fix it."""
    edits: tuple[Edit, ...] = ()
    """Edits that are certain to fix it; empty when only the author can."""

    @property
    def url(self) -> str:
        """The URL of the rule's page, relative to the URL of the documentation."""
        return f"{RULE_REFERENCE}{self.code}/"

    def sort_key(self) -> tuple[Span, str, str]:
        """Return the sort key of reports: span, then code, then message."""
        return (self.span, self.code, self.message)
