"""Texts are written as YAML that is parsed back to the same texts."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inquiry_site.authoring.yaml_text import write_list, write_text
from inquiry_site.parsing.frontmatter import find_frontmatter, load_yaml

HARD = [
    "",
    "a: b",
    "- a",
    "# a",
    "a #b",
    "'a'",
    '"a"',
    "---",
    "...",
    "{a}",
    "[a]",
    "a, b",
    "@a",
    "`a",
    "%a",
    "!a",
    "&a",
]
HARD += ["*a", "null", "~", "true", "no", "on", "2510.07360", "2026-01-01", "1_000", "0x1f", "1e3", ".inf", "=", "<<"]
HARD += [
    "a\\b",
    "\\",
    "שלום: עולם",
    "مرحبا #1",
    "\u202eabc",
    "\ufeffa",
    "\x00",
    "\x85",
    "\u2028",
    "😀",
    "a\nb",
    "\t",
    "?",
]
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(HARD)


def parse(written: str) -> object:
    text = f"---\nkey: {written}\nother: x\n---\n"
    block = find_frontmatter(text)
    assert block is not None
    data = load_yaml(text, block)
    assert isinstance(data, dict), data
    assert data["other"] == "x"
    return data["key"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Does it help?", "Does it help?"),
        ("10.1000/x", "10.1000/x"),
        ("Journal of Examples", "Journal of Examples"),
        ("Is it: a or b?", '"Is it: a or b?"'),
        ('The "best" one', 'The "best" one'),
        ("2510.07360", '"2510.07360"'),
        ("强化学习？", "强化学习？"),
        ("😀?", "😀?"),
    ],
)
def test_a_text_is_quoted_only_where_it_must_be(text: str, expected: str):
    assert write_text(text) == expected


def test_names_are_written_as_a_list():
    assert write_list(["Ada Example", "Mock, Ben"]) == '[Ada Example, "Mock, Ben"]'
    assert write_list([]) == "[]"


@given(texts)
@example("a" * 5000)
def test_a_text_is_parsed_back(text: str):
    written = write_text(text)
    assert "\n" not in written
    assert parse(written) == " ".join(text.split())


@given(st.lists(texts, max_size=4))
def test_a_list_is_parsed_back(values: list[str]):
    assert parse(write_list(values)) == [" ".join(text.split()) for text in values]
