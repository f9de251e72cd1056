"""Render diagnostics as workflow commands, which GitHub shows on the changed lines of a pull request."""

from __future__ import annotations

from collections.abc import Iterable

from inquiry_site.diagnostics import Diagnostic, Severity

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render_github(diagnostics: Iterable[Diagnostic]) -> str:
    """Return one workflow command per finding, ordered by span.

    Only findings within one line have columns, because GitHub accepts no others.
    """
    return "\n".join(_command(diagnostic) for diagnostic in sorted(diagnostics, key=Diagnostic.sort_key))


def _command(diagnostic: Diagnostic) -> str:
    span = diagnostic.span
    properties: dict[str, str | int] = {"file": span.path, "line": span.line, "endLine": span.end_line}
    if span.line == span.end_line:
        properties |= {"col": span.column, "endColumn": span.end_column}
    properties["title"] = diagnostic.code
    parameters = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    message = "\n".join(part for part in (diagnostic.message, diagnostic.why, diagnostic.hint) if part)
    return f"::{_COMMANDS[diagnostic.severity]} {parameters}::{_data(message)}"


def _data(text: str) -> str:
    """Escape the message of a workflow command, which follows the second pair of colons."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
