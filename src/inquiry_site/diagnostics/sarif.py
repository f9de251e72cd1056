"""Render diagnostics in SARIF 2.1.0, for code scanning and editors."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from inquiry_site.diagnostics import Diagnostic, Severity, Span

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


@dataclass(frozen=True, slots=True)
class DescribedRule:
    """A rule as described in a report."""

    code: str
    severity: Severity
    summary: str
    documentation: str
    """Markdown."""


def render_sarif(diagnostics: Iterable[Diagnostic], rules: Sequence[DescribedRule], version: str) -> str:
    """Return a log of one run, including the documentation of each rule.

    Args:
        diagnostics: the findings.
        rules: all rules that may have reported one.
        version: the version of this program.
    """
    indices = {rule.code: index for index, rule in enumerate(rules)}
    ordered = sorted(diagnostics, key=Diagnostic.sort_key)
    driver = {"name": "inquiry", "semanticVersion": version, "rules": [_descriptor(rule) for rule in rules]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(diagnostic, indices[diagnostic.code]) for diagnostic in ordered],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2)


def _descriptor(rule: DescribedRule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "shortDescription": {"text": rule.summary},
        "help": {"text": rule.documentation, "markdown": rule.documentation},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(diagnostic: Diagnostic, rule_index: int) -> dict[str, Any]:
    message = " ".join(part for part in (diagnostic.message, diagnostic.why, diagnostic.hint) if part)
    location = {"artifactLocation": {"uri": quote(diagnostic.span.path)}, "region": _region(diagnostic.span)}
    return {
        "ruleId": diagnostic.code,
        "ruleIndex": rule_index,
        "level": _LEVELS[diagnostic.severity],
        "message": {"text": message},
        "locations": [{"physicalLocation": location}],
    }


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }
