"""The topics: tags that read alike are one."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from inquiry_site.graph import KnowledgeGraph
from inquiry_site.model import Kind


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic with everything that is tagged with it, in the order of ids."""

    slug: str
    name: str
    """As the first page in the order of ids writes it."""
    lines: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Topics:
    """All topics by slug, and the slugs of each document."""

    by_slug: Mapping[str, Topic]
    of_document: Mapping[str, tuple[str, ...]]


def derive_topics(graph: KnowledgeGraph) -> Topics:
    """Topics from the tags of all documents."""
    names: dict[str, str] = {}
    members: dict[str, dict[Kind, list[str]]] = {}
    of_document: dict[str, tuple[str, ...]] = {}
    for document in graph.documents.values():
        slugs = tuple(dict.fromkeys(slug for tag in document.tags if (slug := slug_of(tag))))
        for tag in document.tags:
            names.setdefault(slug_of(tag), tag)
        for slug in slugs:
            members.setdefault(slug, {Kind.LINE: [], Kind.NOTE: []})[document.kind].append(document.id)
        if slugs:
            of_document[document.id] = slugs
    topics = {
        slug: Topic(slug, names[slug], tuple(members[slug][Kind.LINE]), tuple(members[slug][Kind.NOTE]))
        for slug in sorted(members)
    }
    return Topics(MappingProxyType(topics), MappingProxyType(of_document))


def slug_of(tag: str) -> str:
    """The address part of a tag: lower-case letters of any script and digits, everything else a hyphen."""
    folded = unicodedata.normalize("NFC", tag).lower()
    letters = [char if unicodedata.category(char)[0] in "LMN" else "-" for char in folded]
    slug = "-".join(part for part in "".join(letters).split("-") if part)
    # The address of a topic called "index" would be that of the list of topics.
    return f"{slug}-topic" if slug in {"index", "readme"} else slug
