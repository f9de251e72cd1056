"""Abbreviations that readers may not know, and where they are spelled out."""

from __future__ import annotations

import time

import pytest

from inquiry_site.text.abbreviations import find_abbreviations, find_spelled_out, words_in_small_letters


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GRPO, a CoT and two LLMs", ["GRPO", "CoT", "LLM"]),
        ("RL-trained; SWE-RL", ["RL", "SWE", "RL"]),
        ("on MATH500, AIME24, Qwen3-14B and GSM8K", []),
        ("The UK, a PDF, an ID and a PhD", []),
        ("chapters II, IV and XIX", []),
        ("READ THIS FIRST NOW", []),
        ("Brown TB et al. found it", []),
        ("INSTRUCTION, DeepSeek, OpenAI, pass@K, iOS", []),
        ("ÖPNV und ÄÖÜ", ["ÖPNV", "ÄÖÜ"]),
        ("ОБСЕ и НАТО", ["ОБСЕ", "НАТО"]),
        ("我们用GRPO训练", ["GRPO"]),
    ],
)
def test_abbreviations_are_words_of_capitals(text: str, expected: list[str]):
    found = list(find_abbreviations(text))
    assert [one.name for one in found] == expected
    assert all(text[one.start : one.end].removesuffix("s") == one.name for one in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("reinforcement learning (RL)", True),
        ("RL (reinforcement learning)", True),
        ("apprentissage par renforcement (RL)", True),
        ("verstärkendes Lernen (RL, kurz)", True),
        ("强化学习（RL）", True),
        ("RL (强化学习)", True),
        ("reward learners (RLs)", True),
        ("a benchmark (RL)", False),
        ("RL (see below)", False),
        ("RL is reinforcement learning", False),
        ("(RL)", False),
    ],
)
def test_an_abbreviation_is_spelled_out_beside_parentheses(text: str, expected: bool):
    assert find_spelled_out(text) == ({"RL"} if expected else set())


def test_words_that_are_also_written_in_small_letters_are_emphasised():
    assert words_in_small_letters(["NOT", "RL", "SFT"], "It is NOT so, not here: [[rl-creates]] RL") == {"NOT"}


@pytest.mark.parametrize("part", ["A", "AB ", "A B ", "(RL", "RL (", "RL-", "AB CD EF x ", "(", "RL et "])
def test_the_time_is_linear(part: str):
    began = time.process_time()
    text = part * (100_000 // len(part))
    list(find_abbreviations(text))
    find_spelled_out(text)
    assert time.process_time() - began < 5
