"""Which pages hold a word, and how strongly."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from inquiry_site.search.entries import SearchEntry, SearchResult
from inquiry_site.search.postings import IndexedDocument, indexed_document, merge
from tests.support.search_index import unpack


def test_a_word_counts_less_in_a_longer_body():
    entries = [SearchEntry(SearchResult("note", "", "", ""), "word " * 3 + "other " * length) for length in (10, 2000)]
    short, long = (indexed_document(entry).levels[0] for entry in entries)
    assert short > long


@given(st.lists(st.dictionaries(st.text(max_size=3), st.integers(0, 7), max_size=6), max_size=300))
def test_packed_postings_can_be_unpacked(documents: list[dict[str, int]]):
    postings = merge(IndexedDocument(tuple(levels), bytes(levels.values())) for levels in documents)
    for index, term in enumerate(postings.terms):
        unpacked = dict(unpack(postings.packed[postings.byte_offsets[index] : postings.byte_offsets[index + 1]]))
        assert unpacked == {number: levels[term] for number, levels in enumerate(documents) if term in levels}
