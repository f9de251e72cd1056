"""An author’s HTML ends where the prose does."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from inquiry_site import Config, build
from tests.support.knowledge_bases import line, note
from tests.support.rendered import html_of


def test_unclosed_html_in_a_body_does_not_swallow_the_sources():
    files = {"notes/a.md": note(), "lines/l.md": line(body="<div><b>\n\nOpen [[a]].")}
    assert '<section id="iq-sources" data-search-exclude>\n<h2>Sources · 1 note</h2>' in html_of(
        build(files), "lines/l.md"
    )


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
