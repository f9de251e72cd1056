"""Questions that are asked twice."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from inquiry_site.text.duplicates import near_duplicates


def test_questions_that_differ_in_a_rare_word_are_no_duplicates():
    questions = {
        "a": "Does coffee keep people awake at night?",
        "b": "Does coffee keep the people awake at night?",
        "c": "Does tea keep people awake at night?",
    }
    assert [(later, earlier) for later, earlier, _ in near_duplicates(questions)] == [("b", "a")]


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.text(max_size=40), max_size=8))
def test_near_duplicates_do_not_depend_on_the_order_of_questions(questions: dict[str, str]):
    assert list(near_duplicates(questions)) == list(near_duplicates(dict(reversed(questions.items()))))
