"""Findings as they are printed to a terminal."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inquiry_site import Diagnostic, Severity, Span
from inquiry_site.diagnostics.text import LONGEST_LINE, render_text, summarise


def finding(text: str, marked: str, path: str = "notes/x.md", severity: Severity = Severity.ERROR) -> Diagnostic:
    start = text.index(marked)
    return Diagnostic("family/rule", severity, Span.of(path, text, start, start + len(marked)), "It is wrong.")


def excerpt(text: str, marked: str) -> list[str]:
    return render_text([finding(text, marked)], {"notes/x.md": text}).split("\n")[2:]


def test_the_whole_report() -> None:
    text = "---\ntitle: A?\n---\nIt is [[nothing]] at all.\n"
    diagnostics = [
        Diagnostic(
            code="citations/not-found",
            severity=Severity.ERROR,
            span=Span.of("notes/x.md", text, text.index("[["), text.index("]]") + 2),
            message="No note or line is called “nothing”.",
            why="A reader who follows the citation finds nothing to check.",
            hint="Did you mean “something”?",
        ),
        Diagnostic("files/empty", Severity.WARNING, Span("notes/a.md"), "This file is empty."),
    ]
    assert render_text(diagnostics, {"notes/x.md": text, "notes/a.md": ""}) == (
        "notes/a.md:1:1: warning: This file is empty. [files/empty]\n"
        "\n"
        "notes/x.md:4:7: error: No note or line is called “nothing”. [citations/not-found]\n"
        "    |\n"
        "  4 | It is [[nothing]] at all.\n"
        "    |       ^^^^^^^^^^^\n"
        "  why:  A reader who follows the citation finds nothing to check.\n"
        "  help: Did you mean “something”?"
    )


def test_a_finding_without_its_file_has_no_excerpt() -> None:
    assert render_text([finding("abc", "b")], {}) == "notes/x.md:1:2: error: It is wrong. [family/rule]"


@pytest.mark.parametrize(
    ("text", "marked", "shown", "marker"),
    [
        ("plain [[x]] text", "[[x]]", "plain [[x]] text", "      ^^^^^"),
        ("\ta\t[[x]]", "[[x]]", " a [[x]]", "   ^^^^^"),
        ("间隔 [[间隔]]", "[[间隔]]", "间隔 [[间隔]]", "     ^^^^^^^^"),
        ("cafe\u0301 [[x]]", "[[x]]", "cafe\u0301 [[x]]", "     ^^^^^"),
        ("हिन्दु [[x]]", "[[x]]", "हिन्दु [[x]]", "     ^^^^^"),
        ("\U0001f600 [[x]]", "[[x]]", "\U0001f600 [[x]]", "   ^^^^^"),
        ("a\u200fb\x1b[31m[[x]]", "[[x]]", r"a\u200fb\x1b[31m[[x]]", " " * 16 + "^^^^^"),
        ("[[a\nb]] rest", "[[a\nb]]", "[[a", "^^^"),
        ("end", "", "end", "^"),
    ],
)
def test_the_marker_is_under_the_span(text: str, marked: str, shown: str, marker: str) -> None:
    assert excerpt(text, marked) == [f"  1 | {shown}", f"    | {marker}"]


def test_a_very_long_line_is_shortened_around_the_span() -> None:
    text = "a" * 50_000 + "[[x]]" + "b" * 50_000
    line, marker = excerpt(text, "[[x]]")
    assert line == f"  1 | …{'a' * 50}[[x]]{'b' * 45}…"
    assert marker == f"    | {' ' * 51}^^^^^"
    assert max(map(len, excerpt("x" * 100_000, "x" * 100_000))) < 120


def test_spans_count_lines_and_characters_from_one() -> None:
    text = "one\r\n间隔 two\n"
    assert Span.of("x", text, 8, 11) == Span("x", 2, 4, 2, 7)
    assert Span.of("x", text, 0, 0) == Span("x")
    assert Span.of("x", text, 4, 5) == Span("x", 1, 5, 2, 1)
    assert Span.of("x", text, 99, 120) == Span.of("x", text, 12, 12) == Span("x", 3, 1, 3, 1)
    assert str(Span("notes/x.md", 2, 4)) == "notes/x.md:2:4"


def test_messages_contain_no_control_characters() -> None:
    diagnostic = Diagnostic("a/b", Severity.ERROR, Span("notes/\x1b[2J.md"), "“\x1b]0;x\x07”.", hint="\u202e")
    assert not {"\x1b", "\x07", "\u202e"} & set(render_text([diagnostic], {}))


@pytest.mark.parametrize(
    ("severities", "words"),
    [
        ([], "no findings in 0 files"),
        ([Severity.ERROR], "1 error in 1 file"),
        ([Severity.WARNING] * 2, "2 warnings in 1 file"),
        ([Severity.ERROR] * 10 + [Severity.WARNING], "10 errors and 1 warning in 1 file"),
    ],
)
def test_a_summary(severities: list[Severity], words: str) -> None:
    assert summarise([finding("x", "x", severity=severity) for severity in severities]) == words


ANYTHING = st.text(st.characters(exclude_categories=()), max_size=30).map(lambda text: text * 60)
COMMANDS = ("::error::x", "  ::set-env name=a::b", "##[error]x", "##vso[task.setvariable]x", "##teamcity[x]")


@given(ANYTHING, ANYTHING, ANYTHING, st.sampled_from(COMMANDS))
def test_no_line_is_too_long_or_a_workflow_command(path: str, message: str, text: str, command: str) -> None:
    span = Span.of(f"notes/{path}.md", text, len(text) // 2, len(text))
    diagnostic = Diagnostic("a/b", Severity.ERROR, span, f"“{message}” {command}", "It matters.", f"{command}{message}")
    at_start = Diagnostic("a/b", Severity.ERROR, Span(command), command)
    report = render_text([diagnostic, at_start] * 3, {span.path: f"{command}\n{text}", command: command}, most=2)
    for line in report.split("\n"):
        assert len(line) <= LONGEST_LINE
        assert not line.lstrip().startswith("::")
        assert not any(f"##{name}[" in line for name in ("", "vso", "teamcity"))
        assert all(char.isprintable() or unicodedata.category(char) == "Zs" for char in line)


def test_findings_beyond_the_limit_of_a_file_are_counted() -> None:
    diagnostics = [
        Diagnostic("a/b", Severity.ERROR, Span(f"notes/{name}.md", n), "x") for name in "xy" for n in range(1, 6)
    ]
    report = render_text(diagnostics, {}, most=3)
    assert report.count("error") == 6
    assert (
        "notes/x.md:3:1: error: x [a/b]\n\n… and 2 more findings in notes/x.md: “inquiry check --all” shows" in report
    )
    assert report.endswith("… and 2 more findings in notes/y.md: “inquiry check --all” shows all.")
    assert render_text(diagnostics, {}).count("error") == 10
