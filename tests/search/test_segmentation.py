"""A text cut into words."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from inquiry_site.search.segmentation import segment
from tests.support.knowledge_bases import ROOT

CASES = yaml.safe_load((ROOT / "tests/cases/search/words.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["text"] for case in CASES])
def test_text_is_split_into_words(case: dict[str, Any]):
    assert segment(case["text"]) == case["words"]


@given(st.text())
def test_words_are_split_no_further(text: str):
    assert all(word in segment(word) for word in segment(text) if len(word) <= 60)


def test_overlong_words_are_dropped():
    assert segment(f"a {'x' * 64} {'y' * 65} é{'z' * 64} b") == ["a", "x" * 64, "b"]
