"""Which near lines are next: directions, open questions, and a way to every line."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from inquiry_site.knowledge.ranking.selection import diversify, ensure_reachable, promote_open_question, unreached


def test_five_copies_of_one_question_do_not_fill_the_list():
    near = {"copy1": 0.9, "copy2": 0.89, "copy3": 0.88, "other": 0.6, "another": 0.59}
    copies = ("copy1", "copy2", "copy3")
    likeness = {one: {other: 1.0 for other in copies if other != one} for one in copies}
    assert diversify(near, likeness) == ["copy1", "other", "another", "copy2", "copy3"]
    assert diversify(near, {}) == ["copy1", "copy2", "copy3", "other", "another"]


def test_an_open_question_that_fits_takes_the_last_shown_place():
    near = dict(zip("abcdefg", (0.9, 0.8, 0.7, 0.6, 0.5, 0.48, 0.2), strict=True))
    order = list("abcdefg")
    assert promote_open_question(order, near, {"f"}, 0, 5) == list("abcdfeg")
    assert promote_open_question(order, near, {"g"}, 0, 5) == order, "too far away"
    assert promote_open_question(order, near, {"b", "f"}, 0, 5) == order, "there is one already"
    assert promote_open_question(order, near, {"f"}, 5, 5) == order, "the author chose all five"


def test_a_line_that_nothing_leads_to_takes_a_place_that_can_be_spared():
    lists = {"a": ["b", "c"], "b": ["a", "c"], "c": ["a", "b"], "lost": ["a", "b"]}
    near = {"lost": {"c": 0.5, "b": 0.1}}
    made = ensure_reachable(lists, near, {}, "a", 2)
    assert made == {"a": ["b", "c"], "b": ["a", "c"], "c": ["a", "lost", "b"], "lost": ["a", "b"]}
    assert unreached(made, "a", 2) == []


def test_what_the_author_chose_keeps_its_place():
    lists = {"a": ["b"], "b": ["a"], "lost": ["a"]}
    made = ensure_reachable(lists, {}, {"a": 1, "b": 1}, "a", 1)
    assert made == lists
    assert unreached(made, "a", 1) == ["lost"]


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
def test_every_line_is_reached_and_none_leads_to_itself(orders: dict[str, list[str]], shown: int):
    made = ensure_reachable(orders, {}, {}, "l0", shown)
    assert unreached(made, "l0", shown) == []
    for line, order in made.items():
        assert line not in order
        assert len(order) == len(set(order))
    if len(made) > 1:
        led_to = {other for order in made.values() for other in order[:shown]}
        assert led_to == set(made), "something leads to each, to the first one too"
