"""What is said about bad input: where, and in which words. The cases stand in tests/cases/diagnostics."""

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
"""Families that look at everything: they are on only in the cases that are named after them."""
COMMON: dict[str, str] = yaml.safe_load((FILES[0].parent / "_common.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("path", "case"), every_case("diagnostics"))
def test_diagnostics(path: Path, case: Case) -> None:
    quiet = {family: False for family in WIDE if family != path.stem}
    check_case(path, case, _findings(case, quiet))


ELSEWHERE = {"files/address-taken", "links/dead-address", "links/unsure-address"}
"""Rules whose findings adapters make: their places stand in test_examples.py."""


def test_every_rule_has_a_case() -> None:
    cases = [case for path in FILES for case in load_cases(path)]
    with_case = {found["code"].split()[0] for case in cases for found in case["expect"]}
    assert with_case == {rule.code for rule in RULES} - ELSEWHERE


def _findings(case: Case, quiet: dict[str, bool]) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, content in {**COMMON, **case["files"]}.items():
            _put(root / name, content)
        config = Config.from_mapping({"rules": quiet, "today": TODAY, **case.get("config", {})})
        built = build(read_tree(root, largest=config.limits.file_size), config)
    return [_words(found, built.texts.get(found.span.path, "")) for found in built.diagnostics]


def _put(path: Path, content: Any) -> None:
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


def _words(found: Diagnostic, text: str) -> dict[str, str]:
    span = found.span
    severity = "" if found.severity is Severity.ERROR else " (warning)"
    facts = {
        "at": f"{span} to {span.end_line}:{span.end_column}",
        "marked": _marked(text.split("\n"), found),
        "code": found.code + severity,
        "message": found.message,
        "hint": found.hint,
    }
    return {name: words for name, words in facts.items() if words}


def _marked(lines: list[str], found: Diagnostic) -> str:
    """The text that the place covers, on one line and not too much of it."""
    span = found.span
    marked = "\n".join(lines[span.line - 1 : span.end_line])
    after = len(lines[span.end_line - 1]) - (span.end_column - 1) if span.end_line <= len(lines) else 0
    words = " ".join(marked[span.column - 1 : len(marked) - after].split())
    return words if len(words) <= 60 else f"{words[:59]}…"
