"""Next lines and related notes: order, reasons, and that a reader is never left without a way on."""

from __future__ import annotations

from inquiry_site import build
from tests.knowledge_bases import line, note


def ranked(files: dict[str, str], page: str) -> list[tuple[str, tuple[str, ...]]]:
    built = build(files)
    return [
        (found.id, tuple(map(built.words.reason, found.reasons))) for found in built.knowledge.ranking.next_lines[page]
    ]


def notes(*names: str, **keys: str) -> dict[str, str]:
    source = "[{{title: T, authors: [A B], year: 2020, doi: 10.1000/{0}}}]"
    return {f"notes/{name}.md": note(f"Is {name} so?", sources=source.format(name), **keys) for name in names}


def test_the_authors_choice_comes_first_in_the_authors_order():
    files = notes("a", "b") | {
        "lines/l.md": line("L?", "So [[a]] and [[b]].", next="[y, x]"),
        "lines/m.md": line("M?", "So [[a]] and [[b]]."),
        "lines/x.md": line("X?", "Nothing."),
        "lines/y.md": line("Y?", "Nothing."),
    }
    found = ranked(files, "l")
    assert [name for name, _ in found] == ["y", "x", "m"]
    assert found[0][1][0] == "chosen by the author"
    assert found[2][1] == ("shares 2 notes",)


def test_more_shared_notes_rank_higher():
    files = notes("a", "b", "c") | {
        "lines/l.md": line("L?", "[[a]] and [[b]] and [[c]] are so."),
        "lines/one.md": line("One?", "So [[a]]."),
        "lines/two.md": line("Two?", "So [[b]] and [[c]]."),
    }
    assert [name for name, _ in ranked(files, "l")] == ["two", "one"]


def test_a_shared_paper_counts_where_the_notes_differ():
    source = "[{title: T, authors: [A B], year: 2020, doi: 10.1000/x}]"
    files = {
        "notes/a.md": note("Is a so?", sources=source),
        "notes/b.md": note("Is b so?", sources=source),
        "lines/l.md": line("L?", "So [[a]]."),
        "lines/m.md": line("M?", "So [[b]]."),
    }
    assert ranked(files, "l") == [("m", ("rests on 1 paper in common",))]


def test_there_is_a_next_line_even_when_nothing_is_shared():
    files = {
        "lines/l.md": line("Apples?", "Red.", description="Fruit."),
        "lines/m.md": line("Stones?", "Grey.", description="Hard."),
    }
    ((name, reasons),) = ranked(files, "l")
    assert name == "m"
    assert reasons == ("shares nothing yet; another question of this site",)


def test_a_single_line_has_no_next_line():
    assert ranked({"lines/l.md": line()}, "l") == []


def test_equal_scores_are_ordered_by_id_and_scores_lie_between_0_and_1():
    files = notes("a") | {f"lines/{name}.md": line(f"{name}?", "So [[a]].") for name in "sqrp"}
    built = build(files)
    found = built.knowledge.ranking.next_lines["s"]
    assert [entry.id for entry in found] == ["p", "q", "r"]
    assert all(0 < entry.score <= 1 for entry in found)


def test_related_notes_say_what_ties_them(small):
    found = {
        entry.id: tuple(map(small.words.reason, entry.reasons))
        for entry in small.knowledge.ranking.related_notes["spacing-helps"]
    }
    assert found["cramming-suffices"] == ("cited together in 1 line", "rests on 1 paper in common", "both about memory")


def test_an_open_question_names_the_notes_that_may_bear_on_it(small):
    bearing = small.knowledge.ranking.bearing["what-of-skills"]
    assert bearing[0].id == "sleep-consolidates"
    assert "sleep" in small.words.reason(bearing[0].reasons[0])


def test_ten_are_kept_and_the_page_shows_as_many_as_the_settings_say():
    files = notes("a") | {f"lines/l{n:02}.md": line(f"L{n}?", "So [[a]].") for n in range(14)}
    built = build(files)
    assert len(built.knowledge.ranking.next_lines["l00"]) == 10
    assert len(next(page for page in built.pages if page.path == "lines/l00.md").context["line"].next) == 5
