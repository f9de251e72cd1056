"""Verify that a knowledge base with one page under a new id means the same as before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from inquiry_site.graph import KnowledgeGraph
from inquiry_site.model import AnyDocument, InquiringLine, Note
from inquiry_site.names import Outcome, Resolution


def find_difference(before: KnowledgeGraph, after: KnowledgeGraph, old: str, new: str) -> str:
    """Return what differs after a page got a new id, as part of a sentence; empty if nothing does.

    A citation that led nowhere may lead to the new id afterwards.
    """
    renamed = {identifier: new if identifier == old else identifier for identifier in before.documents}
    if set(renamed.values()) != after.documents.keys():
        return "some files could not be read any more"
    comparison = _Comparison(renamed, new)
    for identifier, document in before.documents.items():
        other = after.documents[renamed[identifier]]
        if identifier == old and old not in other.aliases:
            return f"the former one could not be added to the aliases in {document.path}"
        if _other_content(document) != _other_content(other):
            return f"{document.path} would say something else"
        one = (*before.citations[identifier], *map(before.names.resolve, _references(document)))
        two = (*after.citations[renamed[identifier]], *map(after.names.resolve, _references(other)))
        if not comparison.agrees(one, two):
            return f"{document.path} would refer to another page"
    for path, resolutions in before.other_citations.items():
        if not comparison.agrees(resolutions, after.other_citations.get(path, ())):
            return f"{path} would refer to another page"
    return ""


def _references(document: AnyDocument) -> tuple[str, ...]:
    """Return the names in a document's frontmatter that refer to other documents."""
    if isinstance(document, InquiringLine):
        return document.next
    return tuple(relation.to for relation in document.relations) if isinstance(document, Note) else ()


def _other_content(document: AnyDocument) -> tuple[object, ...]:
    """Return what a document contains beside ids of other documents."""
    body = document.body
    return (
        type(document),
        document.title,
        document.description,
        document.tags,
        [(relation.type, relation.because) for relation in getattr(document, "relations", ())],
        [heading.text for heading in body.headings],
        [sum(isinstance(part, int) for part in sentence.parts) for sentence in body.sentences],
        [(citation.label, citation.style) for citation in body.citations],
    )


@dataclass(frozen=True, slots=True)
class _Comparison:
    """Compares what names refer to before and after the change."""

    renamed: Mapping[str, str]
    new: str

    def agrees(self, before: Iterable[Resolution], after: Iterable[Resolution]) -> bool:
        one, two = list(before), list(after)
        return len(one) == len(two) and all(map(self._agrees, one, two))

    def _agrees(self, before: Resolution, after: Resolution) -> bool:
        if before.outcome is Outcome.MISSING:
            return after.outcome is Outcome.MISSING or (after.outcome is Outcome.FOUND and after.id == self.new)
        if before.outcome is not Outcome.FOUND:
            return after.outcome is before.outcome
        expected = (self.renamed[before.id], before.heading, before.missing_heading)
        return after.outcome is Outcome.FOUND and (after.id, after.heading, after.missing_heading) == expected
