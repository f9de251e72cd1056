"""What a rule is, and what it looks at."""

from __future__ import annotations

import datetime as dt
import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from inquiry_site.diagnostics import Diagnostic, Edit, Severity, Span
from inquiry_site.graph import Resolution
from inquiry_site.knowledge import Knowledge
from inquiry_site.model import AnyDocument, Citation, Fault, FaultKind, Note, ParsedDocument, ParsedFiles, RelationType
from inquiry_site.parsing.directives import Directive
from inquiry_site.parsing.frontmatter import KeyPath, locate_key


@dataclass(frozen=True, slots=True)
class RuleContext:
    """What rules look at: the files as parsed, and what follows from them."""

    parsed: ParsedFiles
    knowledge: Knowledge
    published: tuple[tuple[ParsedDocument, AnyDocument], ...]
    """Every file that is part of the site, with what it says, in the order of paths."""
    faults_by_kind: Mapping[FaultKind, tuple[Fault, ...]]
    texts: Mapping[str, str]
    """The text of each document by its path."""
    directives: Mapping[str, tuple[Directive, ...]]
    """The comments that set levels, for each file that has any, by its path."""
    docs_dir: str = "docs"
    html: str = "safe"
    """How much of an author's HTML is published, as the setting of that name."""
    today: dt.date | None = None
    """The day of the check; None where dates are compared with none."""
    found: tuple[Diagnostic, ...] = ()
    """What the other rules found; empty for all rules but those on comments."""

    def faults(self, kind: FaultKind) -> Iterator[Fault]:
        """The faults of one kind, in the order of paths."""
        yield from self.faults_by_kind.get(kind, ())

    def citations(self) -> Iterator[tuple[ParsedDocument, Citation, Resolution]]:
        """Every citation of a published page, with where it leads."""
        resolutions = self.knowledge.graph.citations
        for parsed, document in self.published:
            for citation, resolution in zip(document.body.citations, resolutions[parsed.id], strict=True):
                yield parsed, citation, resolution


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where a rule is not met."""

    span: Span
    message: str
    hint: str = ""
    edits: tuple[Edit, ...] = ()
    """What mends it with certainty."""


_INLINE_CODE = re.compile(r"(?<!`)``(?!`)")

Check = Callable[[RuleContext], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that is checked. Its docstring is its page in the reference."""

    code: str
    """Stable name, ``family/what``."""
    severity: Severity
    why: str
    check: Check
    documentation: str
    fixed: bool = False
    """Whether its level stands: without it a page would be missing, or lead nowhere."""

    @property
    def family(self) -> str:
        """The first part of the code."""
        return self.code.partition("/")[0]

    @property
    def summary(self) -> str:
        """What holds when nothing is found, in one sentence of Markdown."""
        return " ".join(self.documentation.split("\n\n")[0].split())

    def report(self, finding: Finding) -> Diagnostic:
        """A finding of this rule as a diagnostic."""
        return Diagnostic(
            self.code, self.severity, finding.span, finding.message, self.why, finding.hint, finding.edits
        )

    def diagnose(self, checked: RuleContext) -> Iterator[Diagnostic]:
        """Everything that this rule finds."""
        return map(self.report, self.check(checked))


def rule(code: str, severity: Severity, *, why: str, fixed: bool = False) -> Callable[[Check], Rule]:
    """Make a rule of a function that yields findings."""

    def decorate(check: Check) -> Rule:
        # In docstrings code stands between two backticks, in Markdown between one.
        documentation = _INLINE_CODE.sub("`", inspect.getdoc(check) or "")
        return Rule(code, severity, why, check, documentation, fixed)

    return decorate


def key_span(parsed: ParsedDocument, *path: str | int) -> Span:
    """The span of the value at a path of keys."""
    keys: KeyPath = path
    return Span.of(parsed.path, parsed.text, *locate_key(parsed.text, keys))


def citation_span(parsed: ParsedDocument, citation: Citation) -> Span:
    """The span of a citation."""
    return Span.of(parsed.path, parsed.text, citation.start, citation.end)


def obsolete_status(note: Note, knowledge: Knowledge) -> str:
    """“superseded” or “retracted”, by a note's own status or by another note; empty when it stands."""
    if note.status in {"superseded", "retracted"}:
        return note.status
    incoming = knowledge.relations.incoming.get(note.id, ())
    return "superseded" if any(tie.type is RelationType.SUPERSEDES for tie in incoming) else ""


def join_names(names: Sequence[str], conjunction: str) -> str:
    """Names with commas between them, the last joined by a word."""
    return f"{', '.join(names[:-1])} {conjunction} {names[-1]}" if len(names) > 1 else "".join(names)


def quote_names(names: Sequence[str]) -> str:
    """Names of which one is meant, in quotation marks."""
    return join_names([f"“{name}”" for name in names], "or")


def did_you_mean(names: Sequence[str]) -> str:
    """A question that offers near names; empty when there are none."""
    return f"Did you mean {quote_names(names)}?" if names else ""
