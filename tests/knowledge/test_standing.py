"""What rests on a retracted source, or on a superseded or retracted note, and by which path."""

from __future__ import annotations

import time

import pytest

from inquiry_site.build import check
from inquiry_site.knowledge import Knowledge
from inquiry_site.knowledge.standing import Support
from tests.support.knowledge_bases import line, note

RETRACTED = "[{title: T, authors: [A B], year: 2020, doi: 10.1000/x, retracted: 2024-05-01}]"
OTHER = "[{title: O, authors: [A B], year: 2020, doi: 10.1000/o}]"


def knowledge(files: dict[str, str]) -> Knowledge:
    return check(files).knowledge


def paths(files: dict[str, str]) -> dict[str, list[tuple[str, ...]]]:
    """Return the paths from each page to what no longer holds."""
    of_page = knowledge(files).standing.of_page
    return {page: [doubt.path.steps for doubt in doubts] for page, doubts in of_page.items()}


def test_nothing_is_in_doubt_while_everything_holds():
    files = {"notes/a.md": note("A?"), "lines/l.md": line(body="So [[a]].")}
    standing = knowledge(files).standing
    assert (standing.fallen, standing.of_page, standing.acknowledged) == ({}, {}, {})


def test_a_retraction_reaches_the_notes_that_use_the_source_and_the_lines_that_cite_them():
    files = {
        "notes/a.md": note("A?", sources=RETRACTED),
        "notes/b.md": note("B?", sources=OTHER),
        "lines/l.md": line("L?", "So [[a]], and [[b]].\n\nOnce more [[a]]."),
        "lines/m.md": line("M?", "Only [[b]]."),
    }
    standing = knowledge(files).standing
    assert standing.fallen["source:doi-10.1000-x"].day == "2024-05-01"
    assert paths(files) == {"a": [("source:doi-10.1000-x",)], "l": [("a", "source:doi-10.1000-x")]}
    assert [passage.sentence for passage in standing.of_page["l"][0].passages] == [0, 1]


@pytest.mark.parametrize(
    ("keys", "state"),
    [({"status": "retracted"}, "retracted"), ({"status": "superseded"}, "superseded"), ({"status": "disputed"}, "")],
)
def test_the_status_of_a_note_reaches_what_cites_it(keys: dict[str, str], state: str):
    files = {"notes/a.md": note("A?", **keys), "lines/l.md": line(body="So [[a]].")}
    fallen = knowledge(files).standing.fallen
    assert {node: fall.state for node, fall in fallen.items()} == ({"a": state} if state else {})
    assert paths(files) == ({"l": [("a",)]} if state else {})


def test_a_note_that_another_supersedes_no_longer_holds_and_the_newer_one_does():
    files = {
        "notes/a.md": note("A?"),
        "notes/b.md": note("B?", "It replaces [[a]].", relations="[{type: supersedes, to: a, because: It is larger.}]"),
        "lines/l.md": line(body="So [[a]], or [[b]]."),
    }
    assert knowledge(files).standing.fallen["a"].newer == ("b",)
    assert paths(files) == {"l": [("a",)]}


def test_lines_and_extending_notes_pass_it_on_but_the_discussion_in_a_note_does_not():
    files = {
        "notes/a.md": note("A?", sources=RETRACTED),
        "notes/extends.md": note("E?", sources=OTHER, relations="[{type: extends, to: a, because: It goes on.}]"),
        "notes/discusses.md": note("D?", "Compare [[a]].", sources=OTHER),
        "notes/disagrees.md": note(
            "G?", "Unlike [[a]].", sources=OTHER, relations="[{type: contradicts, to: a, because: B.}]"
        ),
        "lines/on-extends.md": line("E2?", "So [[extends]]."),
        "lines/on-discusses.md": line("D2?", "So [[discusses]]."),
        "lines/on-line.md": line("L2?", "So [[on-extends]]."),
    }
    source = "source:doi-10.1000-x"
    assert paths(files) == {
        "a": [(source,)],
        "discusses": [("a", source)],
        "extends": [("a", source)],
        "on-extends": [("extends", "a", source)],
        "on-line": [("on-extends", "extends", "a", source)],
    }


def test_two_lines_that_cite_each_other_are_not_reasons_for_doubt_in_each_other():
    files = {
        "notes/a.md": note("A?", status="retracted"),
        "lines/l.md": line("L?", "So [[a]] and [[m]]."),
        "lines/m.md": line("M?", "So [[l]]."),
    }
    assert paths(files) == {"l": [("a",)], "m": [("l", "a")]}


def test_a_long_path_is_shortened_and_costs_no_more_than_its_length():
    count = 3000
    files = {f"lines/l{n}.md": line(f"Is {n} next?", f"So [[l{n - 1}]].") for n in range(1, count)}
    files |= {"notes/a.md": note("A?", sources=RETRACTED), "lines/l0.md": line("First?", "So [[a]].")}
    graph = knowledge(files)
    started = time.perf_counter()
    last = knowledge(files).standing.of_page[f"l{count - 1}"][0].path
    assert (last.target, last.root, last.is_shortened) == (f"l{count - 2}", "source:doi-10.1000-x", True)
    assert last.between == (*(f"l{count - 3 - step}" for step in range(4)), "a")
    assert time.perf_counter() - started < 30
    assert len(graph.standing.of_page) == count + 1


def test_an_author_acknowledges_what_a_page_rests_on_by_any_of_its_names():
    comment = "<!-- rests-on: {} because\n the effect was found again. -->"
    for name, target in [("a", "a"), ("A?", "a"), ("other-name", "a")]:
        files = {
            "notes/a.md": note("A?", sources=RETRACTED, aliases="[other-name]"),
            "lines/l.md": line(body=f"So [[a]]. {comment.format(name)}"),
        }
        standing = knowledge(files).standing
        assert standing.acknowledged == {"l": {target: "the effect was found again."}}
        assert standing.of_page["l"][0].reason == "the effect was found again."
        assert standing.of_page["a"][0].reason == ""
    for name in ("doi-10.1000-x", "10.1000/X", "https://doi.org/10.1000/x"):
        files = {"notes/a.md": note("A?", comment.format(name), sources=RETRACTED)}
        assert knowledge(files).standing.of_page["a"][0].reason == "the effect was found again."


def test_what_rests_on_a_page_is_listed_with_how_it_does():
    files = {
        "notes/a.md": note("A?"),
        "notes/b.md": note("B?", "As in [[a]].", relations="[{type: extends, to: a, because: B.}]"),
        "lines/l.md": line(body="So [[a]]."),
    }
    dependents = knowledge(files).reliance.dependents("a")
    assert [(found.page, found.support) for found in dependents] == [("l", Support.CITES), ("b", Support.EXTENDS)]
