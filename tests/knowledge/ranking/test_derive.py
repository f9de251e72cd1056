"""Next lines and related notes: their order, their reasons, and that every line has a next line."""

from __future__ import annotations

from inquiry_site import build
from tests.support.knowledge_bases import line, note


def ranked(files: dict[str, str], page: str) -> list[tuple[str, tuple[str, ...]]]:
    built = build(files)
    return [
        (entry.id, tuple(map(built.words.reason, entry.reasons))) for entry in built.knowledge.ranking.next_lines[page]
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
    entries = ranked(files, "l")
    assert [name for name, _ in entries] == ["y", "x", "m"]
    assert entries[0][1][0] == "chosen by the author"
    assert entries[2][1] == ("shares 2 notes",)


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
    assert ranked(files, "l") == [("m", ("shares 1 paper",))]


def test_there_is_a_next_line_even_when_nothing_is_shared():
    files = {
        "lines/l.md": line("Apples?", "Red.", description="Fruit."),
        "lines/m.md": line("Stones?", "Grey.", description="Hard."),
    }
    ((name, reasons),) = ranked(files, "l")
    assert name == "m"
    assert reasons == ("another question on this site; nothing in common yet",)


def test_a_single_line_has_no_next_line():
    assert ranked({"lines/l.md": line()}, "l") == []


def test_equal_scores_are_ordered_by_id_and_scores_are_between_0_and_1():
    files = notes("a") | {f"lines/{name}.md": line(f"{name}?", "So [[a]].") for name in "sqrp"}
    built = build(files)
    entries = built.knowledge.ranking.next_lines["s"]
    assert [entry.id for entry in entries] == ["p", "q", "r"]
    assert all(0 < entry.score <= 1 for entry in entries)


def test_related_notes_have_reasons_and_exclude_cited_notes(small):
    reasons = {
        entry.id: tuple(map(small.words.reason, entry.reasons))
        for entry in small.knowledge.ranking.related_notes["spacing-helps"]
    }
    assert reasons == {
        "sleep-consolidates": (
            "one qualifies the other",
            "cited together in 1 line",
            "both about Memory and recall",
        )
    }


def test_an_open_question_lists_notes_that_may_bear_on_it(small):
    bearing = {
        entry.id: [small.words.reason(reason) for reason in entry.reasons]
        for entry in small.knowledge.ranking.bearing["what-of-skills"]
    }
    assert bearing["spacing-helps"] == ["about Memory and recall", "both mention help, memory and spacing"]
    assert bearing["sleep-consolidates"] == ["about Memory and recall and Sleep", "both mention sleep"]


def test_reasons_include_disputes_and_new_topics():
    files = notes("a", "b", "c", tags="[first]") | {
        "notes/d.md": note(
            "Is d so?",
            sources="[{title: T, authors: [A B], year: 2020, doi: 10.1000/d}]",
            relations="[{type: contradicts, to: a, because: It is not.}]",
        ),
        "lines/l.md": line("L?", "So [[a]], [[b]] and [[c]].", tags="[first]"),
        "lines/m.md": line("M?", "So [[b]] and not [[d]].", tags="[second]"),
    }
    ((name, reasons),) = ranked(files, "l")
    assert name == "m"
    assert reasons == ("shares 1 note", "cites what contradicts “Is a so?”", "also covers Second")
    ((_, back),) = ranked(files, "m")
    assert back[1] == "cites what contradicts “Is d so?”", "a contradiction counts in both directions"


def test_reasons_for_an_open_question_include_what_was_not_shown(small):
    reasons = {entry.id: entry.reasons for entry in small.knowledge.ranking.next_lines["how-to-remember"]}
    assert "asks about what was not shown here: motor skills" in map(small.words.reason, reasons["what-of-skills"])


def test_a_cited_line_is_a_next_line_only_if_the_author_chose_it():
    files = notes("a") | {
        "lines/l.md": line("L?", "So [[a]], and see [[m]].", next="[]"),
        "lines/m.md": line("M?", "So [[a]]."),
        "lines/o.md": line("O?", "So [[a]]."),
    }
    assert [name for name, _ in ranked(files, "l")] == ["o"]
    files["lines/l.md"] = line("L?", "So [[a]], and see [[m]].", next="[m]")
    assert [name for name, _ in ranked(files, "l")] == ["m", "o"]
    assert dict(ranked(files, "m"))["l"] == ("shares 1 note", "builds on this line")


def test_a_draft_is_no_neighbour_on_a_published_site():
    files = notes("a") | {
        "lines/l.md": line("L?", "So [[a]]."),
        "lines/m.md": line("M?", "So [[a]].", draft="true"),
        "lines/o.md": line("O?", "So [[a]]."),
    }
    assert [name for name, _ in ranked(files, "l")] == ["o"]


def test_ten_next_lines_are_kept_and_the_configured_number_is_shown():
    files = notes("a") | {f"lines/l{n:02}.md": line(f"L{n}?", "So [[a]].") for n in range(14)}
    built = build(files)
    assert len(built.knowledge.ranking.next_lines["l00"]) == 10
    assert (
        len(built.context(next(page for page in built.pages if page.path == "lines/l00.md")).values["line"].next) == 5
    )


def test_other_next_lines_chosen_by_the_author_are_used_in_a_rebuild():
    files = {f"lines/l{n}.md": line(f"What of {n}?", f"Text {n}.") for n in range(4)}
    before = build(files)
    former = [ranked.id for ranked in before.knowledge.ranking.next_lines["l0"]]
    chosen = files["lines/l0.md"].replace("title:", f"next: [{former[-1]}]\ntitle:", 1)
    files = {**files, "lines/l0.md": chosen}
    rebuilt = build(files, before=before).knowledge.ranking
    assert rebuilt.next_lines == build(files).knowledge.ranking.next_lines
    assert rebuilt.next_lines["l0"][0].id == former[-1]
