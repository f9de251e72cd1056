"""What holds for the pages of any knowledge base, however odd."""

from __future__ import annotations

import json
from posixpath import join, normpath
from unittest.mock import patch
from urllib.parse import unquote, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from inquiry_site import Build, build
from inquiry_site.similarity import sparse
from tests.support import strategies
from tests.support.knowledge_bases import note
from tests.support.profiles import costly
from tests.support.sites import Links

APART = "[{title: Okapi, authors: [Z Q], year: 2001, doi: 10.9999/okapi}]"
_OURS = "iq-"
"""How the ids begin that are ours to vouch for; an author's headings are the author's."""


@given(strategies.knowledge_bases)
def test_every_link_between_pages_leads_to_a_page_and_a_place_on_it(files: dict[str, str]) -> None:
    built = build(files)
    pages = {page.url: Links(built.html(page)) for page in built.pages}
    for url, links in pages.items():
        ours = [identifier for identifier in links.ids if identifier.startswith(_OURS)]
        assert len(ours) == len(set(ours))
        for href in links.hrefs:
            target = urlsplit(href)
            if not target.fragment.startswith(_OURS):
                continue
            place = _address(url, target.path)
            assert place in pages, (url, href)
            assert unquote(target.fragment) in pages[place].ids, (url, href)


def _address(url: str, path: str) -> str:
    if not path:
        return url
    return normpath(join(url, path)).removeprefix(".").rstrip("/") + "/"


@given(strategies.knowledge_bases)
def test_every_neighbour_tie_and_source_is_a_node_of_the_graph(files: dict[str, str]) -> None:
    built = build(files)
    graph = json.loads(built.graph_json())["graph"]
    for edge in graph["edges"]:
        assert edge["source"] in graph["nodes"]
        assert edge["target"] in graph["nodes"]
        assert edge["source"] != edge["target"]


@given(strategies.knowledge_bases)
def test_a_reader_is_never_left_without_a_next_line(files: dict[str, str]) -> None:
    built = build(files)
    lines = built.knowledge.graph.lines
    for line in lines:
        found = built.knowledge.ranking.next_lines[line.id]
        assert bool(found) == (len(lines) > 1)
        assert len({ranked.id for ranked in found}) == len(found)
        assert all(ranked.reasons for ranked in found)


@given(strategies.knowledge_bases)
def test_an_unrelated_note_changes_no_first_place(files: dict[str, str]) -> None:
    apart = note("Zebra quagga okapi?", "Giraffe.", description="Gnu.", sources=APART)
    before, after = (build(some).knowledge.ranking for some in (files, {**files, "notes/zebra-apart.md": apart}))
    for lists in ("next_lines", "related_notes", "bearing"):
        for page, found in getattr(before, lists).items():
            assert [one.id for one in found[:1]] == [one.id for one in getattr(after, lists)[page][:1]]


@given(strategies.knowledge_bases)
def test_every_line_is_reached_by_next_lines_but_for_what_authors_fill(files: dict[str, str]) -> None:
    knowledge = build(files).knowledge
    lines = knowledge.graph.lines
    if all(len(line.next) < knowledge.next_lines for line in lines):
        assert knowledge.ranking.unreached == ()
        shown = knowledge.ranking.next_lines.values()
        led_to = {found.id for order in shown for found in order[: knowledge.next_lines]}
        assert led_to == ({line.id for line in lines} if len(lines) > 1 else set())


@given(strategies.knowledge_bases)
def test_sources_are_the_cited_notes_in_the_order_of_first_citation(files: dict[str, str]) -> None:
    built = build(files)
    for line in built.knowledge.graph.lines:
        assert [entry.note for entry in built.knowledge.sources[line.id]] == _first_cited(built, line.id)


def _first_cited(built: Build, line: str) -> list[str]:
    graph = built.knowledge.graph
    found = (resolution.id for resolution in graph.citations[line] if graph.note(resolution.id))
    return list(dict.fromkeys(found))


@costly
@given(st.lists(strategies.knowledge_bases, min_size=2, max_size=4))
def test_a_build_after_another_is_the_build_of_its_files(bases: list[dict[str, str]]):
    built = None
    with patch.object(sparse, "FEW_SHARE", 1.0):
        for files in bases:
            built, anew = build(files, before=built), build(files)
            assert built.diagnostics == anew.diagnostics
            assert built.knowledge.ranking == anew.knowledge.ranking
            assert built.graph_json() == anew.graph_json()
            assert [(page.path, built.html(page)) for page in built.pages] == [
                (page.path, anew.html(page)) for page in anew.pages
            ]


@costly
@given(strategies.knowledge_bases, st.lists(st.tuples(st.integers(0, 5), strategies.markdown), max_size=3))
def test_a_build_after_an_edit_is_the_build_of_its_files(files: dict[str, str], edits: list[tuple[int, str]]):
    built = build(files)
    with patch.object(sparse, "FEW_SHARE", 1.0):
        for at, written in edits:
            path = sorted(files)[at % len(files)] if files else "notes/new.md"
            files = {**files, path: f"{files.get(path, '')}\n\n{written}"}
            built, anew = build(files, before=built), build(files)
            assert built.knowledge.ranking == anew.knowledge.ranking
            assert built.graph_json() == anew.graph_json()
