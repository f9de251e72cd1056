"""Parse ``references.bib`` into bibliographic records."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager

from bibtexparser.entrypoint import parse_string
from bibtexparser.exceptions import BlockAbortedException
from bibtexparser.library import Library
from bibtexparser.middlewares import (
    BlockMiddleware,
    LatexDecodingMiddleware,
    MergeNameParts,
    SeparateCoAuthors,
    SplitNameParts,
)
from bibtexparser.model import (
    Block,
    DuplicateBlockKeyBlock,
    DuplicateFieldKeyBlock,
    Entry,
    MiddlewareErrorBlock,
    ParsingFailedBlock,
)
from bibtexparser.splitter import Splitter

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
    with _without_log():
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


@contextmanager
def _without_log() -> Iterator[None]:
    """Keep the parser from logging what becomes a fault."""
    logger = logging.getLogger(Splitter.__module__)
    logger.addFilter(_reject)
    try:
        yield
    finally:
        logger.removeFilter(_reject)


def _reject(record: logging.LogRecord) -> bool:
    return False


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
    start = _entry_start(block, text)
    raw = block.raw or ""
    end = start + len(raw.partition("\n")[0])
    subject, detail, found = "", "", ""
    match block:
        case DuplicateBlockKeyBlock():
            detail = f"another entry already has the key “{block.key}”"
        case DuplicateFieldKeyBlock():
            detail = f"it contains the field {', '.join(f'“{key}”' for key in sorted(block.duplicate_keys))} twice"
        case MiddlewareErrorBlock():
            detail = " ".join(str(block.error).split()).rstrip(".")
            name = _TOO_MANY_COMMAS.search(detail)
            if name and name[1] in raw:
                start += raw.index(name[1])
                subject, found, end = "names", name[1], start + len(name[1])
        case ParsingFailedBlock(error=BlockAbortedException(abort_reason=reason)):
            subject = next((name for words, name in _ABORTED.items() if reason.startswith(words)), "")
            if subject == "unclosed":
                detail = str(text.count("\n", 0, text.find("@", start + len(raw))) + 1)
            elif subject in {"comma", "equals"}:
                start, end = start + len(raw.rstrip()) - 1, start + len(raw.rstrip())
    return Fault(FaultKind.BAD_BIBTEX, Span.of(path, text, start, end), subject, detail, found)


_TOO_MANY_COMMAS = re.compile(r"name `(.*)` into parts: Too many commas")
_ABORTED = {
    "Unexpected block start": "unclosed",
    "Unexpectedly reached end": "unclosed at end",
    "Expected comma": "comma",
    "Expected a `=`": "equals",
}
"""What is missing, by the beginning of the parser's message."""


def _entry_start(block: Block, text: str) -> int:
    """Return the offset of an entry's “@”."""
    position = 0
    for _ in range(block.start_line or 0):
        position = text.find("\n", position) + 1
    return max(position, text.find("@", position))
