"""Change the id of a note or a line with everything that names it, as new contents of files."""

from __future__ import annotations

import posixpath
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from inquiry_site.authoring.alias_edits import add_alias
from inquiry_site.authoring.citation_edits import CitationEditor, UnclearPlaceError
from inquiry_site.authoring.id_suggestion import suggest_id
from inquiry_site.authoring.same_meaning import find_difference
from inquiry_site.config import Config
from inquiry_site.diagnostics import Edit, Span
from inquiry_site.diagnostics.edits import apply_edits
from inquiry_site.file_content import FileContent
from inquiry_site.graph import KnowledgeGraph, resolve_graph
from inquiry_site.model import Body, FaultKind, ParsedDocument, ParsedFiles
from inquiry_site.parsing.frontmatter import find_frontmatter
from inquiry_site.parsing.ids import is_id
from inquiry_site.parsing.markdown import scan_body
from inquiry_site.parsing.parser import ParseAll, parse_changed, parse_files


class RenameError(ValueError):
    """An id cannot be changed; ``hint`` is what to do about it."""

    def __init__(self, message: str, hint: str = "", *, is_unknown: bool = False) -> None:
        super().__init__(message)
        self.hint = hint
        self.is_unknown = is_unknown
        """Whether there is no page with the id."""


@dataclass(frozen=True, slots=True)
class Renaming:
    """The new contents of all files that a new id concerns."""

    old_path: str
    new_path: str
    contents: Mapping[str, tuple[bytes, bytes]]
    """The content before and after, by path before, of every file that changes; among them the renamed file."""
    count: int
    """The number of places that name the id."""
    unread: tuple[str, ...]
    """Files that contain the id but could not be read as far as necessary to change it there."""


def plan_renaming(
    files: Mapping[str, FileContent], config: Config, old: str, new: str, parse: ParseAll | None = None
) -> Renaming:
    """Return what changes if a note or a line gets another id.

    Every citation by the id names the new one, in notes, lines, topics and hand-written pages. The old id becomes an
    alias, so that its address and all other links remain valid. Nothing else changes; this is verified.

    Args:
        files: the files of the knowledge base, by path.
        config: the settings.
        old: the id.
        new: the new id.
        parse: parses the documents; defaults to parsing them one by one in this process.

    Raises:
        RenameError: there is no such page, the new id cannot be used, or a place cannot be changed safely.
    """
    config = replace(config, drafts=True)
    parsed = parse_files(files, parse, config.limits, config.docs_dir)
    graph = resolve_graph(parsed, config)
    old, new = unicodedata.normalize("NFC", old), unicodedata.normalize("NFC", new)
    entry = _find_entry(parsed, graph, old)
    _refuse_id(parsed, old, new)
    edits, unread = _collect_edits(parsed, CitationEditor(graph, entry.kind, old, new), config.docs_dir)
    count = sum(map(len, edits.values()))
    edits[entry.path] = (*edits.get(entry.path, ()), *add_alias(entry.text, old, new))
    contents = {path: (before, apply_edits(before, edits[path])) for path in edits for before in (_bytes(files[path]),)}
    new_path = posixpath.join(posixpath.dirname(entry.path), f"{new}.md")
    after = {path: content for path, content in files.items() if path != entry.path}
    after |= {new_path if path == entry.path else path: content for path, (_, content) in contents.items()}
    reparsed = parse_files(after, parse_changed(files, parsed.documents, parse), config.limits, config.docs_dir)
    difference = find_difference(graph, resolve_graph(reparsed, config), old, new)
    if difference:
        raise RenameError(f"With the id “{new}”, {difference}.", "Choose another id, or change that place first.")
    return Renaming(entry.path, new_path, contents, count, unread)


def _bytes(content: FileContent) -> bytes:
    return content.encode() if isinstance(content, str) else content if isinstance(content, bytes) else b""


def _find_entry(parsed: ParsedFiles, graph: KnowledgeGraph, old: str) -> ParsedDocument:
    entries = [entry for entry in parsed.documents if entry.id == old]
    if not entries:
        near = ", ".join(graph.names.nearest(old))
        raise RenameError(
            f"No note or line has the id “{old}”.", f"Did you mean {near}?" if near else "", is_unknown=True
        )
    if len(entries) > 1:
        raise RenameError(
            f"{entries[0].path} and {entries[1].path} have the same id.", "Rename one of the files by hand."
        )
    if entries[0].document is None:
        raise RenameError(f"{entries[0].path} has errors.", "Fix them first; “inquiry check” explains them.")
    return entries[0]


def _refuse_id(parsed: ParsedFiles, old: str, new: str) -> None:
    if new == old:
        raise RenameError(f"“{old}” is the id already.")
    if not is_id(new):
        suggestion = suggest_id(new)
        hint = f" Did you mean {suggestion}?" if suggestion and suggestion != old else ""
        raise RenameError(f"“{new}” is not an id.", f"An id consists of lower-case letters, digits and hyphens.{hint}")
    for entry in parsed.documents:
        if entry.id == new:
            raise RenameError(f"{entry.path} has the id “{new}”.", "Choose another id.")
        aliases = entry.document.aliases if entry.document else ()
        taken = {unicodedata.normalize("NFC", alias) for alias in aliases} & {old, new}
        if entry.id != old and taken:
            raise RenameError(
                f"“{taken.pop()}” is an alias of {entry.path}.", "Choose another id, or delete the alias."
            )


def _collect_edits(
    parsed: ParsedFiles, editor: CitationEditor, docs_dir: str
) -> tuple[dict[str, tuple[Edit, ...]], tuple[str, ...]]:
    """Return the edits of each file that names the id, and the files that cannot be read well enough."""
    edits: dict[str, tuple[Edit, ...]] = {}
    unread: list[str] = []
    documents = {entry.path: entry for entry in parsed.documents}
    bodies = dict(_bodies(parsed))
    for path, text in parsed.texts.items():
        if not editor.may_name(text):
            continue
        body = bodies.get(path)
        if body is None and path not in documents and path.startswith(f"{docs_dir}/"):
            block = find_frontmatter(text)
            body = scan_body(text, block.body if block else 0, path)
        if body is None:
            unread.append(path)
            continue
        try:
            of_file = set(editor.in_body(text, body, path))
            if path in documents:
                of_file.update(editor.in_frontmatter(text))
                unread += [path] if _hides_references(documents[path]) else []
            if path.startswith(f"{docs_dir}/"):
                of_file.update(editor.in_links_of_page(text, body, path, docs_dir))
        except UnclearPlaceError as error:
            place = Span.of(path, text, error.offset, error.offset)
            raise RenameError(
                f"{place} names the id in a way that cannot be changed safely.", "Write it as a simple value."
            ) from error
        if of_file:
            edits[path] = tuple(sorted(of_file))
    return edits, tuple(unread)


def _hides_references(entry: ParsedDocument) -> bool:
    """Return whether the frontmatter of a file cannot be read, so that it may refer to other pages."""
    return any(fault.kind in (FaultKind.BAD_YAML, FaultKind.NOT_A_MAPPING) for fault in entry.faults)


def _bodies(parsed: ParsedFiles) -> Iterator[tuple[str, Body | None]]:
    for entry in parsed.documents:
        yield entry.path, entry.document.body if entry.document else entry.faulty_body
    for topic in parsed.topics:
        yield topic.path, topic.topic.body if topic.topic else topic.faulty_body
    for page in parsed.pages:
        yield page.path, page.body
