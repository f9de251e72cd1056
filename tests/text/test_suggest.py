"""Suggestions for misspelt names, near-duplicate questions, and tokens of any script."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from inquiry_site.text.duplicates import near_duplicates
from inquiry_site.text.suggest import NameSuggester, closest_names
from inquiry_site.text.tokenize import tokenize


def test_closest_names_are_limited_and_the_most_similar_comes_first():
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


def test_an_id_is_found_despite_a_typo_and_by_a_prefix():
    names = NameSuggester(["spacing-helps", "cramming-suffices", "sleep-consolidates"], NAMES)
    assert names.nearest("spacing-help") == ("spacing-helps",)
    assert names.nearest("crammign-suffices") == ("cramming-suffices",)
    assert names.nearest("sleep") == ("sleep-consolidates",)
    assert names.nearest("zebra") == ()


def test_questions_that_differ_in_a_rare_word_are_no_duplicates():
    questions = {
        "a": "Does coffee keep people awake at night?",
        "b": "Does coffee keep the people awake at night?",
        "c": "Does tea keep people awake at night?",
    }
    assert [(later, earlier) for later, earlier, _ in near_duplicates(questions)] == [("b", "a")]


def test_text_without_spaces_is_split_into_pairs_of_letters():
    assert tokenize("强化学习 for ภาษา") == ["强化", "化学", "学习", "for", "ภา", "าษ", "ษา"]
    assert tokenize("RAÍZ naïve x") == ["raíz", "naïve", "x"]


@given(st.text())
def test_tokens_of_any_text_are_not_blank(text: str):
    assert all(word and not word.isspace() for word in tokenize(text))


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.text(max_size=40), max_size=8))
def test_near_duplicates_do_not_depend_on_the_order_of_questions(questions: dict[str, str]):
    assert list(near_duplicates(questions)) == list(near_duplicates(dict(reversed(questions.items()))))
