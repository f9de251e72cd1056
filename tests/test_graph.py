"""Who points to whom: names, headings, passages."""

from __future__ import annotations

import re
import unicodedata

import pytest

from inquiry_site import Config, build, convert_markdown
from inquiry_site.graph import KnowledgeGraph, Outcome, resolve_graph
from inquiry_site.parsing.parser import parse_files
from tests.support.knowledge_bases import WITHOUT_WIDE_RULES, line, note

FILES = {
    "notes/spacing.md": note("Does spacing help?", aliases="[spread-out, An old title?]"),
    "notes/testing.md": note("Does testing help?"),
    "notes/twin.md": note("Does testing help?"),
    "notes/secret.md": note("Is it a secret?", draft="true"),
    "notes/broken.md": "---\ntitle: Is it: broken?\naliases: [was-broken]\n---\n[[lost]]",
    "notes/café.md": note("Coffee?"),
}


def graph(files: dict[str, str], config: Config | None = None) -> KnowledgeGraph:
    return resolve_graph(parse_files(files), config or Config())


@pytest.mark.parametrize(
    ("written", "outcome", "identifier"),
    [
        ("spacing", Outcome.FOUND, "spacing"),
        ("Does spacing help?", Outcome.FOUND, "spacing"),
        ("  does   SPACING help?", Outcome.FOUND, "spacing"),
        ("spread-out", Outcome.FOUND, "spacing"),
        ("an old title?", Outcome.FOUND, "spacing"),
        (unicodedata.normalize("NFD", "café"), Outcome.FOUND, "café"),
        ("Does testing help?", Outcome.AMBIGUOUS, ""),
        ("secret", Outcome.DRAFT, "secret"),
        ("Is it a secret?", Outcome.DRAFT, "secret"),
        ("broken", Outcome.BROKEN, "broken"),
        ("Is it: broken?", Outcome.BROKEN, "Is it: broken?"),
        ("was-broken", Outcome.BROKEN, "was-broken"),
        ("lost", Outcome.MISSING, ""),
        ("", Outcome.MISSING, ""),
    ],
)
def test_names(written: str, outcome: Outcome, identifier: str) -> None:
    resolution = graph(FILES).names.resolve(written)
    assert (resolution.outcome, resolution.id) == (outcome, identifier)


def test_an_ambiguous_title_names_its_bearers() -> None:
    assert graph(FILES).names.resolve("does testing help?").candidates == ("testing", "twin")


def test_drafts_are_documents_where_they_are_shown() -> None:
    assert graph(FILES, Config(drafts=True)).names.resolve("secret").outcome is Outcome.FOUND


@pytest.mark.parametrize(
    ("written", "first"),
    [
        ("spacin", "spacing"),
        ("Spacing", "spacing"),
        ("test", "testing"),
        ("Does spacing help you?", "spacing"),
        ("Does spacing", "spacing"),
        ("an old titel?", "spacing"),
    ],
)
def test_nearest_names_come_likest_first(written: str, first: str) -> None:
    assert graph(FILES).names.nearest(written)[0] == first


def test_nothing_is_near_to_what_is_unlike_everything() -> None:
    assert (
        graph(FILES).names.nearest("zebra") == graph(FILES).names.nearest("") == graph(FILES).names.nearest("x") == ()
    )


def test_of_two_files_with_one_id_the_first_by_path_counts() -> None:
    files = {"notes/b/x.md": note("Second?"), "notes/a/x.md": note("First?")}
    assert graph(files).documents["x"].title == "First?"


@pytest.mark.parametrize(
    "body",
    [
        "# One\n\n# One\n\n## One\n",
        "# One\n\n# One_1\n\n# One\n",
        "# One\n\n# Two {#one}\n",
        "# ?\n\n# !\n\n# 间隔\n",
        "# A *word* and `code` & more #\n\n# <b>bold</b> [link](x.md)\n",
        "Under\n=====\n\nLined\n-----\n\n- no\n\n---\n\n# Yes\n",
        "# 2_9\n\n# 2_9\n\n# 2_9_\n",
    ],
)
def test_headings_have_the_ids_that_the_page_gives_them(body: str) -> None:
    found = graph({"notes/x.md": note(body=body)}).headings["x"]
    assert list(dict.fromkeys(found.values())) == re.findall(r'<h\d id="([^"]+)"', convert_markdown(body))


def test_digits_of_other_scripts_in_a_heading_are_no_counter() -> None:
    config = Config(slugify=lambda text, separator: text.replace(" ", "_"))
    found = graph({"notes/x.md": note(body="# x ²\n\n# x ²\n")}, config).headings["x"]
    assert sorted(set(found.values())) == ["x_²", "x_²_1"]


def test_a_heading_is_cited_by_its_text_or_its_id() -> None:
    body = "[[x#The way it works]] [[x#the-way-it-works]] [y](x.md#the-way-it-works) [[x#own]] [[x#not there]]"
    files = {"notes/x.md": note(body="## The way it works\n\n## Its own {#own}\n"), "notes/y.md": note(body=body)}
    found = graph(files).citations["y"]
    assert [resolution.heading for resolution in found] == ["the-way-it-works"] * 3 + ["own", ""]
    assert found[-1].missing_heading == "not there"
    assert found[-1].candidates == ("the-way-it-works", "own")


def test_a_title_may_hold_a_hash() -> None:
    files = {"notes/x.md": note('"Is C# sharp?"', "## Part\n"), "notes/y.md": note(body="[[Is C# sharp?]] [[x#part]]")}
    found = graph(files).citations["y"]
    assert [(resolution.id, resolution.heading) for resolution in found] == [("x", ""), ("x", "part")]


def test_passages_keep_the_order_of_first_citation_and_each_sentence_once() -> None:
    body = "First [[b]] and again [[B?]]. Then [[a]]. Last [[b|in words]] and [[x]].\n\n![[a]]\n"
    files = {"notes/a.md": note("A?"), "notes/b.md": note("B?"), "notes/x.md": note("X?", body)}
    found = graph(files)
    assert list(found.passages["x"]) == ["b", "a"]
    document = found.documents["x"]
    sentences = [found.sentence_text(document, p.sentence) for p in found.passages["x"]["b"]]
    assert sentences == ["First [B?] and again [B?].", "Last in words and [X?]."]
    assert [passage.sentence >= 0 for passage in found.passages["x"]["a"]] == [True, False]


def test_notes_and_lines_are_told_apart() -> None:
    found = graph({"notes/a.md": note(), "lines/b.md": line()})
    assert [d.id for d in found.notes] == ["a"]
    assert [d.id for d in found.lines] == ["b"]
    assert found.note("b") is None
    assert found.line("a") is None


def test_a_mistyped_id_is_an_error_although_a_broken_file_holds_the_same_letters():
    files = {
        "notes/broken.md": '---\ntitle: A: broken base?\naliases: [x, "Is it, really?"]\n---\n',
        "notes/d.md": note(body="So [[base]] and [[broken]] and [[x]] and [[Is it, really?]]."),
    }
    found = build(files, WITHOUT_WIDE_RULES).diagnostics
    assert [(d.code, d.message) for d in found if d.span.path == "notes/d.md"] == [
        ("citations/not-found", "No note or line is called “base”."),
    ]
