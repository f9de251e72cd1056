"""Citations and headings in an author’s Markdown."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape as html_unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inquiry_site import build
from inquiry_site.file_content import Asset, FileContent
from tests.support.knowledge_bases import WITHOUT_WIDE_RULES, line, note
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


FILES: dict[str, FileContent] = {
    "notes/a.md": note(),
    "notes/img/b c.png": Asset(),
    "notes/d.pdf": Asset(),
    "docs/img/e.svg": Asset(),
}


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("![[b c.png]]", '<p><img alt="b c" src="../../notes/img/b%20c.png"></p>'),
        ("![[img/b c.png|300]]", '<p><img alt="b c" src="../../notes/img/b%20c.png" width="300"></p>'),
        ("![[b c.png|30x20]]", '<p><img alt="b c" src="../../notes/img/b%20c.png" width="30" height="20"></p>'),
        ('![[b c.png|A "b"|30]]', '<p><img alt="A &quot;b&quot;" src="../../notes/img/b%20c.png" width="30"></p>'),
        ("[![[b c.png]]](https://example.org)", '<p><a href="https://example.org"><img alt="b c" src='),
        ("![[d.pdf#page=3]]", '<p><a href="../../notes/d.pdf#page=3">d.pdf</a></p>'),
        ("[[d.pdf|the *paper*]]", '<p><a href="../../notes/d.pdf">the <em>paper</em></a></p>'),
        ("![[e.svg]]", '<p><img alt="e" src="../../img/e.svg"></p>'),
        ("| a |\n|---|\n| ![[b c.png\\|30]] |", '<td><img alt="b c" src="../../notes/img/b%20c.png" width="30"></td>'),
        ("# ![[b c.png]]", '<h2 id="b-cpng"><img alt="b c" src='),
        ("![[gone.png]]", '">gone.png</span>'),
        ('<img src="../notes/img/b c.png">', '<img src="../../notes/img/b%20c.png">'),
        ('<img src="../../notes/d.pdf">', '<img src="../../notes/d.pdf">'),
    ],
)
def test_files_are_shown_or_linked(body: str, html: str):
    built = build({**FILES, "lines/l.md": line(body=f"{body}\n\n[[a]]")}, WITHOUT_WIDE_RULES)
    assert html in html_of(built, "lines/l.md")


def test_a_link_to_a_heading_of_the_page_shows_its_words_and_is_no_citation():
    built = build({"notes/a.md": note(body="## One *two*\n\nSee [[#One two]], [[#one two|*above*]], [[a#one-two]].")})
    html = html_of(built, "notes/a.md")
    assert not built.errors
    assert '<a id="iq-c1" href="#one-two">One two</a>, <a id="iq-c2" href="#one-two"><em>above</em></a>' in html
    assert html.count('class="iq-cite"') == 0
    assert built.knowledge.backlinks.get("a", ()) == ()


def test_comments_between_percent_signs_reach_no_page():
    body = "Seen %%secret [[a]]%% here [[a|words %%secret%%]].\n\n%%\nsecret\n\nsecret\n%%\n\n## Part %%secret%%\n"
    for html in ("safe", "trusted"):
        built = build({"notes/a.md": note(), "lines/l.md": line(body=body)}, replace(WITHOUT_WIDE_RULES, html=html))
        assert not built.errors
        assert not any("secret" in built.html(page) for page in built.pages)
        assert "secret" not in built.graph_json()
        assert not any(b"secret" in content for content in built.search().values())
        assert '<h2 id="part">Part' in html_of(built, "lines/l.md")


def test_nothing_after_an_unclosed_comment_reaches_a_page():
    built = build({"notes/a.md": note(), "lines/l.md": line(body="So [[a]], 100%% sure.\n\n%% secret\n\nsecret")})
    html = html_of(built, "lines/l.md")
    assert "100%% sure." in html
    assert "secret" not in html
