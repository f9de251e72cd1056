"""Whatever is typed into the form for a note, the parser reads the same from the file that its script writes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser

from inquiry_site.model import Note
from inquiry_site.parsing.ids import is_id
from inquiry_site.parsing.parser import parse_document
from tests.support.knowledge_bases import ROOT

pytestmark = pytest.mark.xdist_group("browser")

NOTES = 200
SCRIPT = ROOT / "templates" / "assets" / "propose.js"
DIFFICULT = st.sampled_from(
    ["---", "a: b", "- x", "'", '"', '\\"', "# no", "{x}", "[y]", "&a *a", "!!int 1", "|", ">", "%", "@k", "`", "null",
     "true", "1e3", "0x1F", "2020-01-01", "שלום", "مرحبا", "😀👩‍👩‍👧", "\u2028", "\x85", "\ufeff", "\t", "\u202e", "…"]
)  # fmt: skip
# A browser may know letters of a later version of Unicode than Python does.
CHARACTERS = st.characters(exclude_categories=["Cs", "Cn"], exclude_characters="\r\x00")
SPACE = "\ufeff" + "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
"""What a browser or the parser removes around a text."""


def stripped(text: str) -> str:
    """Return a text as the parser keeps it: on one line, without space around it."""
    return " ".join(text.strip(SPACE).split())


TEXT = st.lists(DIFFICULT | st.text(CHARACTERS, max_size=12), min_size=1, max_size=5).map(" ".join).filter(stripped)
PARAGRAPH = st.lists(TEXT, min_size=1, max_size=3).map("\n".join).filter(lambda text: len(text) <= 600)
ROW = TEXT.map(lambda text: text.replace("\n", " ")).filter(stripped)
ROWS = st.lists(ROW, max_size=3)
IDENTITIES = {
    "10.1000/a.b-c": {"doi": "10.1000/a.b-c"},
    "https://doi.org/10.1234/x": {"doi": "10.1234/x"},
    "arXiv:2510.07360v2": {"arxiv": "2510.07360v2"},
    "ISBN 978-3-16-148410-0": {"isbn": "978-3-16-148410-0"},
    "https://example.org/a?b=c#d": {"url": "https://example.org/a?b=c#d"},
    "10.1000/x 2510.10000": {"doi": "10.1000/x", "arxiv": "2510.10000"},
}
SOURCES = st.fixed_dictionaries(
    {
        "title": TEXT,
        "authors": st.lists(ROW, min_size=1, max_size=3).map("\n".join),
        "year": st.integers(0, 9999).map(str),
        "identity": st.sampled_from(sorted(IDENTITIES)),
        "extent": st.sampled_from(["", "abstract", "text"]),
        "quotes": st.lists(
            st.fixed_dictionaries({"text": PARAGRAPH, "locator": st.sampled_from(["", "§4.2", "p. 7: b"])}), max_size=2
        ),
    }
)
FORMS = st.fixed_dictionaries(
    {
        "title": TEXT.map("{}?".format),
        "description": PARAGRAPH,
        "sources": st.lists(SOURCES, min_size=1, max_size=2),
        "tags": st.lists(st.fixed_dictionaries({"tag": TEXT}), max_size=2),
        "holds": ROWS.map("\n".join),
        "not_shown": ROWS.map("\n".join),
        "relations": st.lists(
            st.fixed_dictionaries(
                {"type": st.sampled_from(["supports", "extends"]), "to": TEXT, "because": PARAGRAPH}
            ),
            max_size=2,
        ),
        "body": st.sampled_from(["", "Text [[a]].\n\n---\n\n# No: 'x'", "שלום\n\n- 😀"]),
    }
)  # fmt: skip


def forms() -> list[dict[str, Any]]:
    """Return the values of many filled-in forms."""
    found: list[dict[str, Any]] = []

    @settings(max_examples=NOTES, phases=[Phase.generate], database=None, derandomize=True)
    @given(FORMS)
    def collect(form: dict[str, Any]) -> None:
        found.append(form)

    collect()
    return found


def rows(text: str) -> list[str]:
    return [stripped(row) for row in text.split("\n") if stripped(row)]


def as_typed(form: dict[str, Any]) -> dict[str, Any]:
    """Return the values that the parser must find."""
    return {
        "title": stripped(form["title"]),
        "description": stripped(form["description"]),
        "tags": [*dict.fromkeys(stripped(row["tag"]) for row in form["tags"])],
        "holds": rows(form["holds"]),
        "not_shown": rows(form["not_shown"]),
        "relations": [(one["type"], stripped(one["to"]), stripped(one["because"])) for one in form["relations"]],
        "body": form["body"],
        "sources": [
            {
                "title": stripped(source["title"]),
                "authors": rows(source["authors"]),
                "year": int(source["year"]),
                "extent": source["extent"],
                "quotes": [(stripped(quote["text"]), quote["locator"]) for quote in source["quotes"]],
                "doi": "",
                "arxiv": "",
                "isbn": "",
                "url": "",
                **IDENTITIES[source["identity"]],
            }
            for source in form["sources"]
        ],
    }


def as_read(note: Note) -> dict[str, Any]:
    """Return the values that the parser found."""
    return {
        "title": stripped(note.title),
        "description": stripped(note.description),
        "tags": [*map(stripped, note.tags)],
        "holds": [*map(stripped, note.scope.holds)],
        "not_shown": [*map(stripped, note.scope.not_shown)],
        "relations": [(one.type.value, stripped(one.to), stripped(one.because)) for one in note.relations],
        "body": note.body.text.strip(),
        "sources": [
            {
                "title": stripped(entry.reference.title),
                "authors": [*map(stripped, entry.reference.authors)],
                "year": entry.reference.year,
                "extent": entry.checked.extent if entry.checked else "",
                "quotes": [(stripped(quote.text), quote.locator) for quote in entry.quotes],
                **{key: getattr(entry.reference, key) for key in ("doi", "arxiv", "isbn", "url")},
            }
            for entry in note.evidence
            if entry.reference
        ],
    }


def test_the_parser_reads_what_was_typed(browser: Browser):
    page = browser.new_page()
    page.goto("about:blank")
    page.evaluate("Object.defineProperty(document, 'currentScript', {value: {src: 'https://example.org/a/b/c.js'}})")
    page.evaluate(SCRIPT.read_text(encoding="utf-8"))
    given_forms = forms()
    files = page.evaluate("forms => forms.map(form => inquiryProposal.noteOf(form, '2026-01-31'))", given_forms)
    ids = page.evaluate(
        "forms => { const ids = new Set();"
        "for (const {title} of forms) ids.add(inquiryProposal.idOf(title, id => ids.has(id))); return [...ids]; }",
        given_forms,
    )
    page.close()
    assert len(files) == len(ids) == len(given_forms) >= NOTES * 0.9
    assert [identifier for identifier in ids if not is_id(identifier)] == []
    for form, text in zip(given_forms, files, strict=True):
        parsed = parse_document("notes/a.md", text)
        assert isinstance(parsed.document, Note), (text, parsed.faults)
        assert as_read(parsed.document) == as_typed(form), text
