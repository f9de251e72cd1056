"""What of a page is searched."""

from __future__ import annotations

from inquiry_site import build
from tests.support.knowledge_bases import line, note
from tests.support.search_index import read_index


def test_bodies_are_searched_without_citations_and_link_destinations():
    body = "Körper [[b|worded]] [[b]] [linked](https://address.example/path) <!-- secret --> ![[b]] last"
    files = {
        "notes/a.md": note(body=body, scope="{holds: [held], not_shown: [unshown]}"),
        "notes/b.md": note("Cited?", description="Other.", sources="[{title: U, authors: [C], year: 2021, isbn: '1'}]"),
        "lines/l.md": line(body="Prose of a line [[b]]."),
    }
    index = read_index(build(files).search())
    for word in ("korper", "worded", "linked", "last", "held", "unshown"):
        assert index.urls(word) == ["notes/a/"], word
    for word in ("address", "path", "secret"):
        assert index.urls(word) == [], word
    assert index.urls("cited") == ["notes/b/"]
    assert index.urls("prose") == ["lines/l/"]


def test_titles_outweigh_claims_and_claims_outweigh_bodies():
    files = {
        "notes/a.md": note("Of nothing?", "A word."),
        "notes/b.md": note("Of nothing?", description="A word."),
        "notes/c.md": note("Of a word?", description="Nothing."),
        "notes/d.md": note("Of a word?", "A word of words.", description="A word."),
    }
    assert read_index(build(files).search()).urls("word") == ["notes/d/", "notes/c/", "notes/b/", "notes/a/"]
