"""The citations of a hand-written page as Markdown links."""

from __future__ import annotations

import html

from inquiry_site import build
from inquiry_site.build import convert_markdown
from inquiry_site.config import Config
from inquiry_site.file_content import Asset, FileContent
from inquiry_site.rendering.body.page_links import scan_page
from tests.support.knowledge_bases import WITHOUT_WIDE_RULES, line, note

TITLE = "Is *it* [so] == `1/2` < 3 & {{ 4 }} | $x$ -- [[a]]?"
FILES: dict[str, FileContent] = {
    "notes/a.md": note("'" + TITLE + "'", "## How\n"),
    "lines/l.md": line("Where to?", "There [[a]].", aliases="[Old name]"),
}


def resolve(markdown: str, path: str = "about.md", config: Config = WITHOUT_WIDE_RULES) -> str:
    return resolve_in(FILES, markdown, path, config)


def resolve_in(files: dict[str, FileContent], markdown: str, path: str, config: Config = WITHOUT_WIDE_RULES) -> str:
    body = scan_page(markdown, path)
    return build(files, config).resolve_page(body, path) if body else markdown


def test_a_citation_becomes_a_link_relative_to_the_file():
    assert resolve("So [[a|it is]], [[Old name]].") == "So [it is](notes/a.md), [Where to?](lines/l.md)."
    assert (
        resolve("[[l#Top]] [[a#How|x]]", "blog/posts/b.md") == "[Where to?](../../lines/l.md) [x](../../notes/a.md#how)"
    )


def test_a_title_is_shown_as_written_whatever_it_contains():
    converted = convert_markdown(resolve("| x |\n|---|\n| [[a]] |"))
    assert html.unescape(converted.split("<td>")[1].split("</a>")[0].split(">")[1]) == TITLE


def test_a_missing_target_is_marked_and_keeps_its_words():
    assert resolve("[[gone]] [[gone|*these* words]]").count('<span class="iq-missing"') == 2
    assert "*these* words</span>" in resolve("[[gone|*these* words]]")


def test_a_path_of_a_note_and_a_heading_of_the_page_are_found():
    assert resolve("[[notes/a.md|it]]") == "[it](notes/a.md)"
    assert resolve("## My part {#own}\n\n[[#My part]] [[#Other part|x]]").endswith("[My part](#own) [x](#other-part)")


def test_comments_between_percent_signs_are_left_out():
    assert resolve("One %%private [[gone]]%% two 5%% of\n%%\nx\n%%") == "One  two 5%% of\n\n\n"
    assert resolve("`%% code %%`") == "`%% code %%`"


def test_files_are_shown_or_linked():
    files = {**FILES, "notes/img/b c.png": Asset(), "notes/d.pdf": Asset(), "docs/img/e.png": Asset()}
    markdown = "![[b c.png|300]] [[d.pdf|the *paper*]] ![[d.pdf]] ![[e.png]] ![[gone.png]]"
    assert resolve_in(files, markdown, "blog/x.md") == (
        "![b c](../notes/img/b%20c.png) [the *paper*](../notes/d.pdf) [d&#46;pdf](../notes/d.pdf) "
        "![e](../img/e.png) ![[gone.png]]"
    )


def test_a_card_has_title_claim_and_sources():
    assert resolve("![[a]]").count("iq-card-") == 3
    assert ">It does.</span>" in html.unescape(resolve("![[a]]"))
    assert ">T, 2020</span>" in resolve("![[a]]")


def test_code_and_ordinary_links_are_unchanged():
    for unchanged in ("`[[a]]`", "[x](notes/a.md)", "~~~\n[[a]]\n~~~", "nothing", "[[1]](https://example.org)"):
        assert resolve(unchanged) == unchanged
