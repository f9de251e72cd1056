"""Resolve the names by which documents are cited: ids, titles, aliases and paths."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from inquiry_site.model import AnyDocument, Kind, ParsedDocument
from inquiry_site.text.suggest import NameSuggester

_TITLE = re.compile(r"^title:[ \t]*[\"']?([^\n\"']+)", re.MULTILINE)

_TOP_LEVEL_KEY = re.compile(r"(\w+):")
_REFERRING_KEYS = frozenset({"next", "relations"})
"""Keys whose values are names of other documents."""

_PATH = re.compile(r"(?:[^#]*/)?(?P<id>[^/#\s]+?)(?:\.md)?")

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
        self._names = frozenset(casefold_name(value) for head in frontmatters for value in _values(head))
        self.kinds = {entry.id: entry.kind for entry in files}
        self.ids_by_title = {
            casefold_name(match[1]): entry.id for entry in files if (match := _TITLE.search(entry.text))
        }

    def may_define(self, name: str) -> bool:
        """Return whether a name is the id of an unparsed file or a value in its frontmatter."""
        return name in self._ids or casefold_name(name) in self._names


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
        return self._resolve_name(written) or Resolution(Outcome.MISSING, candidates=self.nearest(written))

    def resolve_cited(self, written: str) -> Resolution:
        """Resolve what a citation names: an id, a title, an alias, or the path of a file, of which its id is enough."""
        resolution = self._resolve_name(written)
        path = _PATH.fullmatch(written) if resolution is None else None
        if path:
            resolution = self._resolve_id(unicodedata.normalize("NFC", path["id"]))
        return resolution or Resolution(Outcome.MISSING, candidates=self.nearest(path["id"] if path else written))

    def _resolve_id(self, identifier: str) -> Resolution | None:
        if identifier in self._documents:
            return Resolution(Outcome.FOUND, identifier)
        if self._drafts.get(identifier) == identifier:
            return Resolution(Outcome.DRAFT, identifier)
        return Resolution(Outcome.BROKEN, identifier) if identifier in self._broken.kinds else None

    def _resolve_name(self, written: str) -> Resolution | None:
        target = unicodedata.normalize("NFC", written)
        if target in self._documents:
            return Resolution(Outcome.FOUND, target)
        name = casefold_name(target)
        bearers = self._bearers.get(name, [])
        if len(bearers) == 1:
            return Resolution(Outcome.FOUND, bearers[0])
        if bearers:
            return Resolution(Outcome.AMBIGUOUS, candidates=tuple(sorted(bearers)))
        draft = self._drafts.get(target) or self._drafts.get(name)
        if draft:
            return Resolution(Outcome.DRAFT, draft)
        return Resolution(Outcome.BROKEN, target) if self._broken.may_define(target) else None

    def nearest(self, written: str) -> tuple[str, ...]:
        """Return the ids of documents and unparsed files with the most similar id, title or alias, best first."""
        return self._suggester.nearest(casefold_name(written))

    def kind(self, identifier: str) -> Kind | None:
        """Return the kind of a document or an unparsed file; None if no file has this id."""
        document = self._documents.get(identifier)
        return document.kind if document else self._broken.kinds.get(identifier)

    @cached_property
    def _suggester(self) -> NameSuggester:
        bearers = {name: [identifier] for name, identifier in self._broken.ids_by_title.items()}
        return NameSuggester({**self._documents, **self._broken.kinds}, {**bearers, **self._bearers})


def _names(document: AnyDocument) -> Iterable[str]:
    return dict.fromkeys(casefold_name(name) for name in (document.title, *document.aliases))


def casefold_name(name: str) -> str:
    """Return the form in which names are compared: without case, and with single spaces."""
    return unicodedata.normalize("NFC", " ".join(name.split())).casefold()
