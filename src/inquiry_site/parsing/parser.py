"""Parse a tree of files into documents: each file independently, with the faults that prevent a document."""

from __future__ import annotations

import posixpath
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from inquiry_site.config import Limits
from inquiry_site.diagnostics import Span
from inquiry_site.file_content import BIBLIOGRAPHY, Asset, FileContent, TextFile, Unreadable
from inquiry_site.model import (
    AnyDocument,
    Body,
    Evidence,
    Fault,
    FaultKind,
    InquiringLine,
    Kind,
    Note,
    ParsedBibliography,
    ParsedDocument,
    ParsedFiles,
    ParsedPage,
    ParsedTopic,
    Quote,
    Reference,
    Relation,
    RelationType,
    Scope,
    SourceCheck,
)
from inquiry_site.parsing.bibtex import parse_bibliography
from inquiry_site.parsing.bounds import find_excess_fault
from inquiry_site.parsing.docs_page import parse_page
from inquiry_site.parsing.faults import body_faults, name_faults, read_frontmatter, schema_fault
from inquiry_site.parsing.frontmatter import KeyPath, find_frontmatter, locate_key, opens_frontmatter
from inquiry_site.parsing.glossary import GLOSSARY, parse_glossary
from inquiry_site.parsing.ids import unsafe_sign
from inquiry_site.parsing.markdown import scan_body
from inquiry_site.parsing.schema import (
    AnyFrontmatter,
    LineFrontmatter,
    NoteFrontmatter,
    SourceEntry,
    validate,
)
from inquiry_site.parsing.text_file import DocumentContent, read_text
from inquiry_site.parsing.topic import parse_topic
from inquiry_site.text.terms import GlossaryEntry

_DOCUMENT_FOLDERS = tuple(f"{kind.value}/" for kind in Kind)
_FOLDERS = (*_DOCUMENT_FOLDERS, "topics/")

ParseAll = Callable[[Sequence[tuple[str, DocumentContent]], Limits], list[ParsedDocument]]
"""The type of ``parse_documents``, and of functions that do the same in several processes."""

_SCHEMAS: dict[Kind, type[AnyFrontmatter]] = {
    Kind.NOTE: NoteFrontmatter,
    Kind.LINE: LineFrontmatter,
}


def parse_files(
    files: Mapping[str, FileContent],
    parse: ParseAll | None = None,
    limits: Limits | None = None,
    docs_dir: str = "docs",
) -> ParsedFiles:
    """Parse every file independently, in the order of the paths.

    Paths that belong to no part of a knowledge base are ignored.

    Args:
        files: content by path.
        parse: a function that parses all documents; by default they are parsed one by one in this process.
        limits: the limits on each file; the defaults if omitted.
        docs_dir: the folder of the hand-written pages.
    """
    limits = limits or Limits()
    published, faults = _published_files(files)
    others = _OtherFiles(faults)
    documents: list[tuple[str, DocumentContent]] = []
    for path, content in sorted(files.items()):
        if isinstance(content, Asset) or (is_readme(path) and not isinstance(content, Unreadable)):
            continue
        is_beside = path.startswith(_DOCUMENT_FOLDERS) or path in {"notes", "lines"}
        if is_beside and (path.lower().endswith(".md") or isinstance(content, Unreadable)):
            documents.append((path, content))
        else:
            others.add(path, content, limits, docs_dir)
    return ParsedFiles(
        tuple((parse or parse_documents)(documents, limits)),
        others.bibliography,
        tuple(others.faults),
        tuple(path for path, _ in published if path.startswith(_FOLDERS)),
        tuple((path, asset.active) for path, asset in published if asset.active),
        (*(path for path, _ in published if not path.startswith(_FOLDERS)), *(page.path for page in others.pages)),
        tuple(others.templates),
        tuple(others.pages),
        tuple(others.topics),
        others.glossary,
    )


