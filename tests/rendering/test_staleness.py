"""A change makes every page stale whose HTML it changes, and few others."""

from __future__ import annotations

from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from inquiry_site import Build, build
from inquiry_site.file_content import Asset, FileContent
from inquiry_site.rendering.staleness import stale_pages
from inquiry_site.similarity import sparse
from tests.support import strategies
from tests.support.knowledge_bases import line, note, topic

SHOWN = (5, 5)


def fresh_pages(before: Build, now: Build) -> dict[str, str]:
    stale = stale_pages(before.knowledge, now.knowledge, SHOWN)
    return {page.path: now.html(page) for page in now.pages if page.path not in stale}


def check_fresh_pages(files: dict[str, str], edited: dict[str, str]) -> None:
    before = build(files)
    pages = {page.path: before.html(page) for page in before.pages}
    now = build(edited, before=before)
    for path, html in fresh_pages(before, now).items():
        assert path in pages, f"{path} is new and must be stale"
        assert html == pages[path], f"{path} has changed and must be stale"


@given(strategies.knowledge_bases, strategies.knowledge_bases)
def test_pages_that_are_not_stale_are_unchanged(files: dict[str, str], other: dict[str, str]):
    with patch.object(sparse, "FEW_SHARE", 1.0):
        check_fresh_pages(files, other)
        check_fresh_pages(files, {**files, **other})


@given(strategies.knowledge_bases, st.integers(0, 9), strategies.edits)
def test_an_edit_makes_the_pages_that_it_changes_stale(files: dict[str, str], index: int, edit: strategies.Edit):
    with patch.object(sparse, "FEW_SHARE", 1.0):
        check_fresh_pages(files, edit(files, index))


def chain(count: int) -> dict[str, str]:
    """Return pairs of notes that share no words, each pair with a line that cites it."""
    files = {}
    for number in range(count):
        word = f"w{number}x"
        for half in "ab":
            source = f"[{{title: T, authors: [A B], year: 2020, doi: 10.1000/{word}{half}}}]"
            name, text = f"{word}{half}?", f"{word} {half}"
            files[f"notes/{word}-{half}.md"] = note(name, f"{text}.", description=text, sources=source)
        files[f"lines/{word}.md"] = line(f"{word}?", f"So [[{word}-a]], so [[{word}-b]].")
    return files


def test_an_edited_body_makes_only_pages_that_show_it_stale():
    files = chain(8)
    before = build(files)
    now = build({**files, "notes/w3x-a.md": files["notes/w3x-a.md"] + "\nMore of it.\n"}, before=before)
    # With lists of no entries, because among eight pairs every page is a neighbour of every other.
    stale = stale_pages(before.knowledge, now.knowledge, (0, 0))
    assert {path for path in stale if path.startswith("notes/w")} >= {"notes/w3x-a.md"}
    assert "lines/w3x.md" in stale
    assert "notes/w6x-b.md" not in stale
    assert "lines/w6x.md" not in stale


def test_a_new_title_makes_notes_cited_in_the_same_sentence_stale():
    files = chain(3)
    before = build(files)
    renamed = files["notes/w1x-a.md"].replace("w1xa?", "Another name?")
    stale = stale_pages(before.knowledge, build({**files, "notes/w1x-a.md": renamed}).knowledge, SHOWN)
    assert {"lines/w1x.md", "notes/w1x-a.md", "notes/w1x-b.md"} <= stale


def stale_after(files: dict[str, str], edited: dict[str, str]) -> frozenset[str]:
    before = build(files)
    now = build({**files, **edited}, before=before)
    pages = {page.path: before.html(page) for page in before.pages}
    assert all(html == pages[path] for path, html in fresh_pages(before, now).items())
    return stale_pages(before.knowledge, now.knowledge, SHOWN)


def tagged() -> dict[str, str]:
    """Return notes with two topics, of which the introduction to one cites a note with the other."""
    return {
        "notes/a.md": note("Is it a?", "It is.", tags="[one]"),
        "notes/b.md": note(
            "Is it b?", "It is.", tags="[two]", sources="[{title: Z, authors: [Z], year: 1, doi: 10.1/z}]"
        ),
        "topics/one.md": topic("The first", "Begin with [[b]]."),
    }


def test_a_new_title_makes_introductions_that_cite_the_page_stale():
    files = tagged()
    stale = stale_after(files, {"notes/b.md": files["notes/b.md"].replace("Is it b?", "Is it c?")})
    assert "topics/one.md" in stale


