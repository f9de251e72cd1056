"""The levels of an author's headings."""

from __future__ import annotations

import pytest

from inquiry_site import build
from inquiry_site.rendering.body.headings import place_headings
from inquiry_site.rendering.toc import read_toc
from tests.support.knowledge_bases import WITHOUT_WIDE_RULES, line, note
from tests.support.rendered import html_of


@pytest.mark.parametrize(
    ("before", "highest", "after"),
    [
        ("<p>no heading</p><hr>", 3, "<p>no heading</p><hr>"),
        ('<h1 id="a">A</h1><h2>B</h2>', 3, '<h3 id="a">A</h3><h4>B</h4>'),
        ("<h2>B</h2><h1>A</h1>", 2, "<h3>B</h3><h2>A</h2>"),
        ("<h4>A</h4><h5>B</h5>", 2, "<h2>A</h2><h3>B</h3>"),
        ("<h1>A</h1><h4>B</h4><h6>C</h6>", 3, "<h3>A</h3><h6>B</h6><h6>C</h6>"),
        ("<H1>A</H1>", 3, "<h3>A</h3>"),
        ("<!-- <h1> --><h2>A</h2>", 3, "<!-- <h1> --><h3>A</h3>"),
        ('<p title="<h1>">x</p><h2>A</h2>', 3, '<p title="<h1>">x</p><h3>A</h3>'),
        ("<script>'<h1>'</script><h2>A</h2>", 3, "<script>'<h1>'</script><h3>A</h3>"),
        ("<p>&lt;h1></p><h2>A</h2>", 3, "<p>&lt;h1></p><h3>A</h3>"),
    ],
)
def test_the_highest_heading_gets_the_given_level(before: str, highest: int, after: str):
    assert place_headings(before, highest) == after


def test_headings_are_below_those_of_the_page():
    body = "# Own heading\n\nText.\n\n## Below\n\n<h1>Raw</h1>\n"
    built = build({"notes/a.md": note(body=body), "lines/l.md": line(body=body)}, WITHOUT_WIDE_RULES)
    on_note, on_line = html_of(built, "notes/a.md"), html_of(built, "lines/l.md")
    assert on_note.count("<h1") == on_line.count("<h1") == 1
    assert '<h3 id="own-heading">' in on_note
    assert '<h4 id="below">' in on_note
    assert "<h3>Raw</h3>" in on_note
    assert '<h2 id="own-heading">' in on_line
    assert '<h3 id="below">' in on_line
    sections = {entry.text: [child.text for child in entry.children] for entry in read_toc(on_note)[0].children}
    assert sections["Discussion"] == ["Own heading"]
    assert next(child.text for child in read_toc(on_line)[0].children) == "Own heading"
