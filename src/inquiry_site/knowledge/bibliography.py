"""Which sources there are: the same paper met in two notes is one."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from inquiry_site.graph import KnowledgeGraph
from inquiry_site.knowledge.slugs import distinct, shorten
from inquiry_site.model import Quote, Reference
from inquiry_site.parsing.identifiers import names_arxiv, names_doi, plain_arxiv, plain_doi, plain_isbn

_HTTP = re.compile(r"^http://", re.IGNORECASE)
_ARXIV_DOI = re.compile(r"^10\.48550/arxiv\.", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NoteSource:
    """What a note takes from a source."""

    key: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A source and every note that rests on it."""

    key: str
    """Last part of its address: ``arxiv-2510.07364``, ``doi-10.1000-xyz``."""
    reference: Reference
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bibliography:
    """All sources by their keys, and what each note rests on."""

    sources: Mapping[str, Source]
    of_note: Mapping[str, tuple[NoteSource, ...]]


def derive_bibliography(graph: KnowledgeGraph) -> Bibliography:
    """Sources joined over all notes by DOI, arXiv number (its version aside), ISBN or address."""
    records = [
        (note.id, reference, evidence.quotes)
        for note in graph.notes
        for evidence in note.evidence
        if (reference := graph.reference(evidence)) is not None
    ]
    groups = _join([identities(reference) for _, reference, _ in records])
    members: dict[int, list[int]] = defaultdict(list)
    for place, group in enumerate(groups):
        members[group].append(place)
    merged = {group: _merge(records[place][1] for place in places) for group, places in members.items()}
    keys = _keys(merged)
    notes: dict[str, list[str]] = defaultdict(list)
    of_note: dict[str, dict[str, tuple[Quote, ...]]] = defaultdict(dict)
    for (note, _, quotes), group in zip(records, groups, strict=True):
        key = keys[group]
        if note not in notes[key]:
            notes[key].append(note)
        of_note[note][key] = tuple(dict.fromkeys(of_note[note].get(key, ()) + quotes))
    sources = {
        keys[g]: Source(keys[g], merged[g], tuple(notes[keys[g]])) for g in sorted(members, key=lambda g: keys[g])
    }
    return Bibliography(
        MappingProxyType(sources),
        MappingProxyType({n: tuple(NoteSource(k, q) for k, q in found.items()) for n, found in of_note.items()}),
    )


def identities(reference: Reference) -> tuple[str, ...]:
    """What makes two records one source: DOI and arXiv number where given, else ISBN, else address."""
    doi = plain_doi(reference.doi)
    arxiv = plain_arxiv(reference.arxiv)
    if _ARXIV_DOI.match(doi):
        arxiv, doi = arxiv or plain_arxiv(_ARXIV_DOI.sub("", doi)), ""
    strong = tuple(f"{scheme}:{value}" for scheme, value in (("doi", doi), ("arxiv", arxiv)) if value)
    if strong:
        return strong
    if reference.isbn:
        return (f"isbn:{plain_isbn(reference.isbn)}",)
    if names_doi(reference.url):
        return (f"doi:{plain_doi(reference.url)}",)
    if names_arxiv(reference.url):
        return (f"arxiv:{plain_arxiv(reference.url)}",)
    return (f"url:{_HTTP.sub('https://', reference.url.strip()).rstrip('/')}",)


def _join(identity_sets: list[tuple[str, ...]]) -> list[int]:
    """The group of each record: records that share an identity, directly or through others (union-find)."""
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
    """The fullest record (the first among equals), what it leaves out filled in from the others."""
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
    """An address part for each group."""
    identity = {group: identities(reference)[0] for group, reference in merged.items()}
    slugs = distinct({name: _slug(name) for name in identity.values()})
    return {group: slugs[name] for group, name in identity.items()}


def _slug(identity: str) -> str:
    scheme, _, value = identity.partition(":")
    value = re.sub(r"^https?://(?:www\.)?", "", value) if scheme == "url" else value
    letters = [char if char in ".-" or unicodedata.category(char)[0] in "LN" else "-" for char in value.lower()]
    slug = re.sub(r"-{2,}", "-", "".join(letters)).strip("-.")
    return f"{scheme}-{shorten(slug, value)}"
