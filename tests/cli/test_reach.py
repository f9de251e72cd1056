"""``inquiry reach``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.command import inquiry
from tests.support.knowledge_bases import SMALL, line, note, write

RETRACTED = "[{title: T, authors: [A B], year: 2020, doi: 10.1000/x, retracted: 2024-05-01}]"
OTHER = "[{title: O, authors: [A B], year: 2020, doi: 10.1000/o}]"


@pytest.mark.parametrize("name", ["doi-10.1000-x", "10.1000/X", "https://doi.org/10.1000/x"])
def test_reach_lists_every_sentence_with_its_path(tmp_path: Path, name: str):
    write(
        tmp_path,
        {
            "notes/a.md": note("A?", sources=RETRACTED),
            "notes/b.md": note("B?", sources=OTHER, relations="[{type: extends, to: a, because: B.}]"),
            "lines/l.md": line(
                "L?", "First [[a]]. Then “it is a very long quotation of more than sixty letters” [[b]]."
            ),
            "lines/m.md": line("M?", "A card:\n\n![[a]]\n"),
        },
    )
    result = inquiry("reach", name, "-C", str(tmp_path))
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "T (2020)\nsource doi-10.1000-x, retracted on 2024-05-01\n\n"
        "A?\n  note a\n  uses doi-10.1000-x\n\n"
        "L?\n  line l\n  cites a, which rests on doi-10.1000-x\n    > First [A?].\n"
        "  cites b, which rests on a, which rests on doi-10.1000-x\n"
        "    > Then “it is a very long quotation of more than sixty letters” [B?].\n\n"
        "M?\n  line m\n  cites a, which rests on doi-10.1000-x\n\n"
        "B?\n  note b\n  extends a, which rests on doi-10.1000-x\n\n"
        "2 notes and 2 lines rest on it.\n"
    )


def test_reach_as_json():
    result = inquiry("reach", "spacing-helps", "--format", "json", "-C", str(SMALL))
    data = json.loads(result.stdout)
    assert (data["id"], data["kind"], data["state"]) == ("spacing-helps", "note", "")
    assert [(entry["id"], entry["kind"]) for entry in data["reach"]] == [
        ("does-testing-help", "line"),
        ("how-to-remember", "line"),
    ]
    assert data["reach"][0]["rests_on"] == [
        {
            "id": "spacing-helps",
            "how": "cites",
            "path": ["spacing-helps"],
            "shortened": False,
            "sentences": ["After a week, yes [Does spacing practice help memory?]."],
        }
    ]


def test_reach_of_something_that_nothing_rests_on(tmp_path: Path):
    write(tmp_path, {"notes/a.md": note("::error::A?")})
    result = inquiry("reach", "a", "-C", str(tmp_path))
    assert result.stdout == "\\x3a:error::A?\nnote a\n\nNothing rests on it.\n"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("spacing-help", "Did you mean spacing-helps"),
        ("doi-10.1000-spacin", "Did you mean doi-10.1000-spacing"),
        ("xyz", "Give an id, a title, a source key or a DOI."),
    ],
)
def test_reach_of_an_unknown_name_suggests_others(name: str, hint: str):
    result = inquiry("reach", name, "-C", str(SMALL))
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"No note, line or source is called “{name}”." in result.stderr
    assert hint in result.stderr


def test_reach_names_files_that_it_cannot_include(tmp_path: Path):
    write(tmp_path, {"notes/a.md": note("A?"), "notes/b.md": "---\ntitle: [\n---\n"})
    result = inquiry("reach", "a", "-C", str(tmp_path))
    assert (result.exit_code, result.stdout) == (0, "A?\nnote a\n\nNothing rests on it.\n")
    assert "explains: notes/b.md." in result.stderr
