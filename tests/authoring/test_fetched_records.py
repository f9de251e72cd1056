"""Answers of Crossref and arXiv are read as records, whatever they contain."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inquiry_site.authoring.fetched_records import UnusableRecordError, only_identifier, read_arxiv, read_crossref
from inquiry_site.model import Reference

CROSSREF = {
    "message": {
        "title": ["Spacing <i>in the</i> Classroom &amp;\n beyond, p < 0.05"],
        "author": [
            {"given": "Ada", "family": "Example", "sequence": "first"},
            {"given": "Ben", "family": "van der Mock"},
            {"name": "The Consortium"},
            {"family": "Solo"},
            {},
        ],
        "issued": {"date-parts": [[2021, 3]]},
        "container-title": ["Journal of Examples"],
        "type": "journal-article",
        "DOI": "10.1000/SPACING",
    }
}
ARXIV = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">
  <title>arXiv Query</title>
  <entry>
    <id>http://arxiv.org/abs/2510.07364v2</id>
    <title>Base Models Know How to Reason,
  Thinking Models Learn When</title>
    <published>2025-10-08T17:59:59Z</published>
    <author><name>Constantin Venhoff</name></author>
    <author><name>Iván Arcuschin</name></author>
    <arxiv:doi>10.1000/THINK</arxiv:doi>
  </entry>
</feed>"""


def crossref(**changes: object) -> bytes:
    return json.dumps({"message": {**CROSSREF["message"], **changes}}).encode()


def test_a_record_of_crossref():
    assert read_crossref(crossref(), "https://doi.org/10.1000/Spacing") == Reference(
        title="Spacing in the Classroom & beyond, p < 0.05",
        authors=("Ada Example", "van der Mock, Ben", "The Consortium", "Solo"),
        year=2021,
        doi="10.1000/spacing",
        venue="Journal of Examples",
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"updated-by": [{"type": "retraction", "updated": {"date-parts": [[2024, 5, 1]]}}]}, "2024-05-01"),
        ({"updated-by": [{"type": "correction"}, {"type": "retraction"}]}, "yes"),
        ({"updated-by": [{"type": "correction"}]}, ""),
        ({"title": ["RETRACTED: Spacing"]}, "yes"),
        ({"title": ["[Retracted] Spacing"]}, "yes"),
        ({"title": ["Retracted papers and what cites them"]}, ""),
    ],
)
def test_a_retraction_is_read(changes: dict[str, object], expected: str):
    record = read_crossref(crossref(**changes), "10.1000/spacing")
    assert record.retracted == expected
    assert not record.title.startswith(("RETRACTED:", "[Retracted]"))


def test_gaps_and_other_types():
    gaps: dict[str, object] = {
        "title": [],
        "author": None,
        "issued": {"date-parts": [[None]]},
        "container-title": "x",
        "type": "monograph",
    }
    record = read_crossref(crossref(**gaps), "10.1000/x")
    assert record == Reference(title="", authors=(), year=0, doi="10.1000/x", type="book")


def test_a_record_of_arxiv():
    assert read_arxiv(ARXIV.encode(), "arXiv:2510.07364v2") == Reference(
        title="Base Models Know How to Reason, Thinking Models Learn When",
        authors=("Constantin Venhoff", "Iván Arcuschin"),
        year=2025,
        doi="10.1000/think",
        arxiv="2510.07364",
    )


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><feed xmlns="http://www.w3.org/2005/Atom">&b;</feed>'
ERROR = ARXIV.replace("arxiv.org/abs/2510.07364v2", "arxiv.org/api/errors#incorrect_id_format")


@pytest.mark.parametrize("answer", [b"", b"<feed/>", BOMB.encode(), ERROR.encode(), BOMB.encode("utf-16"), b"\xff"])
def test_an_answer_without_a_paper_is_refused(answer: bytes):
    with pytest.raises(UnusableRecordError):
        read_arxiv(answer, "2510.07364")


@pytest.mark.parametrize("answer", [b"", b"[]", b"{}", b'{"message": []}', b"[" * 100_000, b"\xff"])
def test_an_answer_that_is_no_record_is_refused(answer: bytes):
    with pytest.raises(UnusableRecordError):
        read_crossref(answer, "10.1000/x")


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
_keys = st.sampled_from(["title", "author", "issued", "published", "container-title", "type", "updated-by"])


@given(st.dictionaries(_keys, _json | st.just([{"date-parts": [[10**9]]}])))
def test_any_message_is_read(message: dict[str, object]):
    assert read_crossref(json.dumps({"message": message}).encode(), "10.1000/x").doi == "10.1000/x"


def test_nothing_but_the_identifier_is_known():
    assert only_identifier("doi", "doi:10.1000/X") == Reference("", (), 0, doi="10.1000/x")
    assert only_identifier("arxiv", "2510.07364v2") == Reference("", (), 0, arxiv="2510.07364")
