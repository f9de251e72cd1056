"""Properties of pages that hold for any knowledge base."""

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
_ID_PREFIX = "iq-"
"""Prefix of the ids that rendering creates; other ids are those of authors' headings."""


@given(strategies.knowledge_bases)
def test_every_link_to_an_id_of_ours_has_a_target(files: dict[str, str]) -> None:
    built = build(files)
    pages = {page.url: Links(built.html(page)) for page in built.pages}
    for url, links in pages.items():
        own_ids = [identifier for identifier in links.ids if identifier.startswith(_ID_PREFIX)]
        assert len(own_ids) == len(set(own_ids))
        for href in links.hrefs:
            target = urlsplit(href)
            if not target.fragment.startswith(_ID_PREFIX):
                continue
            page_url = _resolve_url(url, target.path)
            assert page_url in pages, (url, href)
            assert unquote(target.fragment) in pages[page_url].ids, (url, href)


def _resolve_url(url: str, path: str) -> str:
    if not path:
        return url
    return normpath(join(url, path)).removeprefix(".").rstrip("/") + "/"


@given(strategies.knowledge_bases)
def test_every_edge_of_the_graph_connects_two_nodes(files: dict[str, str]) -> None:
    built = build(files)
    graph = json.loads(built.graph_json())["graph"]
    for edge in graph["edges"]:
        assert edge["source"] in graph["nodes"]
        assert edge["target"] in graph["nodes"]
        assert edge["source"] != edge["target"]


@given(strategies.knowledge_bases)
def test_every_line_has_a_next_line(files: dict[str, str]) -> None:
    built = build(files)
    lines = built.knowledge.graph.lines
    for line in lines:
        next_lines = built.knowledge.ranking.next_lines[line.id]
        assert bool(next_lines) == (len(lines) > 1)
        assert len({ranked.id for ranked in next_lines}) == len(next_lines)
        assert all(ranked.reasons for ranked in next_lines)


@given(strategies.knowledge_bases)
def test_an_unrelated_note_changes_no_first_neighbour(files: dict[str, str]) -> None:
    apart = note("Zebra quagga okapi?", "Giraffe.", description="Gnu.", sources=APART)
    before, after = (build(base).knowledge.ranking for base in (files, {**files, "notes/zebra-apart.md": apart}))
    for lists in ("next_lines", "related_notes", "bearing"):
        for page, entries in getattr(before, lists).items():
            assert [entry.id for entry in entries[:1]] == [entry.id for entry in getattr(after, lists)[page][:1]]


@given(strategies.knowledge_bases)
def test_every_line_is_reached_unless_authors_choose_all_next_lines(files: dict[str, str]) -> None:
    knowledge = build(files).knowledge
    lines = knowledge.graph.lines
    if all(len(line.next) < knowledge.next_lines for line in lines):
        assert knowledge.ranking.unreached == ()
        shown = knowledge.ranking.next_lines.values()
        listed = {entry.id for order in shown for entry in order[: knowledge.next_lines]}
        assert listed == ({line.id for line in lines} if len(lines) > 1 else set())


@given(strategies.knowledge_bases)
def test_sources_are_the_cited_notes_in_the_order_of_first_citation(files: dict[str, str]) -> None:
    built = build(files)
    for line in built.knowledge.graph.lines:
        assert [entry.note for entry in built.knowledge.sources[line.id]] == _first_cited(built, line.id)


def _first_cited(built: Build, line: str) -> list[str]:
    graph = built.knowledge.graph
    cited = (resolution.id for resolution in graph.citations[line] if graph.note(resolution.id))
    return list(dict.fromkeys(cited))


@costly
@given(st.lists(strategies.knowledge_bases, min_size=2, max_size=4))
def test_a_build_after_another_equals_a_first_build(bases: list[dict[str, str]]):
    built = None
    with patch.object(sparse, "FEW_SHARE", 1.0):
        for files in bases:
            built, first_build = build(files, before=built), build(files)
            assert built.diagnostics == first_build.diagnostics
            assert built.knowledge.ranking == first_build.knowledge.ranking
            assert built.graph_json() == first_build.graph_json()
            assert [(page.path, built.html(page)) for page in built.pages] == [
                (page.path, first_build.html(page)) for page in first_build.pages
            ]


@costly
@given(strategies.knowledge_bases, st.lists(st.tuples(st.integers(0, 5), strategies.markdown), max_size=3))
def test_a_build_after_an_edit_equals_a_first_build(files: dict[str, str], edits: list[tuple[int, str]]):
    built = build(files)
    with patch.object(sparse, "FEW_SHARE", 1.0):
        for index, addition in edits:
            path = sorted(files)[index % len(files)] if files else "notes/new.md"
            files = {**files, path: f"{files.get(path, '')}\n\n{addition}"}
            built, first_build = build(files, before=built), build(files)
            assert built.knowledge.ranking == first_build.knowledge.ranking
            assert built.graph_json() == first_build.graph_json()
