"""Diagnostics for a person at a terminal: the place, the line with the stretch marked, what to do."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping

from inquiry_site.diagnostics import Diagnostic, Severity, Span
from inquiry_site.diagnostics.terminal import visible, visible_line

_WIDEST_EXCERPT = 100
"""Characters of a line of the file that are shown around the place."""
_LONGEST_MESSAGE, _LONGEST_PATH = 600, 250
LONGEST_LINE = 1_000
"""Characters of the longest line that a report can hold, whatever stands in the files."""


def render_text(diagnostics: Iterable[Diagnostic], texts: Mapping[str, str], most: int | None = None) -> str:
    """All findings in the order of their places, with an excerpt where the file's text is known.

    Args:
        diagnostics: the findings.
        texts: each file's text by its path; a file that is missing here is reported without an excerpt.
        most: how many findings of one file are shown; all when left out.
    """
    shown, more = first_of_each_file(diagnostics, most)
    blocks: list[str] = []
    for number, diagnostic in enumerate(shown):
        path = diagnostic.span.path
        blocks.append(_render_one(diagnostic, texts.get(path)))
        if path in more and (number + 1 == len(shown) or shown[number + 1].span.path != path):
            blocks.append(more[path])
    return "\n\n".join(blocks)


def first_of_each_file(
    diagnostics: Iterable[Diagnostic], most: int | None = None
) -> tuple[list[Diagnostic], dict[str, str]]:
    """The first findings of each file in the order of places, and for each file with more, how many are left out."""
    found = Counter[str]()
    shown: list[Diagnostic] = []
    for diagnostic in sorted(diagnostics, key=Diagnostic.sort_key):
        found[diagnostic.span.path] += 1
        if most is None or found[diagnostic.span.path] <= most:
            shown.append(diagnostic)
    more = {path: count - most for path, count in found.items() if most is not None and count > most}
    return shown, {path: _more(path, count) for path, count in more.items()}


def _more(path: str, count: int) -> str:
    return f"… and {_count(count, 'more finding')} in {_path(path)}: “inquiry check --all” shows all."


def summarise(diagnostics: Iterable[Diagnostic]) -> str:
    """How much was found, in words: ``2 errors and 1 warning in 2 files``."""
    found = list(diagnostics)
    errors = sum(d.severity is Severity.ERROR for d in found)
    counts = [_count(errors, "error"), _count(len(found) - errors, "warning")]
    files = _count(len({d.span.path for d in found}), "file")
    return f"{' and '.join(c for c in counts if not c.startswith('0 ')) or 'nothing found'} in {files}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _render_one(diagnostic: Diagnostic, text: str | None) -> str:
    span, message = diagnostic.span, visible_line(diagnostic.message, _LONGEST_MESSAGE)
    head = f"{_path(span.path)}:{span.line}:{span.column}: {diagnostic.severity.value}: {message} [{diagnostic.code}]"
    lines = [visible_line(head, LONGEST_LINE)]
    if text is not None:
        lines += _excerpt(diagnostic.span, text)
    if diagnostic.why:
        lines.append(f"  why:  {diagnostic.why}")
    if diagnostic.hint:
        lines.append(f"  help: {visible_line(diagnostic.hint, _LONGEST_MESSAGE)}")
    return "\n".join(lines)


def _path(path: str) -> str:
    """A path; the middle of one that is longer than any reasonable path is left out."""
    shown = visible_line(path, len(path) * 8)
    half = _LONGEST_PATH // 2
    return shown if len(shown) <= _LONGEST_PATH else f"{shown[:half]}…{shown[-half:]}"


def _excerpt(span: Span, text: str) -> list[str]:
    source = _nth_line(text, span.line)
    if source is None or not source.strip():
        return []
    first = span.column - 1
    last = span.end_column - 1 if span.end_line == span.line else len(source)
    cut = max(0, first - _WIDEST_EXCERPT // 2)
    shown = source[cut : cut + _WIDEST_EXCERPT]
    before, after = "…" if cut else "", "…" if cut + _WIDEST_EXCERPT < len(source) else ""
    marked = shown[first - cut : max(last - cut, first - cut + 1)] or " "
    gutter = " " * len(str(span.line))
    lead = before + visible(shown[: first - cut])
    return [
        f"  {gutter} |",
        f"  {span.line} | {before}{visible(shown).rstrip()}{after}",
        f"  {gutter} | {' ' * _width(lead)}{'^' * max(1, _width(visible(marked)))}",
    ]


def _nth_line(text: str, number: int) -> str | None:
    start = 0
    for _ in range(number - 1):
        start = text.find("\n", start) + 1
        if start == 0:
            return None
    end = text.find("\n", start)
    return text[start : end if end >= 0 else len(text)]


def _width(text: str) -> int:
    """Columns of a terminal: two for a wide character, none for a mark that sits on the one before it."""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    marks = sum(unicodedata.category(char) in {"Mn", "Me"} for char in text)
    return len(text) + wide - marks
