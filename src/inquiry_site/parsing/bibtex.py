"""Parse ``references.bib`` into bibliographic records."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bibtexparser.entrypoint import parse_string
from bibtexparser.library import Library
from bibtexparser.middlewares import (
    BlockMiddleware,
    LatexDecodingMiddleware,
    MergeNameParts,
    SeparateCoAuthors,
    SplitNameParts,
)
from bibtexparser.model import Block, DuplicateBlockKeyBlock, DuplicateFieldKeyBlock, Entry, MiddlewareErrorBlock

from inquiry_site.diagnostics import Span
from inquiry_site.model import Fault, FaultKind, IncompleteEntry, ParsedBibliography, Reference

_TYPES = {
    "book": "book",
    "inbook": "book",
    "incollection": "book",
    "mvbook": "book",
    "techreport": "report",
    "report": "report",
    "online": "web",
    "electronic": "web",
    "www": "web",
    "dataset": "dataset",
}
_ARXIV = re.compile(r"arxiv[:./\s]*(?:abs/)?((?:[a-z.-]+/)?\d{4}\.?\d{3,5}(?:v\d+)?)", re.IGNORECASE)
_VERBATIM = frozenset({"doi", "url", "howpublished", "eprint", "isbn"})
_URL = re.compile(r"\\(?:url|path)\s*\{([^{}]*)\}")
_BARE_PERCENT = re.compile(r"(?<!\\)%")
_NAMES = "names"
_YEAR = re.compile(r"\d{4}")


class _Decoding(LatexDecodingMiddleware):
    """Decode LaTeX after names have been split, because braces keep “{Barnes and Noble}” together until then."""

    def transform_entry(self, entry: Entry, library: Library) -> Block:
        """Decode prose fields; URLs and identifiers are only unescaped, because ``%`` and ``~`` are part of them."""
        errors: list[str] = []
        for field in entry.fields:
            if field.key.lower() in _VERBATIM:
                field.value = _verbatim(str(field.value))
            elif isinstance(field.value, list):
                field.value = self._transform_all_strings(field.value, errors)
            else:
                # BibTeX reads a bare percent sign literally, and most authors write it unescaped.
                field.value = self._transform_python_value_string(_BARE_PERCENT.sub(r"\\%", str(field.value)))[0]
        return entry


class _KeepingNames(BlockMiddleware):
    """Keep names as written before they are split into parts."""

    def transform_entry(self, entry: Entry, library: Library) -> Block:
        """Save the names of authors, or of editors, with the entry."""
        fields = {field.key.lower(): field.value for field in entry.fields}
        names = fields.get("author") or fields.get("editor") or ()
        kept = (names,) if isinstance(names, str) else names
        entry.parser_metadata[_NAMES] = tuple(" ".join(str(name).split()) for name in kept)
        return entry


def _verbatim(value: str) -> str:
    return re.sub(r"\\([%_&#$~{}])(?:\{\})?", r"\1", _URL.sub(r"\1", value)).strip("{} ")


def parse_bibliography(text: str, path: str) -> ParsedBibliography:
    """Parse a BibTeX file.

    Args:
        text: the content of the file.
        path: the path of the file, for the spans of faults.

    Returns:
        Complete entries, and separately the entries that lack a field which a source needs: those matter only once a
        note cites them. Blocks that cannot be parsed become faults.
    """
    library = parse_string(
        text,
        append_middleware=[
            SeparateCoAuthors(),
            _KeepingNames(),
            SplitNameParts(),
            MergeNameParts(style="first"),
            _Decoding(),
        ],
    )
    entries: list[tuple[str, Reference]] = []
    names: list[tuple[str, int, tuple[str, ...]]] = []
    incomplete: list[IncompleteEntry] = []
    for entry in library.entries:
        record = _read_entry(entry)
        if isinstance(record, Reference):
            entries.append((entry.key, record))
            names.append((entry.key, (entry.start_line or 0) + 1, entry.parser_metadata[_NAMES]))
        else:
            incomplete.append(record)
    faults = tuple(_fault(block, text, path) for block in library.failed_blocks)
    return ParsedBibliography(tuple(entries), tuple(incomplete), faults, tuple(names))


def _read_entry(entry: Entry) -> Reference | IncompleteEntry:
    fields = {field.key.lower(): field.value for field in entry.fields}
    authors = fields.get("author") or fields.get("editor") or ()
    year = _YEAR.search(_text(fields, "year", "date"))
    reference = Reference(
        title=_text(fields, "title"),
        authors=tuple(name for name in ((authors,) if isinstance(authors, str) else authors) if name != "others"),
        year=int(year[0]) if year else 0,
        doi=_text(fields, "doi"),
        arxiv=_arxiv(fields),
        isbn=_text(fields, "isbn"),
        url=_text(fields, "url", "howpublished"),
        venue=_text(fields, "journal", "journaltitle", "booktitle", "publisher", "institution"),
        type=_TYPES.get(entry.entry_type.lower(), "paper"),
    )
    missing = tuple(_missing(reference))
    return IncompleteEntry(entry.key, missing) if missing else reference


def _missing(reference: Reference) -> Iterator[str]:
    if not reference.title:
        yield "title"
    if not reference.authors:
        yield "author"
    if not reference.year:
        yield "year"
    if not (reference.doi or reference.arxiv or reference.isbn or reference.url):
        yield "one of doi, eprint, isbn or url"


def _text(fields: dict[str, str], *names: str) -> str:
    for name in names:
        value = fields.get(name)
        if value:
            return " ".join(str(value).split())
    return ""


def _arxiv(fields: dict[str, str]) -> str:
    if _text(fields, "archiveprefix", "eprinttype").lower() == "arxiv":
        return _text(fields, "eprint")
    for name in ("journal", "journaltitle", "note", "url"):
        match = _ARXIV.search(_text(fields, name))
        if match:
            return match[1]
    return ""


def _fault(block: Block, text: str, path: str) -> Fault:
    line = (block.start_line or 0) + 1
    lines = text.split("\n")
    width = len(lines[line - 1]) if line <= len(lines) else 0
    span = Span(path, line, 1, line, width + 1)
    return Fault(FaultKind.BAD_BIBTEX, span, detail=_problem(block))


def _problem(block: Block) -> str:
    match block:
        case DuplicateBlockKeyBlock():
            return f"another entry already has the key “{block.key}”"
        case DuplicateFieldKeyBlock():
            return f"it contains the field {', '.join(f'“{key}”' for key in sorted(block.duplicate_keys))} twice"
        case MiddlewareErrorBlock():
            return " ".join(str(block.error).split()).rstrip(".")
    return "a brace, a quotation mark or a comma is missing"
