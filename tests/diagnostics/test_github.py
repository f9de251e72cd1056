"""Findings as commands of a workflow."""

from __future__ import annotations

from inquiry_site import Diagnostic, Severity, Span
from inquiry_site.diagnostics.github import render_github


def test_each_finding_is_one_line_for_github() -> None:
    diagnostic = Diagnostic("a/b", Severity.ERROR, Span("notes/a\n::error::b.md"), "a\r\n::error::b", hint="\n::c::")
    assert render_github([diagnostic]).count("\n") == 0
