"""Questions that are asked twice."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from inquiry_site.text.duplicates import near_duplicates


def test_questions_that_differ_in_their_one_rare_word_are_two():
    asked = {
        "a": "Does coffee keep people awake at night?",
        "b": "Does coffee keep the people awake at night?",
        "c": "Does tea keep people awake at night?",
    }
    assert [(later, earlier) for later, earlier, _ in near_duplicates(asked)] == [("b", "a")]


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.text(max_size=40), max_size=8))
def test_near_questions_do_not_depend_on_the_order_they_are_given_in(asked: dict[str, str]):
    assert list(near_duplicates(asked)) == list(near_duplicates(dict(reversed(asked.items()))))
