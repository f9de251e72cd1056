"""Find the record of a new note's source: in a BibTeX file, at Crossref or at arXiv."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from inquiry_site.adapters.cli.output import fail
from inquiry_site.adapters.web.records import RecordUnavailableError, fetch_record
from inquiry_site.authoring.fetched_records import only_identifier
from inquiry_site.authoring.new_page import UNKNOWN_SOURCE
from inquiry_site.config import LARGEST_PAGE
from inquiry_site.diagnostics.terminal import printable_line
from inquiry_site.model import Reference
from inquiry_site.parsing.bibtex import parse_bibliography
from inquiry_site.parsing.identifiers import arxiv_problem, is_doi, normalize_arxiv, normalize_doi
from inquiry_site.text.suggest import closest_names

_ARXIV_DOI = "10.48550/arxiv."
_MOST_KEYS = 10


@dataclass(frozen=True, slots=True)
class GivenSource:
    """What is known of the source of a new note."""

    record: Reference = UNKNOWN_SOURCE
    problems: tuple[str, ...] = ()
    """What the author should know about the record."""


def source_of(doi: str | None, arxiv: str | None, bibtex: Path | None, key: str | None) -> GivenSource:
    """Return the source that options name; end the command if they contradict each other or name nothing."""
    given = [name for name, value in (("--doi", doi), ("--arxiv", arxiv), ("--bibtex", bibtex)) if value is not None]
    if len(given) > 1:
        fail(f"{' and '.join(given)} cannot be combined.", "Name the source once.")
    if key is not None and bibtex is None:
        fail("--key names an entry of a BibTeX file.", "Name the file with --bibtex.")
    if bibtex is not None:
        return _from_bibtex(bibtex, key)
    if doi is not None:
        if not is_doi(doi):
            fail(f"“{printable_line(doi, 80)}” is not a DOI.", "A DOI begins with “10.”, as in 10.1038/nature14539.")
        # Crossref does not have the DOIs that arXiv assigns.
        number = normalize_doi(doi).removeprefix(_ARXIV_DOI)
        return _fetched("doi", doi) if number == normalize_doi(doi) else _fetched("arxiv", number)
    if arxiv is not None:
        problem = arxiv_problem(arxiv)
        if problem:
            fail(f"“{printable_line(arxiv, 80)}” is not an arXiv number: {problem}.")
        return _fetched("arxiv", arxiv)
    return GivenSource()


def _fetched(key: str, value: str) -> GivenSource:
    name = f"DOI {normalize_doi(value)}" if key == "doi" else f"arXiv number {normalize_arxiv(value)}"
    try:
        record = fetch_record(key, value)
    except RecordUnavailableError as error:
        failure = f"The record of {name} could not be fetched ({error})."
        help_text = (
            f"The note contains the {name.rpartition(' ')[0]}: fill in the rest, or delete the file and try again."
        )
        return GivenSource(only_identifier(key, value), (f"{failure} {help_text}",))
    if record.retracted:
        day = "" if record.retracted == "yes" else f" on {record.retracted}"
        return GivenSource(record, (f"warning: “{record.title}” was retracted{day}.",))
    return GivenSource(record)


def _from_bibtex(path: Path, key: str | None) -> GivenSource:
    try:
        content = path.read_bytes()[: LARGEST_PAGE + 1]
        text = content.decode("utf-8-sig")
    except OSError as error:
        fail(f"{path} cannot be read: {error.strerror or error}.")
    except UnicodeDecodeError:
        fail(f"{path} is not UTF-8.", "Save it as UTF-8.")
    if len(content) > LARGEST_PAGE:
        fail(f"{path} is too large.", "Copy the entry to a file of its own.")
    bibliography = parse_bibliography(text, path.name)
    records = dict(bibliography.entries)
    incomplete = {entry.key: entry.missing for entry in bibliography.incomplete}
    keys = [*records, *incomplete]
    if key is None and len(keys) == 1:
        key = keys[0]
    if key is None:
        listed = ", ".join(keys[:_MOST_KEYS]) + (", …" if len(keys) > _MOST_KEYS else "")
        fail(
            f"{path} has {len(keys)} entries.", f"Choose one with --key: {printable_line(listed, 400)}." if keys else ""
        )
    key = key.removeprefix("@")
    if key in records:
        return GivenSource(records[key])
    shown = printable_line(key, 80)
    if key in incomplete:
        fail(f"The entry “{shown}” in {path} lacks {' and '.join(incomplete[key])}.", "Complete the entry.")
    near = ", ".join(closest_names(key, keys))
    return fail(f"{path} has no entry “{shown}”.", f"Did you mean {printable_line(near, 200)}?" if near else "")
