"""Contributed notes and lines (tests/cases/contributions), applied to the knowledge base of this repository."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache

import yaml

from inquiry_site.build import CheckResult, check
from inquiry_site.file_content import FileContent
from inquiry_site.files import read_tree
from inquiry_site.model import InquiringLine, Note
from inquiry_site.parsing.word_count import count_words
from inquiry_site.rules.rule import obsolete_status
from tests.cases import Case, case_files, load_cases
from tests.support.knowledge_bases import ROOT

_COMMON = ROOT / "tests" / "cases" / "contributions" / "_common.yaml"
_REVIEWED = re.compile(r"^reviewed: .*$", re.MULTILINE)
_PROSE = re.compile(
    r'(<div class="iq-prose" dir="auto">\n).*?(\n</div>\n(?:</section>|<p class="iq-dates">|<section))', re.DOTALL
)


def contributions(name: str) -> list[Case]:
    """Return the cases of ``good.yaml`` or ``bad.yaml``."""
    (path,) = (path for path in case_files("contributions") if path.stem == name)
    return load_cases(path)


def with_contributions(cases: Iterable[Case]) -> dict[str, FileContent]:
    """Return the files of this repository's knowledge base with those that contributions add or change."""
    files = dict(_own_files())
    for case in cases:
        files |= changed_files(case, files)
    return files


def changed_files(case: Case, files: Mapping[str, FileContent]) -> dict[str, str]:
    """Return the files that a contribution adds to a knowledge base or changes in it."""
    changed = {path: _with_texts(text) for path, text in case["files"].items()}
    for note in case.get("cite", ()):
        path = _line_with_room(files)
        content = files[path]
        text = content.decode() if isinstance(content, bytes) else str(content)
        text = f"{text.rstrip()}\n\nWhat a contributor found belongs here as well [[{note}]].\n"
        changed[path] = _REVIEWED.sub(f"reviewed: {day()}", text) if case.get("review", True) else text
    return changed


@cache
def day() -> dt.date:
    """Return the day of the contributions: the one after the latest date in the knowledge base."""
    days = [dt.date.min]
    for document in _own().knowledge.graph.documents.values():
        days += filter(None, (document.date, document.updated))
        days += [e.checked.on for e in document.evidence if e.checked] if isinstance(document, Note) else []
        days += [document.reviewed] if isinstance(document, InquiringLine) and document.reviewed else []
    return max(days) + dt.timedelta(days=1)


@cache
def _own_files() -> Mapping[str, FileContent]:
    return read_tree(ROOT)


@cache
def _own() -> CheckResult:
    return check(_own_files())


def _line_with_room(files: Mapping[str, FileContent]) -> str:
    """Return the path of the line that cites the fewest notes, so that the cases fit whatever is written here."""
    graph = check(files).knowledge.graph
    lines = [line for line in graph.lines if not line.is_open and line.reviewed and count_words(line.body) < 850]
    return min(lines, key=lambda line: (len(graph.cited_notes[line.id]), line.id)).path


def _with_texts(text: str) -> str:
    """Replace the words in capitals of a case."""
    knowledge = _own().knowledge
    tags = Counter(tag for note in knowledge.graph.notes for tag in note.tags)
    notes = [note.id for note in knowledge.graph.notes if not obsolete_status(note, knowledge)]
    texts = {"TOPIC": tags.most_common(1)[0][0], "DAY": str(day()), **yaml.safe_load(_COMMON.read_text("utf-8"))}
    text = re.sub(r"\bNOTE-(\d+)\b", lambda match: notes[int(match[1]) - 1], text)
    return re.sub(rf"\b(?:{'|'.join(texts)})\b", lambda match: texts[match[0]], text)


@cache
def _contributed_pages() -> frozenset[str]:
    paths = (path for case in contributions("good") for path in case["files"])
    return frozenset(f"{path.partition('/')[0]}/{path.rpartition('/')[2].removesuffix('.md')}/" for path in paths)


def without_authors_prose(page: str, html: str) -> str:
    """Return a page of this repository's site without what its authors wrote into the body of a note or a line.

    ``inquiry check`` alone decides what they may write. Contributed pages, which nobody edits, keep their prose.

    Args:
        page: the path of the page in the site.
        html: the page.
    """
    if not page.startswith(("notes/", "lines/")) or page.removesuffix("index.html") in _contributed_pages():
        return html
    return _PROSE.sub(lambda match: match[1] + "\n" * match[0].count("\n") + match[2], html)
