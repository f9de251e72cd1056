"""Rendered pages: golden files, and properties that hold for any text of authors."""

from __future__ import annotations

import gc
import json
import os
import re
import weakref
from html import escape as html_escape
from html import unescape as html_unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inquiry_site import Build, Config, build
from inquiry_site.rendering.body.math import render_math
from inquiry_site.rendering.toc import read_toc
from inquiry_site.rendering.urls import SiteUrls, relative_url
from tests.support.knowledge_bases import ROOT, WITHOUT_WIDE_RULES, line, note, scrambled

GOLDEN = ROOT / "tests" / "golden"


def html_of(built: Build, path: str) -> str:
    return built.html(next(page for page in built.pages if page.path == path))


@pytest.mark.parametrize(
    "path",
    [
        "lines/how-to-remember.md",
        "lines/what-of-skills.md",
        "notes/spacing-helps.md",
        "notes/cramming-suffices.md",
        "sources/doi-10.1000-spacing.md",
        "topics/memory.md",
        "index.md",
    ],
)
def test_a_page_equals_its_golden_file(small: Build, path: str):
    """Update golden files with ``UPDATE_CASES=1 pytest tests/rendering/test_pages.py`` and review the diff."""
    golden = GOLDEN / (path.removesuffix(".md").replace("/", "--") + ".html")
    html = html_of(small, path)
    if os.environ.get("UPDATE_CASES"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(html, encoding="utf-8")
    assert html == golden.read_text(encoding="utf-8")


def test_graph_json_equals_its_golden_file(small: Build):
    golden = GOLDEN / "graph.json"
    if os.environ.get("UPDATE_CASES"):
        golden.write_text(small.graph_json(), encoding="utf-8")
    assert small.graph_json() == golden.read_text(encoding="utf-8")


def test_every_kind_of_page_is_published(small: Build):
    urls = {page.url for page in small.pages}
    assert {"", "lines/", "notes/", "sources/", "topics/"} <= urls
    assert {
        "lines/how-to-remember/",
        "notes/cramming-suffices/",
        "sources/arxiv-1801.00001/",
        "topics/spacing/",
    } <= urls
    assert not any("unfinished" in url for url in urls), "a draft is not published"
    assert [redirect.path for redirect in small.redirects] == ["notes/spaced-practice/index.html"]


def test_former_ids_redirect_in_any_script_if_they_are_valid_in_a_url():
    aliases = ["क्या", "cafe\u0301", "An old title", "index", "a" * 300, "间" * 100]
    built = build({"notes/a.md": note(aliases=json.dumps(aliases, ensure_ascii=False))})
    assert [redirect.path for redirect in built.redirects] == ["notes/क्या/index.html", "notes/café/index.html"]


def test_an_open_line_may_describe_what_is_known():
    files = {"lines/l.md": line(verdict="open").replace("answer: There.\n", "")}
    built = build(files, WITHOUT_WIDE_RULES)
    assert built.diagnostics == ()
    html = html_of(built, "lines/l.md")
    assert "Open question" in html
    assert "None yet: what is known so far is below." in html
    assert "Somewhere." in html


def test_drafts_are_part_of_a_preview():
    built = build({"lines/l.md": line(draft="true")}, Config(drafts=True))
    assert "Inquiring line · draft" in html_of(built, "lines/l.md")


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


def prose_of(body: str, title: str = "Does it hold?") -> str:
    """Return the body of a line as HTML."""
    html = html_of(
        build({"notes/a.md": note(json.dumps(title, ensure_ascii=False)), "lines/l.md": line(body=body)}), "lines/l.md"
    )
    inside = re.search(r'<div class="iq-prose" dir="auto">\n(.*?)\n</div>\n<section id="iq-sources"', html, re.DOTALL)
    assert inside is not None
    return inside[1]


@pytest.mark.parametrize(
    ("tex", "html"),
    [
        (r"\(x^2\)", '<math xmlns="http://www.w3.org/1998/Math/MathML" display="inline">'),
        (r"\[x\]", '<math xmlns="http://www.w3.org/1998/Math/MathML" display="block">'),
        (r"\(a &lt; b\)", "<mo>&#x0003C;</mo>"),
        (r"\(\frac{a}{\)", r"<code>\frac{a}{</code>"),
        (r"\(\frac{&lt;}{\)", r"<code>\frac{&lt;}{</code>"),
    ],
)
def test_tex_is_converted_to_mathml_or_shown_as_code(tex: str, html: str):
    assert html in render_math(f'<p>It is <span class="arithmatex">{tex}</span>.</p>')


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
        ("# One [[a]]\n\n[TOC]", f'<h1 id="one-a">One {CITATION}</h1>'),
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


def test_unclosed_html_in_a_body_does_not_swallow_the_sources():
    files = {"notes/a.md": note(), "lines/l.md": line(body="<div><b>\n\nOpen [[a]].")}
    assert '<section id="iq-sources" data-search-exclude>\n<h2>Sources · 1 note</h2>' in html_of(
        build(files), "lines/l.md"
    )


def test_ordinary_links_are_relative_to_the_page(small: Build):
    prose = small.context(next(page for page in small.pages if page.path == "notes/cramming-suffices.md")).markdown
    assert "![The curve](memory/curve.svg)" in prose
    assert "[the method](../method.md)" in prose
    assert small.assets == ("notes/memory/curve.svg",)


def test_links_between_pages_without_directory_urls():
    files = {"notes/a.md": note(), "lines/l.md": line(body="So [[a]].")}
    built = build(files, Config(use_directory_urls=False))
    assert 'href="../notes/a.html"' in html_of(built, "lines/l.md")
    assert {page.url for page in built.pages} >= {"index.html", "lines/index.html", "notes/a.html", "lines/l.html"}


@pytest.mark.parametrize(
    ("origin", "target", "link"),
    [("", "", "./"), ("", "lines/", "lines/"), ("lines/a/", "", "../../"), ("lines/a/", "notes/b/", "../../notes/b/")],
)
def test_relative_links(origin: str, target: str, link: str):
    assert relative_url(origin, target) == link


def test_urls_in_any_script_are_encoded():
    location = SiteUrls().page("notes", "schläft-了")
    assert (location.path, location.url) == ("notes/schläft-了.md", "notes/schl%C3%A4ft-%E4%BA%86/")


class Undirected(HTMLParser):
    """Collects the Hebrew text of a page that has no direction of its own."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[bool] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"meta", "link", "br"}:
            # In SVG the style sheet sets the direction by unicode-bidi: plaintext.
            self.open.append(tag in {"bdi", "head", "text"} or dict(attrs).get("dir") in {"auto", "rtl"})

    def handle_endtag(self, tag: str) -> None:
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if re.search("[א-ת]", data) and not any(self.open):
            self.texts.append(data)


def test_right_to_left_text_has_a_direction_wherever_authors_write_it():
    files = {
        "notes/a.md": note(
            "האם זה נכון?",
            "עוד [[b]].",
            description="זה נכון.",
            sources="[{title: מאמר, authors: [כהן לוי], year: 2020, doi: 10.1000/x, venue: כתב עת, "
            "quotes: [{text: ציטוט, locator: עמוד}]}]",
            tags="[זיכרון]",
            scope="{holds: [כאן], not_shown: [שם]}",
            relations="[{type: contradicts, to: b, because: סיבה.}]",
            aliases="[ישן]",
            updated="2026-02-01",
        ),
        "notes/b.md": note("אחר?", relations="[{type: contradicts, to: a, because: תשובה.}]", tags="[זיכרון]"),
        "lines/l.md": line(
            "לאן?", "זה כך [[a]] וגם [[b]].", answer="לשם.", tags="[זיכרון]", next="[m, o]", reviewed="2026-01-01"
        ),
        "lines/m.md": line("ומה עוד?", "ראו [[l]] [[a]].", description="תיאור.", tags="[זיכרון]"),
        "lines/o.md": line("פתוח?", "", description="שאלה.", answer="קצת.", tags="[זיכרון]"),
    }
    built = build(files, Config(site_name="אתר", site_description="על מה"))
    assert built.errors == ()
    pages = {page.path: built.html(page) for page in built.pages}
    pages |= {redirect.path: redirect.html for redirect in built.redirects}
    assert {path: Undirected(html).texts for path, html in pages.items() if Undirected(html).texts} == {}


def test_the_toc_is_read_from_the_page():
    outline = read_toc(
        '<h1><span id="a">A</span></h1><h2 id="b">B <code>c</code></h2><h3>no id</h3><h3 id="d">D</h3>'
        '<section id="e">\n<h2>E &amp; F</h2>'
    )
    assert [(entry.id, [child.text for child in entry.children]) for entry in outline] == [("a", ["B c", "E & F"])]
    assert [child.id for child in outline[0].children[0].children] == ["d"]


def test_a_broken_template_of_a_site_is_reported_and_the_page_is_rendered():
    files = {
        "lines/l.md": line(),
        "templates/line.html": "<h1>{{ line.title }\n{% endif %}",
        "templates/note.html": "<p>\n{{ note.nothing }}",
    }
    built = build({**files, "notes/a.md": note()})
    errors = [(error.code, str(error.span)) for error in built.errors]
    assert errors == [
        ("files/bad-template", "templates/line.html:1:1"),
        ("files/bad-template", "templates/note.html:2:1"),
    ]
    assert built.errors[1].message == "This template cannot be used: a NoteView has no value “nothing”."
    assert "Where does it lead?" in html_of(built, "lines/l.md")


def test_the_template_of_problems_is_checked_before_there_is_a_problem():
    (error,) = build({"templates/problems.html": "{{ problems[0].nothing }}"}).errors
    assert str(error.span) == "templates/problems.html:1:1"


def test_a_preview_shows_the_problems_of_a_file_at_its_url():
    files = {"notes/a.md": "---\ntitle: [\n---\n", "notes/Bad Id.md": note(), "lines/l.md": line()}
    assert "notes/a.md" not in {page.path for page in build(files).pages}
    built = build(files, Config(drafts=True))
    html = html_of(built, "notes/a.md")
    (error,) = (diagnostic for diagnostic in built.errors if diagnostic.span.path == "notes/a.md")
    assert html_escape(error.message) in html
    assert html_escape(error.why) in html
    assert f"Line {error.span.line}:" in html
    assert "notes/Bad Id.md" not in {page.source for page in built.pages}


def test_a_site_overrides_one_template_and_keeps_the_others():
    files = {"lines/l.md": line(), "notes/a.md": note(), "templates/line.html": "<h1>{{ line.title }}</h1>{{ prose }}"}
    built = build(files)
    assert html_of(built, "lines/l.md") == "<h1>Where does it lead?</h1><p>Somewhere.</p>"
    assert "Evidence" in html_of(built, "notes/a.md")


def test_an_empty_knowledge_base_has_indexes_and_a_home_page():
    built = build({})
    assert built.diagnostics == ()
    assert "Nothing is published yet" in html_of(built, "index.md")
    assert {page.path for page in built.pages} == {
        "index.md",
        "health/index.md",
        "map/index.md",
        "lines/index.md",
        "notes/index.md",
        "sources/index.md",
        "topics/index.md",
    }


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("<pre><!--[[other]]", "<pre>&lt;!--"),
        ("<div>\n\n<script>alert([[other]])", "&lt;script>alert("),
        ("<div><TextArea >[[other]]</p>", "&lt;TextArea >"),
        ("<table><tr><td>[[other]]", "<table><tr><td>"),
        ("<div>[[other]]</div></div></section>", "<div>"),
        ('<div><b title="a > b">x</b><a href="[[other]]', "&lt;a"),
        ("<div><!-- kept --><i>[[other]]</i></div>", "<div><!-- kept --><i>"),
    ],
)
@pytest.mark.parametrize("html", ["safe", "trusted"])
def test_an_authors_html_ends_where_the_prose_ends(body: str, shown: str, html: str):
    config = Config(html=html)
    plain, odd = (
        html_of(
            build({"notes/other.md": note("Other?", "x"), "notes/here.md": note("Here?", text)}, config),
            "notes/here.md",
        )
        for text in ("Before [[other]].", f"Before.\n\n{body}")
    )
    assert html == "safe" or shown in odd
    assert _OpenElements(odd).around_cited_by == _OpenElements(plain).around_cited_by
    assert _OpenElements(odd).cited or (html == "safe" and 'id="iq-c1"' in odd)


class _OpenElements(HTMLParser):
    """Records which elements are open at the start of the section after an author's prose."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.around_cited_by: list[str] | None = None
        self.cited = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if ("id", "iq-cited-by") in attrs:
            self.around_cited_by = [name for name in self.open if name not in {"p", "tr", "td", "link", "meta"}]
        self.cited = self.cited or (tag == "a" and ("id", "iq-c1") in attrs)
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while tag in self.open and self.open.pop() != tag:
            pass


def test_a_build_is_freed_without_a_garbage_collection():
    files = scrambled()
    built = build(files)
    knowledge = weakref.ref(built.knowledge)
    for page in built.pages:
        built.html(page)
    gc.collect()
    gc.disable()
    try:
        del built
        assert knowledge() is None
    finally:
        gc.enable()
