"""Parse a tree of files into documents: each file independently, with the faults that prevent a document."""

from __future__ import annotations

import posixpath
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from inquiry_site.config import LARGEST_FILE, Limits
from inquiry_site.diagnostics import Span
from inquiry_site.model import (
    BIBLIOGRAPHY,
    AnyDocument,
    Asset,
    Body,
    Evidence,
    Fault,
    FaultKind,
    FileContent,
    InquiringLine,
    Kind,
    Note,
    ParsedBibliography,
    ParsedDocument,
    ParsedFiles,
    Quote,
    Reference,
    Relation,
    RelationType,
    Scope,
    SourceCheck,
    TextFile,
    TooLarge,
    Unreadable,
)
from inquiry_site.parsing.bibtex import parse_bibliography
from inquiry_site.parsing.bounds import find_excess
from inquiry_site.parsing.frontmatter import (
    Frontmatter,
    YamlFault,
    find_frontmatter,
    load_yaml,
    locate_key,
    locate_key_name,
    opens_frontmatter,
)
from inquiry_site.parsing.markdown import scan_body
from inquiry_site.parsing.schema import (
    AnyFrontmatter,
    LineFrontmatter,
    NoteFrontmatter,
    SchemaProblem,
    SourceEntry,
    describe_value,
    known_keys,
    validate,
)

RESERVED_IDS = frozenset({"index", "readme"})
"""File name stems whose URL would be the index of their folder."""

_FOLDERS = tuple(f"{kind.value}/" for kind in Kind)
_UNSAFE_SIGNS = frozenset('"<>\\')

DocumentContent = str | bytes | Unreadable | TooLarge
"""The content of a document, or the reason why it was not read."""

ParseAll = Callable[[Sequence[tuple[str, DocumentContent]], Limits], list[ParsedDocument]]
"""The type of ``parse_documents``, and of functions that do the same in several processes."""

_SCHEMAS: dict[Kind, type[AnyFrontmatter]] = {
    Kind.NOTE: NoteFrontmatter,
    Kind.LINE: LineFrontmatter,
}
_FAULT_OF = {
    "missing": FaultKind.MISSING_KEY,
    "unknown": FaultKind.UNKNOWN_KEY,
    "type": FaultKind.WRONG_TYPE,
    "value": FaultKind.BAD_VALUE,
}


def parse_files(
    files: Mapping[str, FileContent], parse: ParseAll | None = None, limits: Limits | None = None
) -> ParsedFiles:
    """Parse every file independently, in the order of the paths.

    Paths that belong to no part of a knowledge base are ignored.

    Args:
        files: content by path.
        parse: a function that parses all documents; by default they are parsed one by one in this process.
        limits: the limits on each file; the defaults if omitted.
    """
    limits = limits or Limits()
    documents: list[tuple[str, DocumentContent]] = []
    published, faults = _published_files(files)
    templates: list[TextFile] = []
    bibliography = ParsedBibliography()
    for path in sorted(files):
        content = files[path]
        folder = path.partition("/")[0]
        if isinstance(content, Asset):
            continue
        if folder in {"notes", "lines"} and (path.lower().endswith(".md") or isinstance(content, Unreadable)):
            documents.append((path, content))
        elif path == BIBLIOGRAPHY or (folder == "templates" and path.endswith((".html", ".css", ".toml"))):
            file = read_text(path, content, limits.file_size)
            if isinstance(file, Fault):
                faults.append(file)
            elif path == BIBLIOGRAPHY:
                bibliography = parse_bibliography(file.text, path)
            else:
                templates.append(TextFile(path.removeprefix("templates/"), file.text))
        elif isinstance(content, Unreadable):
            faults.append(Fault(FaultKind.UNREADABLE, Span(path), detail=content.reason))
    return ParsedFiles(
        tuple((parse or parse_documents)(documents, limits)),
        bibliography,
        tuple(faults),
        tuple(path for path, _ in published if path.startswith(_FOLDERS)),
        tuple((path, asset.active) for path, asset in published if asset.active),
        tuple(path for path, _ in published if not path.startswith(_FOLDERS)),
        tuple(templates),
    )


def _published_files(files: Mapping[str, FileContent]) -> tuple[list[tuple[str, Asset]], list[Fault]]:
    """Return the files to publish unchanged, and a fault for each file beside a note whose path is unsafe."""
    assets = [(path, content) for path, content in sorted(files.items()) if isinstance(content, Asset)]
    signs = {path: _unsafe_sign(path) for path, _ in assets if path.startswith(_FOLDERS)}
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


def read_text(path: str, content: DocumentContent, largest: int = LARGEST_FILE) -> TextFile | Fault:
    """Return a file's content as text without byte-order mark and with line feeds, or the fault that prevents it.

    Args:
        path: the file's path.
        content: its content, or the reason why it was not read.
        largest: the maximum size, in bytes.
    """
    if isinstance(content, Unreadable):
        return Fault(FaultKind.UNREADABLE, Span(path), detail=content.reason)
    size = content.size if isinstance(content, TooLarge) else len(content)
    if size > largest:
        return Fault(FaultKind.TOO_LARGE, Span(path), detail=str(largest), found=str(size))
    if isinstance(content, TooLarge):
        return Fault(FaultKind.UNREADABLE, Span(path), detail="it was too large when it was read")
    try:
        if isinstance(content, str):
            content.encode("utf-8")
            return TextFile(path, _with_line_feeds(content))
        return TextFile(path, _with_line_feeds(content.decode("utf-8")))
    except UnicodeDecodeError as error:
        before = _with_line_feeds(error.object[: error.start].decode("utf-8"))
        found = f"byte 0x{error.object[error.start]:02x}"
    except UnicodeEncodeError as error:
        before = _with_line_feeds(error.object[: error.start])
        found = f"lone surrogate U+{ord(error.object[error.start]):04X}"
    return Fault(FaultKind.NOT_UTF8, Span.of(path, before + "?", len(before), len(before) + 1), found=found)


