"""Topics: the tags of documents, with spelling variants merged."""

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
    """A topic with the ids of all documents tagged with it, sorted."""

    slug: str
    name: str
    """The spelling used by the first document with this tag, by id."""
    lines: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Topics:
    """All topics by slug, and the slugs of each document."""

    by_slug: Mapping[str, Topic]
    of_document: Mapping[str, tuple[str, ...]]


def derive_topics(graph: KnowledgeGraph) -> Topics:
    """Derive the topics from the tags of all documents."""
    names: dict[str, str] = {}
    for document in graph.documents.values():
        for tag in document.tags:
            names.setdefault(_identity(tag), tag)
    slugs = distinct({name: _slug(name) for name in names if name})
    members: dict[str, dict[Kind, list[str]]] = {}
    of_document: dict[str, tuple[str, ...]] = {}
    for document in graph.documents.values():
        topic_slugs = dict.fromkeys(slugs[name] for tag in document.tags if (name := _identity(tag)))
        for slug in topic_slugs:
            members.setdefault(slug, {Kind.LINE: [], Kind.NOTE: []})[document.kind].append(document.id)
        if topic_slugs:
            of_document[document.id] = tuple(topic_slugs)
    display_names = {slug: names[name] for name, slug in slugs.items()}
    topics = {
        slug: Topic(slug, display_names[slug], tuple(members[slug][Kind.LINE]), tuple(members[slug][Kind.NOTE]))
        for slug in sorted(members)
    }
    return Topics(MappingProxyType(topics), MappingProxyType(of_document))


def _identity(tag: str) -> str:
    """Return the form in which tags are compared: without case and word separators; ``C++`` and ``C#`` differ."""
    folded = unicodedata.normalize("NFC", tag).lower().strip()
    hyphenated = "-".join(_BETWEEN_WORDS.split(folded)).strip("-")
    return hyphenated.removeprefix("#") or hyphenated or folded


def _slug(name: str) -> str:
    """Return the URL part of a topic: letters of any script and digits, with hyphens for everything else.

    It is empty if the name contains neither letters nor digits.
    """
    letters = [char if unicodedata.category(char)[0] in "LMN" else "-" for char in name]
    slug = "-".join(part for part in "".join(letters).split("-") if part)
    # A topic called "index" would get the URL of the list of topics.
    return f"{slug}-topic" if slug in {"index", "readme"} else shorten(slug, name)
