"""Count the findings of ``inquiry check`` that a revision adds and removes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from inquiry_site.changes.change import Change, Importance, count
from inquiry_site.changes.pairing import Pairing
from inquiry_site.changes.revision import Revision
from inquiry_site.diagnostics import Severity

_REPORTED_AS_CHANGES = frozenset({"shape/near-duplicate", "shape/review-due", "editorial/lone-topic"})
"""Rules whose findings are kinds of change themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingChange(Change):
    """The fields that changes of findings have in common."""

    code: str
    number: int
    first: str
    """The message of the first finding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorsAdded(FindingChange):
    """New errors of one rule in a file."""

    kind = "errors-added"
    importance = Importance.CRITICAL
    is_effect = True

    @property
    def message(self) -> str:
        """What changed."""
        return f"{count(self.number, 'new error')} of {self.code}: {self.first}"


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningsAdded(FindingChange):
    """New warnings of one rule in a file."""

    kind = "warnings-added"
    importance = Importance.REVIEW
    is_effect = True

    @property
    def message(self) -> str:
        """What changed."""
        return f"{count(self.number, 'new warning')} of {self.code}: {self.first}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionsAdded(FindingChange):
    """New suggestions of one rule in a file."""

    kind = "suggestions-added"
    importance = Importance.INFO
    is_effect = True

    @property
    def message(self) -> str:
        """What changed."""
        return f"{count(self.number, 'new suggestion')} of {self.code}: {self.first}"


_ADDED = {Severity.ERROR: ErrorsAdded, Severity.WARNING: WarningsAdded, Severity.INFO: SuggestionsAdded}


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingsFixed(FindingChange):
    """Findings of one rule that a file no longer has."""

    kind = "findings-fixed"
    is_effect = True

    @property
    def message(self) -> str:
        """What changed."""
        return f"{count(self.number, 'finding')} of {self.code} fixed: {self.first}"


_Finding = tuple[str, str, str]
"""Path, code and message: the position may move when other text is edited."""


def find_finding_changes(pairing: Pairing) -> Iterator[Change]:
    """Yield the findings that were added and fixed, one change per file and rule."""
    before, after = _findings(pairing.before, pairing), _findings(pairing.after, None)
    severities = {(d.span.path, d.code): d.severity for d in pairing.after.diagnostics}
    for path, code, number, first in _grouped(after - before):
        yield _ADDED[severities[path, code]](path=path, code=code, number=number, first=first)
    for path, code, number, first in _grouped(before - after):
        yield FindingsFixed(path=path, code=code, number=number, first=first)


def _findings(revision: Revision, pairing: Pairing | None) -> Counter[_Finding]:
    paths = pairing.later_paths if pairing else {}
    return Counter(
        (paths.get(d.span.path, d.span.path), d.code, d.message)
        for d in revision.diagnostics
        if d.code not in _REPORTED_AS_CHANGES
    )


def _grouped(findings: Counter[_Finding]) -> Iterator[tuple[str, str, int, str]]:
    """Yield path, rule, number of findings and the first message."""
    groups: dict[tuple[str, str], list[str]] = {}
    for path, code, message in sorted(findings.elements()):
        groups.setdefault((path, code), []).append(message)
    for (path, code), messages in groups.items():
        yield path, code, len(messages), messages[0]
