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
def test_a_text_is_cut_into_words(case: dict[str, Any]):
    assert segment(case["text"]) == case["words"]


@given(st.text())
def test_words_stay_words(text: str):
    assert all(word in segment(word) for word in segment(text) if len(word) <= 60)


def test_a_run_that_is_too_long_is_no_word():
    assert segment(f"a {'x' * 64} {'y' * 65} é{'z' * 64} b") == ["a", "x" * 64, "b"]
