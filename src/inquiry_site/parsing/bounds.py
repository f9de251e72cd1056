"""Whether a body may be converted: how deeply it is nested, and what it costs at most."""

from __future__ import annotations

from dataclasses import dataclass

from inquiry_site.config import Limits
from inquiry_site.parsing.complexity import find_too_complex, may_be_complex
from inquiry_site.parsing.nesting import find_too_deep, may_be_deep


@dataclass(frozen=True, slots=True)
class Excess:
    """Where a body exceeds a limit; offsets into the body."""

    start: int
    end: int
    nested: str = ""
    """What is nested too deeply; empty for a body that costs too much."""


def find_excess(body: str, limits: Limits) -> Excess | None:
    """The first place at which a body exceeds a limit; None for one that may be converted.

    At most one is reported: a body that exceeds several is usually repaired at one place.
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
