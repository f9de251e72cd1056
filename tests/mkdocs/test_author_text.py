"""Text of authors appears in a built site as written, with any Markdown extension and theme."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.support.knowledge_bases import QUIET, line, mkdocs_yml, note, write
from tests.support.sites import Links, build_site

TITLE = "Is 1/2 (c) of x.org/a or @user -- 'so' --> https://example.org/b ==it== :smile: 1st?"
EXTENSIONS = """markdown_extensions:
  - smarty
  - pymdownx.betterem
  - pymdownx.caret
  - pymdownx.critic
  - pymdownx.emoji
  - pymdownx.magiclink: {repo_url_shorthand: true, user: squidfunk, repo: mkdocs-material}
  - pymdownx.mark
  - pymdownx.smartsymbols
  - pymdownx.tilde
  - tables
  - toc: {permalink: true, separator: _}
"""
BODY = """## A [[a]] heading

> ## The same

## The same

## Of its own {#own}

So [[a]] and [[a|see www.example.org -- (c)]].

| x | y |
|---|---|
| [[a]] | [outer [[a]]](https://example.org) |

![[a]]
"""


THEMES_SEARCH = QUIET.replace("inquiry: {", "inquiry: {search: false, ")
HOSTILE = """Isn't <script>alert(1)</script> & "it" <b onclick='x'>bold</b>?"""


class Shown(HTMLParser):
    """The text and attributes of each element, as a browser parses a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: dict[str, list[str]] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.setdefault(self.elements[-1][0] if self.elements else "", []).append(" ".join(data.split()))

    def attribute(self, name: str) -> list[str | None]:
        return [attributes[name] for _, attributes in self.elements if name in attributes]


@pytest.mark.parametrize("engine", ["mkdocs", "properdocs"])
def test_titles_descriptions_and_tags_are_text_to_the_theme(tmp_path: Path, engine: str):
    more = "nav: [index.md, notes/a.md, lines/l.md]\n"
    theme = "theme: {name: material, font: false, features: [navigation.footer]}"
    hostile = json.dumps(HOSTILE)
    files = {
        "mkdocs.yml": mkdocs_yml(["search", "tags", THEMES_SEARCH], more).replace("theme:", f"{theme}\n#"),
        "docs/about.md": "# About\n",
        "notes/a.md": note(hostile, description=hostile, tags=f"[{hostile}]"),
        "lines/l.md": line(hostile, "So [[a]]", answer=hostile),
    }
    built = build_site(write(tmp_path, files), engine)
    for name in ("notes/a", "lines/l"):
        shown = Shown(page(built, name))
        assert not any("alert" in text for text in shown.text["script"])
        assert "onclick" not in {key for _, attributes in shown.elements for key in attributes}
        assert "".join(shown.text["title"]) == f"{HOSTILE} - A test"
        assert [a["content"] for _, a in shown.elements if a.get("name") == "description"] == [HOSTILE]
        assert HOSTILE in shown.text["span"], "the header and the navigation"
    labels = Shown(page(built, "notes/a")).attribute("aria-label")
    assert f"Next: {HOSTILE}" in labels
    index = json.loads((built / "search/search_index.json").read_text(encoding="utf-8"))["docs"]
    (entry,) = [entry for entry in index if entry["location"] == "notes/a/"]
    assert html.unescape(entry["title"]) == HOSTILE
    assert list(map(html.unescape, entry["tags"])) == [HOSTILE]
    assert "<" not in entry["title"] + entry["tags"][0], "the search shows it as HTML"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("text")
    files = {
        "mkdocs.yml": mkdocs_yml(["search", THEMES_SEARCH], EXTENSIONS),
        "docs/about.md": "# About\n",
        "notes/a.md": note(json.dumps(TITLE)),
        "lines/l.md": line(body=BODY),
        "lines/m.md": line("And then?", "[[l#The same]] [[l#own]] [x](l.md#a_a_heading) [[l#Of its own]]."),
    }
    return build_site(write(folder, files))


def page(site: Path, name: str) -> str:
    return (site / name / "index.html").read_text(encoding="utf-8")


def test_markdown_extensions_do_not_change_titles_in_prose(site: Path):
    prose = re.search(r'<div class="iq-prose".*?</div>\s*<section', page(site, "lines/l"), re.DOTALL)
    assert prose is not None
    shown = [html.unescape(text) for text in re.findall(r'<a class="iq-(?:cite|card-title)"[^>]*>(.*?)</a>', prose[0])]
    assert shown.count(TITLE) == 5
    assert [text for text in shown if text != TITLE] == ["see www.example.org – ©"], (
        "an author's own words are Markdown, but hold no second link"
    )
    without_inner_links = re.sub(r"<a\b[^>]*>(?:(?!<a\b).)*?</a>", "", prose[0], flags=re.DOTALL)
    assert "<a" not in without_inner_links


def test_search_and_table_of_contents_show_titles_as_written(site: Path):
    index = json.loads((site / "search/search_index.json").read_text(encoding="utf-8"))
    entries = {entry["location"]: entry for entry in index["docs"]}
    heading = entries["lines/l/#a_a_heading"]["title"]
    assert html.unescape(re.sub("<[^>]*>", "", heading)).split() == f"A {TITLE} heading".split()
    assert html.unescape(entries["lines/l/#own"]["text"]).count(TITLE) >= 1
    contents = re.search(r'<nav class="md-nav md-nav--secondary".*?</nav>', page(site, "lines/l"), re.DOTALL)
    assert contents is not None
    assert f"A {TITLE} heading" in " ".join(html.unescape(re.sub("<[^>]*>", "", contents[0])).split())


def test_links_to_headings_work_with_any_heading_ids_of_the_site(site: Path):
    source, target = page(site, "lines/m"), page(site, "lines/l")
    fragments = re.findall(r'<a class="iq-cite"[^>]*href="../../lines/l/#([^"]*)"', source)
    ids = Links(target).ids
    assert fragments == ["the_same", "own", "a_a_heading", "own"]
    assert [identifier for identifier, count in Counter(ids).items() if count > 1] == []
    for identifier, words in (("the_same", "The same"), ("own", "Of its own"), ("a_a_heading", "A ")):
        heading = re.search(rf'<h2 id="{identifier}">(.*?)<a class="headerlink" href="#{identifier}"', target)
        assert heading is not None
        assert heading[1].startswith(words)
    assert "<blockquote>" not in target[target.index('<h2 id="the_same">') :]
    assert "{#" not in target