def test_an_edited_introduction_makes_only_its_own_page_and_the_overviews_stale():
    stale = stale_after(tagged(), {"topics/one.md": topic("The first", "Then [[b]].")})
    assert "topics/one.md" in stale
    assert "topics/two.md" not in stale
    assert not {path for path in stale if path.startswith("notes/") and path != "notes/index.md"}


def test_a_renamed_topic_makes_the_pages_that_show_its_name_stale():
    stale = stale_after(tagged(), {"topics/one.md": topic("Another", "Begin with [[b]].")})
    assert {"topics/one.md", "topics/two.md", "topics/index.md", "notes/a.md"} <= stale


def test_a_changed_glossary_makes_all_pages_with_a_body_stale():
    files = {**tagged(), "docs/glossary.md": "It\n:   That.\n"}
    stale = stale_after(files, {"docs/glossary.md": "Begin\n:   Start.\n"})
    assert {"notes/a.md", "notes/b.md", "topics/one.md"} <= stale
    assert "sources/doi-10.1-z.md" not in stale


def test_without_a_change_no_page_is_stale():
    built = build(chain(2))
    assert stale_pages(built.knowledge, built.knowledge, SHOWN) == frozenset()


def test_a_file_that_appears_makes_the_pages_that_show_it_stale():
    files: dict[str, FileContent] = {"notes/a.md": note(body="![[b.png]]")}
    before = build(files)
    now = build({**files, "notes/img/b.png": Asset()}, before=before)
    assert "notes/a.md" in stale_pages(before.knowledge, now.knowledge, SHOWN)
    assert "index.md" not in stale_pages(before.knowledge, now.knowledge, SHOWN)


def test_pages_that_rest_on_something_far_away_are_stale_when_it_changes():
    source = "[{{title: T, authors: [A B], year: 2020, doi: 10.1000/x, retracted: {}}}]"
    files = {
        "notes/a.md": note("A?", sources=source.format("2024-05-01")),
        "lines/l0.md": line("First?", "So [[a]]."),
        **{f"lines/l{n}.md": line(f"Is {n} next?", f"So [[l{n - 1}]].") for n in range(1, 10)},
        "notes/other.md": note("Another?", sources="[{title: O, authors: [A B], year: 2020, doi: 10.1000/o}]"),
    }
    edits = {
        "a retraction": ("notes/a.md", "2024-05-01", "2024-06-01"),
        "none": ("notes/a.md", ", retracted: 2024-05-01", ""),
        "a title": ("notes/a.md", "A?", "Another title?"),
        "a title on the way": ("lines/l6.md", "Is 6 next?", "Is six next?"),
        "a reason": ("lines/l6.md", "So [[l5]].", "So [[l5]]. <!-- rests-on: l5 because it was found again. -->"),
        "a newer note": ("notes/other.md", "sources", "relations: [{type: supersedes, to: a, because: B.}]\nsources"),
    }
    for path, old, new in edits.values():
        check_fresh_pages(files, {**files, path: files[path].replace(old, new)})


def test_introductions_that_rest_on_something_far_away_are_stale_when_it_changes():
    source = "[{title: T, authors: [A B], year: 2020, doi: 10.1000/x, retracted: 2024-05-01}]"
    other = "[{title: O, authors: [A B], year: 2020, doi: 10.1000/o}]"
    files = {
        "notes/a.md": note("A?", sources=source),
        "lines/l0.md": line("First?", "So [[a]]."),
        **{f"lines/l{n}.md": line(f"Is {n} next?", f"So [[l{n - 1}]].") for n in range(1, 4)},
        "notes/tagged.md": note("Tagged?", sources=other, tags="[one, two]"),
        "topics/one.md": topic("The first", "Begin with [[l3]]."),
        "topics/two.md": topic("The second", "Begin with [[tagged]]."),
    }
    edits = {
        "none": ("notes/a.md", ", retracted: 2024-05-01", ""),
        "a title": ("notes/a.md", "A?", "Another title?"),
        "a title on the way": ("lines/l1.md", "Is 1 next?", "Is one next?"),
        "the title of the source": ("notes/a.md", "title: T,", "title: Another,"),
        "a reason": ("topics/one.md", "[[l3]].", "[[l3]]. <!-- rests-on: l3 because it was found again. -->"),
        "a newer note": ("notes/tagged.md", "sources", "relations: [{type: supersedes, to: a, because: B.}]\nsources"),
    }
    for path, old, new in edits.values():
        edited = files[path].replace(old, new)
        assert edited != files[path]
        assert "topics/one.md" in stale_after(files, {path: edited})
        check_fresh_pages({**files, path: edited}, files)
