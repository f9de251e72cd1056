"""The block at the head of a file, key by key."""

from __future__ import annotations

from collections.abc import Iterator

from rapidfuzz import fuzz, process

from inquiry_site.diagnostics import Severity, Span
from inquiry_site.model import FaultKind, Note
from inquiry_site.parsing.frontmatter import locate_key
from inquiry_site.rules.base import Checked, Finding, did_you_mean, rule

_QUESTION_MARKS = ("?", "？", "؟", ";", "՞")


@rule("frontmatter/missing", Severity.ERROR, why="The question, the claim and its sources stand in the frontmatter.")
def missing(checked: Checked) -> Iterator[Finding]:
    """A note or line begins with a block of YAML between two lines of ``---``."""
    for fault in checked.faults(FaultKind.NO_FRONTMATTER):
        hint = "Begin the file with a line “---”, the keys title, description and sources, and another line “---”."
        yield Finding(fault.span, "This file has no frontmatter.", hint)
    for fault in checked.faults(FaultKind.UNCLOSED_FRONTMATTER):
        hint = "Put a line “---” between the last key and the text."
        yield Finding(fault.span, "The frontmatter that begins here is never closed.", hint)


@rule("frontmatter/bad-yaml", Severity.ERROR, why="Until the YAML can be parsed nothing in the file is known.")
def bad_yaml(checked: Checked) -> Iterator[Finding]:
    """The frontmatter is YAML."""
    for fault in checked.faults(FaultKind.BAD_YAML):
        yield Finding(fault.span, f"The YAML cannot be parsed: {fault.detail}.", _yaml_hint(fault.detail))
    for fault in checked.faults(FaultKind.NOT_A_MAPPING):
        yield Finding(
            fault.span, f"The frontmatter is a {fault.found}, not keys with values.", "Write “key: value” lines."
        )


def _yaml_hint(problem: str) -> str:
    if "mapping values are not allowed" in problem:
        return "A text that holds “: ” must stand in quotation marks."
    if "\\t" in problem or "tab" in problem:
        return "Indent with spaces; YAML does not allow tabs."
    if "cannot start any token" in problem or "alias" in problem or "anchor" in problem:
        return "A text that begins with @, `, %, & or * must stand in quotation marks."
    if "quoted scalar" in problem:
        return "A quotation mark is opened and not closed."
    if "day" in problem or "month" in problem:
        return "Write dates as year-month-day, such as 2026-01-31."
    return "Check the indentation and the quotation marks around this place."


@rule("frontmatter/missing-key", Severity.ERROR, why="Without it the page cannot say what it must.")
def missing_key(checked: Checked) -> Iterator[Finding]:
    """The keys that FORMAT requires are there.

    A note has ``title``, ``description`` and ``sources``; a line ``title``, ``description`` and, unless it is
    open, ``answer``; a source ``title``, ``authors``, ``year`` and one of ``doi``, ``arxiv``, ``isbn`` or ``url``.
    """
    for fault in checked.faults(FaultKind.MISSING_KEY):
        key = fault.subject.rpartition(".")[2]
        if fault.detail:
            message = f"This source needs {fault.detail}."
            hint = "Without one of them nobody can find the source."
        else:
            place, _, _ = fault.subject.rpartition(".")
            message = f"The key “{key}” is missing{f' in {_named(place)}' if place else ''}."
            hint = _WHAT_IT_IS.get(key, f"Add “{key}:”.")
        yield Finding(fault.span, message, hint)


_WHAT_IT_IS = {
    "title": "Add “title:” with the question (for a source: its title).",
    "description": "Add “description:” with the claim in at most 600 characters (for a line: what it explores).",
    "sources": "Add “sources:” with at least one published source.",
    "answer": "Add “answer:” with the short answer, or “verdict: open” and leave the text out.",
    "because": "Add “because:” with the reason, in a sentence.",
    "year": "Add “year:” with the year of publication.",
    "authors": "Add “authors:” with a list of names.",
}


def _named(place: str) -> str:
    """``sources.0.quotes.1`` as a reader would say it."""
    steps = place.split(".")
    words = []
    for step, following in zip(steps, [*steps[1:], ""], strict=True):
        if not step.isdigit():
            words.append(f"entry {int(following) + 1} of {step}" if following.isdigit() else step)
    return ", ".join(reversed(words))


@rule("frontmatter/unknown-key", Severity.WARNING, why="A key that nobody reads is often another one misspelt.")
def unknown_key(checked: Checked) -> Iterator[Finding]:
    """Every key is one that the format knows."""
    for fault in checked.faults(FaultKind.UNKNOWN_KEY):
        key = fault.subject.rpartition(".")[2]
        known = fault.detail.split(", ")
        near = [name for name, _, _ in process.extract(key, known, scorer=fuzz.ratio, limit=2, score_cutoff=60)]
        hint = did_you_mean(near) or f"The keys here are {', '.join(known)}."
        yield Finding(fault.span, f"The key “{key}” is not part of the format and is ignored.", hint)


@rule("frontmatter/wrong-type", Severity.ERROR, why="A value of another type would be shown wrong, or not at all.")
def wrong_type(checked: Checked) -> Iterator[Finding]:
    """Every value is of the type that the format gives."""
    for fault in checked.faults(FaultKind.WRONG_TYPE):
        message = f"“{_path(fault.subject)}” must be {fault.detail}, not {fault.found}."
        yield Finding(fault.span, message, _type_hint(fault.subject, fault.detail, fault.found))


def _path(subject: str) -> str:
    key = subject.rpartition(".")[2]
    return _named(subject) if key.isdigit() else key


def _type_hint(subject: str, expected: str, found: str) -> str:
    if expected == "text" and subject.endswith("arxiv"):
        return 'Put the number in quotation marks: arxiv: "2510.07360" loses its last 0 without them.'
    if expected == "text" and found.startswith(("the number", "the date", "true", "false")):
        return "Put it in quotation marks."
    if expected == "a list":
        return "Write it as [one, two], or as lines that begin with “- ”."
    if expected == "a whole number" and found.startswith("the text"):
        return "Leave the quotation marks out."
    return ""


@rule("frontmatter/bad-value", Severity.ERROR, why="The site shows only what the format allows.")
def bad_value(checked: Checked) -> Iterator[Finding]:
    """Every value is one that the format allows: a known status, a claim of at most 600 characters, and so on."""
    for fault in checked.faults(FaultKind.BAD_VALUE):
        yield Finding(fault.span, f"“{_path(fault.subject)}” must be {fault.detail}; here it is {fault.found}.")


@rule(
    "frontmatter/title-not-a-question",
    Severity.ERROR,
    why="A note is cited by its question; prose reads wrong without one.",
)
def title_not_a_question(checked: Checked) -> Iterator[Finding]:
    """The title of a note ends in a question mark."""
    for parsed in checked.parsed.documents:
        if isinstance(parsed.document, Note) and not parsed.document.title.endswith(_QUESTION_MARKS):
            span = Span.of(parsed.path, parsed.text, *locate_key(parsed.text, ("title",)))
            yield Finding(
                span, "The title of a note ends in a question mark.", "Ask the question that the claim answers."
            )


RULES = (missing, bad_yaml, missing_key, unknown_key, wrong_type, bad_value, title_not_a_question)
