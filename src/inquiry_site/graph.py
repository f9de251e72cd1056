"""The graph of documents, with every citation resolved."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from inquiry_site.attachments import Attachment, FileIndex
from inquiry_site.config import Config
from inquiry_site.html.sanitize import is_reserved
from inquiry_site.model import (
    AnyDocument,
    Body,
    Citation,
    CitationStyle,
    Evidence,
    InquiringLine,
    Note,
    ParsedFiles,
    Reference,
    TopicFile,
)
from inquiry_site.names import NameIndex, Outcome, Resolution, UnparsedFiles, casefold_name
from inquiry_site.text.terms import GlossaryEntry

_NUMBERED = re.compile(r"(.*)_([0-9]+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence that cites a page, identified by its first citation of that page."""

    citation: int
    """Index in the citing body's citations."""
    sentence: int
    """Index in the citing body's sentences; -1 if the citation is not part of a sentence."""


@dataclass(frozen=True)
class KnowledgeGraph:
    """All documents by id, in order of id, with every citation resolved."""

    documents: Mapping[str, AnyDocument]
    citations: Mapping[str, tuple[Resolution, ...]]
    """For each document, the resolution of each citation in its body, in order."""
    other_citations: Mapping[str, tuple[Resolution, ...]]
    """The same for each hand-written page, topic file and file without a document, by path."""
    passages: Mapping[str, Mapping[str, tuple[Passage, ...]]]
    """For each document, the passages that cite each other document, in order of first citation."""
    bibliography: Mapping[str, Reference]
    """The entries of ``references.bib`` by key."""
    heading_ids: Mapping[str, tuple[str, ...]]
    """For each document with headings, their ids in text order."""
    headings: Mapping[str, Mapping[str, str]]
    """For each document with headings, and each topic file by its path, the id of each heading by its case-folded text,
    explicit id and id."""
    attachments: Mapping[str, tuple[Attachment, ...]]
    """For each text that refers to files, the file of each reference, by the id of a document or path of a topic."""
    names: NameIndex
    files: FileIndex
    topic_files: tuple[TopicFile, ...]
    """What authors wrote about topics, in order of path."""
    topic_heading_ids: Mapping[str, tuple[str, ...]]
    """For each topic file, the ids of its headings in text order, by path."""
    glossary: tuple[GlossaryEntry, ...]

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        """The notes, in order of id."""
        return tuple(document for document in self.documents.values() if isinstance(document, Note))

    @cached_property
    def lines(self) -> tuple[InquiringLine, ...]:
        """The lines, in order of id."""
        return tuple(document for document in self.documents.values() if isinstance(document, InquiringLine))

    def note(self, identifier: str) -> Note | None:
        """Return the note with this id, or None."""
        document = self.documents.get(identifier)
        return document if isinstance(document, Note) else None

    def line(self, identifier: str) -> InquiringLine | None:
        """Return the line with this id, or None."""
        document = self.documents.get(identifier)
        return document if isinstance(document, InquiringLine) else None

    @cached_property
    def cited_notes(self) -> Mapping[str, list[str]]:
        """For each line, the ids of the notes it cites, in order of first citation."""
        return {line.id: [target for target in self.passages[line.id] if self.note(target)] for line in self.lines}

    @cached_property
    def citing_lines(self) -> Mapping[str, list[str]]:
        """For each note cited by lines, the ids of these lines, sorted."""
        lines_of: dict[str, list[str]] = defaultdict(list)
        for line, notes in self.cited_notes.items():
            for note in notes:
                lines_of[note].append(line)
        return lines_of

    def reference(self, evidence: Evidence) -> Reference | None:
        """Return the record of a source, looked up in ``references.bib`` for a key; None for an unknown key."""
        return evidence.reference or self.bibliography.get(evidence.key)

    def resolve(self, citation: Citation) -> Resolution:
        """Resolve a citation in a text that is not part of the graph."""
        return _resolve(citation, "", self.names, self.headings)

    def sentence_text(self, document: AnyDocument, index: int) -> str:
        """Return a citing sentence as plain text; a citation without a label becomes ``[title of its target]``."""
        parts = document.body.sentences[index].parts
        return "".join(part if isinstance(part, str) else self._citation_text(document, part) for part in parts)

    def own_heading(self, document: AnyDocument | TopicFile, resolution: Resolution) -> str:
        """Return the text of the heading on a document's own page to which a citation leads, or an empty string."""
        is_topic = isinstance(document, TopicFile)
        own_id = document.path if is_topic else document.id
        if resolution.id != own_id or not resolution.heading:
            return ""
        ids = (self.topic_heading_ids if is_topic else self.heading_ids)[own_id]
        return document.body.headings[ids.index(resolution.heading)].text

    def _citation_text(self, document: AnyDocument, index: int) -> str:
        citation = document.body.citations[index]
        if citation.label:
            return plain_label(citation.label)
        resolution = self.citations[document.id][index]
        heading = self.own_heading(document, resolution)
        if heading:
            return heading
        target = self.documents.get(resolution.id)
        return f"[{target.title if target else citation.target}]"


