"""The knowledge graph: names, headings and passages."""

from __future__ import annotations

import re
import unicodedata

import pytest

from inquiry_site import Config, build, convert_markdown
from inquiry_site.graph import KnowledgeGraph, resolve_graph
from inquiry_site.names import Outcome
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
def test_names_are_resolved(written: str, outcome: Outcome, identifier: str) -> None:
    resolution = graph(FILES).names.resolve(written)
    assert (resolution.outcome, resolution.id) == (outcome, identifier)


def test_an_ambiguous_title_lists_its_candidates() -> None:
    assert graph(FILES).names.resolve("does testing help?").candidates == ("testing", "twin")


def test_drafts_are_found_if_they_are_included() -> None:
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
def test_the_most_similar_name_comes_first(written: str, first: str) -> None:
    assert graph(FILES).names.nearest(written)[0] == first


def test_unrelated_names_have_no_suggestions() -> None:
    assert (
        graph(FILES).names.nearest("zebra") == graph(FILES).names.nearest("") == graph(FILES).names.nearest("x") == ()
    )


def test_the_first_of_two_files_with_one_id_is_used() -> None:
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
def test_headings_have_the_same_ids_as_on_the_page(body: str) -> None:
    headings = graph({"notes/x.md": note(body=body)}).headings["x"]
    assert list(dict.fromkeys(headings.values())) == re.findall(r'<h\d id="([^"]+)"', convert_markdown(body))


def test_digits_of_other_scripts_in_a_heading_are_no_counter() -> None:
    config = Config(slugify=lambda text, separator: text.replace(" ", "_"))
    headings = graph({"notes/x.md": note(body="# x ²\n\n# x ²\n")}, config).headings["x"]
    assert sorted(set(headings.values())) == ["x_²", "x_²_1"]


def test_a_heading_is_cited_by_its_text_or_its_id() -> None:
    body = "[[x#The way it works]] [[x#the-way-it-works]] [y](x.md#the-way-it-works) [[x#own]] [[x#not there]]"
    files = {"notes/x.md": note(body="## The way it works\n\n## Its own {#own}\n"), "notes/y.md": note(body=body)}
    resolutions = graph(files).citations["y"]
    assert [resolution.heading for resolution in resolutions] == ["the-way-it-works"] * 3 + ["own", ""]
    assert resolutions[-1].missing_heading == "not there"
    assert resolutions[-1].candidates == ("the-way-it-works", "own")


def test_a_title_may_contain_a_hash() -> None:
    files = {"notes/x.md": note('"Is C# sharp?"', "## Part\n"), "notes/y.md": note(body="[[Is C# sharp?]] [[x#part]]")}
    resolutions = graph(files).citations["y"]
    assert [(resolution.id, resolution.heading) for resolution in resolutions] == [("x", ""), ("x", "part")]


def test_passages_keep_the_order_of_first_citation_and_each_sentence_once() -> None:
    body = "First [[b]] and again [[B?]]. Then [[a]]. Last [[b|in words]] and [[x]].\n\n![[a]]\n"
    files = {"notes/a.md": note("A?"), "notes/b.md": note("B?"), "notes/x.md": note("X?", body)}
    resolved = graph(files)
    assert list(resolved.passages["x"]) == ["b", "a"]
    document = resolved.documents["x"]
    sentences = [resolved.sentence_text(document, p.sentence) for p in resolved.passages["x"]["b"]]
    assert sentences == ["First [B?] and again [B?].", "Last in words and [X?]."]
    assert [passage.sentence >= 0 for passage in resolved.passages["x"]["a"]] == [True, False]


def test_notes_and_lines_are_distinguished() -> None:
    resolved = graph({"notes/a.md": note(), "lines/b.md": line()})
    assert [d.id for d in resolved.notes] == ["a"]
    assert [d.id for d in resolved.lines] == ["b"]
    assert resolved.note("b") is None
    assert resolved.line("a") is None


def test_a_mistyped_id_is_an_error_although_an_unparsed_file_contains_it():
    files = {
        "notes/broken.md": '---\ntitle: A: broken base?\naliases: [x, "Is it, really?"]\n---\n',
        "notes/d.md": note(body="So [[base]] and [[broken]] and [[x]] and [[Is it, really?]]."),
    }
    diagnostics = build(files, WITHOUT_WIDE_RULES).diagnostics
    assert [(d.code, d.message) for d in diagnostics if d.span.path == "notes/d.md"] == [
        ("citations/not-found", "No note or line is called “base”."),
    ]