def _with_line_feeds(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def parse_document(path: str, content: DocumentContent, limits: Limits | None = None) -> ParsedDocument:
    """Parse one file in ``notes/`` or ``lines/`` into a document, or None, and the faults found in the file."""
    kind = Kind(path.partition("/")[0])
    identifier = unicodedata.normalize("NFC", posixpath.basename(path).removesuffix(".md"))
    limits = limits or Limits()
    file = read_text(path, content, limits.file_size)
    if isinstance(file, Fault):
        return ParsedDocument(path, kind, identifier, "", None, (file,))
    text = file.text
    faults: list[Fault] = []
    if not is_id(identifier):
        faults.append(Fault(FaultKind.BAD_ID, Span(path), identifier, _corrected_id(identifier)))
    sign = _unsafe_sign(posixpath.dirname(path))
    if sign:
        faults.append(Fault(FaultKind.BAD_PATH, Span(path), detail=sign))
    data = _frontmatter(path, text)
    if isinstance(data, Fault):
        return ParsedDocument(path, kind, identifier, text, None, (*faults, data))
    block, mapping = data
    value, problems = validate(_SCHEMAS[kind], mapping)
    has_id = not faults
    excess = _excess(path, text, block.body, limits)
    faults += [_schema_fault(kind, path, text, problem) for problem in problems]
    if excess:
        faults.append(excess)
    if value is None or not has_id or excess:
        return ParsedDocument(path, kind, identifier, text, None, tuple(faults))
    body = scan_body(text, block.body, path)
    faults += _line_faults(path, text, value, body) if isinstance(value, LineFrontmatter) else []
    if body.unclosed_fence:
        faults.append(
            Fault(FaultKind.UNCLOSED_CODE, Span.of(path, text, *body.unclosed_fence), text[slice(*body.unclosed_fence)])
        )
    missing = any(fault.kind is FaultKind.MISSING_KEY for fault in faults)
    document = None if missing else _document(identifier, path, value, body)
    return ParsedDocument(path, kind, identifier, text, document, tuple(faults))


def _excess(path: str, text: str, start: int, limits: Limits) -> Fault | None:
    """Return a fault if a body exceeds a limit. Checked before anything else scans the body."""
    excess = find_excess(text[start:], limits)
    if excess is None:
        return None
    span = Span.of(path, text, start + excess.start, start + excess.end)
    if excess.nested:
        return Fault(FaultKind.TOO_DEEP, span, excess.nested, str(limits.nesting))
    return Fault(FaultKind.TOO_COMPLEX, span, detail=str(limits.complexity))


def is_id(identifier: str) -> bool:
    """Return whether a stem consists of lower-case letters of any script, digits and hyphens, and is not reserved."""
    allowed = all(char == "-" or unicodedata.category(char)[0] in "LMN" for char in identifier)
    return bool(identifier) and allowed and identifier == identifier.lower() and identifier not in RESERVED_IDS


def _unsafe_sign(path: str) -> str:
    """Return the first character of a path that HTML, URLs or logs could misinterpret, or an empty string."""
    return next((char for char in path if char in _UNSAFE_SIGNS or unicodedata.category(char)[0] == "C"), "")


def _corrected_id(identifier: str) -> str:
    letters = [
        char if char == "-" or unicodedata.category(char)[0] in "LMN" else "-"
        for char in identifier.lower().removesuffix(".md")
    ]
    corrected = "-".join(part for part in "".join(letters).split("-") if part)
    return corrected if is_id(corrected) else ""


def _frontmatter(path: str, text: str) -> tuple[Frontmatter, dict[str, Any]] | Fault:
    if not text.strip():
        return Fault(FaultKind.EMPTY, Span(path))
    block = find_frontmatter(text)
    if block is None:
        kind = FaultKind.UNCLOSED_FRONTMATTER if opens_frontmatter(text) else FaultKind.NO_FRONTMATTER
        return Fault(kind, Span.of(path, text, 0, text.find("\n") if "\n" in text else len(text)))
    data = load_yaml(text, block)
    if isinstance(data, YamlFault):
        span = Span.of(path, text, data.offset, data.offset + 1)
        return Fault(FaultKind.BAD_YAML, span, detail=data.problem, found=text[data.offset : data.offset + 1])
    if data is None:
        data = {}
    if not isinstance(data, dict):
        return Fault(FaultKind.NOT_A_MAPPING, Span.of(path, text, block.start, block.end), found=describe_value(data))
    return block, data


def _schema_fault(kind: Kind, path: str, text: str, problem: SchemaProblem) -> Fault:
    locate = locate_key_name if problem.kind == "unknown" else locate_key
    span = Span.of(path, text, *locate(text, problem.path))
    subject = ".".join(str(step) for step in problem.path)
    expected = problem.expected
    if problem.kind == "unknown":
        expected = ", ".join(known_keys(_SCHEMAS[kind], problem.path))
    return Fault(_FAULT_OF[problem.kind], span, subject, expected, problem.found)


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
