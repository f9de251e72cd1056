"""Diagnostics for a person at a terminal: the place, the line with the stretch marked, what to do."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping

from inquiry_site.diagnostics import Diagnostic, Severity, Span

_WIDEST_EXCERPT = 100


def render_text(diagnostics: Iterable[Diagnostic], texts: Mapping[str, str]) -> str:
    """All findings in the order of their places, with an excerpt where the file's text is known.

    Args:
        diagnostics: the findings.
        texts: each file's text by its path; a file that is missing here is reported without an excerpt.
    """
    ordered = sorted(diagnostics, key=Diagnostic.sort_key)
    blocks = [_render_one(diagnostic, texts.get(diagnostic.span.path)) for diagnostic in ordered]
    return "\n\n".join(blocks)


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
    head = f"{diagnostic.span}: {diagnostic.severity.value}: {diagnostic.message} [{diagnostic.code}]"
    lines = [_visible(head)]
    if text is not None:
        lines += _excerpt(diagnostic.span, text)
    if diagnostic.why:
        lines.append(f"  why:  {diagnostic.why}")
    if diagnostic.hint:
        lines.append(f"  help: {_visible(diagnostic.hint)}")
    return "\n".join(lines)


def _excerpt(span: Span, text: str) -> list[str]:
    source = _nth_line(text, span.line)
    if source is None or not source.strip():
        return []
    first = span.column - 1
    last = span.end_column - 1 if span.end_line == span.line else len(source)
    cut = max(0, first - _WIDEST_EXCERPT // 2)
    shown = source[cut : cut + _WIDEST_EXCERPT]
    marked = shown[first - cut : max(last - cut, first - cut + 1)] or " "
    gutter = " " * len(str(span.line))
    lead = _visible(shown[: first - cut])
    return [
        f"  {gutter} |",
        f"  {span.line} | {_visible(shown).rstrip()}",
        f"  {gutter} | {' ' * _width(lead)}{'^' * max(1, _width(_visible(marked)))}",
    ]


def _nth_line(text: str, number: int) -> str | None:
    start = 0
    for _ in range(number - 1):
        start = text.find("\n", start) + 1
        if start == 0:
            return None
    end = text.find("\n", start)
    return text[start : end if end >= 0 else len(text)]


def _visible(text: str) -> str:
    """Tabs as spaces and control or direction characters as a dot, so that the mark stands under its place."""
    return "".join(
        " " if char == "\t" else "·" if unicodedata.category(char) in {"Cc", "Cf", "Cs"} else char for char in text
    )


def _width(text: str) -> int:
    """Columns of a terminal: two for a wide character, none for a mark that sits on the one before it."""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    marks = sum(unicodedata.category(char) in {"Mn", "Me"} for char in text)
    return len(text) + wide - marks
