"""Render diagnostics as a list of JSON objects, for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable

from inquiry_site.diagnostics import Diagnostic


def render_json(diagnostics: Iterable[Diagnostic]) -> str:
    """Return a list of objects with code, severity, location, message, hint and rule page, ordered by span.

    Lines and columns count from 1; columns count characters; ``end_column`` is exclusive.
    """
    ordered = sorted(diagnostics, key=Diagnostic.sort_key)
    return json.dumps([_as_object(diagnostic) for diagnostic in ordered], ensure_ascii=False, indent=2)


def _as_object(diagnostic: Diagnostic) -> dict[str, str | int]:
    span = diagnostic.span
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        "path": span.path,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        "message": diagnostic.message,
        "hint": diagnostic.hint,
        "url": diagnostic.url,
    }
