"""The topics: tags that read alike are one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from inquiry_site.graph import KnowledgeGraph
from inquiry_site.knowledge.slugs import distinct, shorten
from inquiry_site.model import Kind

_BETWEEN_WORDS = re.compile(r"[\s_-]+")


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
    for document in graph.documents.values():
        for tag in document.tags:
            names.setdefault(_identity(tag), tag)
    slugs = distinct({name: _slug(name) for name in names if name})
    members: dict[str, dict[Kind, list[str]]] = {}
    of_document: dict[str, tuple[str, ...]] = {}
    for document in graph.documents.values():
        found = dict.fromkeys(slugs[name] for tag in document.tags if (name := _identity(tag)))
        for slug in found:
            members.setdefault(slug, {Kind.LINE: [], Kind.NOTE: []})[document.kind].append(document.id)
        if found:
            of_document[document.id] = tuple(found)
    written = {slug: names[name] for name, slug in slugs.items()}
    topics = {
        slug: Topic(slug, written[slug], tuple(members[slug][Kind.LINE]), tuple(members[slug][Kind.NOTE]))
        for slug in sorted(members)
    }
    return Topics(MappingProxyType(topics), MappingProxyType(of_document))


def _identity(tag: str) -> str:
    """What makes two tags one topic: case and the marks between words aside, ``C++`` and ``C#`` being two."""
    folded = unicodedata.normalize("NFC", tag).lower().strip()
    words = "-".join(_BETWEEN_WORDS.split(folded)).strip("-")
    return words.removeprefix("#") or words or folded


def _slug(name: str) -> str:
    """The address part of a topic: letters of any script and digits, everything else a hyphen; empty without any."""
    letters = [char if unicodedata.category(char)[0] in "LMN" else "-" for char in name]
    slug = "-".join(part for part in "".join(letters).split("-") if part)
    # The address of a topic called "index" would be that of the list of topics.
    return f"{slug}-topic" if slug in {"index", "readme"} else shorten(slug, name)
