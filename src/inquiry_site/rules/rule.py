"""What a rule is, and what it checks."""

from __future__ import annotations

import datetime as dt
import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from inquiry_site.diagnostics import Diagnostic, Edit, Severity, Span
from inquiry_site.editorial_standard import NOTHING_REQUIRED, EditorialStandard
from inquiry_site.knowledge import Knowledge
from inquiry_site.model import (
    AnyDocument,
    Body,
    Citation,
    Fault,
    FaultKind,
    Note,
    ParsedDocument,
    ParsedFiles,
    ParsedPage,
    ParsedTopic,
)
from inquiry_site.names import Resolution
from inquiry_site.parsing.directives import Directive
from inquiry_site.parsing.frontmatter import KeyPath, locate_key

AuthoredFile = ParsedDocument | ParsedTopic
"""A file of the format: frontmatter with a body."""
CitingFile = AuthoredFile | ParsedPage
"""A file whose text may cite notes and lines."""


@dataclass(frozen=True, slots=True)
class RuleContext:
    """What rules check: the parsed files, the knowledge derived from them, and the settings."""

    parsed: ParsedFiles
    knowledge: Knowledge
    published: tuple[tuple[ParsedDocument, AnyDocument], ...]
    """Every file that is part of the site, with its document, in the order of paths."""
    faults_by_kind: Mapping[FaultKind, tuple[Fault, ...]]
    texts: Mapping[str, str]
    """The text of each file by its path."""
    directives: Mapping[str, tuple[Directive, ...]]
    """The directives of each file that has any, by its path."""
    rules: Mapping[str, Rule]
    """Every rule by its code."""
    docs_dir: str = "docs"
    html: str = "safe"
    """How much of an author's HTML is published: the setting ``html``."""
    editorial: EditorialStandard = NOTHING_REQUIRED
    """What the settings require beyond the format."""
    today: dt.date | None = None
    """The date of the check; None if dates in the future are not reported."""
    other_diagnostics: tuple[Diagnostic, ...] = ()
    """The findings of all rules outside the family ``comments``; empty for those rules themselves."""

    def faults(self, kind: FaultKind) -> Iterator[Fault]:
        """Yield the faults of one kind, in the order of paths."""
        yield from self.faults_by_kind.get(kind, ())

    def bodies(self) -> Iterator[tuple[AuthoredFile, Body]]:
        """Yield the body of every published document, then of every file without a document and of every topic."""
        for parsed, document in self.published:
            yield parsed, document.body
        for parsed in self.parsed.documents:
            if parsed.faulty_body:
                yield parsed, parsed.faulty_body
        for topic in self.parsed.topics:
            body = topic.topic.body if topic.topic else topic.faulty_body
            if body:
                yield topic, body

    def citations(self) -> Iterator[tuple[CitingFile, Citation, Resolution]]:
        """Yield every citation with its file and its resolution, including those in hand-written pages."""
        graph = self.knowledge.graph
        for parsed, document in self.published:
            for citation, resolution in zip(document.body.citations, graph.citations[parsed.id], strict=True):
                yield parsed, citation, resolution
        others: list[tuple[CitingFile, Body | None]] = [(entry, entry.faulty_body) for entry in self.parsed.documents]
        others += [(topic, topic.topic.body if topic.topic else topic.faulty_body) for topic in self.parsed.topics]
        others += [(page, page.body) for page in self.parsed.pages]
        for file, body in others:
            resolutions = graph.other_citations.get(file.path, ())
            for citation, resolution in zip(body.citations if body else (), resolutions, strict=True):
                yield file, citation, resolution


@dataclass(frozen=True, slots=True)
class Finding:
    """One place that breaks a rule."""

    span: Span
    message: str
    hint: str = ""
    edits: tuple[Edit, ...] = ()
    """Edits that are certain to fix it."""


_INLINE_CODE = re.compile(r"(?<!`)``(?!`)")

Check = Callable[[RuleContext], Iterator[Finding]]
"""Yields the places that break a rule."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with its code, its default severity and its check, whose docstring is a page of the reference."""

    code: str
    """Stable name: ``family/name``."""
    severity: Severity
    why: str
    check: Check
    documentation: str
    fixed: bool = False
    """Whether its severity cannot be changed: a violation leaves a page missing or a link broken."""

    @property
    def family(self) -> str:
        """The first part of the code."""
        return self.code.partition("/")[0]

    @property
    def summary(self) -> str:
        """What the rule requires, in one sentence of Markdown."""
        return " ".join(self.documentation.split("\n\n")[0].split())

    def report(self, finding: Finding) -> Diagnostic:
        """Return a finding of this rule as a diagnostic."""
        return Diagnostic(
            self.code, self.severity, finding.span, finding.message, self.why, finding.hint, finding.edits
        )

    def diagnose(self, context: RuleContext) -> Iterator[Diagnostic]:
        """Return an iterator over the diagnostics of this rule."""
        return map(self.report, self.check(context))


def rule(code: str, severity: Severity, *, why: str, fixed: bool = False) -> Callable[[Check], Rule]:
    """Return a decorator that turns a check into a rule."""

    def decorate(check: Check) -> Rule:
        # Docstrings mark code with two backticks, Markdown with one.
        documentation = _INLINE_CODE.sub("`", inspect.getdoc(check) or "")
        return Rule(code, severity, why, check, documentation, fixed)

    return decorate


def key_span(parsed: AuthoredFile, *path: str | int) -> Span:
    """Return the span of the value at a path of keys in a file's frontmatter."""
    keys: KeyPath = path
    return Span.of(parsed.path, parsed.text, *locate_key(parsed.text, keys))


def citation_span(parsed: CitingFile, citation: Citation) -> Span:
    """Return the span of a citation."""
    return Span.of(parsed.path, parsed.text, citation.start, citation.end)


def obsolete_status(note: Note, knowledge: Knowledge) -> str:
    """Return “superseded” or “retracted”, from a note's status or another note's relation; empty if it is valid."""
    fall = knowledge.standing.fallen.get(note.id)
    return fall.state if fall else ""


def join_names(names: Sequence[str], conjunction: str) -> str:
    """Return names separated by commas, the last one joined by a word."""
    return f"{', '.join(names[:-1])} {conjunction} {names[-1]}" if len(names) > 1 else "".join(names)


def quote_names(names: Sequence[str]) -> str:
    """Return alternative names in quotation marks."""
    return join_names([f"“{name}”" for name in names], "or")


def did_you_mean(names: Sequence[str]) -> str:
    """Return a question that suggests names; empty if there are none."""
    return f"Did you mean {quote_names(names)}?" if names else ""
