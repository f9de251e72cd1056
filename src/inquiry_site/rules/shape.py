"""The shape of the whole: what nothing leads to, what rests on little, what is asked twice, what is due."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from rapidfuzz import fuzz, process

from inquiry_site.diagnostics import Severity
from inquiry_site.model import InquiringLine, Kind, RelationType
from inquiry_site.rules.base import Checked, Finding, place, rule

_NEAR = 88.0
"""Titles as like as this (in per cent) ask the same in other words."""
_SHARED = 0.65
"""The least share of words (of both together) that such titles have in common."""
_MOST_TRIED = 20
"""Titles with no word rarer than this are compared with the last so many that share one: it keeps the cost linear."""
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"\w+")


@rule("shape/uncited-note", Severity.WARNING, why="A note that no line cites is found by search alone.")
def uncited_note(checked: Checked) -> Iterator[Finding]:
    """Every note is cited by a line."""
    graph = checked.knowledge.graph
    cited = {target for line in graph.lines for target in graph.passages[line.id]}
    for parsed, document in checked.published:
        if document.kind is Kind.NOTE and document.id not in cited:
            hint = "Cite it in a line on whose question it bears, or write the line that asks for it."
            yield Finding(place(parsed, "title"), "No line cites this note.", hint)


@rule("shape/single-source", Severity.WARNING, why="What rests on one note is that note once more, not a line.")
def single_source(checked: Checked) -> Iterator[Finding]:
    """A line that answers cites two notes or more."""
    sources = checked.knowledge.sources
    for parsed, document in checked.published:
        if isinstance(document, InquiringLine) and not document.is_open and len(sources[document.id]) < 2:
            cited = f"only “{sources[document.id][0].note}”" if sources[document.id] else "no note"
            hint = "Cite what else bears on the question, above all what speaks against the answer."
            yield Finding(place(parsed, "title"), f"This line cites {cited}.", hint)


@rule("shape/near-duplicate", Severity.WARNING, why="Evidence for one question is then split over two pages.")
def near_duplicate(checked: Checked) -> Iterator[Finding]:
    """No two pages of one kind ask nearly the same question.

    The score is the likeness of the titles, their words in alphabetical order, in per cent; 88 is reported. Pairs are
    found by prefix filtering over rare words (Chaudhuri, Ganti and Kaushik 2006), in about linear time.
    """
    parsed_by_id = {document.id: (parsed, document) for parsed, document in checked.published}
    for kind in Kind:
        titles = {i: document.title for i, (_, document) in parsed_by_id.items() if document.kind is kind}
        for later, earlier, score in _near_pairs(titles):
            parsed, _ = parsed_by_id[later]
            other = parsed_by_id[earlier][1]
            message = f"This question is {score:.0f}% like that of “{earlier}”: “{other.title}”"
            hint = "Make one page of the two, or say in the titles how the questions differ."
            yield Finding(place(parsed, "title"), message, hint)


def _near_pairs(titles: Mapping[str, str]) -> Iterator[tuple[str, str, float]]:
    """Ids of titles that are nearly alike, the later first, with the score of the likest earlier one."""
    words = {identifier: sorted(_WORD.findall(title.casefold())) for identifier, title in titles.items()}
    spelt = {identifier: " ".join(found) for identifier, found in words.items()}
    frequency = Counter(word for found in words.values() for word in found)
    bearers: dict[tuple[str, str], list[str]] = defaultdict(list)
    for identifier in sorted(titles):
        here = words[identifier]
        numbers = " ".join(filter(_DIGIT.search, here))
        rare_first = sorted(set(here), key=lambda word: (frequency[word], word))
        prefix = rare_first[: len(rare_first) - math.ceil(_SHARED * len(rare_first)) + 1]
        # Questions that differ in a number are about different things: 7B and 70B, GPT-3 and GPT-4.
        buckets = [bearers[word, numbers] for word in prefix]
        tried = {other: spelt[other] for bucket in buckets for other in bucket[-_MOST_TRIED:]}
        found = process.extractOne(spelt[identifier], tried, scorer=fuzz.ratio, score_cutoff=_NEAR)
        for bucket in buckets:
            bucket.append(identifier)
        if found is not None:
            yield identifier, found[2], found[1]


@rule("shape/review-due", Severity.WARNING, why="The line may still say what a note no longer says.")
def review_due(checked: Checked) -> Iterator[Finding]:
    """No note that a line cites was updated after the line was last reviewed."""
    graph = checked.knowledge.graph
    for parsed, document in checked.published:
        for identifier in checked.knowledge.relations.due.get(document.id, ()):
            note = graph.note(identifier)
            if note is not None:
                message = f"“{identifier}” was updated on {note.updated}, after this review."
                hint = "Read the line against the note's claim, then set “reviewed” to that day."
                yield Finding(place(parsed, "reviewed"), message, hint)


@rule("shape/verdict", Severity.WARNING, why="A reader takes for settled what the sources dispute.")
def verdict(checked: Checked) -> Iterator[Finding]:
    """A line whose cited notes contradict one another has another verdict than ``answered``."""
    for parsed, document in checked.published:
        if not isinstance(document, InquiringLine) or document.verdict != "answered":
            continue
        for tie in checked.knowledge.relations.disagreements[document.id]:
            if tie.type is RelationType.CONTRADICTS:
                message = f"The verdict is “answered”, and “{tie.source}” contradicts “{tie.target}”."
                hint = (
                    "Write “verdict: contested” or “verdict: partly”, and say in the text which side bears more weight."
                )
                yield Finding(place(parsed, "verdict"), message, hint)
                break


RULES = (uncited_note, single_source, near_duplicate, review_due, verdict)
