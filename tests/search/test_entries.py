"""What of a page is searched."""

from __future__ import annotations

from inquiry_site import build
from tests.support.knowledge_bases import line, note
from tests.support.search_index import read_index


def test_bodies_are_found_but_not_by_what_they_cite_and_link():
    body = "Körper [[b|worded]] [[b]] [linked](https://address.example/path) <!-- secret --> ![[b]] last"
    files = {
        "notes/a.md": note(body=body, scope="{holds: [held], not_shown: [unshown]}"),
        "notes/b.md": note("Cited?", description="Other.", sources="[{title: U, authors: [C], year: 2021, isbn: '1'}]"),
        "lines/l.md": line(body="Prose of a line [[b]]."),
    }
    index = read_index(build(files).search())
    for word in ("korper", "worded", "linked", "last", "held", "unshown"):
        assert index.found(word) == ["notes/a/"], word
    for word in ("address", "path", "secret"):
        assert index.found(word) == [], word
    assert index.found("cited") == ["notes/b/"]
    assert index.found("prose") == ["lines/l/"]


def test_titles_outweigh_claims_and_claims_bodies():
    files = {
        "notes/a.md": note("Of nothing?", "A word."),
        "notes/b.md": note("Of nothing?", description="A word."),
        "notes/c.md": note("Of a word?", description="Nothing."),
        "notes/d.md": note("Of a word?", "A word of words.", description="A word."),
    }
    assert read_index(build(files).search()).found("word") == ["notes/d/", "notes/c/", "notes/b/", "notes/a/"]
