"""Which pages hold a word, and how strongly."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from inquiry_site.search.entries import SearchEntry, SearchResult
from inquiry_site.search.postings import IndexedDocument, indexed_document, merge
from tests.support.search_index import unpack


def test_the_longer_a_body_the_less_a_mention_says():
    entries = [SearchEntry(SearchResult("note", "", "", ""), "word " * 3 + "other " * length) for length in (10, 2000)]
    short, long = (indexed_document(entry).levels[0] for entry in entries)
    assert short > long


@given(st.lists(st.dictionaries(st.text(max_size=3), st.integers(0, 7), max_size=6), max_size=300))
def test_what_is_packed_is_what_is_unpacked(documents: list[dict[str, int]]):
    postings = merge(IndexedDocument(tuple(one), bytes(one.values())) for one in documents)
    for at, term in enumerate(postings.terms):
        unpacked = dict(unpack(postings.packed[postings.byte_offsets[at] : postings.byte_offsets[at + 1]]))
        assert unpacked == {number: one[term] for number, one in enumerate(documents) if term in one}
