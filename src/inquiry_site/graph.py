"""The graph of documents: the names by which they are cited, and every citation resolved."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from types import MappingProxyType

from inquiry_site.config import Config
from inquiry_site.html.sanitize import is_reserved
from inquiry_site.model import (
    AnyDocument,
    Body,
    Citation,
    CitationStyle,
    Evidence,
    InquiringLine,
    Kind,
    Note,
    ParsedDocument,
    ParsedFiles,
    Reference,
    TopicFile,
)
from inquiry_site.text.suggest import NameSuggester
from inquiry_site.text.terms import GlossaryEntry

_NUMBERED = re.compile(r"(.*)_([0-9]+)", re.DOTALL)

_TITLE = re.compile(r"^title:[ \t]*[\"']?([^\n\"']+)", re.MULTILINE)

_TOP_LEVEL_KEY = re.compile(r"(\w+):")
_REFERRING_KEYS = frozenset({"next", "relations"})
"""Keys whose values are names of other documents."""

_YAML_KEY = re.compile(r"^\s*(?:-\s+)?(?:\w+:\s+)?")


class Outcome(Enum):
    """The outcome of resolving a citation or another reference by name."""

    FOUND = "found"
    MISSING = "missing"
    AMBIGUOUS = "ambiguous"
    DRAFT = "draft"
    BROKEN = "broken"
    """The file exists but could not be parsed; the reason is reported for the file itself."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """The document to which a name refers."""

    outcome: Outcome
    id: str = ""
    """The id of the document or draft, or the name of an unparsed file as written; otherwise empty."""
    candidates: tuple[str, ...] = ()
    """For an ambiguous name, the ids of the documents with it; for a missing one, ids of similar names."""
    heading: str = ""
    """The id of the heading on the page; empty if none was given or it does not exist."""
    missing_heading: str = ""
    """The heading that was given but does not exist; ``candidates`` then contains the ids of existing headings."""


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
    """For each document with headings, the id of each heading by its case-folded text, explicit id and id."""
    names: NameIndex
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
        return _resolve(citation, self.names, self.headings)

    def sentence_text(self, document: AnyDocument, index: int) -> str:
        """Return a citing sentence as plain text; a citation without a label becomes ``[title of its target]``."""
        parts = document.body.sentences[index].parts
        return "".join(part if isinstance(part, str) else self._citation_text(document, part) for part in parts)

    def _citation_text(self, document: AnyDocument, index: int) -> str:
        citation = document.body.citations[index]
        if citation.label:
            return plain_label(citation.label)
        resolution = self.citations[document.id][index]
        target = self.documents.get(resolution.id)
        return f"[{target.title if target else citation.target}]"


def plain_label(words: str) -> str:
    """Return the label of a link as plain text, without the Markdown of emphasis and code."""
    return " ".join(words.replace("*", "").replace("`", "").split())


class UnparsedFiles:
    """The names of files that could not be parsed; citations of them need no further error.

    Attributes:
        kinds: the kind of each file by its id.
        ids_by_title: the ids of files by their case-folded titles, as far as these can be recognised.
    """

    def __init__(self, files: Iterable[ParsedDocument]) -> None:
        files = list(files)
        self._ids = frozenset(entry.id for entry in files)
        # Titles and aliases can be recognised as single values even if the frontmatter is invalid.
        frontmatters = (entry.text.partition("\n---")[0] for entry in files)
        self._names = frozenset(_casefolded(value) for head in frontmatters for value in _values(head))
        self.kinds = {entry.id: entry.kind for entry in files}
        self.ids_by_title = {_casefolded(match[1]): entry.id for entry in files if (match := _TITLE.search(entry.text))}

    def may_define(self, name: str) -> bool:
        """Return whether a name is the id of an unparsed file or a value in its frontmatter."""
        return name in self._ids or _casefolded(name) in self._names


def _values(frontmatter: str) -> Iterator[str]:
    """Yield possible names in invalid YAML: text after a key or dash, between commas, or between quotation marks."""
    key = ""
    for line in frontmatter.split("\n"):
        top_level = _TOP_LEVEL_KEY.match(line)
        key = top_level[1] if top_level else key
        if key in _REFERRING_KEYS:
            continue
        value = _YAML_KEY.sub("", line)
        for part in (value, *value.split(","), *value.split('"'), *value.split("'")):
            yield part.strip(" \t\"'[]")


class NameIndex:
    """The names by which documents can be cited, including names of drafts and of unparsed files."""

    def __init__(
        self, documents: Mapping[str, AnyDocument], drafts: Iterable[AnyDocument], broken: UnparsedFiles
    ) -> None:
        self._documents = documents
        self._broken = broken
        self._bearers: dict[str, list[str]] = defaultdict(list)
        for document in documents.values():
            for name in _names(document):
                self._bearers[name].append(document.id)
        self._drafts = {name: draft.id for draft in drafts for name in (draft.id, *_names(draft))}

    def resolve(self, written: str) -> Resolution:
        """Resolve an id, a title or an alias."""
        target = unicodedata.normalize("NFC", written)
        if target in self._documents:
            return Resolution(Outcome.FOUND, target)
        name = _casefolded(target)
        bearers = self._bearers.get(name, [])
        if len(bearers) == 1:
            return Resolution(Outcome.FOUND, bearers[0])
        if bearers:
            return Resolution(Outcome.AMBIGUOUS, candidates=tuple(sorted(bearers)))
        draft = self._drafts.get(target) or self._drafts.get(name)
        if draft:
            return Resolution(Outcome.DRAFT, draft)
        if self._broken.may_define(target):
            return Resolution(Outcome.BROKEN, target)
        return Resolution(Outcome.MISSING, candidates=self.nearest(target))

    def nearest(self, written: str) -> tuple[str, ...]:
        """Return the ids of documents and unparsed files with the most similar id, title or alias, best first."""
        return self._suggester.nearest(_casefolded(written))

    def kind(self, identifier: str) -> Kind | None:
        """Return the kind of a document or an unparsed file; None if no file has this id."""
        document = self._documents.get(identifier)
        return document.kind if document else self._broken.kinds.get(identifier)

    @cached_property
    def _suggester(self) -> NameSuggester:
        bearers = {name: [identifier] for name, identifier in self._broken.ids_by_title.items()}
        return NameSuggester({**self._documents, **self._broken.kinds}, {**bearers, **self._bearers})


def _names(document: AnyDocument) -> Iterable[str]:
    return dict.fromkeys(_casefolded(name) for name in (document.title, *document.aliases))


def _casefolded(name: str) -> str:
    return unicodedata.normalize("NFC", " ".join(name.split())).casefold()


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
    headings = {identifier: _heading_names(documents[identifier], ids) for identifier, ids in heading_ids.items()}
    citations = {
        document.id: tuple(_resolve(citation, names, headings) for citation in document.body.citations)
        for document in documents.values()
    }
    other_citations = {
        path: tuple(_resolve(citation, names, headings) for citation in body.citations)
        for path, body in _other_bodies(parsed)
    }
    topic_files = tuple(entry.topic for entry in parsed.topics if entry.topic)
    return KnowledgeGraph(
        documents=MappingProxyType(documents),
        citations=MappingProxyType(citations),
        other_citations=MappingProxyType(other_citations),
        passages=MappingProxyType({i: _passages(document, citations[i]) for i, document in documents.items()}),
        bibliography=MappingProxyType(dict(parsed.bibliography.entries)),
        heading_ids=MappingProxyType(heading_ids),
        headings=MappingProxyType(headings),
        names=names,
        topic_files=topic_files,
        topic_heading_ids=MappingProxyType({file.path: tuple(_heading_ids(file.body, config)) for file in topic_files}),
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


def _heading_names(document: AnyDocument, ids: Iterable[str]) -> dict[str, str]:
    names: dict[str, str] = {}
    for heading, identifier in zip(document.body.headings, ids, strict=True):
        for name in (_casefolded(heading.text), heading.explicit_id or identifier, identifier):
            names.setdefault(name, identifier)
    return names


def _unused(slug: str, used: Collection[str]) -> str:
    """Return an unused id, numbered as Python-Markdown numbers headings with the same text: ``a``, ``a_1``, ``a_2``."""
    while slug in used or not slug:
        numbered = _NUMBERED.fullmatch(slug)
        slug = f"{numbered[1]}_{int(numbered[2]) + 1}" if numbered else f"{slug}_1"
    return slug


def _resolve(citation: Citation, names: NameIndex, headings: Mapping[str, Mapping[str, str]]) -> Resolution:
    target, heading = citation.target, citation.heading
    resolution = names.resolve(target)
    if resolution.outcome is Outcome.MISSING and "#" in target and citation.style is not CitationStyle.LINK:
        target, _, heading = (part.strip() for part in target.partition("#"))
        resolution = names.resolve(target)
    if resolution.outcome is not Outcome.FOUND or not heading:
        return resolution
    ids_by_name = headings.get(resolution.id, {})
    slug = ids_by_name.get(heading) or ids_by_name.get(_casefolded(heading))
    if slug:
        return Resolution(Outcome.FOUND, resolution.id, heading=slug)
    return Resolution(Outcome.FOUND, resolution.id, tuple(dict.fromkeys(ids_by_name.values())), missing_heading=heading)
