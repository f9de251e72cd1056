"""The log of a preview: all findings at first, then what a save changed."""

from __future__ import annotations

import logging

import pytest

from inquiry_site import Diagnostic, Severity, Span
from inquiry_site.adapters.mkdocs.report import PreviewLog

ERROR, WARNING = Severity.ERROR, Severity.WARNING


def finding(message: str, severity: Severity = ERROR, line: int = 1, path: str = "notes/a.md") -> Diagnostic:
    return Diagnostic("family/rule", severity, Span(path, line, 1, line, 2), message)


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture):
    """Write the findings of a build; return what was logged as pairs of level and message."""
    preview_log = PreviewLog()
    caplog.set_level(logging.INFO, "mkdocs.plugins.inquiry")
    # After the engine's own start-up in another test, its loggers do not propagate.
    logging.getLogger("mkdocs").propagate = True

    def write(*findings: Diagnostic, limit: int = 50) -> list[tuple[str, str]]:
        caplog.clear()
        preview_log.write(findings, {}, limit)
        return [(record.levelname, record.getMessage()) for record in caplog.records]

    return write


def test_each_finding_is_logged_once_at_its_level(logged):
    one, other = finding("One."), finding("Other.", WARNING)
    assert logged(one, other) == [
        ("ERROR", "notes/a.md:1:1: One. [family/rule]"),
        ("WARNING", "notes/a.md:1:1: Other. [family/rule]"),
        ("ERROR", "inquiry: 1 error and 1 warning in 1 file"),
    ]
    assert logged(one, other) == [("ERROR", "inquiry: no change: 1 error and 1 warning in 1 file")]
    assert logged(other) == [
        ("INFO", "inquiry: gone: notes/a.md:1:1: error: One. [family/rule]"),
        ("WARNING", "inquiry: 1 warning in 1 file remains"),
    ]
    assert logged()[-1] == ("INFO", "inquiry: no findings remain")
    assert logged() == []


def test_nothing_is_logged_without_findings(logged):
    assert logged() == []


def test_a_finding_that_moved_is_not_new_but_a_second_one_is(logged):
    logged(finding("One."))
    assert logged(finding("One.", line=7)) == [("ERROR", "inquiry: no change: 1 error in 1 file")]
    assert logged(finding("One.", line=7), finding("One.", line=9)) == [
        ("ERROR", "notes/a.md:9:1: One. [family/rule]"),
        ("ERROR", "inquiry: 2 errors in 1 file remain"),
    ]


def test_long_lists_are_limited(logged):
    many = [finding(f"{number:02}.", WARNING, number + 1) for number in range(10)]
    output = [message for _, message in logged(*many, limit=3)]
    assert len(output) == 5
    assert "7 more findings" in output[3]
    assert [message for _, message in logged(limit=3)][-2:] == [
        "inquiry: … and 7 more are gone",
        "inquiry: no findings remain",
    ]