def plain_label(words: str) -> str:
    """Return the label of a link as plain text, without the Markdown of emphasis and code."""
    return " ".join(words.replace("*", "").replace("`", "").split())


def resolve_graph(parsed: ParsedFiles, config: Config) -> KnowledgeGraph:
    """Build the graph of all parsed documents; of several files with the same id, the first by path is used.

    Args:
        parsed: the parsed files.
        config: the settings; drafts are included only if ``config.drafts`` is set.
    """
    documents, drafts = _separate_drafts(parsed, config)
    names = NameIndex(documents, drafts, UnparsedFiles(entry for entry in parsed.documents if entry.document is None))
    heading_ids = {
        document.id: tuple(_heading_ids(document.body, config))
        for document in documents.values()
        if document.body.headings
    }
    headings = {identifier: _heading_names(documents[identifier].body, ids) for identifier, ids in heading_ids.items()}
    topic_files = tuple(entry.topic for entry in parsed.topics if entry.topic)
    ids_in_topics = {file.path: tuple(_heading_ids(file.body, config)) for file in topic_files}
    headings |= {file.path: _heading_names(file.body, ids_in_topics[file.path]) for file in topic_files}
    citations = {
        document.id: _resolve_all(document.body, document.id, names, headings) for document in documents.values()
    }
    other_citations = {
        path: _resolve_all(body, path if path in ids_in_topics else "", names, headings)
        for path, body in _other_bodies(parsed)
    }
    files = FileIndex(parsed, config.docs_dir)
    return KnowledgeGraph(
        documents=MappingProxyType(documents),
        citations=MappingProxyType(citations),
        other_citations=MappingProxyType(other_citations),
        passages=MappingProxyType({i: _passages(document, citations[i]) for i, document in documents.items()}),
        bibliography=MappingProxyType(dict(parsed.bibliography.entries)),
        heading_ids=MappingProxyType(heading_ids),
        headings=MappingProxyType(headings),
        attachments=MappingProxyType(files.find_all((*documents.values(), *topic_files))),
        names=names,
        files=files,
        topic_files=topic_files,
        topic_heading_ids=MappingProxyType(ids_in_topics),
        glossary=parsed.glossary,
    )


def _separate_drafts(parsed: ParsedFiles, config: Config) -> tuple[dict[str, AnyDocument], list[AnyDocument]]:
    """Return the documents of the site by id, and the drafts that are not part of it."""
    documents: dict[str, AnyDocument] = {}
    drafts: list[AnyDocument] = []
    for entry in sorted(parsed.documents, key=lambda entry: (entry.id, entry.path)):
        if entry.document is None:
            continue
        if entry.document.draft and not config.drafts:
            drafts.append(entry.document)
        else:
            documents.setdefault(entry.id, entry.document)
    return documents, drafts


