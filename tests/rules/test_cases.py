"""The findings in bad input, with spans and messages. The cases are in tests/cases/diagnostics."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from inquiry_site import Config, Diagnostic, Severity, build, read_tree
from inquiry_site.rules import RULES
from tests.cases import Case, case_files, check_case, every_case, load_cases

FILES = case_files("diagnostics")
TODAY = dt.date(2026, 6, 1)
WIDE = ("evidence", "shape")
"""Families that check all content: they are enabled only in the cases that are named after them."""
COMMON: dict[str, str] = yaml.safe_load((FILES[0].parent / "_common.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("path", "case"), every_case("diagnostics"))
def test_diagnostics(path: Path, case: Case) -> None:
    quiet = {family: False for family in WIDE if family != path.stem}
    check_case(path, case, _findings(case, quiet))


REPORTED_BY_ADAPTERS = {"files/address-taken", "links/dead-address", "links/unsure-address"}
"""Rules whose findings come from adapters: test_examples.py covers them."""


def test_every_rule_has_a_case() -> None:
    cases = [case for path in FILES for case in load_cases(path)]
    with_case = {finding["code"].split()[0] for case in cases for finding in case["expect"]}
    assert with_case == {rule.code for rule in RULES} - REPORTED_BY_ADAPTERS


def _findings(case: Case, quiet: dict[str, bool]) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, content in {**COMMON, **case["files"]}.items():
            _write(root / name, content)
        config = Config.from_mapping({"rules": quiet, "today": TODAY, **case.get("config", {})})
        built = build(read_tree(root, largest=config.limits.file_size), config)
    return [_facts(diagnostic, built.texts.get(diagnostic.span.path, "")) for diagnostic in built.diagnostics]


def _write(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    match content:
        case str():
            path.write_bytes(content.encode())
        case {"encoding": encoding, "text": text}:
            path.write_bytes(text.encode(encoding))
        case {"folder": True}:
            path.mkdir()
        case {"link to": target}:
            path.symlink_to(target)
        case _:
            raise ValueError(f"not a way to write a file: {content!r}")


def _facts(diagnostic: Diagnostic, text: str) -> dict[str, str]:
    span = diagnostic.span
    severity = "" if diagnostic.severity is Severity.ERROR else " (warning)"
    facts = {
        "at": f"{span} to {span.end_line}:{span.end_column}",
        "marked": _marked(text.split("\n"), diagnostic),
        "code": diagnostic.code + severity,
        "message": diagnostic.message,
        "hint": diagnostic.hint,
    }
    return {name: value for name, value in facts.items() if value}


def _marked(lines: list[str], diagnostic: Diagnostic) -> str:
    """Return the text of a finding's span, on one line and shortened."""
    span = diagnostic.span
    marked = "\n".join(lines[span.line - 1 : span.end_line])
    after = len(lines[span.end_line - 1]) - (span.end_column - 1) if span.end_line <= len(lines) else 0
    text = " ".join(marked[span.column - 1 : len(marked) - after].split())
    return text if len(text) <= 60 else f"{text[:59]}…"
