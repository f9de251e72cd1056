"""The bibliography: all sources of all notes, with records of the same paper merged."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from inquiry_site.graph import KnowledgeGraph
from inquiry_site.knowledge.slugs import distinct, shorten
from inquiry_site.model import Quote, Reference, SourceCheck
from inquiry_site.parsing.identifiers import is_arxiv_url, is_doi_url, normalize_arxiv, normalize_doi, normalize_isbn

_HTTP = re.compile(r"^http://", re.IGNORECASE)
_ARXIV_DOI = re.compile(r"^10\.48550/arxiv\.", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NoteSource:
    """A source of a note, with the note's quotes from it, and how far it was read for the note."""

    key: str
    quotes: tuple[Quote, ...]
    checked: SourceCheck | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A source with the ids of all notes that use it as evidence."""

    key: str
    """The last part of its URL, such as ``arxiv-2510.07364`` or ``doi-10.1000-xyz``."""
    reference: Reference
    notes: tuple[str, ...]
    checked: SourceCheck | None = None
    """The most thorough reading that a note records, and the latest of these."""


@dataclass(frozen=True, slots=True)
class Bibliography:
    """All sources by key, and the sources of each note by the note's id."""

    sources: Mapping[str, Source]
    of_note: Mapping[str, tuple[NoteSource, ...]]


def derive_bibliography(graph: KnowledgeGraph) -> Bibliography:
    """Merge the sources of all notes by DOI, arXiv number (without its version), ISBN or URL."""
    records = [
        (note.id, reference, evidence)
        for note in graph.notes
        for evidence in note.evidence
        if (reference := graph.reference(evidence)) is not None
    ]
    groups = _join([identities(reference) for _, reference, _ in records])
    members: dict[int, list[int]] = defaultdict(list)
    for index, group in enumerate(groups):
        members[group].append(index)
    merged = {group: _merge(records[index][1] for index in indices) for group, indices in members.items()}
    keys = _keys(merged)
    notes: dict[str, list[str]] = defaultdict(list)
    of_note: dict[str, dict[str, NoteSource]] = defaultdict(dict)
    for (note, _, evidence), group in zip(records, groups, strict=True):
        key = keys[group]
        if note not in notes[key]:
            notes[key].append(note)
        earlier = of_note[note].get(key, NoteSource(key, ()))
        quotes = tuple(dict.fromkeys(earlier.quotes + evidence.quotes))
        of_note[note][key] = NoteSource(key, quotes, _most_thorough((earlier.checked, evidence.checked)))
    sources = {
        keys[g]: Source(
            keys[g], merged[g], tuple(notes[keys[g]]), _most_thorough(records[index][2].checked for index in members[g])
        )
        for g in sorted(members, key=lambda g: keys[g])
    }
    return Bibliography(
        MappingProxyType(sources),
        MappingProxyType({note: tuple(by_key.values()) for note, by_key in of_note.items()}),
    )


def _most_thorough(checks: Iterable[SourceCheck | None]) -> SourceCheck | None:
    """Return the check that read most, the latest of equals; None if there is none."""
    given = [check for check in checks if check is not None]
    return max(given, key=lambda check: (check.extent == "text", check.on, check.version), default=None)


def identities(reference: Reference) -> tuple[str, ...]:
    """Return the identifiers by which records are merged: DOI and arXiv number, or else ISBN, or else the URL.

    Each has its scheme as a prefix, such as ``doi:10.1000/xyz``.
    """
    doi = normalize_doi(reference.doi)
    arxiv = normalize_arxiv(reference.arxiv)
    if _ARXIV_DOI.match(doi):
        arxiv, doi = arxiv or normalize_arxiv(_ARXIV_DOI.sub("", doi)), ""
    strong = tuple(f"{scheme}:{value}" for scheme, value in (("doi", doi), ("arxiv", arxiv)) if value)
    if strong:
        return strong
    if reference.isbn:
        return (f"isbn:{normalize_isbn(reference.isbn)}",)
    if is_doi_url(reference.url):
        return (f"doi:{normalize_doi(reference.url)}",)
    if is_arxiv_url(reference.url):
        return (f"arxiv:{normalize_arxiv(reference.url)}",)
    return (f"url:{_HTTP.sub('https://', reference.url.strip()).rstrip('/')}",)


def _join(identity_sets: list[tuple[str, ...]]) -> list[int]:
    """Return the group number of each record; records that share an identity, even indirectly, share a group.

    Uses union-find.
    """
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.setdefault(name, name) != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for names in identity_sets:
        first = root(names[0])
        for name in names[1:]:
            parent[root(name)] = first
    numbers: dict[str, int] = {}
    return [numbers.setdefault(root(names[0]), len(numbers)) for names in identity_sets]


def _merge(references: Iterable[Reference]) -> Reference:
    """Return the most complete record (the first of equals), with its gaps filled from the others."""
    merged, *others = sorted(references, key=_gaps)
    for other in others:
        missing = {
            name: getattr(other, name)
            for name in ("doi", "arxiv", "isbn", "url", "venue", "retracted")
            if not getattr(merged, name) and getattr(other, name)
        }
        merged = replace(merged, **missing)
    return merged


def _gaps(reference: Reference) -> int:
    return [reference.venue, reference.doi, reference.arxiv, reference.isbn, reference.url].count("")


def _keys(merged: Mapping[int, Reference]) -> dict[int, str]:
    """Return the key of each group."""
    identity = {group: identities(reference)[0] for group, reference in merged.items()}
    slugs = distinct({name: _slug(name) for name in identity.values()})
    return {group: slugs[name] for group, name in identity.items()}


def _slug(identity: str) -> str:
    scheme, _, value = identity.partition(":")
    value = re.sub(r"^https?://(?:www\.)?", "", value) if scheme == "url" else value
    letters = [char if char in ".-" or unicodedata.category(char)[0] in "LN" else "-" for char in value.lower()]
    slug = re.sub(r"-{2,}", "-", "".join(letters)).strip("-.")
    return f"{scheme}-{shorten(slug, value)}"
