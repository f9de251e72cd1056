"""What is written for a new note or line is parsed back, and what is missing is named."""

from __future__ import annotations

import datetime as dt
import string

from hypothesis import example, given
from hypothesis import strategies as st

from inquiry_site.authoring.new_page import UNKNOWN_SOURCE, new_line, new_note
from inquiry_site.build import check
from inquiry_site.model import InquiringLine, Note, Reference
from inquiry_site.parsing.parser import parse_document

DAY = dt.date(2026, 1, 14)
HARD = ["a: b?", "- x?", "#?", "'?", '"?', "---", "{?}", "2510.07360", "yes", "שלום: עולם?", "مرحبا #1؟", "\u202eevil?"]
texts = st.sampled_from(HARD) | st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
names = texts.map(lambda text: " ".join(text.split())).filter(bool)
numbers = st.text(string.ascii_lowercase + string.digits + "/.:-#", min_size=1, max_size=20).filter(str.strip)
references = st.builds(
    Reference,
    title=names,
    authors=st.lists(names, min_size=1, max_size=3).map(tuple),
    year=st.integers(1, 9999),
    doi=numbers,
    arxiv=numbers | st.just(""),
    isbn=numbers | st.just(""),
    url=numbers | st.just(""),
    venue=names | st.just(""),
    type=st.sampled_from(["paper", "book", "report", "web", "dataset", "talk"]),
    retracted=st.sampled_from(["", "yes", "2024-05-01"]),
)


def filled(text: str) -> str:
    """Return the text of a note with what its author must add."""
    text = text.replace("description:  #", "description: D.  #")
    return text.replace("text:  #", "text: Q  #").replace("locator:  #", "locator: p. 1  #")


@given(names, references)
@example("a" * 5000, Reference("T", ("A B",), 2020, doi="10.1000/x"))
def test_a_note_is_parsed_back(question: str, source: Reference):
    parsed = parse_document("notes/x.md", filled(new_note(question, DAY, source)))
    assert parsed.faults == ()
    assert isinstance(parsed.document, Note)
    assert (parsed.document.title, parsed.document.date) == (question, DAY)
    (evidence,) = parsed.document.evidence
    assert evidence.reference == source
    assert [(quote.text, quote.locator) for quote in evidence.quotes] == [("Q", "p. 1")]


@given(names)
def test_a_line_is_parsed_back(question: str):
    parsed = parse_document("lines/x.md", filled(new_line(question, DAY)))
    assert parsed.faults == ()
    assert isinstance(parsed.document, InquiringLine)
    assert (parsed.document.title, parsed.document.date, parsed.document.is_open) == (question, DAY, True)


def test_what_is_missing_in_a_new_note_is_named():
    result = check({"notes/x.md": new_note("Does it help?", DAY)})
    assert [(diagnostic.span.line, diagnostic.message) for diagnostic in result.diagnostics] == [
        (3, "“description” must be text, not nothing."),
        (7, "“title” must be text, not nothing."),
        (8, "“authors” must be a list with at least one entry, not an empty list."),
        (9, "“year” must be a whole number, not nothing."),
        (14, "“text” must be text, not nothing."),
    ]


def test_a_source_without_an_identifier_is_named_once_the_rest_is_filled_in():
    text = new_note("Does it help?", DAY).replace("title:  #", "title: T  #").replace("authors: []", "authors: [A B]")
    result = check({"notes/x.md": filled(text.replace("year:", "year: 2020"))})
    assert "Entry 1 of sources needs one of doi, arxiv, isbn or url." in {d.message for d in result.diagnostics}


def test_a_new_line_lacks_only_its_description():
    result = check({"lines/x.md": new_line("Does it help?", DAY)})
    assert [diagnostic.message for diagnostic in result.diagnostics] == ["“description” must be text, not nothing."]


def test_the_commented_keys_are_those_of_the_format():
    text = filled(new_note("Does it help?", DAY, Reference("T", ("A B",), 2020, doi="10.1000/x")))
    uncommented = text.replace("# checked", "checked").replace("# relations", "relations").replace("#   -", "  -")
    parsed = parse_document("notes/x.md", uncommented)
    assert parsed.faults == ()
    assert isinstance(parsed.document, Note)
    assert parsed.document.evidence[0].checked is not None
    assert parsed.document.relations[0].to == "other-note"
    line = new_line("Does it help?", DAY).replace("# answer:", "answer: A").replace("# verdict:", "verdict: open")
    assert parse_document("lines/x.md", filled(line.replace("# reviewed", "reviewed"))).faults == ()


def test_nothing_is_known_of_an_unknown_source():
    assert new_note("Q?", DAY) == new_note("Q?", DAY, UNKNOWN_SOURCE)
