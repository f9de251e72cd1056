"""Find every place where a file names a note or a line by its id, as edits that write another id there."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, unquote

from inquiry_site.authoring.yaml_text import write_list
from inquiry_site.diagnostics import Edit
from inquiry_site.graph import KnowledgeGraph
from inquiry_site.model import Body, Citation, CitationStyle, Kind
from inquiry_site.names import Outcome
from inquiry_site.parsing.acknowledgements import find_acknowledgements
from inquiry_site.parsing.frontmatter import KeyPath, YamlFault, find_frontmatter, load_yaml, locate_key
from inquiry_site.parsing.markdown import cited_by_path, is_relative

_NAME = re.compile(r"!?\[\[[\s>]*(?P<name>[^\[\]|#\\]*)")
_DESTINATION = re.compile(
    r"\]\(\s*+(?P<destination><[^<>\n]*>|[^\s()<>]*(?:\([^\s()]*\)[^\s()]*)*)(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)\Z"
)


class UnclearPlaceError(ValueError):
    """A place names the id in a way that cannot be changed safely."""

    def __init__(self, offset: int) -> None:
        super().__init__("this value cannot be changed safely")
        self.offset = offset


@dataclass(frozen=True, slots=True)
class CitationEditor:
    """Replaces one id by another, in all files of a knowledge base.

    Attributes:
        graph: the graph before the change; it resolves what files cite.
        kind: whether the id is that of a note or of a line.
    """

    graph: KnowledgeGraph
    kind: Kind
    old: str
    new: str

    def may_name(self, text: str) -> bool:
        """Return whether a text contains the id at all, perhaps percent-encoded or decomposed."""
        if self.old in text:
            return True
        if not self.old.isascii() or "%" in text:
            return self.old in unicodedata.normalize("NFC", unquote(text))
        return False

    def in_body(self, text: str, body: Body, path: str) -> Iterator[Edit]:
        """Yield the edits of citations and acknowledgements in a body, and of definitions of links."""
        for citation in body.citations:
            resolution = self.graph.resolve(citation)
            if resolution.outcome is Outcome.FOUND and resolution.id == self.old:
                yield from self._in_citation(text, citation)
        for link in body.links:
            cited = cited_by_path(link.destination, path)
            if cited and self._is_old(cited[0]):
                yield from self._in_destination(text, link.start, link.end)
        for entry in find_acknowledgements(body):
            if self._is_old(entry.name):
                end = entry.name_start + len(text[entry.name_start :].split(None, 1)[0])
                yield Edit(entry.name_start, end, self.new)

    def in_links_of_page(self, text: str, body: Body, path: str, docs_dir: str) -> Iterator[Edit]:
        """Yield the edits of links in a hand-written page to the page as a file of the site."""
        folder = posixpath.dirname(path.removeprefix(f"{docs_dir}/"))
        for link in body.links:
            file = unquote(link.destination.partition("#")[0].partition("?")[0])
            target = posixpath.normpath(posixpath.join(folder, file)) if is_relative(link.destination) else ""
            stem, suffix = posixpath.splitext(target)
            if (
                suffix == ".md"
                and posixpath.dirname(stem) == self.kind.value
                and self._is_old(posixpath.basename(stem))
            ):
                yield from self._in_destination(text, link.start, link.end)

    def in_frontmatter(self, text: str) -> Iterator[Edit]:
        """Yield the edits of ``next`` and ``relations``.

        Raises:
            UnclearPlaceError: one of them is not written as a simple value.
        """
        block = find_frontmatter(text)
        data = load_yaml(text, block) if block else None
        if not isinstance(data, dict) or isinstance(data, YamlFault):
            return
        for path, name in _references(data):
            if self._is_old(name) and self.graph.names.resolve(name).id == self.old:
                start, end = locate_key(text, path)
                yield self._in_value(text, start, end)

    def _is_old(self, name: str) -> bool:
        return unicodedata.normalize("NFC", name) == self.old

    def _in_citation(self, text: str, citation: Citation) -> Iterator[Edit]:
        written = text[citation.start : citation.end]
        if citation.style is CitationStyle.LINK:
            match = _DESTINATION.search(written)
            if match:
                yield from self._in_destination(text, *(citation.start + at for at in match.span("destination")))
            return
        match = _NAME.match(written)
        if match is None:
            return
        name = match["name"].rstrip(" \t\n>")
        stem = name.rpartition("/")[2].removesuffix(".md")
        if self._is_old(stem):
            start = citation.start + match.start("name") + name.rfind("/") + 1
            yield Edit(start, start + len(stem), self.new)

    def _in_destination(self, text: str, start: int, end: int) -> Iterator[Edit]:
        """Yield the edit of a relative link: its last step up to ``.md``, percent-encoded if it was."""
        file = text[start:end].lstrip("<").partition("#")[0].rstrip(">")
        start += text[start:end].startswith("<")
        step = file.rpartition("/")[2]
        stem = step[: -len(".md")]
        if self._is_old(unquote(stem)):
            start += len(file) - len(step)
            yield Edit(start, start + len(stem), quote(self.new) if "%" in stem else self.new)

    def _in_value(self, text: str, start: int, end: int) -> Edit:
        written = text[start:end]
        for mark in ('"', "'"):
            if self._is_old(written.removeprefix(mark).removesuffix(mark)) and written.startswith(mark):
                return Edit(start + 1, end - 1, self.new)
        if self._is_old(written):
            return Edit(start, end, write_list([self.new])[1:-1])
        raise UnclearPlaceError(start)


def _references(data: dict[str, object]) -> Iterator[tuple[KeyPath, str]]:
    following, relations = data.get("next"), data.get("relations")
    for number, target in enumerate(following if isinstance(following, list) else ()):
        if isinstance(target, str):
            yield ("next", number), target
    for number, relation in enumerate(relations if isinstance(relations, list) else ()):
        if isinstance(relation, dict) and isinstance(relation.get("to"), str):
            yield ("relations", number, "to"), relation["to"]
