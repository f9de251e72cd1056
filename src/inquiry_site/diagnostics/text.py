"""Render diagnostics for a terminal: location, source line with the span underlined, and how to fix it."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping

from inquiry_site.diagnostics import Diagnostic, Severity, Span
from inquiry_site.diagnostics.terminal import escape_unsafe, printable_line

_WIDEST_EXCERPT = 100
"""Maximum characters of a source line that are shown around the span."""
_LONGEST_MESSAGE, _LONGEST_PATH = 600, 250
_NOUNS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "suggestion"}
LONGEST_LINE = 1_000
"""Maximum characters of a line in a report, whatever the files contain."""


def render_text(
    diagnostics: Iterable[Diagnostic], texts: Mapping[str, str], most: int | None = None, *, with_severity: bool = True
) -> str:
    """Return all findings ordered by span, with excerpts from the files.

    Args:
        diagnostics: the findings.
        texts: the text of each file by path; findings in other files have no excerpt.
        most: the maximum number of findings shown per file; unlimited if omitted.
        with_severity: whether each finding begins with its severity, which a log states already.
    """
    shown, more = first_of_each_file(diagnostics, most)
    blocks: list[str] = []
    for number, diagnostic in enumerate(shown):
        path = diagnostic.span.path
        blocks.append(_render_one(diagnostic, texts.get(path), with_severity))
        if path in more and (number + 1 == len(shown) or shown[number + 1].span.path != path):
            blocks.append(more[path])
    return "\n\n".join(blocks)


def first_of_each_file(
    diagnostics: Iterable[Diagnostic], most: int | None = None
) -> tuple[list[Diagnostic], dict[str, str]]:
    """Limit the number of findings per file.

    Args:
        diagnostics: the findings.
        most: the maximum number of findings per file; unlimited if omitted.

    Returns:
        The first findings of each file, ordered by span; and, for each file with more findings, a message with the
        number omitted.
    """
    per_file = Counter[str]()
    shown: list[Diagnostic] = []
    for diagnostic in sorted(diagnostics, key=Diagnostic.sort_key):
        per_file[diagnostic.span.path] += 1
        if most is None or per_file[diagnostic.span.path] <= most:
            shown.append(diagnostic)
    more = {path: count - most for path, count in per_file.items() if most is not None and count > most}
    return shown, {path: _omitted(path, count) for path, count in more.items()}


def _omitted(path: str, count: int) -> str:
    return f"… and {counted(count, 'more finding')} in {_path(path)}: “inquiry check --all” shows all."


def summarise(diagnostics: Iterable[Diagnostic]) -> str:
    """Return the number of findings as text: ``2 errors and 1 warning in 2 files``."""
    findings = list(diagnostics)
    numbers = Counter(finding.severity for finding in findings)
    counts = [counted(numbers[severity], noun) for severity, noun in _NOUNS.items() if numbers[severity]]
    files = counted(len({d.span.path for d in findings}), "file")
    listed = " and ".join(part for part in (", ".join(counts[:-1]), *counts[-1:]) if part)
    return f"{listed or 'no findings'} in {files}"


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: ``1 note``, ``2 notes``."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def render_line(diagnostic: Diagnostic, *, with_severity: bool = True) -> str:
    """Return a finding in one line, without an excerpt and without help."""
    span, message = diagnostic.span, printable_line(diagnostic.message, _LONGEST_MESSAGE)
    severity = f"{diagnostic.severity.value}: " if with_severity else ""
    line = f"{_path(span.path)}:{span.line}:{span.column}: {severity}{message} [{diagnostic.code}]"
    return printable_line(line, LONGEST_LINE)


def _render_one(diagnostic: Diagnostic, text: str | None, with_severity: bool) -> str:
    lines = [render_line(diagnostic, with_severity=with_severity)]
    if text is not None:
        lines += _excerpt(diagnostic.span, text)
    if diagnostic.why:
        lines.append(f"  why:  {diagnostic.why}")
    if diagnostic.hint:
        lines.append(f"  help: {printable_line(diagnostic.hint, _LONGEST_MESSAGE)}")
    return "\n".join(lines)


def _path(path: str) -> str:
    """Return a printable path, with the middle omitted if it is longer than any reasonable path."""
    shown = printable_line(path, len(path) * 8)
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
    lead = before + escape_unsafe(shown[: first - cut])
    return [
        f"  {gutter} |",
        f"  {span.line} | {before}{escape_unsafe(shown).rstrip()}{after}",
        f"  {gutter} | {' ' * _width(lead)}{'^' * max(1, _width(escape_unsafe(marked)))}",
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
    """Return the width of a text in terminal columns: two for a wide character, none for a combining mark."""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    marks = sum(unicodedata.category(char) in {"Mn", "Me"} for char in text)
    return len(text) + wide - marks
