"""Suggestions for misspelt names, near-duplicate questions, and tokens of any script."""

from __future__ import annotations

from inquiry_site.text.suggest import NameSuggester, closest_names


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
