"""Pointers in frontmatter: next lines, relations, BibTeX keys."""

from __future__ import annotations

from collections.abc import Iterator

from rapidfuzz import fuzz, process

from inquiry_site.diagnostics import Severity, Span
from inquiry_site.graph import NEAREST, Outcome, Resolution
from inquiry_site.model import InquiringLine, Kind, Note, ParsedDocument
from inquiry_site.parsing.frontmatter import KeyPath, locate_key
from inquiry_site.rules.base import Checked, Finding, did_you_mean, listed, rule


def _at(parsed: ParsedDocument, *path: str | int) -> Span:
    key: KeyPath = path
    return Span.of(parsed.path, parsed.text, *locate_key(parsed.text, key))


def _published(checked: Checked) -> Iterator[ParsedDocument]:
    for parsed in checked.parsed.documents:
        if parsed.document is not None and checked.knowledge.graph.documents.get(parsed.id) is parsed.document:
            yield parsed


def _pointer(checked: Checked, target: str, wanted: Kind, span: Span) -> Iterator[Finding]:
    """What is wrong with an id in frontmatter that must lead to a page of one kind."""
    found: Resolution = checked.knowledge.graph.names.resolve(target)
    if found.outcome is Outcome.MISSING:
        hint = did_you_mean(found.candidates) or f"Write the id of a {wanted.noun}: its file's name without “.md”."
        yield Finding(span, f"No {wanted.noun} is called “{target}”.", hint)
    elif found.outcome is Outcome.AMBIGUOUS:
        yield Finding(span, f"“{target}” is the name of several pages.", f"Write the id: {listed(found.candidates)}.")
    elif found.outcome is Outcome.DRAFT:
        yield Finding(span, f"“{target}” is a draft.", "Publish it, or take it out here.")
    elif found.outcome is Outcome.FOUND and checked.knowledge.graph.documents[found.id].kind is not wanted:
        other = checked.knowledge.graph.documents[found.id].kind.noun
        yield Finding(span, f"“{target}” is a {other}, and a {wanted.noun} is meant here.")


@rule("links/next", Severity.ERROR, why="A next line that does not exist is a dead end for the reader.")
def next_line(checked: Checked) -> Iterator[Finding]:
    """Every entry of ``next`` is the id of another line."""
    for parsed in _published(checked):
        if isinstance(parsed.document, InquiringLine):
            for place, target in enumerate(parsed.document.next):
                span = _at(parsed, "next", place)
                if target == parsed.id:
                    yield Finding(span, "A line cannot be its own next line.")
                else:
                    yield from _pointer(checked, target, Kind.LINE, span)


@rule("links/relation", Severity.ERROR, why="A disagreement is shown only when both sides exist.")
def relation(checked: Checked) -> Iterator[Finding]:
    """Every relation leads to another note."""
    for parsed in _published(checked):
        if isinstance(parsed.document, Note):
            for place, entry in enumerate(parsed.document.relations):
                span = _at(parsed, "relations", place, "to")
                if entry.to == parsed.id:
                    yield Finding(span, "A note cannot be related to itself.")
                else:
                    yield from _pointer(checked, entry.to, Kind.NOTE, span)


@rule("links/bibtex-key", Severity.ERROR, why="The claim would rest on a source that nobody can find.")
def bibtex_key(checked: Checked) -> Iterator[Finding]:
    """Every ``"@key"`` is an entry of ``references.bib`` with title, authors, year and an identity."""
    known = checked.knowledge.graph.bibliography
    incomplete = {entry.key: entry.missing for entry in checked.parsed.bibliography.incomplete}
    for parsed in _published(checked):
        for place, evidence in enumerate(parsed.document.evidence if isinstance(parsed.document, Note) else ()):
            if evidence.reference is not None or evidence.key in known:
                continue
            span = _at(parsed, "sources", place)
            if evidence.key in incomplete:
                message = (
                    f"The entry “{evidence.key}” of references.bib lacks {listed(incomplete[evidence.key], 'and')}."
                )
                yield Finding(
                    span, message, "Complete the entry: a source needs title, authors, year and a way to find it."
                )
            else:
                near = process.extract(evidence.key, list(known), scorer=fuzz.ratio, limit=NEAREST, score_cutoff=60)
                hint = did_you_mean([name for name, _, _ in near]) or "Add the entry, or write the source out here."
                yield Finding(span, f"references.bib has no entry “{evidence.key}”.", hint)


@rule("links/alias", Severity.ERROR, why="A former address can lead to one page only.")
def alias(checked: Checked) -> Iterator[Finding]:
    """No alias is the id of another page, or a former id that another page claims too."""
    claimed: dict[tuple[Kind, str], str] = {}
    graph = checked.knowledge.graph
    for parsed in _published(checked):
        for place, name in enumerate(parsed.document.aliases if parsed.document else ()):
            if name in graph.documents and name != parsed.id:
                yield Finding(_at(parsed, "aliases", place), f"“{name}” is the id of {graph.documents[name].path}.")
                continue
            holder = claimed.setdefault((parsed.kind, name), parsed.path)
            if holder != parsed.path and " " not in name:
                yield Finding(_at(parsed, "aliases", place), f"“{name}” is also an alias of {holder}.")


RULES = (next_line, relation, bibtex_key, alias)
