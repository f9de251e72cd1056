"""What a rule is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from inquiry_site.diagnostics import Diagnostic, Severity, Span
from inquiry_site.knowledge import Knowledge
from inquiry_site.model import Fault, FaultKind, ParsedFiles


@dataclass(frozen=True, slots=True)
class Checked:
    """What rules look at: the files as parsed, and what follows from them."""

    parsed: ParsedFiles
    knowledge: Knowledge

    def faults(self, kind: FaultKind) -> Iterator[Fault]:
        """The faults of one kind, in the order of paths."""
        for document in self.parsed.documents:
            yield from (fault for fault in document.faults if fault.kind is kind)
        yield from (fault for fault in self.parsed.bibliography.faults if fault.kind is kind)
        yield from (fault for fault in self.parsed.faults if fault.kind is kind)


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where a rule is not met."""

    span: Span
    message: str
    hint: str = ""


Check = Callable[[Checked], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that is checked. Its docstring is its page in the reference."""

    code: str
    severity: Severity
    why: str
    check: Check
    documentation: str

    def diagnose(self, checked: Checked) -> Iterator[Diagnostic]:
        """Everything that this rule finds."""
        for finding in self.check(checked):
            yield Diagnostic(self.code, self.severity, finding.span, finding.message, self.why, finding.hint)


def rule(code: str, severity: Severity, *, why: str) -> Callable[[Check], Rule]:
    """Make a rule of a function that yields findings."""

    def decorate(check: Check) -> Rule:
        return Rule(code, severity, why, check, (check.__doc__ or "").strip())

    return decorate


def joined(names: Sequence[str], conjunction: str) -> str:
    """Names with commas between them, the last joined by a word."""
    return f"{', '.join(names[:-1])} {conjunction} {names[-1]}" if len(names) > 1 else "".join(names)


def listed(names: Sequence[str]) -> str:
    """Names of which one is meant, in quotation marks."""
    return joined([f"“{name}”" for name in names], "or")


def did_you_mean(names: Sequence[str]) -> str:
    """A question that offers near names; empty when there are none."""
    return f"Did you mean {listed(names)}?" if names else ""


def near(written: str, known: Iterable[str], most: int = 3) -> list[str]:
    """The known names that are most like what was written, the likest first."""
    return [
        name for name, _, _ in process.extract(written, list(known), scorer=fuzz.ratio, limit=most, score_cutoff=60)
    ]
