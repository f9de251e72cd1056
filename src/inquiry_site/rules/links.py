"""Pointers in frontmatter: next lines, relations, BibTeX keys."""

from __future__ import annotations

from collections.abc import Iterator

from inquiry_site.diagnostics import Severity, Span
from inquiry_site.graph import Outcome
from inquiry_site.model import InquiringLine, Kind, Note, ParsedDocument
from inquiry_site.parsing.frontmatter import KeyPath, locate_key
from inquiry_site.rules.base import Checked, Finding, did_you_mean, joined, listed, near, rule


def _at(parsed: ParsedDocument, *path: str | int) -> Span:
    key: KeyPath = path
    return Span.of(parsed.path, parsed.text, *locate_key(parsed.text, key))


def _published(checked: Checked) -> Iterator[ParsedDocument]:
    for parsed in checked.parsed.documents:
        if parsed.document is not None and checked.knowledge.graph.documents.get(parsed.id) is parsed.document:
            yield parsed


def _pointer(checked: Checked, parsed: ParsedDocument, target: str, wanted: Kind, span: Span) -> Iterator[Finding]:
    """What is wrong with an id in frontmatter that must lead to another page of one kind."""
    graph = checked.knowledge.graph
    found = graph.names.resolve(target)
    write_id = f"Write the id of another {wanted.noun}: its file's name without “.md”."
    if found.outcome is Outcome.MISSING:
        likely = [name for name in found.candidates if graph.documents[name].kind is wanted and name != parsed.id]
        yield Finding(span, f"No {wanted.noun} is called “{target}”.", did_you_mean(likely) or write_id)
    elif found.outcome is Outcome.AMBIGUOUS:
        yield Finding(span, f"“{target}” is the name of several pages.", f"Write the id: {listed(found.candidates)}.")
    elif found.outcome is Outcome.DRAFT:
        yield Finding(span, f"“{target}” is a draft.", "Publish it, or take it out here.")
    elif found.outcome is Outcome.FOUND and found.id == parsed.id:
        yield Finding(span, f"A {wanted.noun} cannot point at itself here.", write_id)
    elif found.outcome is Outcome.FOUND and graph.documents[found.id].kind is not wanted:
        yield Finding(span, f"“{target}” is a {graph.documents[found.id].kind.noun}, not a {wanted.noun}.", write_id)


@rule("links/next", Severity.ERROR, why="A next line that does not exist is a dead end for the reader.")
def next_line(checked: Checked) -> Iterator[Finding]:
    """Every entry of ``next`` is the id of another line."""
    for parsed in _published(checked):
        if isinstance(parsed.document, InquiringLine):
            for target in parsed.document.next:
                yield from _pointer(checked, parsed, target, Kind.LINE, _at(parsed, "next", target))


@rule("links/relation", Severity.ERROR, why="A disagreement is shown only when both sides exist.")
def relation(checked: Checked) -> Iterator[Finding]:
    """Every relation leads to another note."""
    for parsed in _published(checked):
        if isinstance(parsed.document, Note):
            for place, entry in enumerate(parsed.document.relations):
                yield from _pointer(checked, parsed, entry.to, Kind.NOTE, _at(parsed, "relations", place, "to"))


@rule("links/bibtex-key", Severity.ERROR, why="The claim would rest on a source that nobody can find.")
def bibtex_key(checked: Checked) -> Iterator[Finding]:
    """Every ``"@key"`` is an entry of ``references.bib`` with title, authors, year and an identity."""
    known = checked.knowledge.graph.bibliography
    incomplete = {entry.key: joined(entry.missing, "and") for entry in checked.parsed.bibliography.incomplete}
    for parsed in _published(checked):
        for place, evidence in enumerate(parsed.document.evidence if isinstance(parsed.document, Note) else ()):
            if evidence.reference is not None or evidence.key in known:
                continue
            span = _at(parsed, "sources", place)
            if evidence.key in incomplete:
                message = f"The entry “{evidence.key}” of references.bib lacks {incomplete[evidence.key]}."
                yield Finding(
                    span, message, "Complete the entry: a source needs title, authors, year and a way to find it."
                )
            else:
                hint = did_you_mean(near(evidence.key, [*known, *incomplete]))
                message = f"references.bib has no entry “{evidence.key}”."
                yield Finding(span, message, hint or "Add the entry, or write the source out here.")


@rule("links/alias", Severity.ERROR, why="A former address can lead to one page only.")
def alias(checked: Checked) -> Iterator[Finding]:
    """No alias is the id of another page, or a former id that another page claims too."""
    claimed: dict[tuple[Kind, str], str] = {}
    graph = checked.knowledge.graph
    for parsed in _published(checked):
        for place, name in enumerate(parsed.document.aliases if parsed.document else ()):
            span = _at(parsed, "aliases", place)
            if name in graph.documents and name != parsed.id:
                message = f"“{name}” is the id of {graph.documents[name].path}."
                yield Finding(span, message, "Delete the alias, or rename that file.")
                continue
            holder = claimed.setdefault((parsed.kind, name), parsed.path)
            if holder != parsed.path and " " not in name:
                yield Finding(span, f"“{name}” is also an alias of {holder}.", "Keep it in one of the two files.")


RULES = (next_line, relation, bibtex_key, alias)
