"""Names and questions that are near to what was written."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from inquiry_site.text.duplicates import near_duplicates
from inquiry_site.text.suggest import NameSuggester, closest_names
from inquiry_site.text.tokenize import tokenize


def test_near_names_are_few_and_the_likest_first():
    assert closest_names("titel", ["tags", "date", "title", "titles"], 2) == ["title", "titles"]
    assert closest_names("zebra", ["tags", "date"]) == []


NAMES = {
    "does spacing practice help memory?": ["spacing-helps"],
    "is cramming enough for a test on the same day?": ["cramming-suffices"],
    "does sleep consolidate what was learned?": ["sleep-consolidates"],
}


def test_a_question_is_found_by_its_words_in_another_order():
    names = NameSuggester(["spacing-helps", "cramming-suffices", "sleep-consolidates"], NAMES)
    assert names.nearest("is memory helped by spacing practice")[0] == "spacing-helps"
    assert names.nearest("what was learned, does sleep consolidate it")[0] == "sleep-consolidates"


def test_an_id_is_found_by_its_letters_and_by_its_beginning():
    names = NameSuggester(["spacing-helps", "cramming-suffices", "sleep-consolidates"], NAMES)
    assert names.nearest("spacing-help") == ("spacing-helps",)
    assert names.nearest("crammign-suffices") == ("cramming-suffices",)
    assert names.nearest("sleep") == ("sleep-consolidates",)
    assert names.nearest("zebra") == ()


def test_questions_that_differ_in_their_one_rare_word_are_two():
    asked = {
        "a": "Does coffee keep people awake at night?",
        "b": "Does coffee keep the people awake at night?",
        "c": "Does tea keep people awake at night?",
    }
    assert [(later, earlier) for later, earlier, _ in near_duplicates(asked)] == [("b", "a")]


def test_scripts_without_spaces_have_words_of_two_letters():
    assert tokenize("强化学习 for ภาษา") == ["强化", "化学", "学习", "for", "ภา", "าษ", "ษา"]
    assert tokenize("RAÍZ naïve x") == ["raíz", "naïve", "x"]


@given(st.text())
def test_words_never_fail_and_do_not_depend_on_case(text: str):
    assert all(word and not word.isspace() for word in tokenize(text))


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.text(max_size=40), max_size=8))
def test_near_questions_do_not_depend_on_the_order_they_are_given_in(asked: dict[str, str]):
    assert list(near_duplicates(asked)) == list(near_duplicates(dict(reversed(asked.items()))))
