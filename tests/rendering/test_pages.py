"""Rendered pages: golden files, and properties that hold for any text of authors."""

from __future__ import annotations

import gc
import json
import os
import re
import weakref
from html import escape as html_escape
from html.parser import HTMLParser

import pytest

from inquiry_site import Build, Config, build
from inquiry_site.file_content import FileContent, TooLarge, Unreadable
from tests.support.knowledge_bases import ROOT, WITHOUT_WIDE_RULES, line, note, scrambled, topic
from tests.support.rendered import html_of

GOLDEN = ROOT / "tests" / "golden"


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
    assert [redirect.path for redirect in small.redirects] == [
        "notes/spaced-practice/index.html",
        "topics/remembering/index.html",
    ]


def test_the_list_of_sources_shows_how_far_each_was_read(small: Build):
    (page,) = (page for page in small.pages if page.path == "sources/index.md")
    reading = r"checked against its full text on <time datetime=\"2026-01-13\">13 January 2026</time> \(v2\)"
    assert len(re.findall(reading, small.html(page))) == 1


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
    assert "No short answer yet; what is known so far follows." in html
    assert "Somewhere." in html


def test_drafts_are_part_of_a_preview():
    built = build({"lines/l.md": line(draft="true")}, Config(drafts=True))
    assert "Inquiring line · draft" in html_of(built, "lines/l.md")


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


FAULTY = {
    "no description": note().replace("description: It does.\n", ""),
    "a text for a list": note(tags="x"),
    "no title": note().replace("Does it hold?", ""),
    "an open bracket": note(tags="[a"),
    "not UTF-8": b"\xff\xfe",
    "empty": "",
    "no frontmatter": "Text.",
    "too large": TooLarge(2_000_000),
    "unreadable": Unreadable("permission denied"),
}


@pytest.mark.parametrize("content", FAULTY.values(), ids=FAULTY)
def test_a_preview_shows_the_last_valid_version_below_the_problems(content: FileContent):
    valid = {"notes/a.md": note("Is a true?", "The *body* of a."), "lines/l.md": line(body="So [[a]].")}
    first = build(valid, Config(drafts=True))
    faulty = build({**valid, "notes/a.md": content}, Config(drafts=True), before=build(valid, Config(drafts=True)))
    again = build(faulty.files, Config(drafts=True), before=faulty)
    for built in (faulty, again):
        html = html_of(built, "notes/a.md")
        (error,) = built.errors
        assert "This file has errors" in html
        assert "Below is the last valid version." in html
        assert html_escape(error.message) in html
        assert html.endswith(html_of(first, "notes/a.md"))
        assert html_of(built, "lines/l.md") == html_of(first, "lines/l.md")
    mended = build(valid, Config(drafts=True), before=again)
    assert html_of(mended, "notes/a.md") == html_of(first, "notes/a.md")
    assert mended.last_valid == {}


def test_a_published_site_never_shows_a_last_valid_version():
    valid = {"notes/a.md": note()}
    built = build({"notes/a.md": ""}, before=build(valid))
    assert "notes/a.md" not in {page.path for page in built.pages}


def test_findings_in_a_last_valid_version_are_not_reported():
    valid = {"notes/a.md": note("Is a true?", "See [[nothing]]."), "lines/l.md": line(body="So [[a]].")}
    before = build(valid, Config(drafts=True))
    assert [error.code for error in before.errors] == ["citations/not-found"]
    assert [error.code for error in build({**valid, "notes/a.md": ""}, before=before).errors] == ["files/empty"]


def test_an_introduction_to_a_topic_links_to_its_own_headings():
    text = topic("Topic", "See [[#How it is]], [[a#there]] and [[#how-it-is|this]].\n\n## How it is\n")
    files = {
        "notes/topic.md": note(tags="[topic]"),
        "notes/a.md": note("Is it a?", "## There"),
        "topics/topic.md": text,
    }
    built = build(files, WITHOUT_WIDE_RULES)
    assert built.diagnostics == ()
    html = html_of(built, "topics/topic.md")
    assert '<a id="iq-c1" href="#how-it-is">How it is</a>' in html
    assert '<a id="iq-c3" href="#how-it-is">this</a>' in html
    assert 'href="../../notes/a/#there"' in html
    assert '<h2 id="how-it-is">How it is</h2>' in html


def test_an_empty_knowledge_base_has_indexes_and_a_home_page():
    built = build({})
    assert built.diagnostics == ()
    assert "Nothing is published yet" in html_of(built, "index.md")
    assert {page.path for page in built.pages} == {
        "index.md",
        "health/index.md",
        "propose/index.md",
        "map/index.md",
        "lines/index.md",
        "notes/index.md",
        "sources/index.md",
        "topics/index.md",
    }


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


def test_a_preview_keeps_no_earlier_build_while_a_file_is_faulty():
    preview, files = Config(drafts=True), scrambled()
    path = min(files)
    built, earlier = build(files, preview), []
    gc.collect()
    gc.disable()
    try:
        for number in range(6):
            earlier.append(weakref.ref(built.knowledge))
            built = build({**files, path: "---\n" if number % 3 else files[path]}, preview, before=built)
            for page in built.pages:
                built.html(page)
        assert [reference() for reference in earlier] == [None] * 6
    finally:
        gc.enable()
