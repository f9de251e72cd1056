"""Diagnostics as workflow commands, which GitHub shows on the changed lines of a pull request."""

from __future__ import annotations

from collections.abc import Iterable

from inquiry_site.diagnostics import Diagnostic


def render_github(diagnostics: Iterable[Diagnostic]) -> str:
    """One workflow command a finding, in the order of places.

    Columns are given for findings within one line only: GitHub takes no others.
    """
    return "\n".join(_command(diagnostic) for diagnostic in sorted(diagnostics, key=Diagnostic.sort_key))


def _command(diagnostic: Diagnostic) -> str:
    span = diagnostic.span
    properties: dict[str, str | int] = {"file": span.path, "line": span.line, "endLine": span.end_line}
    if span.line == span.end_line:
        properties |= {"col": span.column, "endColumn": span.end_column}
    properties["title"] = diagnostic.code
    said = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    message = "\n".join(part for part in (diagnostic.message, diagnostic.why, diagnostic.hint) if part)
    return f"::{diagnostic.severity.value} {said}::{_data(message)}"


def _data(text: str) -> str:
    """What stands behind the second pair of colons, with the characters escaped that would end it."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
