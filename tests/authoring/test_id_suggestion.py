"""Ids are derived from questions in any script."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inquiry_site.authoring.id_suggestion import suggest_id
from inquiry_site.parsing.ids import is_id


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Does spacing practice help memory?", "spacing-practice-help-memory"),
        ("Does RL post-training create reasoning or just deploy it?", "rl-post-training-create-reasoning"),
        ("Doesn’t it help?", "doesnt-help"),
        ("What is it?", "what-is-it"),
        ("Do cells die in a war of attrition?", "cells-die-war-attrition"),
        ("Warum ist die Erde größer als der Mond?", "erde-größer-mond"),
        ("强化学习能否提高模型的推理能力上限？", "强化学习能否提高模型的推"),
        ("هل يساعد التكرار المتباعد؟", "هل-يساعد-التكرار-المتباعد"),
        ("क्या अंतराल से मदद मिलती है?", "क्या-अंतराल-से-मदद-मिलती"),
        ("İs Ⅳ larger than 4?", "i̇s-ⅳ-larger-4"),
        ("../../etc/passwd?", "etc-passwd"),
        ("index?", "index-2"),
        ("README?", "readme-2"),
        ("con?", "con-2"),
        ("🤖🤖?", ""),
        ("❤\ufe0f \u0301?", ""),
        ("?", ""),
        ("w" * 5000 + "?", "w" * 48),
    ],
)
def test_the_id_consists_of_the_telling_words(question: str, expected: str):
    assert suggest_id(question) == expected


def test_the_id_is_unique():
    assert suggest_id("Does it help?", {"help", "help-2"}) == "help-3"


@given(st.text(), st.frozensets(st.sampled_from(["a", "b", "a-2"])))
def test_every_suggestion_is_an_id_that_no_page_has(question: str, taken: frozenset[str]):
    identifier = suggest_id(question, taken)
    assert not identifier or (is_id(identifier) and identifier not in taken and len(identifier) < 60)
    assert unicodedata.normalize("NFC", identifier) == identifier
