"""Citations and headings in an author’s Markdown."""

from __future__ import annotations

import re
from html import unescape as html_unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inquiry_site import build
from tests.support.knowledge_bases import line, note
from tests.support.rendered import html_of, prose_of

HOSTILE_TITLES = [
    "Is `code` *bold* _or_ <b>html</b> & [link](x) | $x$ ![i](j) ?",
    "Does \"quoting\" 'it' break <script>alert(1)</script>?",
    "Are :smile: @user ~~gone~~ ==marked== ^up^ {#id .class} http://x.org -- ... ?",
    "Is 2 < 3 and \\* or \\[ escaped?",
]


@pytest.mark.parametrize("title", HOSTILE_TITLES)
def test_a_title_is_shown_as_written_everywhere(title: str):
    quoted = "'" + title.replace("'", "''") + "'"
    files = {
        "notes/a.md": note(quoted, description=quoted),
        "lines/l.md": line(
            quoted, "# Head [[a]]\n\n| a | b |\n|---|---|\n| [[a]] | x |\n\n- item [[a]]\n\n![[a]]\n\nText [[a]]."
        ),
    }
    built = build(files)
    assert built.errors == ()
    html = html_of(built, "lines/l.md")
    anchors = re.findall(r'<a class="iq-c(?:ite|ard-title)"[^>]*>(.*?)</a>', html)
    assert len(anchors) == 5
    for anchor in anchors:
        assert "<" not in anchor
        assert html_unescape(anchor) == title
    assert "<script>alert" not in html


CITATION = '<a class="iq-cite" id="iq-c1" href="../../notes/a/" data-n="1">Does it hold?</a>'


START_OF_CITATION = '<a class="iq-cite" id="iq-c1" href="../../notes/a/" data-n="1">'


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("[see [[a]] there](https://example.org) x", f"<p>see {CITATION} there x</p>"),
        ('<a href="https://example.org">see [[a]]</a> x', f"<p>see {CITATION} x</p>"),
        ("[[a|in [my](https://example.org) *words*]]", f"<p>{START_OF_CITATION}in my <em>words</em></a></p>"),
        ("![of [[a]]](x.png)", '<p><img alt="of Does it hold?" src="x.png"><span id="iq-c1"></span></p>'),
        ("[[a]]_[[a]]_", f"<p>{CITATION}<em>{CITATION.replace('c1', 'c2')}</em></p>"),
        ("# One [[a]]\n\n[TOC]", f'<h2 id="one-a">One {CITATION}</h2>'),
        ("\ufdd0\ufde0\ufdd1 [[a]]\ufdd2", f"<p>{CITATION}</p>"),
    ],
)
def test_links_are_not_nested(body: str, html: str):
    assert prose_of(body).startswith(html)


def test_the_authors_toc_links_to_headings_and_not_to_their_citations():
    prose = prose_of("[TOC]\n\n# One [[a]] and [[a|*two*]]")
    assert '<li><a href="#one-a-and-atwo">One Does it hold? and two</a></li>' in prose
    assert prose.count('id="iq-c1"') == 1


@pytest.mark.parametrize(
    ("body", "ids"),
    [
        ("# One {#own}", ["own"]),
        ("# One {#own .x}", ["own"]),
        ("One {#own}\n===", ["own"]),
        ("# C\\# #\n\n# C ##\n\n##\n\n## #", ["c", "c_1", "_1", "_2"]),
        ("> # One\n\n# One", ["one_1", "one"]),
        ("# One\n\n# One {#one}", ["one_1", "one"]),
        ("# iq sources", ["h-iq-sources"]),
        ("# One[^1]\n\n[^1]: Note.", ["one"]),
        ("# One {#a}\n\n# Two {#a}", ["a", "a_1"]),
    ],
)
def test_a_heading_has_the_id_that_links_refer_to(body: str, ids: list[str]):
    prose = prose_of(body)
    assert re.findall(r'<h\d[^>]* id="([^"]*)"', prose) == ids
    assert "{" not in prose


def test_a_link_to_a_heading_follows_its_explicit_id():
    assert '<a href="#own">x</a>' in prose_of("# One {#own}\n\n[x](#one)")


_titles = st.text(st.characters(exclude_categories=["Cc", "Cn", "Co", "Cs", "Zl", "Zp"]), min_size=1)


@given(_titles.map(str.strip).filter(bool))
def test_a_title_survives_markdown(title: str):
    inside = re.search(r'data-n="1"(?: dir="rtl")?>(.*)</a>', prose_of("x [[a]] y", title), re.DOTALL)
    assert inside is not None
    assert html_unescape(inside[1]).split() == title.split()
