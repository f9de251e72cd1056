"""Properties of comparisons, on generated knowledge bases and edits."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import assume, given
from hypothesis import strategies as st

from inquiry_site import build
from inquiry_site.changes.change import Change
from inquiry_site.changes.comparison import compare
from inquiry_site.changes.json_report import render_changes_json
from inquiry_site.changes.markdown_report import MOST_CHARACTERS, render_changes_markdown
from inquiry_site.changes.standing_changes import NoteRetracted
from inquiry_site.changes.terminal_report import render_changes_text
from tests.support.command import inquiry
from tests.support.knowledge_bases import write
from tests.support.profiles import costly
from tests.support.rendered import html_of
from tests.support.revisions import revision
from tests.support.strategies import Edit, contents, edits, knowledge_bases, paths, webs

steps = st.lists(st.tuples(edits, st.integers(0, 5)), min_size=1, max_size=4)


def edited(files: dict[str, str], changes: list[tuple[Edit, int]]) -> dict[str, str]:
    for edit, at in changes:
        files = edit(files, at)
    return files


def render_all(changes: tuple[Change, ...]) -> tuple[str, str, str]:
    markdown = render_changes_markdown(changes, "inquiry diff a b")
    return render_changes_text(changes), markdown, render_changes_json(changes)


@costly
@given(knowledge_bases)
def test_a_knowledge_base_does_not_differ_from_itself(files: dict[str, str]) -> None:
    assert compare(revision(files), revision(files)) == ()
    assert compare(revision(files), revision(dict(files)), with_ranking=True) == ()


@costly
@given(knowledge_bases, steps)
def test_exactly_the_changed_documents_are_listed(files: dict[str, str], changes: list[tuple[Edit, int]]) -> None:
    later = edited(files, changes)
    for one in (files, later):
        # Of several files with one id, only the first is part of the site.
        assume(len({path.rpartition("/")[2] for path in one}) == len(one))
    found = compare(revision(files), revision(later))
    differing = {path for path in files.keys() | later.keys() if files.get(path) != later.get(path)}
    listed = {change.path for change in found}
    renamed = {change.before for change in found if change.kind in {"renamed", "address-lost", "moved"}}
    former = {path for path in differing if path in files and path not in later}
    gone = {path for path in former if {path, path.rpartition("/")[2][:-3]} & renamed}
    assert differing - gone <= listed
    own = {change.path for change in found if not change.is_effect and change.kind not in _FROM_OTHER_FILES}
    assert own <= differing


_FROM_OTHER_FILES = {
    # A record of a paper, a relation and an alias have effects on the pages of the other notes concerned.
    *("paper-retracted", "paper-reinstated", "paper-record-changed", "source-added", "source-removed"),
    *("note-superseded", "disagreement-added", "disagreement-ended", "relation-added", "relation-ended"),
    *("quote-added", "quote-removed", "topic-used-once", "reason-reworded", "reading-changed"),
}


@costly
@given(webs())
def test_a_retraction_reaches_the_same_pages_in_a_diff_at_the_terminal_and_on_the_site(files: dict[str, str]) -> None:
    after = {**files, "notes/n0.md": files["notes/n0.md"].replace("title: Is", "status: retracted\ntitle: Is")}
    assert after != files
    changes = compare(revision(files), revision(after))
    reported = {place.path for change in changes if isinstance(change, NoteRetracted) for place in change.reaches}

    built = build(after)
    shown = {page.path for page in built.pages if 'class="iq-warning iq-doubts"' in html_of(built, page.path)}
    assert shown == reported

    with TemporaryDirectory() as folder:
        write(Path(folder), after)
        listed = json.loads(inquiry("reach", "n0", "--format", "json", "-C", folder).stdout)["reach"]
    assert {f"{entry['kind']}s/{entry['id']}.md" for entry in listed} == reported


@costly
@given(knowledge_bases, steps, st.randoms(use_true_random=False))
def test_the_order_of_files_does_not_matter(files: dict[str, str], changes: list[tuple[Edit, int]], random) -> None:
    later = edited(files, changes)
    shuffled = [list(files.items()), list(later.items())]
    for items in shuffled:
        random.shuffle(items)
    expected = compare(revision(files), revision(later))
    before, after = (revision(dict(items)) for items in shuffled)
    assert render_all(compare(before, after)) == render_all(expected)


@given(st.dictionaries(paths, contents, max_size=5), st.dictionaries(paths, contents, max_size=5))
def test_any_files_can_be_compared_and_reported(one, other) -> None:
    changes = compare(revision(one), revision(other))
    text, markdown, as_json = render_all(changes)
    assert len(markdown) <= MOST_CHARACTERS
    assert len(json.loads(as_json)) == len(changes)
    assert all(line.isprintable() for line in text.split("\n"))
