"""What is said about an author's files: a value with a place, never a side effect."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache


class Severity(Enum):
    """Whether a finding stops a build."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of one file. Lines and columns count from 1; columns count characters; the end is exclusive."""

    path: str
    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1

    @classmethod
    def of(cls, path: str, text: str, start: int, end: int) -> Span:
        """The span of ``text[start:end]``; offsets past the end of the text mean its end."""
        start = min(max(start, 0), len(text))
        end = min(max(end, start), len(text))
        line, column = _position(text, start)
        end_line, end_column = _position(text, end)
        return cls(path, line, column, end_line, end_column)

    def __str__(self) -> str:
        """The place as editors and terminals link it."""
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
    """Where the lines of a large text end: it may have as many findings as lines."""
    return [place for place, char in enumerate(text) if char == "\n"]


REFERENCE = "rules/"
"""Where the page of each rule stands, relative to the address of the documentation."""


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Words to put in the place of others. Offsets count characters of the file's text."""

    start: int
    end: int
    replacement: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding: where, what is wrong, why it matters, what to do."""

    code: str
    """Stable name of the rule, ``family/what``."""
    severity: Severity
    span: Span
    message: str
    """What is wrong, in one sentence."""
    why: str = ""
    """Why it matters to a reader or an author."""
    hint: str = ""
    """What to do about it."""
    edits: tuple[Edit, ...] = ()
    """What mends it with certainty; empty when only its author can."""

    @property
    def url(self) -> str:
        """The page of the rule, relative to the address of the documentation."""
        return f"{REFERENCE}{self.code}/"

    def sort_key(self) -> tuple[Span, str, str]:
        """Order of a report: by place, then by code."""
        return (self.span, self.code, self.message)
