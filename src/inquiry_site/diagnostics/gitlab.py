"""Render diagnostics as a code quality report, which GitLab shows on a merge request."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from inquiry_site.diagnostics import Diagnostic, Severity

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def render_gitlab(diagnostics: Iterable[Diagnostic]) -> str:
    """Return a JSON list of findings, ordered by span.

    Fingerprints depend on the code, path and message but not on the line, so that a finding that only moved is not
    reported as a new one.
    """
    seen: Counter[tuple[str, str, str]] = Counter()
    issues = []
    for diagnostic in sorted(diagnostics, key=Diagnostic.sort_key):
        key = (diagnostic.code, diagnostic.span.path, diagnostic.message)
        issues.append(_issue(diagnostic, seen[key]))
        seen[key] += 1
    return json.dumps(issues, ensure_ascii=False, indent=2)


def _issue(diagnostic: Diagnostic, occurrence: int) -> dict[str, Any]:
    span = diagnostic.span
    identity = json.dumps([diagnostic.code, span.path, diagnostic.message, occurrence])
    return {
        "description": " ".join(part for part in (diagnostic.message, diagnostic.why, diagnostic.hint) if part),
        "check_name": diagnostic.code,
        "fingerprint": hashlib.sha256(identity.encode()).hexdigest()[:32],
        "severity": _SEVERITIES[diagnostic.severity],
        "location": {"path": span.path, "lines": {"begin": span.line, "end": span.end_line}},
    }
