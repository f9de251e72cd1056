"""Records of one paper in several notes are one source."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inquiry_site import build
from inquiry_site.model import SourceCheck
from inquiry_site.parsing.bibtex import parse_bibliography
from tests.support.knowledge_bases import note


def keys_of(*sources: str) -> list[str]:
    """Return the keys of all sources when each record is in a note of its own."""
    files = {
        f"notes/n{number}.md": note(f"Is it {number}?", sources=f"[{{title: T, authors: [A B], year: 2020, {source}}}]")
        for number, source in enumerate(sources)
    }
    built = build(files)
    assert built.errors == ()
    return list(built.knowledge.bibliography.sources)


@pytest.mark.parametrize(
    ("first", "second", "key"),
    [
        ('arxiv: "2510.07364"', 'arxiv: "2510.07364v3"', "arxiv-2510.07364"),
        ('arxiv: "arXiv:2510.07364"', "url: https://arxiv.org/abs/2510.07364v1", "arxiv-2510.07364"),
        ('arxiv: "2510.07364"', "doi: 10.48550/arXiv.2510.07364", "arxiv-2510.07364"),
        ("arxiv: cs/0112017", "arxiv: cs/0112017v1", "arxiv-cs-0112017"),
        ("doi: 10.1000/xyz", "doi: https://doi.org/10.1000/XYZ", "doi-10.1000-xyz"),
        ("doi: 10.1000/xyz", 'doi: "doi:10.1000/xyz"', "doi-10.1000-xyz"),
        ('isbn: "0-306-40615-2"', 'isbn: "978-0-306-40615-7"', "isbn-9780306406157"),
        ("url: https://example.org/a/", "url: https://example.org/a", "url-example.org-a"),
        ("url: http://example.org/a", "url: https://example.org/a", "url-example.org-a"),
    ],
)
def test_two_spellings_of_one_identifier_are_one_source(first: str, second: str, key: str):
    assert keys_of(first, second) == [key]


def test_a_record_with_both_identifiers_joins_those_with_one():
    assert keys_of("doi: 10.1000/a", 'arxiv: "2001.00001"', 'doi: 10.1000/a, arxiv: "2001.00001"') == ["doi-10.1000-a"]


def test_chapters_of_one_book_with_their_own_dois_are_different_sources():
    assert keys_of('doi: 10.1000/a, isbn: "9780306406157"', 'doi: 10.1000/b, isbn: "9780306406157"') == [
        "doi-10.1000-a",
        "doi-10.1000-b",
    ]


def test_the_first_of_two_sources_with_one_slug_keeps_it():
    assert keys_of("doi: 10.1000/a_b") == ["doi-10.1000-a-b"]
    for sources in (("doi: 10.1000/a_b", "doi: 10.1000/a+b"), ("doi: 10.1000/a+b", "doi: 10.1000/a_b")):
        first, second = keys_of(*sources)
        assert (first, second[:-8]) == ("doi-10.1000-a-b", "doi-10.1000-a-b-")


def test_the_key_of_a_source_fits_into_a_file_name():
    keys = keys_of(f"url: https://example.org/{'间' * 300}", f"url: https://example.org/{'间' * 301}")
    assert len(set(keys)) == 2
    assert all(len(key.encode()) <= 100 for key in keys)


def test_the_most_complete_record_is_shown_and_gaps_are_filled(small):
    source = small.knowledge.bibliography.sources["doi-10.1000-spacing"]
    assert (source.reference.title, source.reference.year) == ("Spacing in the Classroom", 2021)
    assert source.notes == ("cramming-suffices", "spacing-helps")
    assert small.knowledge.bibliography.sources["arxiv-1801.00001"].reference.retracted == "2025-03-01"


def test_a_bibtex_key_is_a_source_like_any_other(small):
    reference = small.knowledge.bibliography.sources["doi-10.1000-cram"].reference
    assert reference.authors == ("Fay Swift", "Gus Hall")
    assert (reference.year, reference.venue) == (2019, "Short Letters")


@given(
    st.lists(
        st.sampled_from(
            ["doi: 10.1000/a", "doi: 10.1000/b", 'arxiv: "2001.00001"', 'doi: 10.1000/b, arxiv: "2001.00001"']
        ),
        min_size=1,
        max_size=6,
    )
)
def test_joining_does_not_depend_on_the_order_of_notes(sources: list[str]):
    assert sorted(keys_of(*sources)) == sorted(keys_of(*reversed(sources)))


@pytest.mark.parametrize(
    ("fields", "attribute", "expected"),
    [
        ("author = {{Barnes and Noble} and de la Fuente, Ana}", "authors", ("Barnes and Noble", "Ana de la Fuente")),
        (r'author = "M{\"u}ller, J\"org and Knuth, Donald E."', "authors", ("Jörg Müller", "Donald E. Knuth")),
        ("author = {Ada Lovelace and others}", "authors", ("Ada Lovelace",)),
        (r"title = {{DNA} and 50\% {\"U}bung, 20% less}", "title", "DNA and 50% Übung, 20% less"),
        ("doi = {10.1000/a_b%c}", "doi", "10.1000/a_b%c"),
        (r"doi = {10.1000/a\_b}", "doi", "10.1000/a_b"),
        ("url = {https://x.example/a%20b~c_d}", "url", "https://x.example/a%20b~c_d"),
        (r"howpublished = {\url{https://x.example/a%20b}}", "url", "https://x.example/a%20b"),
    ],
)
def test_bibtex_with_common_variations_is_parsed(fields: str, attribute: str, expected: object):
    given = {"title": "{T}", "author": "{A B}", "year": "2020", "doi": "{10.1000/k}"}
    name, _, value = fields.partition(" = ")
    entry = ", ".join(f"{key} = {value}" for key, value in {**given, name: value}.items())
    [(_, reference)] = parse_bibliography(f"@misc{{key, {entry}}}", "references.bib").entries
    assert getattr(reference, attribute) == expected


def test_a_source_lists_its_most_thorough_reading_the_latest_of_these():
    source = "title: T, authors: [A B], year: 2020, doi: 10.1000/x"
    readings = (
        "{on: 2026-01-03, as: abstract}",
        "{on: 2026-01-01, as: text, version: v2}",
        "{on: 2026-01-02, as: text}",
    )
    files = {
        f"notes/n{number}.md": note(f"Is it {number}?", sources=f"[{{{source}, checked: {reading}}}]")
        for number, reading in enumerate(readings)
    }
    files["notes/n3.md"] = note("Is it unread?", sources=f"[{{{source}}}]")
    files["notes/n4.md"] = note(
        "Is it read twice?",
        sources=f"[{{{source}, checked: {readings[1]}}}, {{{source}, checked: {readings[0]}}}]",
    )
    bibliography = build(files).knowledge.bibliography
    assert bibliography.sources["doi-10.1000-x"].checked == SourceCheck(dt.date(2026, 1, 2), "text")
    assert [sources[0].checked for sources in bibliography.of_note.values()] == [
        SourceCheck(dt.date(2026, 1, 3), "abstract"),
        SourceCheck(dt.date(2026, 1, 1), "text", "v2"),
        SourceCheck(dt.date(2026, 1, 2), "text"),
        None,
        SourceCheck(dt.date(2026, 1, 1), "text", "v2"),
    ]
