"""Words of any script."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from inquiry_site.text.tokenize import tokenize


def test_scripts_without_spaces_have_words_of_two_letters():
    assert tokenize("强化学习 for ภาษา") == ["强化", "化学", "学习", "for", "ภา", "าษ", "ษา"]
    assert tokenize("RAÍZ naïve x") == ["raíz", "naïve", "x"]


@given(st.text())
def test_words_never_fail_and_do_not_depend_on_case(text: str):
    assert all(word and not word.isspace() for word in tokenize(text))
