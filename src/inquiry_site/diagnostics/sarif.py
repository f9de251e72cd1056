"""Diagnostics in SARIF 2.1.0, for code scanning and editors."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from inquiry_site.diagnostics import Diagnostic, Severity, Span

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


@dataclass(frozen=True, slots=True)
class DescribedRule:
    """What a report says of a rule that found something."""

    code: str
    severity: Severity
    summary: str
    documentation: str
    """Markdown."""


def render_sarif(diagnostics: Iterable[Diagnostic], rules: Sequence[DescribedRule], version: str) -> str:
    """A log of one run, with the documentation of each rule in it.

    Args:
        diagnostics: the findings.
        rules: every rule that may have found one.
        version: of this program.
    """
    places = {rule.code: place for place, rule in enumerate(rules)}
    ordered = sorted(diagnostics, key=Diagnostic.sort_key)
    driver = {"name": "inquiry", "semanticVersion": version, "rules": [_descriptor(rule) for rule in rules]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(diagnostic, places[diagnostic.code]) for diagnostic in ordered],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2)


def _descriptor(rule: DescribedRule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "shortDescription": {"text": rule.summary},
        "help": {"text": rule.documentation, "markdown": rule.documentation},
        "defaultConfiguration": {"level": rule.severity.value},
    }


def _result(diagnostic: Diagnostic, rule: int) -> dict[str, Any]:
    message = " ".join(part for part in (diagnostic.message, diagnostic.why, diagnostic.hint) if part)
    location = {"artifactLocation": {"uri": quote(diagnostic.span.path)}, "region": _region(diagnostic.span)}
    return {
        "ruleId": diagnostic.code,
        "ruleIndex": rule,
        "level": diagnostic.severity.value,
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
