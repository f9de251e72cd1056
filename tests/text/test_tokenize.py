"""Words of any script."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from inquiry_site.text.tokenize import tokenize


def test_text_without_spaces_is_split_into_pairs_of_letters():
    assert tokenize("强化学习 for ภาษา") == ["强化", "化学", "学习", "for", "ภา", "าษ", "ษา"]
    assert tokenize("RAÍZ naïve x") == ["raíz", "naïve", "x"]


@given(st.text())
def test_tokens_of_any_text_are_not_blank(text: str):
    assert all(word and not word.isspace() for word in tokenize(text))
