"""Estimate an upper bound on the cost of highlighting code: the patterns of many languages backtrack."""

from __future__ import annotations

import re
from collections.abc import Iterator

_FENCE = re.compile(
    r"^(?P<before>[ \t>]*(?:(?:[-*+:]|\d+[.)])[ \t]+)?)(?P<sign>`{3,}|~{3,})[ \t]*(?P<info>[^\n]*)", re.MULTILINE
)
_LANGUAGE = re.compile(r"[\w+#-]+")
_LINEAR = frozenset(
    "bash bibtex console diff docker haskell json julia latex none rs rust sh shell sql tex text toml txt".split()
)
"""Languages whose highlighting was measured to take time linear in the length of the code, whatever it contains."""
_SQUARE = frozenset(
    "c c++ cjs cpp css go html ini java javascript js make markdown matlab md mjs pycon py python python3 r rb ruby ts "
    "typescript xml yaml yml".split()
)
"""Languages in which some code takes time quadratic in its length."""
_CHARACTER, _OF_SQUARE, _OF_CUBE = 10.0, 0.02, 1e-4
"""Steps per character of code, per squared length, and, for any other language, per cubed length."""


def cost_of_code(body: str) -> Iterator[tuple[int, int, float]]:
    """Yield the start offset, end offset and cost in steps of each fence that names a language.

    Every fence counts, even inside one that is already open, because extensions differ in which fence closes which.
    """
    if "```" not in body and "~~~" not in body:
        return
    fences = list(_FENCE.finditer(body))
    for number, fence in enumerate(fences):
        if not fence["info"].strip():
            continue
        end = next((other.start() for other in fences[number + 1 :] if _closes(other, fence)), len(body))
        language = _LANGUAGE.search(fence["info"])
        yield *fence.span(), _cost(language[0].lower() if language else "none", max(end - fence.end(), 0))


def _cost(language: str, size: int) -> float:
    if language in _LINEAR:
        return size * _CHARACTER
    return size * _CHARACTER + (size**2 * _OF_SQUARE if language in _SQUARE else size**3 * _OF_CUBE)


def _closes(other: re.Match[str], fence: re.Match[str]) -> bool:
    return (
        not other["info"].strip()
        and other["sign"].startswith(fence["sign"])
        and len(other["before"].expandtabs(4)) == len(fence["before"].expandtabs(4))
    )
