"""Define the rules on names of authors, which pages sort, shorten and link."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from inquiry_site.diagnostics import Edit, Severity, Span
from inquiry_site.file_content import BIBLIOGRAPHY
from inquiry_site.model import Note, ParsedDocument
from inquiry_site.parsing.frontmatter import KeyPath
from inquiry_site.rules.fixes import merge_entries, replace_entry
from inquiry_site.rules.rule import Finding, RuleContext, join_names, key_span, rule
from inquiry_site.text.person_names import (
    FamilyFirst,
    family_first,
    is_abbreviated,
    is_collective,
    is_dotted,
    is_suffix,
    pair_up,
    split_people,
)

_MOST_NAMED = 3
_ABBREVIATIONS = (".", "…", "al", "alii", "alia", "others", "colleagues", "AL", "OTHERS")


@dataclass(frozen=True, slots=True)
class _AuthorList:
    """The authors of a source, as written in a note or in ``references.bib``."""

    names: tuple[str, ...]
    parsed: ParsedDocument | None
    """The note, or None for an entry of ``references.bib``."""
    path: KeyPath = ()
    line: int = 1
    """The line of the entry of ``references.bib``."""

    def at(self, number: int) -> Span:
        if self.parsed is None:
            return Span(BIBLIOGRAPHY, self.line, 1, self.line, 1)
        return key_span(self.parsed, *self.path, number)

    def rewrite(self, number: int, *names: str) -> tuple[Edit, ...]:
        """Return the edit that replaces one author by several, if it is certain to change nothing else."""
        return replace_entry(self.parsed.text, self.path, number, names) if self.parsed else ()


def _author_lists(context: RuleContext, is_suspect: Callable[[str], bool]) -> Iterator[_AuthorList]:
    """Yield the authors of the sources of all published notes; of an entry of ``references.bib`` once.

    Args:
        context: what the rule checks.
        is_suspect: a cheap test of a name; lists without a name that passes it are left out.
    """
    cited: set[str] = set()
    for parsed, document in context.published:
        for number, evidence in enumerate(document.evidence if isinstance(document, Note) else ()):
            if evidence.reference is None:
                cited.add(evidence.key)
            elif any(map(is_suspect, evidence.reference.authors)):
                yield _AuthorList(evidence.reference.authors, parsed, ("sources", number, "authors"))
    for key, line, names in context.parsed.bibliography.written_names if cited else ():
        if key in cited and any(map(is_suspect, names)):
            # Braces keep the name of a group together.
            names = tuple(name for name in names if not name.startswith("{"))
            yield _AuthorList(names, None, (), line)


def _may_end_in_initials(name: str) -> bool:
    return name[-1:].isupper() or name[-1:] == "."


def _may_be_several(name: str) -> bool:
    return (
        " and " in name
        or ";" in name
        or "&" in name
        or "、" in name
        or "；" in name
        or ("," in name and (name.count(",") > 1 or name[1:2] == "." or name[-1:].isupper()))
    )


def _may_be_abbreviated(name: str) -> bool:
    return name.endswith(_ABBREVIATIONS)


@rule(
    "authors/initials",
    Severity.WARNING,
    why="Pages would show an initial as the family name, or as an author of its own.",
)
def initials(context: RuleContext) -> Iterator[Finding]:
    """Initials are written before the family name, or after it and a comma, in the same entry of the list.

    “Rasch B”, the order used by PubMed, would be shortened to “B et al.”. In ``[Plihal, W., Born, J.]``, YAML reads
    four authors. Names that end in initials are reported only if most names in the list do, because some family names
    have a single letter; ``"E, Weinan"`` is never reported. Neither are names of organisations.

    Fails:
    ```yaml title="notes/coffee.md"
    sources: [{authors: [Example A, Sample BC]}]
    ```
    ```yaml title="notes/tea.md"
    sources: [{authors: [Example, A., Sample, B. C.]}]
    ```

    Passes:
    ```yaml title="notes/coffee.md"
    sources: [{authors: ["Example, A.", B. C. Sample]}]
    ```
    ```yaml title="notes/tea.md"
    sources: [{authors: ["Example, A.", "Sample, B. C."]}]
    ```
    """
    for authors in _author_lists(context, _may_end_in_initials):
        reversed_names = _reversed_names(authors.names)
        if reversed_names:
            yield _reversal(authors, reversed_names)
        lone = [number for number, name in enumerate(authors.names) if is_dotted(name) or is_suffix(name)]
        paired = pair_up(authors.names)
        if lone or (paired and (len(paired) > 1 or len(authors.names[1]) == 1)):
            yield _separation(authors, lone or list(range(1, len(authors.names), 2)), paired)


def _reversed_names(names: tuple[str, ...]) -> dict[int, FamilyFirst]:
    """Return the names with initials behind the family name, by position; none if most names have another form."""
    readings = {number: reading for number, name in enumerate(names) if (reading := family_first(name))}
    people = sum(not is_collective(name) and not is_abbreviated(name) for name in names)
    has_clear = any(reading.is_clear for reading in readings.values())
    return readings if has_clear and 2 * len(readings) > people else {}


def _reversal(authors: _AuthorList, readings: dict[int, FamilyFirst]) -> Finding:
    first = next(iter(readings))
    name, reading = authors.names[first], readings[first]
    others = len(readings) - 1
    more = f"; {others} more {'name has' if others == 1 else 'names have'} this order" if others else ""
    message = f"“{name}” is read as given name “{reading.family}” and family name “{reading.initials}”{more}."
    hint = f"Write “{reading}”, in quotation marks, or “{reading.given_first}”."
    is_supported = any(other.is_certain for other in readings.values())
    edits = [
        edit
        for number, other in readings.items()
        if other.is_certain or (is_supported and other.is_clear)
        for edit in authors.rewrite(number, str(other))
    ]
    return Finding(authors.at(first), message, hint, tuple(edits))


def _separation(authors: _AuthorList, lone: list[int], paired: tuple[str, ...]) -> Finding:
    named = [authors.names[number] for number in lone]
    shown = [f"“{name}”" for name in named[:_MOST_NAMED]] + (
        [f"{len(named) - _MOST_NAMED} more"] if len(named) > _MOST_NAMED else []
    )
    are = "are listed as authors, but are not names" if len(named) > 1 else "is listed as an author, but is not a name"
    message = f"{join_names(shown, 'and')} {are}."
    before = authors.names[lone[0] - 1] if lone[0] else "Family"
    hint = f'Put name and initials in quotation marks, as in "{before}, {named[0]}": a comma separates authors.'
    edits = merge_entries(authors.parsed.text, authors.path, paired) if authors.parsed and paired else ()
    return Finding(authors.at(lone[0]), message, hint, edits)


@rule(
    "authors/several-people",
    Severity.WARNING,
    why="Pages would show them as one person, with the names in a wrong order.",
)
def several_people(context: RuleContext) -> Iterator[Finding]:
    """Every author is a separate entry of the list.

    Fails:
    ```yaml title="notes/coffee.md"
    sources: [{authors: [Ada Example and Ben Sample]}]
    ```

    Passes:
    ```yaml title="notes/coffee.md"
    sources: [{authors: [Ada Example, Ben Sample]}]
    ```
    """
    for authors in _author_lists(context, _may_be_several):
        for number, name in enumerate(authors.names):
            people = split_people(name)
            if people is None:
                continue
            message = f"“{name}” is one author here, but looks like several people."
            if authors.parsed is None:
                yield Finding(authors.at(number), message, "Separate them by “ and ”, as BibTeX requires.")
                continue
            hint = f"Write {_as_list(people)}." if people else "Write a list with an entry for each."
            yield Finding(authors.at(number), message, hint, authors.rewrite(number, *people) if people else ())


def _as_list(names: tuple[str, ...]) -> str:
    shown = [f'"{name}"' if "," in name else name for name in names[:_MOST_NAMED]]
    return f"[{', '.join([*shown, '…'] if len(names) > _MOST_NAMED else shown)}]"


@rule("authors/et-al", Severity.WARNING, why="Readers look for the authors of a paper by name, and find them nowhere.")
def et_al(context: RuleContext) -> Iterator[Finding]:
    """Lists of authors are complete: pages shorten long ones themselves.

    Fails:
    ```yaml title="notes/coffee.md"
    sources: [{authors: [Ada Example, et al.]}]
    ```

    Passes:
    ```yaml title="notes/coffee.md"
    sources: [{authors: [Ada Example, Ben Sample]}]
    ```
    """
    for authors in _author_lists(context, _may_be_abbreviated):
        for number, name in enumerate(authors.names):
            if is_abbreviated(name) and not (authors.parsed is None and name == "others"):
                hint = "List all authors, or name the group that signed the paper."
                yield Finding(authors.at(number), f"“{name}” does not name the other authors.", hint)


RULES = (initials, several_people, et_al)
