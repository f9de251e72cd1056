"""Define the rules on bibliographic records: their identifiers, and conflicts between notes about one source."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from inquiry_site.diagnostics import Severity, Span
from inquiry_site.knowledge.bibliography import identities
from inquiry_site.knowledge.standing import SOURCE
from inquiry_site.model import Note, ParsedDocument, Reference
from inquiry_site.parsing.identifiers import arxiv_problem, arxiv_year, is_doi, is_url, isbn_problem
from inquiry_site.rules.rule import Finding, RuleContext, key_span, rule
from inquiry_site.text.suggest import spelling_similarity

_DIFFERENT_PAPERS = 60.0
"""Titles whose similarity is below this percentage belong to two different papers, so the identifier is wrong."""
_FIRST_YEAR = 1000
"""A year with fewer digits is more often a mistyped one than the year of a source."""
_NO_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class _Record:
    """A source as recorded in one note."""

    parsed: ParsedDocument
    number: int
    reference: Reference
    is_own: bool
    """Whether the record is in the note itself rather than in ``references.bib``."""

    def at(self, key: str) -> Span:
        path = ("sources", self.number, key) if self.is_own else ("sources", self.number)
        return key_span(self.parsed, *path)


def _records(context: RuleContext) -> Iterator[_Record]:
    graph = context.knowledge.graph
    for parsed, document in context.published:
        for number, evidence in enumerate(document.evidence if isinstance(document, Note) else ()):
            reference = graph.reference(evidence)
            if reference is not None:
                yield _Record(parsed, number, reference, evidence.reference is not None)


@rule("sources/bad-doi", Severity.ERROR, why="The link to the paper would lead nowhere.")
def bad_doi(context: RuleContext) -> Iterator[Finding]:
    """Every DOI has the form of a DOI: ``10.``, the registrant's number, a slash and a suffix.

    Fails:
    ```yaml title="notes/coffee.md"
    sources: [{doi: 11.1000/coffee}]
    ```

    Passes:
    ```yaml title="notes/coffee.md"
    sources: [{doi: 10.1000/coffee}]
    ```
    """
    for record in _records(context):
        if record.reference.doi and not is_doi(record.reference.doi):
            message = f"“{record.reference.doi}” is not a DOI."
            hint = "Copy it from the paper's page; a DOI begins with “10.”, as in 10.1038/nature14539."
            yield Finding(record.at("doi"), message, hint)


@rule("sources/bad-arxiv", Severity.ERROR, why="The link to the paper would lead nowhere, or to another paper.")
def bad_arxiv(context: RuleContext) -> Iterator[Finding]:
    """Every arXiv number is valid: its month is from 01 to 12, and its number of digits is that of its year.

    Fails:
    ```yaml title="notes/coffee.md"
    sources: [{arxiv: "2113.01234"}]
    ```

    Passes:
    ```yaml title="notes/coffee.md"
    sources: [{arxiv: "2103.01234"}]
    ```
    """
    for record in _records(context):
        problem = arxiv_problem(record.reference.arxiv) if record.reference.arxiv else ""
        if problem:
            message = f"“{record.reference.arxiv}” is not an arXiv number: {problem}."
            yield Finding(record.at("arxiv"), message, 'Copy it from the paper\'s page, in the form "2510.07364".')


@rule("sources/bad-isbn", Severity.ERROR, why="A library would find another book, or none.")
def bad_isbn(context: RuleContext) -> Iterator[Finding]:
    """Every ISBN has ten or thirteen digits, with a correct check digit at the end.

    Fails:
    ```yaml title="notes/coffee.md"
    sources: [{isbn: 978-0-306-40615-8}]
    ```

    Passes:
    ```yaml title="notes/coffee.md"
    sources: [{isbn: 978-0-306-40615-7}]
    ```
    """
    for record in _records(context):
        problem = isbn_problem(record.reference.isbn) if record.reference.isbn else ""
        if problem:
            message = f"“{record.reference.isbn}” is not an ISBN: {problem}."
            yield Finding(record.at("isbn"), message, "Copy it from the book's imprint; one digit is wrong or missing.")


@rule("sources/bad-url", Severity.ERROR, why="A reader who follows it finds nothing.")
def bad_url(context: RuleContext) -> Iterator[Finding]:
    """The web address of every source begins with ``https://`` or ``http://`` and names a host.

    Fails:
    ```yaml title="notes/coffee.md"
    sources: [{url: example.org/coffee}]
    ```

    Passes:
    ```yaml title="notes/coffee.md"
    sources: [{url: https://example.org/coffee}]
    ```
    """
    for record in _records(context):
        if record.reference.url and not is_url(record.reference.url):
            message = f"“{record.reference.url}” is not a valid web address."
            yield Finding(record.at("url"), message, "Write the whole address, beginning with “https://”.")


@rule("sources/arxiv-year", Severity.WARNING, why="Either the year or the number was copied from another paper.")
def year_of_arxiv(context: RuleContext) -> Iterator[Finding]:
    """No paper is older than its arXiv number, whose first two digits are the year.

    Fails:
    ```yaml title="notes/coffee.md"
    sources: [{year: 2021, arxiv: "2303.01234"}]
    ```

    Passes:
    ```yaml title="notes/coffee.md"
    sources: [{year: 2021, arxiv: "2103.01234"}]
    ```
    """
    for record in _records(context):
        key, number = _arxiv_of(record.reference)
        posted = arxiv_year(number) if number else None
        if posted and _FIRST_YEAR <= record.reference.year < posted:
            message = f"arXiv {number} was posted in {posted}, but the year given is {record.reference.year}."
            hint = "Look the paper up, and correct the year or the number."
            yield Finding(record.at(key), message, hint)


def _arxiv_of(reference: Reference) -> tuple[str, str]:
    """Return the key of a record that contains its arXiv number, and the number. DOIs and URLs of arXiv contain it."""
    if reference.arxiv:
        return "arxiv", reference.arxiv
    number = next((name for name in identities(reference) if name.startswith("arxiv:")), "")
    return "doi" if reference.doi else "url", number.removeprefix("arxiv:")


@rule("sources/year", Severity.WARNING, why="Lists are sorted by year, and readers look a source up by it.")
def year(context: RuleContext) -> Iterator[Finding]:
    """The year of every source has four digits and is at most next year.

    Next year is allowed because papers are published online before the issue that they appear in.

    Fails:
    ```yaml title="notes/coffee.md"
    sources: [{year: 2201}]
    ```

    Passes:
    ```yaml title="notes/coffee.md"
    sources: [{year: 2021}]
    ```
    """
    for record in _records(context):
        given = record.reference.year
        if context.today and given > context.today.year + 1:
            message = f"The year is {given}, but today is {context.today}."
            yield Finding(record.at("year"), message, "Copy the year from the source.")
        elif given < _FIRST_YEAR:
            message = f"The year is {given}, so a digit is probably missing."
            yield Finding(record.at("year"), message, "Copy the year from the source.")


_Normalize = Callable[[Reference], object]


def _plain_title(reference: Reference) -> str:
    return " ".join(_NO_WORD.split(reference.title.casefold())).strip()


def _family_names(reference: Reference) -> tuple[str, ...]:
    # Only the last word: “van” is known to be part of the family name only in “van Beethoven, Ludwig”.
    names = (author.partition(",")[0].split() or [author] for author in reference.authors)
    return tuple(_NO_WORD.sub("", _without_accents(words[-1])) for words in names)


def _without_accents(name: str) -> str:
    """Casefold a name and remove its accents, because many indexes print Núñez as Nunez."""
    return "".join(char for char in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(char))


_FIELDS: tuple[tuple[str, _Normalize, Callable[[Reference], str]], ...] = (
    ("title", _plain_title, lambda reference: f"“{reference.title}”"),
    ("authors", _family_names, lambda reference: ", ".join(reference.authors)),
    ("year", lambda reference: reference.year, lambda reference: str(reference.year)),
)
"""Fields that must agree for one source: key, function that returns the value to compare, function that shows it."""


@rule(
    "sources/conflict",
    Severity.WARNING,
    why="One paper would appear on the site under two titles, or two papers as one.",
)
def conflict(context: RuleContext) -> Iterator[Finding]:
    """All notes record the same title, authors and year for the same DOI or arXiv number.

    If most notes agree, the others are reported; if there is no majority, all are. A record with a different title and
    different authors has another paper's number.

    Fails:
    ```yaml title="notes/tea.md"
    sources: [{title: Coffee at Night, year: 2012, doi: 10.1000/coffee}]
    ```

    Passes:
    ```yaml title="notes/tea.md"
    sources: [{title: Coffee at Night, year: 2021, doi: 10.1000/coffee}]
    ```
    """
    groups: dict[str, list[_Record]] = defaultdict(list)
    for record in _records(context):
        for identity in identities(record.reference):
            if identity.startswith(("doi:", "arxiv:")):
                groups[identity].append(record)
    reported: set[tuple[str, int]] = set()
    for identity, records in groups.items():
        if len(records) > 1:
            for record, finding in _conflicts(identity, records):
                if (record.parsed.path, record.number) not in reported:
                    reported.add((record.parsed.path, record.number))
                    yield finding


def _conflicts(identity: str, records: list[_Record]) -> Iterator[tuple[_Record, Finding]]:
    scheme, _, number = identity.partition(":")
    name = f"{'DOI' if scheme == 'doi' else 'arXiv'} {number}"
    deviating = {key: _minority(records, normalize) for key, normalize, _ in _FIELDS}
    for index, record in enumerate(records):
        keys = [key for key, _, _ in _FIELDS if index in deviating[key]]
        if not keys:
            continue
        key, normalize, show = next(field for field in _FIELDS if field[0] == keys[0])
        other = next(r for r in records if normalize(r.reference) != normalize(record.reference))
        if key == "title" and (len(keys) > 1 or _have_different_titles(record.reference, other.reference)):
            message = f"{name} is {show(other.reference)} in {other.parsed.path}, but {show(record.reference)} here."
            hint = "One of the two records has another paper's number: look it up."
            yield record, Finding(record.at(scheme), message, hint)
            continue
        message = f"For {name}, “{key}” is {show(record.reference)} here but {show(other.reference)} in "
        hint = "Copy it from the paper itself; one entry in references.bib could serve both notes."
        yield record, Finding(record.at(key), f"{message}{other.parsed.path}.", hint)


def _have_different_titles(one: Reference, other: Reference) -> bool:
    return spelling_similarity(_plain_title(one), _plain_title(other)) < _DIFFERENT_PAPERS


def _minority(records: list[_Record], normalize: _Normalize) -> frozenset[int]:
    """Return the indices of the records that differ from the majority; all indices if there is no majority."""
    values = [normalize(record.reference) for record in records]
    counts = Counter(values).most_common(2)
    if len(counts) == 1:
        return frozenset()
    (most, first), (_, second) = counts
    return frozenset(index for index, value in enumerate(values) if first == second or value != most)


@rule("sources/retracted", Severity.WARNING, why="A reader would believe that the claim is still supported.")
def retracted(context: RuleContext) -> Iterator[Finding]:
    """No note that relies on a retracted source has the status ``active``, unless it gives a reason.

    It is enough that one note marks a source as retracted: the rule then applies to all notes that rely on it. The
    reason is a comment in the note's text, ``<!-- rests-on: doi-10.1000-coffee because … -->``, with the key of the
    source or its DOI; the note's page shows it.

    Fails:
    ```yaml title="notes/coffee.md"
    sources: [{retracted: 2024-05-01}]
    ```
    ```markdown title="lines/sleep.md"
    Coffee cuts sleep by 41 minutes [[coffee]], tea by 18 [[tea]].

    <!-- rests-on: coffee because two later trials found the same. -->
    ```

    Passes:
    ```yaml title="notes/coffee.md"
    status: disputed
    sources: [{retracted: 2024-05-01}]
    ```
    """
    bibliography, standing = context.knowledge.bibliography, context.knowledge.standing
    for parsed, document in context.published:
        if not isinstance(document, Note) or document.status != "active":
            continue
        for doubt in standing.of_page.get(document.id, ()):
            if doubt.path.target.startswith(SOURCE) and doubt.path.target not in standing.acknowledged.get(
                document.id, {}
            ):
                key, day = doubt.path.target.removeprefix(SOURCE), standing.fallen[doubt.path.target].day
                title = bibliography.sources[key].reference.title
                number = _source_number(document, key, context)
                message = f"“{title}” was retracted{day and f' on {day}'}, but the status of this note is “active”."
                hint = "Write “status: retracted” or “status: disputed”, or support the claim with another source."
                yield Finding(key_span(parsed, "sources", number), message, hint)


def _source_number(note: Note, key: str, context: RuleContext) -> int:
    wanted = set(identities(context.knowledge.bibliography.sources[key].reference))
    graph = context.knowledge.graph
    for number, evidence in enumerate(note.evidence):
        reference = graph.reference(evidence)
        if reference is not None and wanted & set(identities(reference)):
            return number
    return 0


RULES = (bad_doi, bad_arxiv, bad_isbn, bad_url, year_of_arxiv, year, conflict, retracted)
