"""Topics: the tags of documents, merged by spelling and by the aliases that authors list in ``topics/``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from inquiry_site.graph import KnowledgeGraph
from inquiry_site.knowledge.slugs import distinct, shorten
from inquiry_site.model import Kind, TopicFile

_BETWEEN_WORDS = re.compile(r"[\s_-]+")


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic with the ids of all documents tagged with it, sorted."""

    slug: str
    name: str
    """Its title, or else the tag in words, as the first document by id spells it."""
    lines: tuple[str, ...]
    notes: tuple[str, ...]
    file: TopicFile | None = None
    """What an author wrote about it."""


@dataclass(frozen=True, slots=True)
class Topics:
    """All topics by slug, and the slugs of each document."""

    by_slug: Mapping[str, Topic]
    of_document: Mapping[str, tuple[str, ...]]
    of_tag: Mapping[str, str]
    """The slug of a topic by each of its tags, as ``tag_identity`` returns them; aliases are among them."""
    former_slugs: Mapping[str, str]
    """The slug of a topic by those that its aliases would have."""


def derive_topics(graph: KnowledgeGraph) -> Topics:
    """Derive the topics from the tags of all documents; of several files for one tag, the first by path is used."""
    files_by_tag: dict[str, TopicFile] = {}
    for file in graph.topic_files:
        files_by_tag.setdefault(tag_identity(file.id), file)
    canonical = _canonical_tags(files_by_tag)
    names: dict[str, str] = {}
    for document in graph.documents.values():
        for tag in document.tags:
            own = tag_identity(tag)
            names.setdefault(canonical.get(own, own), tag)
    slugs = distinct({name: _slug(name) for name in names if name})
    members: dict[str, dict[Kind, list[str]]] = {}
    of_document: dict[str, tuple[str, ...]] = {}
    for document in graph.documents.values():
        tags = [canonical.get(own, own) for own in map(tag_identity, document.tags)]
        topic_slugs = dict.fromkeys(slugs[name] for name in tags if name)
        for slug in topic_slugs:
            members.setdefault(slug, {Kind.LINE: [], Kind.NOTE: []})[document.kind].append(document.id)
        if topic_slugs:
            of_document[document.id] = tuple(topic_slugs)
    by_slug = {}
    for name, slug in sorted(slugs.items(), key=lambda item: item[1]):
        written, of_topic = files_by_tag.get(name), members[slug]
        title = written.title if written else in_words(names[name])
        by_slug[slug] = Topic(slug, title, tuple(of_topic[Kind.LINE]), tuple(of_topic[Kind.NOTE]), written)
    of_tag = slugs | {alias: slugs[tag] for alias, tag in canonical.items() if tag in slugs}
    former = {_slug(tag): slug for tag, slug in of_tag.items() if tag not in slugs}
    return Topics(
        MappingProxyType(by_slug),
        MappingProxyType(of_document),
        MappingProxyType(of_tag),
        MappingProxyType({slug: topic for slug, topic in sorted(former.items()) if slug and slug not in by_slug}),
    )


def _canonical_tags(files: Mapping[str, TopicFile]) -> dict[str, str]:
    """Return the tag of a topic by each tag that means the same, all of them as ``tag_identity`` returns them.

    A tag with a file of its own is no alias; an alias of several topics belongs to the first.
    """
    canonical = {tag: tag for tag in files}
    for tag, file in files.items():
        for alias in file.aliases:
            canonical.setdefault(tag_identity(alias), tag)
    return canonical


@lru_cache(maxsize=1 << 14)
def tag_identity(tag: str) -> str:
    """Return the form in which tags are compared: without case and word separators; ``C++`` and ``C#`` differ."""
    folded = unicodedata.normalize("NFC", tag).lower().strip()
    hyphenated = "-".join(_BETWEEN_WORDS.split(folded)).strip("-")
    return hyphenated.removeprefix("#") or hyphenated or folded


def in_words(tag: str) -> str:
    """Return a tag as readers see it: ``reward-signal`` is ``Reward signal``, ``pass@k`` and ``C++`` stay."""
    words = " ".join(filter(None, _BETWEEN_WORDS.split(tag)))
    words = words.removeprefix("#") or words or tag
    first = words.partition(" ")[0]
    return words[0].title() + words[1:] if first.isalpha() and first.islower() else words


def _slug(name: str) -> str:
    """Return the URL part of a topic: letters of any script and digits, with hyphens for everything else.

    It is empty if the name contains neither letters nor digits.
    """
    letters = [char if unicodedata.category(char)[0] in "LMN" else "-" for char in name]
    slug = "-".join(part for part in "".join(letters).split("-") if part)
    # A topic called "index" would get the URL of the list of topics.
    return f"{slug}-topic" if slug in {"index", "readme"} else shorten(slug, name)
