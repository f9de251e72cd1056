"""Decide whether a body may be converted, from its nesting depth and an upper bound on its conversion cost."""

from __future__ import annotations

from dataclasses import dataclass

from inquiry_site.config import Limits
from inquiry_site.diagnostics import Span
from inquiry_site.model import Fault, FaultKind
from inquiry_site.parsing.complexity import find_too_complex, may_be_complex
from inquiry_site.parsing.nesting import find_too_deep, may_be_deep


@dataclass(frozen=True, slots=True)
class Excess:
    """The span at which a body exceeds a limit, as offsets into the body."""

    start: int
    end: int
    nested: str = ""
    """The kind of construct that is nested too deeply; empty when the body costs too much."""


def find_excess(body: str, limits: Limits) -> Excess | None:
    """Return the first span at which a body exceeds a limit, or None if the body may be converted.

    At most one is reported, because fixing one place usually fixes a body that exceeds several limits.
    """
    if may_be_deep(body, limits.nesting):
        deep = find_too_deep(body, limits.nesting)
        if deep is not None:
            return Excess(*deep)
    if may_be_complex(body, limits.complexity):
        complex_at = find_too_complex(body, limits.complexity)
        if complex_at is not None:
            return Excess(*complex_at)
    return None


def find_excess_fault(path: str, text: str, start: int, limits: Limits) -> Fault | None:
    """Return a fault if a body exceeds a limit. Checked before anything else scans the body."""
    excess = find_excess(text[start:], limits)
    if excess is None:
        return None
    span = Span.of(path, text, start + excess.start, start + excess.end)
    if excess.nested:
        return Fault(FaultKind.TOO_DEEP, span, excess.nested, str(limits.nesting))
    return Fault(FaultKind.TOO_COMPLEX, span, detail=str(limits.complexity))
