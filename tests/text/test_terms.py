"""Terms are found as whole words, the longest first, in any script."""

from __future__ import annotations

import time

import pytest

from inquiry_site.text.terms import GlossaryEntry, TermIndex


def found(text: str, *terms: str) -> list[str]:
    """Return the terms in a text as they are written there."""
    index = TermIndex(GlossaryEntry(name, tuple(name.split(" = ")), "M.") for name in terms)
    return [text[start:end] for start, end, _ in index.find(text)]


@pytest.mark.parametrize(
    ("text", "terms", "expected"),
    [
        ("GRPO and grpo, GRPO-trained", ["GRPO"], ["GRPO", "GRPO"]),
        ("Pass@k rises; pass@8 does not", ["pass@k"], ["Pass@k"]),
        ("Chains of thought; a chain-of\nthought", ["Chain of thought"], ["chain-of\nthought"]),
        ("Two reward signals", ["Reward signal"], ["reward signals"]),
        ("LLMs, LLM, LLMss, llms", ["LLM"], ["LLMs", "LLM"]),
        ("a KL divergence and a KL penalty", ["KL", "KL divergence"], ["KL divergence", "KL"]),
        ("my_GRPO GRPO2 xGRPO", ["GRPO"], []),
        ("AT&amp;T and R&amp;D", ["AT&T", "amp"], ["AT&amp;T"]),
        ("reward&nbsp;signal", ["reward signal"], ["reward&nbsp;signal"]),
        ("我们用强化学习训练", ["强化学习"], ["强化学习"]),
        ("यह क्या है, क्यात", ["क्या"], ["क्या"]),
        ("naïve Bayes, naïve", ["naïve Bayes"], ["naïve Bayes"]),
        ("nothing", [], []),
        ("nothing", ["—"], []),
    ],
)
def test_terms_are_found_as_whole_words(text: str, terms: list[str], expected: list[str]):
    assert found(text, *terms) == expected


def test_the_names_of_one_entry_have_its_number():
    index = TermIndex([GlossaryEntry("a", ("RL", "reinforcement learning"), "M."), GlossaryEntry("b", ("Bank",), "M.")])
    text = "The bank uses reinforcement learning (RL)."
    assert [number for _, _, number in index.find(text)] == [1, 0, 0]


def test_the_time_is_linear_in_the_text_and_independent_of_the_number_of_terms():
    index = TermIndex(GlossaryEntry(f"t{n}", (f"the word {n}", "a " * 40 + str(n)), "M.") for n in range(5000))
    began = time.process_time()
    assert list(index.find("the word the a a a " * 20_000)) == []
    assert time.process_time() - began < 5
