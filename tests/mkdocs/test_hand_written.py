"""Hand-written pages beside a knowledge base: their citations are resolved, checked and published."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

from tests.mkdocs.test_author_text import EXTENSIONS, TITLE
from tests.support.in_process import mkdocs_build
from tests.support.knowledge_bases import QUIET, line, mkdocs_yml, note, write
from tests.support.sites import Links, build_site

CITED = re.compile(r"(\.\./)+(notes|lines)/[^#]+")

BLOG = """---
date: 2026-01-01
---
# A post

It rests on [[a]].

<!-- more -->

And on [[l]].
"""


def files(about: str, **settings: str) -> dict[str, str]:
    return {
        "mkdocs.yml": mkdocs_yml([QUIET], EXTENSIONS + "".join(f"{key}: {value}\n" for key, value in settings.items())),
        "docs/about.md": about,
        "notes/a.md": note(repr(TITLE).replace("\\'", "''"), "## A heading\n"),
        "lines/l.md": line(body="So [[a]]."),
    }


def test_citations_of_hand_written_pages_lead_to_their_pages(tmp_path: Path):
    built = build_site(write(tmp_path, files("# About [[l]]\n\nAs [[a]] shows, [[a#A heading|here]]. ![[a]]\n")))
    page = (built / "about/index.html").read_text(encoding="utf-8")
    links = re.findall(r'<a href="(\.\./(?:notes|lines)/[^"]+)">(.*?)</a>', page.split("<article")[1])
    assert [(href, html.unescape(re.sub("<[^>]*>", "", words))) for href, words in links] == [
        ("../lines/l/", "Where does it lead?"),
        ("../notes/a/", TITLE),
        ("../notes/a/#a_heading", "here"),
        ("../notes/a/", TITLE),
    ]


def test_an_unknown_citation_stops_a_build_and_names_its_place(tmp_path: Path):
    done = mkdocs_build(write(tmp_path, files("# About\n\nAs [[aa]] shows.\n")))
    assert done.returncode == 1
    assert "docs/about.md:3:4: error: No note or line is called “aa”." in done.stderr
    assert "Did you mean “a”" in done.stderr
    assert not (tmp_path / "site").exists()


def test_a_page_that_is_not_published_is_not_checked(tmp_path: Path):
    built = build_site(write(tmp_path, files("As [[aa]] shows.\n", exclude_docs="about.md")))
    assert not (built / "about").exists()


def test_posts_and_their_excerpts_on_other_pages_are_resolved(tmp_path: Path):
    blog = files("# About\n") | {"docs/blog/index.md": "# Blog\n", "docs/blog/posts/first.md": BLOG}
    blog["mkdocs.yml"] = mkdocs_yml([QUIET, "blog: {}"])
    built = build_site(write(tmp_path, blog))
    for page in (built / "blog/index.html", *built.glob("blog/2026/*/*/*/index.html")):
        text = page.read_text(encoding="utf-8")
        assert "[[" not in text.split("<article")[1]
        cited = [match[0] for href in Links(text).hrefs if (match := CITED.match(href))]
        assert cited
        assert all((page.parent / path / "index.html").is_file() for path in cited)


@pytest.mark.parametrize(
    "about", ["Public %%private%% text.\n", "Public text.\n\n%%\nprivate\n%%\n", "[[a]] %%private%%\n"]
)
def test_comments_in_hand_written_pages_are_not_published(tmp_path: Path, about: str):
    built = build_site(write(tmp_path, files(about)))
    assert "private" not in (built / "about/index.html").read_text(encoding="utf-8")


def test_a_page_that_only_shows_the_syntax_does_not_load_an_unchanged_knowledge_base(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    build_site(write(tmp_path, files("Write `[[id]]`.\n")))
    monkeypatch.setattr("inquiry_site.publishing.session.build", None)
    build_site(tmp_path)
