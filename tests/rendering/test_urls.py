"""Where pages are, and the links between them."""

from __future__ import annotations

import pytest

from inquiry_site import Build, Config, build
from inquiry_site.rendering.urls import SiteUrls, relative_url
from tests.support.knowledge_bases import line, note
from tests.support.rendered import html_of


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
