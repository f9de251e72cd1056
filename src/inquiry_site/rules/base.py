"""What a rule is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

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


def listed(names: tuple[str, ...] | list[str], conjunction: str = "or") -> str:
    """Names in quotation marks, the last joined by a word."""
    quoted = [f"“{name}”" for name in names]
    if len(quoted) < 2:
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} {conjunction} {quoted[-1]}"


def did_you_mean(names: tuple[str, ...] | list[str]) -> str:
    """A question that offers near names; empty when there are none."""
    return f"Did you mean {listed(names)}?" if names else ""
