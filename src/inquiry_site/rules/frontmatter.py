"""Define the rules on frontmatter."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from itertools import pairwise

from inquiry_site.diagnostics import Edit, Severity
from inquiry_site.model import QUESTION_MARKS, AnyDocument, Fault, FaultKind, InquiringLine, Note
from inquiry_site.parsing.frontmatter import KeyPath
from inquiry_site.rules.fixes import (
    add_quotes,
    end_with_question_mark,
    quote_colons,
    remove_quotes,
    text_to_list,
    text_to_quote,
)
from inquiry_site.rules.misplaced_keys import hint_for_unknown_key, key_path, misspelt_keys, spelling_fixes
from inquiry_site.rules.rule import Finding, RuleContext, did_you_mean, key_span, rule
from inquiry_site.rules.yaml_faults import SECOND_COLON, describe_yaml_fault
from inquiry_site.text.suggest import closest_names

_QUOTED = re.compile("“([^”]*)”")


@rule("frontmatter/missing", Severity.ERROR, why="The frontmatter contains the question and its answer.", fixed=True)
def missing(context: RuleContext) -> Iterator[Finding]:
    """Every note, line or topic file begins with a block of YAML between two lines of ``---``.

    Fails:
    ```text title="lines/naps.md"
    # Do naps make up for it?
    ```

    Passes:
    ```text title="lines/naps.md"
    ---
    title: Do naps make up for it?
    description: Whether short sleep by day helps.
    ---
    ```
    """
    for fault in context.faults(FaultKind.NO_FRONTMATTER):
        keys = _REQUIRED_KEYS[_folder(fault)]
        hint = f"Begin the file with a line “---”, {keys}, and another line “---”."
        yield Finding(fault.span, "This file has no frontmatter.", hint)
    for fault in context.faults(FaultKind.UNCLOSED_FRONTMATTER):
        hint = "Add a line “---” between the last key and the text."
        yield Finding(fault.span, "The frontmatter that begins here is never closed.", hint)


def _folder(fault: Fault) -> str:
    return fault.span.path.partition("/")[0]


_REQUIRED_KEYS = {
    "notes": "the keys title, description and sources",
    "lines": "the keys title, description and answer",
    "topics": "the key title",
}


@rule(
    "frontmatter/bad-yaml",
    Severity.ERROR,
    why="Until the YAML can be read, nothing in the file can be used.",
    fixed=True,
)
def bad_yaml(context: RuleContext) -> Iterator[Finding]:
    """The frontmatter is valid YAML: keys with values, no key twice, and no excessive nesting or repetition.

    Fails:
    ```yaml title="notes/coffee.md"
    description: Coffee: 41 minutes less in one trial.
    ```

    Passes:
    ```yaml title="notes/coffee.md"
    description: "Coffee: 41 minutes less in one trial."
    ```
    """
    for fault in context.faults(FaultKind.BAD_YAML):
        problem, hint = describe_yaml_fault(fault)
        text = context.texts.get(fault.span.path, "") if SECOND_COLON in fault.detail else ""
        yield Finding(fault.span, f"The YAML cannot be read: {problem}.", hint, quote_colons(text))
    for fault in context.faults(FaultKind.NOT_A_MAPPING):
        message = f"The frontmatter is {fault.found}, not keys with values."
        yield Finding(fault.span, message, "Write “key: value” lines.")


@rule("frontmatter/missing-key", Severity.ERROR, why="Without it, the page would be incomplete.", fixed=True)
def missing_key(context: RuleContext) -> Iterator[Finding]:
    """All keys that the format requires are present.

    A note has ``title``, ``description`` and ``sources``. A line has ``title``, ``description`` and, unless it is open,
    ``answer``. A topic has ``title``. A source has ``title``, ``authors``, ``year`` and one of ``doi``, ``arxiv``,
    ``isbn`` or ``url``.

    Fails:
    ```text title="notes/coffee.md"
    ---
    title: Does coffee shorten sleep?
    description: Coffee at night cut sleep by 41 minutes.
    sources:
      - title: Coffee at Night
        authors: [Ada Example, Ben Sample]
        year: 2021
        quotes: [{text: coffee at night cut sleep by 41 minutes, locator: abstract}]
    ---
    ```

    Passes:
    ```yaml title="notes/coffee.md"
    sources: [{doi: 10.1000/coffee}]
    ```
    """
    misspelt = misspelt_keys(context)
    fixes = spelling_fixes(context, set(misspelt.values())) if misspelt else {}
    for fault in context.faults(FaultKind.MISSING_KEY):
        message, hint = _missing_key(fault)
        written = misspelt.get(fault)
        if written is None:
            yield Finding(fault.span, message, hint)
            continue
        name = written.subject.rpartition(".")[2]
        names = closest_names(name, written.detail.split(", "), 2)
        message = f"{message[:-1]}; “{name}” is not part of the format."
        yield Finding(written.span, message, did_you_mean(names) or hint, fixes.get(written, ()))


def _missing_key(fault: Fault) -> tuple[str, str]:
    """Return the message and the hint on a missing key."""
    if fault.detail:
        message = f"{_value(fault.subject)} needs {fault.detail}."
        return message, "Add one of them: without it, readers cannot find the source."
    entry, _, key = fault.subject.rpartition(".")
    named = [step for step in entry.split(".") if step and not step.isdigit()]
    parent = named[-1] if named else _folder(fault)
    where = f" from {_entry_name(entry)}" if entry else ""
    return f"The key “{key}” is missing{where}.", f"Add “{key}:” with {_CONTENT[parent, key]}."


_CONTENT = {
    ("notes", "title"): "the question",
    ("notes", "description"): "the claim, in at most 600 characters",
    ("notes", "sources"): "at least one published source",
    ("lines", "title"): "the question",
    ("lines", "description"): "what the line examines",
    ("lines", "answer"): "the short answer, or write “verdict: open”",
    ("topics", "title"): "the name of the topic",
    ("sources", "title"): "the title of the publication",
    ("sources", "authors"): "a list of names",
    ("sources", "year"): "the year of publication",
    ("quotes", "text"): "the words of the source",
    ("checked", "on"): "the day on which the source was read",
    ("checked", "as"): "“abstract” or “text”",
    ("relations", "type"): "“supports”, “contradicts”, “qualifies”, “extends” or “supersedes”",
    ("relations", "to"): "the id of the other note",
    ("relations", "because"): "the reason, in a sentence",
}


def _entry_name(subject: str) -> str:
    """Return ``sources.0.quotes.1`` in words: ``entry 2 of quotes in entry 1 of sources``."""
    steps = subject.split(".")
    entries = [f"entry {int(index) + 1} of {name}" for name, index in pairwise(steps) if index.isdigit()]
    if steps[-1] and not steps[-1].isdigit():
        entries.append(f"“{steps[-1]}”")
    return " in ".join(reversed(entries))


def _value(subject: str) -> str:
    """Return the key of a value, or its position in a list, for the start of a sentence."""
    key = subject.rpartition(".")[2]
    return f"E{_entry_name(subject)[1:]}" if key.isdigit() else f"“{key}”"


@rule("frontmatter/unknown-key", Severity.WARNING, why="An unknown key is often a misspelling of another key.")
def unknown_key(context: RuleContext) -> Iterator[Finding]:
    """Every key is part of the format.

    Fails:
    ```yaml title="notes/coffee.md"
    tag: [sleep]
    ```

    Passes:
    ```yaml title="notes/coffee.md"
    tags: [sleep]
    ```
    """
    reported = set(misspelt_keys(context).values())
    fixes = spelling_fixes(context, reported)
    for fault in context.faults(FaultKind.UNKNOWN_KEY):
        if fault not in reported:
            key = fault.subject.rpartition(".")[2]
            message = f"The key “{key}” is not part of the format and is ignored."
            yield Finding(fault.span, message, hint_for_unknown_key(fault), fixes.get(fault, ()))


@rule(
    "frontmatter/wrong-type",
    Severity.ERROR,
    why="A value of the wrong type would be shown incorrectly, or not at all.",
    fixed=True,
)
def wrong_type(context: RuleContext) -> Iterator[Finding]:
    """Every value has the type that the format requires.

    Fails:
    ```yaml title="notes/coffee.md"
    sources: [{arxiv: 2103.01230}]
    ```

    Passes:
    ```yaml title="notes/coffee.md"
    sources: [{arxiv: "2103.01230"}]
    ```
    """
    for fault in context.faults(FaultKind.WRONG_TYPE):
        message = f"{_value(fault.subject)} must be {fault.detail}, not {fault.found}."
        edits = _type_fix(context.texts.get(fault.span.path, ""), fault)
        yield Finding(fault.span, message, _type_hint(fault.subject, fault.detail, fault.found), edits)


def _type_fix(text: str, fault: Fault) -> tuple[Edit, ...]:
    """Return the edits that give a value the required type without changing what it says."""
    path = key_path(fault.subject)
    if fault.detail == "text" and fault.found.startswith(("the number", "the date", "true", "false")):
        return add_quotes(text, path)
    if not fault.found.startswith("the text"):
        return ()
    if fault.detail == "a list":
        return text_to_list(text, path)
    if fault.detail == "a mapping of keys":
        return text_to_quote(text, path) if path[-2:-1] == ("quotes",) else ()
    return remove_quotes(text, path)


def _type_hint(subject: str, expected: str, found: str) -> str:
    name = next((step for step in reversed(subject.split(".")) if not step.isdigit()), "")
    if expected in {"a list", "a mapping of keys"} and name in _FORMS:
        form = _FORMS[name]
        return f"Write it as {f'[{form}]' if expected == 'a list' and name != 'scope' else form}."
    if found in {"nothing", "an empty text"} or expected == "some text":
        return "Write a value after the colon; a key that is not required can be removed."
    if expected == "text" and subject.endswith("arxiv"):
        return 'Put it in quotation marks, as in arxiv: "2510.07360"; without them, the final 0 would be lost.'
    if expected == "text" and not found.endswith(("list", "mapping")):
        return "Put it in quotation marks."
    if found.startswith("the text") and not expected.endswith(("list", "keys", "characters")):
        return f"Write {expected}, without quotation marks."
    if found.startswith("the date and time"):
        return "Remove the time."
    return _TYPE_HINTS.get(expected, "")


_FORMS = {
    "quotes": '{text: "…", locator: abstract}',
    "scope": "{holds: [where], not_shown: [where]}",
    "relations": "{type: contradicts, to: id-of-a-note, because: the reason}",
    "authors": "Ada Example, Ben Mock",
}
"""How the values of keys are written."""

_TYPE_HINTS = {
    "text": "Write a single text here.",
    "a whole number": "Write the year, such as 2026.",
    "a list": "Write it as [one, two], or as lines that begin with “- ”.",
    "a mapping of keys": "Write “key: value” lines here.",
}


@rule("frontmatter/bad-value", Severity.ERROR, why="The site shows only what the format allows.", fixed=True)
def bad_value(context: RuleContext) -> Iterator[Finding]:
    """Every value is allowed by the format: for example, a known status, or a claim of at most 600 characters.

    Fails:
    ```yaml title="notes/coffee.md"
    status: doubtful
    ```

    Passes:
    ```yaml title="notes/coffee.md"
    status: disputed
    ```
    """
    for fault in context.faults(FaultKind.BAD_VALUE):
        message = f"{_value(fault.subject)} must be {fault.detail}, not {fault.found}."
        allowed = _QUOTED.findall(fault.detail)
        yield Finding(
            fault.span, message, did_you_mean(closest_names(fault.found.removeprefix("the text "), allowed, 1))
        )


@rule("frontmatter/title-not-a-question", Severity.ERROR, why="Notes are cited by their questions.")
def title_not_a_question(context: RuleContext) -> Iterator[Finding]:
    """The title of every note ends in a question mark.

    Fails:
    ```yaml title="notes/coffee.md"
    title: Coffee shortens sleep
    ```

    Passes:
    ```yaml title="notes/coffee.md"
    title: Does coffee shorten sleep?
    ```
    """
    for parsed, document in context.published:
        if isinstance(document, Note) and not document.title.endswith(QUESTION_MARKS):
            message = "The title of a note must be a question, but this one does not end in a question mark."
            edits = end_with_question_mark(parsed.text)
            yield Finding(key_span(parsed, "title"), message, "Ask the question that the claim answers.", edits)


@rule("frontmatter/future-date", Severity.WARNING, why="Pages are sorted by their dates, and readers trust them.")
def future_date(context: RuleContext) -> Iterator[Finding]:
    """No date is in the future, and no page was updated before it was written.

    Fails:
    ```yaml title="notes/coffee.md"
    date: 2062-01-14
    ```

    Passes:
    ```yaml title="notes/coffee.md"
    date: 2026-01-14
    ```
    """
    for parsed, document in context.published:
        reviewed = document.reviewed if isinstance(document, InquiringLine) else None
        days: list[tuple[KeyPath, dt.date | None]] = [
            *((("date",), document.date), (("updated",), document.updated), (("reviewed",), reviewed)),
            *((("sources", number, "checked", "on"), read) for number, read in _checked_on(document)),
        ]
        for path, day in days:
            if day and context.today and day > context.today:
                key = ".".join(str(step) for step in path[2:] or path)
                message = f"“{key}” is {day}, but today is {context.today}."
                yield Finding(key_span(parsed, *path), message, "Write the day on which it happened.")
        if document.date and document.updated and document.updated < document.date:
            message = f"“updated” ({document.updated}) is before “date” ({document.date})."
            yield Finding(key_span(parsed, "updated"), message, "Correct one of the two, or remove “updated”.")


def _checked_on(document: AnyDocument) -> Iterator[tuple[int, dt.date]]:
    """Yield the day on which each source of a note was read, with the index of the source."""
    for number, entry in enumerate(document.evidence if isinstance(document, Note) else ()):
        if entry.checked is not None:
            yield number, entry.checked.on


RULES = (missing, bad_yaml, missing_key, unknown_key, wrong_type, bad_value, title_not_a_question, future_date)