def _other_bodies(parsed: ParsedFiles) -> Iterator[tuple[str, Body]]:
    """Yield the path and body of each file that cites anything and is no document of the site."""
    for entry in parsed.documents:
        if entry.faulty_body and entry.faulty_body.citations:
            yield entry.path, entry.faulty_body
    for page in parsed.pages:
        if page.body and page.body.citations:
            yield page.path, page.body
    for topic in parsed.topics:
        body = topic.topic.body if topic.topic else topic.faulty_body
        if body and body.citations:
            yield topic.path, body


def _passages(document: AnyDocument, resolutions: tuple[Resolution, ...]) -> dict[str, tuple[Passage, ...]]:
    passages_of: dict[str, dict[int, Passage]] = {}
    for index, (citation, resolution) in enumerate(zip(document.body.citations, resolutions, strict=True)):
        if resolution.outcome is Outcome.FOUND and resolution.id != document.id:
            sentence = citation.sentence if citation.sentence >= 0 else -1 - index
            passages_of.setdefault(resolution.id, {}).setdefault(sentence, Passage(index, citation.sentence))
    return {target: tuple(passages.values()) for target, passages in passages_of.items()}


def _heading_ids(body: Body, config: Config) -> Iterator[str]:
    """Yield the id of each heading: its explicit id, or else a slug of its text as the site's Markdown forms it.

    Pages are rendered with these ids, so links to headings work with any Markdown extensions of the site.
    """
    used = {heading.explicit_id for heading in body.headings if heading.explicit_id}
    assigned: set[str] = set()
    for heading in body.headings:
        slug = heading.explicit_id or config.slugify(heading.text, "-")
        if is_reserved(slug):
            slug = f"h-{slug}"
        if not heading.explicit_id or slug in assigned:
            slug = _unused(slug, used)
        used.add(slug)
        assigned.add(slug)
        yield slug


def _heading_names(body: Body, ids: Iterable[str]) -> dict[str, str]:
    names: dict[str, str] = {}
    for heading, identifier in zip(body.headings, ids, strict=True):
        for name in (casefold_name(heading.text), heading.explicit_id or identifier, identifier):
            names.setdefault(name, identifier)
    return names


def _unused(slug: str, used: Collection[str]) -> str:
    """Return an unused id, numbered as Python-Markdown numbers headings with the same text: ``a``, ``a_1``, ``a_2``."""
    while slug in used or not slug:
        numbered = _NUMBERED.fullmatch(slug)
        slug = f"{numbered[1]}_{int(numbered[2]) + 1}" if numbered else f"{slug}_1"
    return slug


def _resolve_all(
    body: Body, citing: str, names: NameIndex, headings: Mapping[str, Mapping[str, str]]
) -> tuple[Resolution, ...]:
    return tuple(_resolve(citation, citing, names, headings) for citation in body.citations)


def _resolve(
    citation: Citation, citing: str, names: NameIndex, headings: Mapping[str, Mapping[str, str]]
) -> Resolution:
    """Resolve a citation in the document with the id ``citing``, in a topic file by its path, or in another text.

    The headings of another text are not checked here.
    """
    target, heading = citation.target, citation.heading
    resolution = names.resolve_cited(target)
    if resolution.outcome is Outcome.MISSING and "#" in target and citation.style is not CitationStyle.LINK:
        target, _, heading = (part.strip() for part in target.partition("#"))
        own = Resolution(Outcome.FOUND if citing else Outcome.BROKEN, citing)
        resolution = own if heading and not target else names.resolve_cited(target)
    if resolution.outcome is not Outcome.FOUND or not heading:
        return resolution
    ids_by_name = headings.get(resolution.id, {})
    slug = ids_by_name.get(heading) or ids_by_name.get(casefold_name(heading))
    if slug:
        return Resolution(Outcome.FOUND, resolution.id, heading=slug)
    return Resolution(Outcome.FOUND, resolution.id, tuple(dict.fromkeys(ids_by_name.values())), missing_heading=heading)
