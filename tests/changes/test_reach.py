"""A diff, ``inquiry reach`` and the pages agree on what rests on something that was retracted or superseded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inquiry_site import build
from inquiry_site.changes.change import MOST_REACHED, Change
from inquiry_site.changes.comparison import compare
from inquiry_site.changes.dependents import Dependents
from inquiry_site.changes.standing_changes import NoteRetracted, NoteSuperseded, PaperRetracted
from tests.support.command import inquiry
from tests.support.knowledge_bases import line, note, write
from tests.support.rendered import html_of
from tests.support.revisions import revision

SOURCE = "[{title: T, authors: [A B], year: 2020, doi: 10.1000/x}]"
RETRACTED = SOURCE.replace("}]", ", retracted: 2024-05-01}]")
OTHER = "[{title: O, authors: [A B], year: 2020, doi: 10.1000/o}]"
TYPES = ("extends", "supports", "qualifies", "contradicts", "supersedes")


def related(type: str, to: str) -> str:  # noqa: A002 - the key of the frontmatter
    return f"[{{type: {type}, to: {to}, because: It does.}}]"


AROUND = {
    "notes/b.md": note("B?", "As in [[a]].", sources=OTHER),
    "notes/c.md": note("C?", sources=SOURCE),
    "notes/z.md": note("Z?", sources=OTHER),
    **{
        f"notes/{kind}.md": note(f"{kind}?", "See [[a]].", sources=OTHER, relations=related(kind, "a"))
        for kind in TYPES[:4]
    },
    "notes/silent.md": note("Silent?", sources=OTHER, relations=related("extends", "extends")),
    **{
        f"lines/on-{name}.md": line(f"On {name}?", f"So [[{name}]].")
        for name in ("a", "b", "c", "z", "silent", *TYPES[:4])
    },
    "lines/on-line.md": line("On a line?", "So [[on-silent]], and ![[a]]"),
    "lines/there.md": line("There?", "So [[back]] and [[on-line]]."),
    "lines/back.md": line("Back?", "So [[there]]. See [[there|this]]."),
}
"""What relates to the note ``a`` in each way: directly, through notes, through lines, and in a circle."""


@pytest.mark.parametrize(
    ("before", "after", "node", "kind"),
    [
        (note("A?", sources=OTHER), note("A?", sources=OTHER, status="retracted"), "a", NoteRetracted),
        (note("A?", sources=OTHER), note("A?", sources=OTHER, status="superseded"), "a", NoteSuperseded),
        (note("A?", sources=SOURCE), note("A?", sources=RETRACTED), "doi-10.1000-x", PaperRetracted),
    ],
    ids=["note retracted", "note superseded", "paper retracted"],
)
def test_the_diff_inquiry_reach_and_the_pages_report_the_same_pages(
    tmp_path: Path, before: str, after: str, node: str, kind: type[Change]
):
    around = (
        AROUND
        if after != note("A?", sources=RETRACTED)
        else {**AROUND, "notes/c.md": AROUND["notes/c.md"].replace(SOURCE, RETRACTED)}
    )
    files = {"notes/a.md": after, **around}
    write(tmp_path, files)
    listed = json.loads(inquiry("reach", node, "--format", "json", "-C", str(tmp_path)).stdout)["reach"]
    pages = {f"{entry['kind']}s/{entry['id']}.md" for entry in listed}

    built = build(files)
    shown = {page.path for page in built.pages if 'class="iq-warning iq-doubts"' in html_of(built, page.path)}
    assert shown == pages

    changes = compare(revision({"notes/a.md": before, **AROUND}, "BASE"), revision(files, "HEAD"))
    fallen = [change for change in changes if isinstance(change, kind)]
    reported = {reached.path for change in fallen for reached in change.reaches}
    # The note that uses a retracted paper is the place of the change, and rests on the paper.
    assert reported | ({change.path for change in fallen} if kind is PaperRetracted else set()) == pages
    assert {"lines/on-silent.md", "lines/there.md", "notes/silent.md", "notes/b.md"} <= pages
    assert pages.isdisjoint({"lines/on-b.md", "notes/contradicts.md", "notes/z.md", "lines/on-z.md"})


def test_a_superseding_note_does_not_rest_on_the_note_that_it_replaces(tmp_path: Path):
    before = {"notes/a.md": note("A?", sources=OTHER), **AROUND}
    newer = note("New?", "It replaces [[a]].", sources=OTHER, relations=related("supersedes", "a"))
    files = {**before, "notes/new.md": newer, "lines/on-new.md": line("On new?", "So [[new]].")}
    write(tmp_path, files)
    listed = json.loads(inquiry("reach", "a", "--format", "json", "-C", str(tmp_path)).stdout)["reach"]
    changes = compare(revision(before, "BASE"), revision(files, "HEAD"))
    reported = {reached.id for change in changes if isinstance(change, NoteSuperseded) for reached in change.reaches}
    assert reported == {entry["id"] for entry in listed}
    assert reported.isdisjoint({"new", "on-new"})


def test_a_sentence_is_listed_once_with_its_shortest_distance():
    files = {
        "notes/a.md": note("A?"),
        "notes/b.md": note("B?", sources=OTHER, relations=related("extends", "a")),
        "lines/l.md": line("L?", "Both [[b]] and [[a]]. Once more [[b]]."),
        "lines/m.md": line("M?", "So [[l]]."),
    }
    reached = Dependents(build(files).knowledge).of("a")
    assert [(place.distance, place.id, place.sentence) for place in reached] == [
        (1, "l", "Both [B?] and [A?]."),
        (1, "b", ""),
        (2, "m", "So [L?]."),
        (2, "l", "Once more [B?]."),
    ]


def test_a_long_chain_is_listed_with_true_distances_up_to_the_limit():
    files = {f"lines/l{n}.md": line(f"Is {n} next?", f"So [[l{n - 1}]].") for n in range(1, MOST_REACHED + 20)}
    files |= {"notes/a.md": note("A?"), "lines/l0.md": line("First?", "So [[a]].")}
    reached = Dependents(build(files).knowledge).of("a")
    assert [place.distance for place in reached] == list(range(1, MOST_REACHED + 1))
