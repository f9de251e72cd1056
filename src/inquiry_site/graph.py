"""Who points to whom: ids, titles and aliases; every citation resolved, missing or ambiguous."""

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
    Citation,
    CitationStyle,
    Evidence,
    InquiringLine,
    Note,
    ParsedDocument,
    ParsedFiles,
    Reference,
)
from inquiry_site.text.suggest import NameSuggester

_COUNTED = re.compile(r"(.*)_([0-9]+)", re.DOTALL)

_KEY = re.compile(r"^\s*(?:-\s+)?(?:\w+:\s+)?")


class Outcome(Enum):
    """What became of a pointer."""

    FOUND = "found"
    MISSING = "missing"
    AMBIGUOUS = "ambiguous"
    DRAFT = "draft"
    BROKEN = "broken"
    """The file is there but could not be read: its own fault says why."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """Where a pointer leads."""

    outcome: Outcome
    id: str = ""
    candidates: tuple[str, ...] = ()
    """The pages that bear an ambiguous title; the nearest ids and titles for a missing one."""
    heading: str = ""
    """Id of the heading on the page; empty when none was asked for or it is not there."""
    missing_heading: str = ""
    """The heading that was asked for and is not there; ``candidates`` then holds the headings there are."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence that cites a page, by the first of its citations that does."""

    citation: int
    """Index in the citing body's citations."""
    sentence: int
    """Index in the citing body's sentences; -1 where the citation stands by itself."""


@dataclass(frozen=True)
class KnowledgeGraph:
    """All documents by their ids, in the order of ids, with every citation resolved."""

    documents: Mapping[str, AnyDocument]
    citations: Mapping[str, tuple[Resolution, ...]]
    """For each document, one resolution for each citation of its body, in order."""
    passages: Mapping[str, Mapping[str, tuple[Passage, ...]]]
    """For each document the other pages that it cites, in the order of first citation, each with its passages."""
    bibliography: Mapping[str, Reference]
    """The entries of ``references.bib`` by key."""
    heading_ids: Mapping[str, tuple[str, ...]]
    """For each document that has headings, the id of each in the order in which they stand."""
    headings: Mapping[str, Mapping[str, str]]
    """For each document that has any, the id of each heading by its text and by itself."""
    names: NameIndex

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        """The notes in the order of ids."""
        return tuple(document for document in self.documents.values() if isinstance(document, Note))

    @cached_property
    def lines(self) -> tuple[InquiringLine, ...]:
        """The lines in the order of ids."""
        return tuple(document for document in self.documents.values() if isinstance(document, InquiringLine))

    def note(self, identifier: str) -> Note | None:
        """The note of this id, if there is one."""
        document = self.documents.get(identifier)
        return document if isinstance(document, Note) else None

    def line(self, identifier: str) -> InquiringLine | None:
        """The line of this id, if there is one."""
        document = self.documents.get(identifier)
        return document if isinstance(document, InquiringLine) else None

    @cached_property
    def cited_notes(self) -> Mapping[str, list[str]]:
        """For each line the ids of the notes that it cites, in the order of first citation."""
        return {line.id: [target for target in self.passages[line.id] if self.note(target)] for line in self.lines}

    @cached_property
    def citing_lines(self) -> Mapping[str, list[str]]:
        """For each note that lines cite the ids of these lines, in their order."""
        found: dict[str, list[str]] = defaultdict(list)
        for line, notes in self.cited_notes.items():
            for note in notes:
                found[note].append(line)
        return found

    def reference(self, evidence: Evidence) -> Reference | None:
        """The record of a source: its own, or that of its key in ``references.bib``; None when the key is unknown."""
        return evidence.reference or self.bibliography.get(evidence.key)

    def sentence_text(self, document: AnyDocument, place: int) -> str:
        """A citing sentence as plain text; a citation without words of its own reads as ``[its title]``."""
        parts = document.body.sentences[place].parts
        return "".join(part if isinstance(part, str) else self._citation_text(document, part) for part in parts)

    def _citation_text(self, document: AnyDocument, number: int) -> str:
        citation = document.body.citations[number]
        if citation.words:
            return plain_words(citation.words)
        resolution = self.citations[document.id][number]
        target = self.documents.get(resolution.id)
        return f"[{target.title if target else citation.target}]"


def plain_words(words: str) -> str:
    """An author's words for a link without their emphasis and code marks."""
    return " ".join(words.replace("*", "").replace("`", "").split())


class UnparsedFiles:
    """The files that could not be read as documents: a citation of one has its error there already."""

    def __init__(self, files: Iterable[ParsedDocument]) -> None:
        files = list(files)
        self._ids = frozenset(entry.id for entry in files)
        # A title or an alias stands by itself in the frontmatter, whatever else is wrong with it.
        heads = (entry.text.partition("\n---")[0] for entry in files)
        self._names = frozenset(_casefolded(value) for head in heads for value in _values(head))

    def may_define(self, name: str) -> bool:
        """Whether a name is the id of such a file, or a value of its frontmatter."""
        return name in self._ids or _casefolded(name) in self._names


