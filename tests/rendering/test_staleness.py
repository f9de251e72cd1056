"""A change reaches every page that reads otherwise for it, and few others."""

from __future__ import annotations

from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from inquiry_site import Build, build
from inquiry_site.rendering.staleness import stale_pages
from inquiry_site.similarity import sparse
from tests.support import strategies
from tests.support.knowledge_bases import line, note

SHOWN = (5, 5)


def unreached(before: Build, now: Build) -> dict[str, str]:
    reached = stale_pages(before.knowledge, now.knowledge, SHOWN)
    return {page.path: now.html(page) for page in now.pages if page.path not in reached}


def read_as_before(files: dict[str, str], edited: dict[str, str]) -> None:
    before = build(files)
    pages = {page.path: before.html(page) for page in before.pages}
    now = build(edited, before=before)
    for path, html in unreached(before, now).items():
        assert path in pages, f"{path} is new and must be reached"
        assert html == pages[path], f"{path} reads otherwise and must be reached"


@given(strategies.knowledge_bases, strategies.knowledge_bases)
def test_what_is_not_reached_reads_as_before(files: dict[str, str], other: dict[str, str]):
    with patch.object(sparse, "FEW_SHARE", 1.0):
        read_as_before(files, other)
        read_as_before(files, {**files, **other})


@given(strategies.knowledge_bases, st.integers(0, 9), strategies.edits)
def test_an_edit_reaches_what_it_changes(files: dict[str, str], at: int, edit: strategies.Edit):
    with patch.object(sparse, "FEW_SHARE", 1.0):
        read_as_before(files, edit(files, at))


def chain(count: int) -> dict[str, str]:
    """Notes in twos and lines that cite one pair each, far from one another."""
    files = {}
    for number in range(count):
        word = f"w{number}x"
        for half in "ab":
            source = f"[{{title: T, authors: [A B], year: 2020, doi: 10.1000/{word}{half}}}]"
            name, says = f"{word}{half}?", f"{word} {half}"
            files[f"notes/{word}-{half}.md"] = note(name, f"{says}.", description=says, sources=source)
        files[f"lines/{word}.md"] = line(f"{word}?", f"So [[{word}-a]], so [[{word}-b]].")
    return files


def test_a_body_reaches_only_what_shows_it():
    files = chain(8)
    before = build(files)
    now = build({**files, "notes/w3x-a.md": files["notes/w3x-a.md"] + "\nMore of it.\n"}, before=before)
    # Of eight pairs everything is a neighbour of everything.
    reached = stale_pages(before.knowledge, now.knowledge, (0, 0))
    assert {path for path in reached if path.startswith("notes/w")} >= {"notes/w3x-a.md"}
    assert "lines/w3x.md" in reached
    assert "notes/w6x-b.md" not in reached
    assert "lines/w6x.md" not in reached


def test_a_new_name_reaches_the_notes_cited_in_the_same_sentence():
    files = chain(3)
    before = build(files)
    renamed = files["notes/w1x-a.md"].replace("w1xa?", "Another name?")
    reached = stale_pages(before.knowledge, build({**files, "notes/w1x-a.md": renamed}).knowledge, SHOWN)
    assert {"lines/w1x.md", "notes/w1x-a.md", "notes/w1x-b.md"} <= reached


def test_nothing_changed_reaches_nothing():
    built = build(chain(2))
    assert stale_pages(built.knowledge, built.knowledge, SHOWN) == frozenset()
