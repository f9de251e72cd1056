"""Bibliographic records: their identities, and what two notes say about one source."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from inquiry_site.diagnostics import Severity, Span
from inquiry_site.knowledge.bibliography import identities
from inquiry_site.model import Note, ParsedDocument, Reference
from inquiry_site.parsing.identifiers import arxiv_problem, arxiv_year, is_address, is_doi, isbn_problem
from inquiry_site.rules.rule import Finding, RuleContext, key_span, rule
from inquiry_site.text.suggest import spelling_similarity

_MISTAKEN = 60.0
"""Titles less like than this (in per cent) are of two papers: then it is the number that was mistaken."""
_NO_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class _Record:
    """A source as one note gives it."""

    parsed: ParsedDocument
    number: int
    reference: Reference
    is_own: bool
    """Whether the record stands in the note itself rather than in ``references.bib``."""

    def at(self, key: str) -> Span:
        path = ("sources", self.number, key) if self.is_own else ("sources", self.number)
        return key_span(self.parsed, *path)


def _records(checked: RuleContext) -> Iterator[_Record]:
    graph = checked.knowledge.graph
    for parsed, document in checked.published:
        for number, evidence in enumerate(document.evidence if isinstance(document, Note) else ()):
            reference = graph.reference(evidence)
            if reference is not None:
                yield _Record(parsed, number, reference, evidence.reference is not None)


@rule("sources/bad-doi", Severity.ERROR, why="The link to the paper would lead nowhere.")
def bad_doi(checked: RuleContext) -> Iterator[Finding]:
    """A DOI has the form of a DOI: ``10.``, the registrant's number, a slash and a suffix.

    Fails:

    ```yaml title="notes/coffee.md"
    sources:
      - title: Coffee at Night
        authors: [Ada Example, Ben Sample]
        year: 2021
        doi: 11.1000/coffee
        quotes:
          - {text: coffee at night cut sleep by 41 minutes, locator: abstract}
    ```

    Passes:

    ```yaml title="notes/coffee.md"
    sources:
      - title: Coffee at Night
        authors: [Ada Example, Ben Sample]
        year: 2021
        doi: 10.1000/coffee
        quotes:
          - {text: coffee at night cut sleep by 41 minutes, locator: abstract}
    ```
    """
    for record in _records(checked):
        if record.reference.doi and not is_doi(record.reference.doi):
            message = f"“{record.reference.doi}” is not a DOI."
            hint = "Copy it from the paper's page; it begins with “10.”, such as 10.1038/nature14539."
            yield Finding(record.at("doi"), message, hint)


@rule("sources/bad-arxiv", Severity.ERROR, why="The link to the paper would lead nowhere, or to another paper.")
def bad_arxiv(checked: RuleContext) -> Iterator[Finding]:
    """An arXiv number has the form of one, with a month from 01 to 12 and as many digits as its year has.

    Fails:

    ```yaml title="notes/coffee.md"
    sources:
      - title: Coffee at Night
        authors: [Ada Example, Ben Sample]
        year: 2021
        arxiv: "2113.01234"
        quotes:
          - {text: coffee at night cut sleep by 41 minutes, locator: abstract}
    ```

    Passes:

    ```yaml title="notes/coffee.md"
    sources:
      - title: Coffee at Night
        authors: [Ada Example, Ben Sample]
        year: 2021
        arxiv: "2103.01234"
        quotes:
          - {text: coffee at night cut sleep by 41 minutes, locator: abstract}
    ```
    """
    for record in _records(checked):
        problem = arxiv_problem(record.reference.arxiv) if record.reference.arxiv else ""
        if problem:
            message = f"“{record.reference.arxiv}” is not an arXiv number: {problem}."
            yield Finding(record.at("arxiv"), message, 'Copy it from the paper\'s page, such as "2510.07364".')


@rule("sources/bad-isbn", Severity.ERROR, why="A library would find another book, or none.")
def bad_isbn(checked: RuleContext) -> Iterator[Finding]:
    """An ISBN has ten or thirteen digits, of which the last checks the others.

    Fails:

    ```yaml title="notes/coffee.md"
    sources:
      - title: Coffee at Night
        authors: [Ada Example, Ben Sample]
        year: 2021
        isbn: 978-0-306-40615-8
        quotes:
          - {text: coffee at night cut sleep by 41 minutes, locator: abstract}
    ```

    Passes:

    ```yaml title="notes/coffee.md"
    sources:
      - title: Coffee at Night
        authors: [Ada Example, Ben Sample]
        year: 2021
        isbn: 978-0-306-40615-7
        quotes:
          - {text: coffee at night cut sleep by 41 minutes, locator: abstract}
    ```
    """
    for record in _records(checked):
        problem = isbn_problem(record.reference.isbn) if record.reference.isbn else ""
        if problem:
            message = f"“{record.reference.isbn}” is not an ISBN: {problem}."
            yield Finding(record.at("isbn"), message, "Copy it from the book's imprint; one digit is wrong or missing.")


@rule("sources/bad-url", Severity.ERROR, why="A reader who follows it finds nothing.")
def bad_url(checked: RuleContext) -> Iterator[Finding]:
    """The address of a source begins with ``https://`` or ``http://`` and names a host.

    Fails:

    ```yaml title="notes/coffee.md"
    sources:
      - title: Coffee at Night
        authors: [Ada Example, Ben Sample]
        year: 2021
        url: example.org/coffee
        quotes:
          - {text: coffee at night cut sleep by 41 minutes, locator: abstract}
    ```

    Passes:

    ```yaml title="notes/coffee.md"
    sources:
      - title: Coffee at Night
        authors: [Ada Example, Ben Sample]
        year: 2021
        url: https://example.org/coffee
        quotes:
          - {text: coffee at night cut sleep by 41 minutes, locator: abstract}
    ```
    """
    for record in _records(checked):
        if record.reference.url and not is_address(record.reference.url):
            message = f"“{record.reference.url}” is not an address that can be followed."
            yield Finding(record.at("url"), message, "Write the whole address, beginning with “https://”.")


@rule("sources/arxiv-year", Severity.WARNING, why="One of the two was copied from another paper.")
def year_of_arxiv(checked: RuleContext) -> Iterator[Finding]:
    """No paper is older than its arXiv number, whose first two digits are the year.

    Fails:

    ```yaml title="notes/coffee.md"
    sources:
      - title: Coffee at Night
        authors: [Ada Example, Ben Sample]
        year: 2021
        arxiv: "2303.01234"
        quotes:
          - {text: coffee at night cut sleep by 41 minutes, locator: abstract}
    ```

    Passes:

    ```yaml title="notes/coffee.md"
    sources:
      - title: Coffee at Night
        authors: [Ada Example, Ben Sample]
        year: 2021
        arxiv: "2103.01234"
        quotes:
          - {text: coffee at night cut sleep by 41 minutes, locator: abstract}
    ```
    """
    for record in _records(checked):
        key, number = _arxiv_of(record.reference)
        posted = arxiv_year(number) if number else None
        if posted and record.reference.year < posted:
            message = f"arXiv {number} was posted in {posted}, and the year given is {record.reference.year}."
            hint = "Look the paper up: either the year or the number is another paper's."
            yield Finding(record.at(key), message, hint)


def _arxiv_of(reference: Reference) -> tuple[str, str]:
    """The arXiv number of a record, and the key that gives it: a DOI or an address of arXiv does so as well."""
    if reference.arxiv:
        return "arxiv", reference.arxiv
    number = next((name for name in identities(reference) if name.startswith("arxiv:")), "")
    return "doi" if reference.doi else "url", number.removeprefix("arxiv:")


_Reading = Callable[[Reference], object]


def _plain_title(reference: Reference) -> str:
    return " ".join(_NO_WORD.split(reference.title.casefold())).strip()


def _family_names(reference: Reference) -> tuple[str, ...]:
    # The last word alone: whether “van” belongs to the family is seen in “van Beethoven, Ludwig” only.
    names = (author.partition(",")[0].split() or [author] for author in reference.authors)
    return tuple(_NO_WORD.sub("", _without_accents(words[-1])) for words in names)


def _without_accents(name: str) -> str:
    """Núñez is printed as Nunez by half of all indexes; and a capital is no difference."""
    return "".join(char for char in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(char))


_FIELDS: tuple[tuple[str, _Reading, Callable[[Reference], str]], ...] = (
    ("title", _plain_title, lambda reference: f"“{reference.title}”"),
    ("authors", _family_names, lambda reference: ", ".join(reference.authors)),
    ("year", lambda reference: reference.year, lambda reference: str(reference.year)),
)
"""What must be the same for one source: its key, how it is compared, how it is shown."""


@rule("sources/conflict", Severity.WARNING, why="One paper would stand on the site with two titles, or two as one.")
def conflict(checked: RuleContext) -> Iterator[Finding]:
    """Every note gives one DOI or arXiv number with the same title, authors and year.

    Where most notes agree, the others are reported; where none is in the majority, all are. A record that differs in
    title and authors has another paper's number.

    Fails:

    ```yaml title="notes/tea.md"
    sources:
      - title: Coffee at Night
        authors: [Ada Example, Ben Sample]
        year: 2012
        doi: 10.1000/coffee
        quotes:
          - {text: tea cut it by 18 minutes, locator: p. 3}
    ```

    Passes:

    ```yaml title="notes/tea.md"
    sources:
      - title: Coffee at Night
        authors: [Ada Example, Ben Sample]
        year: 2021
        doi: 10.1000/coffee
        quotes:
          - {text: tea cut it by 18 minutes, locator: p. 3}
    ```
    """
    groups: dict[str, list[_Record]] = defaultdict(list)
    for record in _records(checked):
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
    odd = {key: _minority(records, reading) for key, reading, _ in _FIELDS}
    for place_in_list, record in enumerate(records):
        keys = [key for key, _, _ in _FIELDS if place_in_list in odd[key]]
        if not keys:
            continue
        key, reading, words = next(field for field in _FIELDS if field[0] == keys[0])
        other = next(r for r in records if reading(r.reference) != reading(record.reference))
        if key == "title" and (len(keys) > 1 or _unlike(record.reference, other.reference)):
            message = f"{name} is {words(other.reference)} in {other.parsed.path}, and {words(record.reference)} here."
            hint = "One of the two has another paper's number: look it up."
            yield record, Finding(record.at(scheme), message, hint)
            continue
        message = f"For {name} “{key}” is {words(record.reference)} here and {words(other.reference)} in "
        hint = "Give both as the paper itself does; an entry of references.bib would serve both."
        yield record, Finding(record.at(key), f"{message}{other.parsed.path}.", hint)


def _unlike(one: Reference, other: Reference) -> bool:
    return spelling_similarity(_plain_title(one), _plain_title(other)) < _MISTAKEN


def _minority(records: list[_Record], reading: _Reading) -> frozenset[int]:
    """Places of the records that do not say what most say; all of them where no value is in the majority."""
    values = [reading(record.reference) for record in records]
    counts = Counter(values).most_common(2)
    if len(counts) == 1:
        return frozenset()
    (most, first), (_, second) = counts
    return frozenset(at for at, value in enumerate(values) if first == second or value != most)


@rule("sources/retracted", Severity.WARNING, why="A reader would take the claim for standing evidence.")
def retracted(checked: RuleContext) -> Iterator[Finding]:
    """A note that rests on a retracted source says so in its ``status``.

    The mark counts wherever it was made: when one note says that a source was retracted, all that rest on it do.

    Fails:

    ```yaml title="notes/coffee.md"
    sources:
      - title: Coffee at Night
        authors: [Ada Example, Ben Sample]
        year: 2021
        doi: 10.1000/coffee
        retracted: 2024-05-01
        quotes:
          - {text: coffee at night cut sleep by 41 minutes, locator: abstract}
    ```

    Passes:

    ```yaml title="notes/coffee.md"
    sources:
      - title: Coffee at Night
        authors: [Ada Example, Ben Sample]
        year: 2021
        doi: 10.1000/coffee
        retracted: 2024-05-01
        quotes:
          - {text: coffee at night cut sleep by 41 minutes, locator: abstract}
    status: disputed
    ```
    """
    bibliography = checked.knowledge.bibliography
    for parsed, document in checked.published:
        if not isinstance(document, Note) or document.status != "active":
            continue
        for source in bibliography.of_note.get(document.id, ()):
            reference = bibliography.sources[source.key].reference
            if reference.retracted:
                number = _number_of(document, source.key, checked)
                when = "" if reference.retracted == "yes" else f" on {reference.retracted}"
                message = f"“{reference.title}” was retracted{when}, and the status of this note is “active”."
                hint = "Write “status: retracted” or “status: disputed”, or rest the claim on another source."
                yield Finding(key_span(parsed, "sources", number), message, hint)


def _number_of(note: Note, key: str, checked: RuleContext) -> int:
    wanted = set(identities(checked.knowledge.bibliography.sources[key].reference))
    graph = checked.knowledge.graph
    for number, evidence in enumerate(note.evidence):
        reference = graph.reference(evidence)
        if reference is not None and wanted & set(identities(reference)):
            return number
    return 0


RULES = (bad_doi, bad_arxiv, bad_isbn, bad_url, year_of_arxiv, conflict, retracted)