def _values(head: str) -> Iterator[str]:
    """What may be a name in YAML that cannot be parsed: what stands behind a key or dash, or between marks."""
    for line in head.split("\n"):
        value = _KEY.sub("", line)
        for part in (value, *value.split(","), *value.split('"'), *value.split("'")):
            yield part.strip(" \t\"'[]")


class NameIndex:
    """Every name by which a document can be cited, and what is known of those that cannot."""

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
        """Where an id, a title or an alias leads."""
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
        """Ids whose id, title or alias is most like what was written, the likest first."""
        return self._near.nearest(_casefolded(written))

    @cached_property
    def _near(self) -> NameSuggester:
        return NameSuggester(self._documents, self._bearers)


def _names(document: AnyDocument) -> Iterable[str]:
    return dict.fromkeys(_casefolded(name) for name in (document.title, *document.aliases))


def _casefolded(name: str) -> str:
    return unicodedata.normalize("NFC", " ".join(name.split())).casefold()


def resolve_graph(parsed: ParsedFiles, config: Config) -> KnowledgeGraph:
    """The graph of everything that could be read; of files with one id the first by path counts."""
    documents: dict[str, AnyDocument] = {}
    drafts: list[AnyDocument] = []
    for entry in sorted(parsed.documents, key=lambda entry: (entry.id, entry.path)):
        if entry.document is None:
            continue
        if entry.document.draft and not config.drafts:
            drafts.append(entry.document)
        else:
            documents.setdefault(entry.id, entry.document)
    names = NameIndex(documents, drafts, UnparsedFiles(entry for entry in parsed.documents if entry.document is None))
    heading_ids = {
        document.id: tuple(_heading_ids(document, config)) for document in documents.values() if document.body.headings
    }
    headings = {identifier: _heading_names(documents[identifier], ids) for identifier, ids in heading_ids.items()}
    citations = {
        document.id: tuple(_resolve(citation, names, headings) for citation in document.body.citations)
        for document in documents.values()
    }
    return KnowledgeGraph(
        documents=MappingProxyType(documents),
        citations=MappingProxyType(citations),
        passages=MappingProxyType({i: _passages(document, citations[i]) for i, document in documents.items()}),
        bibliography=MappingProxyType(dict(parsed.bibliography.entries)),
        heading_ids=MappingProxyType(heading_ids),
        headings=MappingProxyType(headings),
        names=names,
    )


def _passages(document: AnyDocument, resolutions: tuple[Resolution, ...]) -> dict[str, tuple[Passage, ...]]:
    found: dict[str, dict[int, Passage]] = {}
    for number, (citation, resolution) in enumerate(zip(document.body.citations, resolutions, strict=True)):
        if resolution.outcome is Outcome.FOUND and resolution.id != document.id:
            place = citation.sentence if citation.sentence >= 0 else -1 - number
            found.setdefault(resolution.id, {}).setdefault(place, Passage(number, citation.sentence))
    return {target: tuple(passages.values()) for target, passages in found.items()}


def _heading_ids(document: AnyDocument, config: Config) -> Iterator[str]:
    """An id for each heading: the one given by hand, else one that is made from its words as the site's Markdown does.

    The page is given these ids, so that a link to a heading leads there whatever extensions a site uses.
    """
    used = {heading.explicit_id for heading in document.body.headings if heading.explicit_id}
    given: set[str] = set()
    for heading in document.body.headings:
        slug = heading.explicit_id or config.slugify(heading.text, "-")
        if is_reserved(slug):
            slug = f"h-{slug}"
        if not heading.explicit_id or slug in given:
            slug = _unused(slug, used)
        used.add(slug)
        given.add(slug)
        yield slug


def _heading_names(document: AnyDocument, ids: Iterable[str]) -> dict[str, str]:
    names: dict[str, str] = {}
    for heading, identifier in zip(document.body.headings, ids, strict=True):
        for name in (_casefolded(heading.text), heading.explicit_id or identifier, identifier):
            names.setdefault(name, identifier)
    return names


def _unused(slug: str, used: Collection[str]) -> str:
    """The id that Python-Markdown gives the next heading of the same words: ``a``, ``a_1``, ``a_2``."""
    while slug in used or not slug:
        counted = _COUNTED.fullmatch(slug)
        slug = f"{counted[1]}_{int(counted[2]) + 1}" if counted else f"{slug}_1"
    return slug


def _resolve(citation: Citation, names: NameIndex, headings: Mapping[str, Mapping[str, str]]) -> Resolution:
    target, heading = citation.target, citation.heading
    resolution = names.resolve(target)
    if resolution.outcome is Outcome.MISSING and "#" in target and citation.style is not CitationStyle.LINK:
        target, _, heading = (part.strip() for part in target.partition("#"))
        resolution = names.resolve(target)
    if resolution.outcome is not Outcome.FOUND or not heading:
        return resolution
    known = headings.get(resolution.id, {})
    slug = known.get(heading) or known.get(_casefolded(heading))
    if slug:
        return Resolution(Outcome.FOUND, resolution.id, heading=slug)
    return Resolution(Outcome.FOUND, resolution.id, tuple(dict.fromkeys(known.values())), missing_heading=heading)
