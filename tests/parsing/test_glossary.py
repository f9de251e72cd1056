"""The glossary: the definition lists of a hand-written page."""

from __future__ import annotations

import time

import pytest

from inquiry_site import build
from inquiry_site.parsing.glossary import parse_glossary, term_anchor, term_names

PAGE = """---
title: Words
---
# Glossary

Some prose
over two lines.

Group relative policy optimisation (GRPO)
:   A *method* of [RL](x.md), see [[a]].

    More of it.

pass@k
Pass at k {#pass}
:   Whether one of k is right.
:   Also its share.

```
Code
:   no term
```

<!--
Hidden
:   no term
-->

Bank (of a river)

:   Wet.

- An item
- Another
"""


def test_terms_have_names_anchors_and_meanings():
    assert [(entry.anchor, entry.names, entry.meaning) for entry in parse_glossary(PAGE)] == [
        ("grpo", ("Group relative policy optimisation", "GRPO"), "A method of RL, see [[a]]. More of it."),
        ("pass-k", ("pass@k", "Pass at k"), "Whether one of k is right. Also its share."),
        ("bank", ("Bank",), "Wet."),
    ]


@pytest.mark.parametrize(
    ("term", "names", "anchor"),
    [
        ("Reinforcement learning (RL)", ("Reinforcement learning", "RL"), "rl"),
        ("RL (reinforcement learning)", ("RL", "reinforcement learning"), "rl"),
        ("强化学习（RL）", ("强化学习", "RL"), "rl"),
        ("Bank (of a river)", ("Bank",), "bank"),
        ("Chain of thought", ("Chain of thought",), "chain-of-thought"),
        ("IQ-test", ("IQ-test",), "term-iq-test"),
        ("熵", ("熵",), "熵"),
        ("+", ("+",), ""),
        ("()", ("()",), ""),
    ],
)
def test_a_term_may_have_an_abbreviation_in_parentheses(term: str, names: tuple[str, ...], anchor: str):
    assert term_names(term) == names
    assert term_anchor(term) == anchor


def test_long_meanings_are_shortened_and_sentences_are_no_terms():
    (entry,) = parse_glossary(f"{'A sentence ' * 20}\n:   no\n\nTerm\n:   {'word ' * 200}\n")
    assert entry.names == ("Term",)
    assert len(entry.meaning) <= 300
    assert entry.meaning.endswith("…")


def test_only_the_page_in_the_docs_folder_is_the_glossary():
    text = "Term\n:   Meaning.\n"
    assert len(build({"docs/glossary.md": text}).knowledge.graph.glossary) == 1
    assert build({"docs/more/glossary.md": text, "notes/glossary.md": text}).knowledge.graph.glossary == ()


@pytest.mark.parametrize("part", ["a\n:   b\n\n", "a\n", ":   b\n", "{#x ", "(((", "a\n:   b\n"])
def test_the_time_is_linear(part: str):
    began = time.process_time()
    parse_glossary(part * (300_000 // len(part)))
    assert time.process_time() - began < 10
