"""The table of contents of a page."""

from __future__ import annotations

from inquiry_site.rendering.toc import read_toc


def test_the_toc_is_read_from_the_page():
    outline = read_toc(
        '<h1><span id="a">A</span></h1><h2 id="b">B <code>c</code></h2><h3>no id</h3><h3 id="d">D</h3>'
        '<section id="e">\n<h2>E &amp; F</h2>'
    )
    assert [(entry.id, [child.text for child in entry.children]) for entry in outline] == [("a", ["B c", "E & F"])]
    assert [child.id for child in outline[0].children[0].children] == ["d"]


def test_a_hidden_section_has_no_entry_in_the_toc():
    outline = read_toc(
        '<section id="a" hidden><h2>A</h2></section><section id="b" data-x="hidden"><h2>B</h2></section>'
    )
    assert [entry.id for entry in outline] == ["b"]