class _OtherFiles:
    """Collects what is parsed from files that are not documents."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        self.bibliography = ParsedBibliography()
        self.pages: list[ParsedPage] = []
        self.templates: list[TextFile] = []
        self.topics: list[ParsedTopic] = []
        self.glossary: tuple[GlossaryEntry, ...] = ()

    def add(self, path: str, content: DocumentContent, limits: Limits, docs_dir: str) -> None:
        """Parse one file, unless it belongs to no part of a knowledge base."""
        if path.startswith(f"{docs_dir}/") and path.endswith(".md"):
            page = parse_page(path, content, limits)
            if isinstance(page, Fault):
                self.faults.append(page)
            else:
                self.pages.append(page)
                self.glossary = parse_glossary(page.text) if path == f"{docs_dir}/{GLOSSARY}" else self.glossary
        elif path.startswith("topics/") and (path.lower().endswith(".md") or isinstance(content, Unreadable)):
            self.topics.append(parse_topic(path, content, limits))
        elif path == BIBLIOGRAPHY or (path.startswith("templates/") and path.endswith((".html", ".css", ".toml"))):
            file = read_text(path, content, limits.file_size)
            if isinstance(file, Fault):
                self.faults.append(file)
            elif path == BIBLIOGRAPHY:
                self.bibliography = parse_bibliography(file.text, path)
            else:
                self.templates.append(TextFile(path.removeprefix("templates/"), file.text))
        elif isinstance(content, Unreadable):
            self.faults.append(Fault(FaultKind.UNREADABLE, Span(path), detail=content.reason))


def _published_files(files: Mapping[str, FileContent]) -> tuple[list[tuple[str, Asset]], list[Fault]]:
    """Return the files to publish unchanged, and a fault for each file beside a note whose path is unsafe."""
    assets = [(path, content) for path, content in sorted(files.items()) if isinstance(content, Asset)]
    signs = {path: unsafe_sign(path) for path, _ in assets if path.startswith(_FOLDERS)}
    faults = [Fault(FaultKind.BAD_PATH, Span(path), detail=sign) for path, sign in signs.items() if sign]
    return [(path, asset) for path, asset in assets if not signs.get(path)], faults


def parse_documents(contents: Sequence[tuple[str, DocumentContent]], limits: Limits) -> list[ParsedDocument]:
    """Parse documents one by one in this process."""
    return [parse_document(path, content, limits) for path, content in contents]


def parse_changed(
    before: Mapping[str, FileContent], parsed: Sequence[ParsedDocument], parse: ParseAll | None = None
) -> ParseAll:
    """Return a function that parses documents like ``parse``, but reuses earlier results for unchanged files.

    Args:
        before: the earlier content of the files, by path.
        parsed: the documents parsed from them.
        parse: a function that parses the changed documents; by default one by one in this process.
    """
    earlier = {document.path: document for document in parsed}

    def parse_only_changed(contents: Sequence[tuple[str, DocumentContent]], limits: Limits) -> list[ParsedDocument]:
        changed = [(path, content) for path, content in contents if path not in earlier or before[path] != content]
        reparsed = {document.path: document for document in (parse or parse_documents)(changed, limits)}
        return [reparsed.get(path) or earlier[path] for path, _ in contents]

    return parse_only_changed


def parse_document(path: str, content: DocumentContent, limits: Limits | None = None) -> ParsedDocument:
    """Parse one file in ``notes/`` or ``lines/`` into a document, or None, and the faults found in the file."""
    kind = Kind(path.partition("/")[0])
    identifier = unicodedata.normalize("NFC", posixpath.basename(path).removesuffix(".md"))
    limits = limits or Limits()
    file = read_text(path, content, limits.file_size)
    if isinstance(file, Fault):
        return ParsedDocument(path, kind, identifier, "", None, (file,))
    text = file.text
    faults = name_faults(path, identifier)
    data = read_frontmatter(path, text)
    if isinstance(data, Fault):
        return _without_document(path, kind, identifier, text, [*faults, data], limits)
    block, mapping = data
    value, problems = validate(_SCHEMAS[kind], mapping)
    has_id = not faults
    faults += [schema_fault(_SCHEMAS[kind], path, text, problem) for problem in problems]
    if value is None or not has_id:
        entry = _without_document(path, kind, identifier, text, faults, limits)
        return replace(entry, faulty_references=tuple(_references(mapping)))
    excess = find_excess_fault(path, text, block.body, limits)
    if excess:
        return ParsedDocument(path, kind, identifier, text, None, (*faults, excess))
    body = scan_body(text, block.body, path)
    faults += _line_faults(path, text, value, body) if isinstance(value, LineFrontmatter) else []
    faults += body_faults(path, text, body)
    missing = any(fault.kind is FaultKind.MISSING_KEY for fault in faults)
    if missing:
        return ParsedDocument(path, kind, identifier, text, None, tuple(faults), body, tuple(_references(mapping)))
    return ParsedDocument(path, kind, identifier, text, _document(identifier, path, value, body), tuple(faults))


def _without_document(
    path: str, kind: Kind, identifier: str, text: str, faults: list[Fault], limits: Limits
) -> ParsedDocument:
    """Parse only the body of a file whose frontmatter or name is invalid, so that all problems are reported at once."""
    block = find_frontmatter(text)
    if block is None and opens_frontmatter(text):
        return ParsedDocument(path, kind, identifier, text, None, tuple(faults))
    start = block.body if block else 0
    excess = find_excess_fault(path, text, start, limits)
    if excess:
        return ParsedDocument(path, kind, identifier, text, None, (*faults, excess))
    body = scan_body(text, start, path)
    return ParsedDocument(path, kind, identifier, text, None, (*faults, *body_faults(path, text, body)), body)


def _references(mapping: Mapping[str, Any]) -> Iterator[tuple[KeyPath, str]]:
    """Yield the ids to which frontmatter refers, from those of its values that have the right type."""
    following, relations = mapping.get("next"), mapping.get("relations")
    for target in following if isinstance(following, list) else ():
        if isinstance(target, str):
            yield ("next", target), target
    for number, relation in enumerate(relations if isinstance(relations, list) else ()):
        if isinstance(relation, dict) and isinstance(relation.get("to"), str):
            yield ("relations", number, "to"), relation["to"]


def is_readme(path: str) -> bool:
    """Return whether a path is that of a README beside notes or lines, which code hosts show: it is not a document."""
    return path.startswith(_FOLDERS) and posixpath.basename(path).lower() == "readme.md"


def _line_faults(path: str, text: str, value: LineFrontmatter, body: Body) -> list[Fault]:
    """Return the faults that the schema cannot detect, because whether an answer is required depends on the body."""
    verdict = _verdict(value, body)
    if verdict != "open" and not value.answer:
        return [Fault(FaultKind.MISSING_KEY, Span.of(path, text, 0, 3), "answer")]
    if verdict != "open" and body.is_empty:
        span = Span.of(path, text, *locate_key(text, ("verdict",)))
        return [Fault(FaultKind.BAD_VALUE, span, "verdict", "“open” for a line without a body", f"“{verdict}”")]
    return []


def _verdict(value: LineFrontmatter, body: Body) -> str:
    return value.verdict or ("open" if body.is_empty else "answered")


def _document(identifier: str, path: str, value: AnyFrontmatter, body: Body) -> AnyDocument:
    common: dict[str, Any] = {
        "id": identifier,
        "path": path,
        "title": _one_line(value.title),
        "description": _one_line(value.description),
        "body": body,
        "tags": tuple(dict.fromkeys(_one_line(tag) for tag in value.tags)),
        "date": value.date,
        "updated": value.updated,
        "aliases": tuple(_one_line(alias) for alias in value.aliases),
        "draft": value.draft,
    }
    if isinstance(value, NoteFrontmatter):
        return Note(
            **common,
            evidence=tuple(_evidence(source) for source in value.sources),
            scope=Scope(tuple(value.scope.holds), tuple(value.scope.not_shown)),
            relations=tuple(Relation(RelationType(r.type), r.to, _one_line(r.because)) for r in value.relations),
            status=value.status,
        )
    return InquiringLine(
        **common,
        answer=_one_line(value.answer),
        verdict=_verdict(value, body),
        next=tuple(dict.fromkeys(value.next)),
        reviewed=value.reviewed,
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _evidence(source: SourceEntry | str) -> Evidence:
    if isinstance(source, str):
        return Evidence(None, source.removeprefix("@"))
    retracted = (
        ("yes" if source.retracted else "") if isinstance(source.retracted, bool) else source.retracted.isoformat()
    )
    reference = Reference(
        title=_one_line(source.title),
        authors=tuple(_one_line(author) for author in source.authors),
        year=source.year,
        doi=source.doi,
        arxiv=source.arxiv,
        isbn=source.isbn,
        url=source.url,
        venue=_one_line(source.venue),
        type=source.type,
        retracted=retracted,
    )
    quotes = tuple(Quote(_one_line(q.text), _one_line(q.locator)) for q in source.quotes)
    read = source.checked
    return Evidence(reference, "", quotes, SourceCheck(read.on, read.extent, read.version) if read else None)
