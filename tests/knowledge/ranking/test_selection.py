"""The selection of next lines: diversity, an open question, and a way to every line."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from inquiry_site.knowledge.ranking.selection import diversify, ensure_reachable, promote_open_question, unreached


def test_copies_of_one_question_do_not_fill_the_list():
    near = {"copy1": 0.9, "copy2": 0.89, "copy3": 0.88, "other": 0.6, "another": 0.59}
    copies = ("copy1", "copy2", "copy3")
    similarity = {one: {other: 1.0 for other in copies if other != one} for one in copies}
    assert diversify(near, similarity) == ["copy1", "other", "another", "copy2", "copy3"]
    assert diversify(near, {}) == ["copy1", "copy2", "copy3", "other", "another"]


def test_a_suitable_open_question_is_moved_to_the_last_shown_position():
    near = dict(zip("abcdefg", (0.9, 0.8, 0.7, 0.6, 0.5, 0.48, 0.2), strict=True))
    order = list("abcdefg")
    assert promote_open_question(order, near, {"f"}, 0, 5) == list("abcdfeg")
    assert promote_open_question(order, near, {"g"}, 0, 5) == order, "its score is too low"
    assert promote_open_question(order, near, {"b", "f"}, 0, 5) == order, "one is shown already"
    assert promote_open_question(order, near, {"f"}, 5, 5) == order, "the author chose all five"


def test_an_unreached_line_replaces_one_that_is_listed_elsewhere():
    lists = {"a": ["b", "c"], "b": ["a", "c"], "c": ["a", "b"], "lost": ["a", "b"]}
    near = {"lost": {"c": 0.5, "b": 0.1}}
    adjusted = ensure_reachable(lists, near, {}, "a", 2)
    assert adjusted == {"a": ["b", "c"], "b": ["a", "c"], "c": ["a", "lost", "b"], "lost": ["a", "b"]}
    assert unreached(adjusted, "a", 2) == []


def test_lines_chosen_by_the_author_keep_their_positions():
    lists = {"a": ["b"], "b": ["a"], "lost": ["a"]}
    adjusted = ensure_reachable(lists, {}, {"a": 1, "b": 1}, "a", 1)
    assert adjusted == lists
    assert unreached(adjusted, "a", 1) == ["lost"]


@st.composite
def lists(draw: st.DrawFn) -> dict[str, list[str]]:
    names = [f"l{number}" for number in range(draw(st.integers(1, 14)))]
    return {
        name: draw(st.lists(st.sampled_from([other for other in names if other != name]), unique=True, max_size=8))
        if len(names) > 1
        else []
        for name in names
    }


@given(lists(), st.integers(1, 6))
def test_every_line_is_reached_and_none_lists_itself(orders: dict[str, list[str]], shown: int):
    adjusted = ensure_reachable(orders, {}, {}, "l0", shown)
    assert unreached(adjusted, "l0", shown) == []
    for line, order in adjusted.items():
        assert line not in order
        assert len(order) == len(set(order))
    if len(adjusted) > 1:
        listed = {other for order in adjusted.values() for other in order[:shown]}
        assert listed == set(adjusted), "every line is listed, including the first"
