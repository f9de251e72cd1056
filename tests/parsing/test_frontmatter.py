"""Frontmatter: its span, the spans of its keys, and that it is parsed in bounded time."""

from __future__ import annotations

import pytest

from inquiry_site.model import FaultKind
from inquiry_site.parsing.frontmatter import YamlFault, find_frontmatter, load_yaml, locate_key, locate_key_name
from inquiry_site.parsing.parser import parse_document

TEXT = """---
title: "Où est-ce\u2028?"   # a remark
tags: [one, 'two']
sources:
  - title: T
    quotes:
      - text: >
          folded
          text
next:
---
Body
"""


@pytest.mark.parametrize(
    ("path", "value", "key"),
    [
        (("title",), '"Où est-ce\u2028?"', "title"),
        (("tags", 1), "'two'", "'two'"),
        (("tags", "two"), "'two'", "'two'"),
        (("sources", 0, "title"), "T", "title"),
        (("sources", 0, "quotes", 0, "text"), ">\n          folded\n          text", "text"),
        (("sources", 0, "year"), "title: T\n    quotes:\n      - text: >\n          folded\n          text", ""),
        (("next",), "", "next"),
        (("tags", 7), "[one, 'two']", ""),
        (("nowhere",), "---", ""),
    ],
)
def test_keys_and_values_are_located(path: tuple[str | int, ...], value: str, key: str) -> None:
    assert TEXT[slice(*locate_key(TEXT, path))] == value
    assert TEXT[slice(*locate_key_name(TEXT, path))] == (key or value)


def test_a_key_without_frontmatter_is_located_at_the_start() -> None:
    assert locate_key("Text", ("title",)) == (0, 0)


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("---\na: 1\n---\nBody", "Body"),
        ("--- \na: 1\n...\nBody", "Body"),
        ("---\n---", ""),
        ("---\na: '\n ---\n'\n---\nBody", "Body"),
    ],
)
def test_the_body_begins_after_the_block(text: str, body: str) -> None:
    block = find_frontmatter(text)
    assert block is not None
    assert text[block.body :] == body


@pytest.mark.parametrize("text", ["", "Text", " ---\n---\n", "----\n---\n", "---\na: 1", "\n---\n---\n"])
def test_texts_without_a_block(text: str) -> None:
    assert find_frontmatter(text) is None


def load(source: str) -> object:
    text = f"---\n{source}\n---\n"
    block = find_frontmatter(text)
    assert block is not None
    return load_yaml(text, block)


_LEVELS = "bcdefghijklm"
_LAUGHS = "a: &a [x, x, x]\n" + "\n".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]" for before, name in zip("a" + _LEVELS, _LEVELS, strict=False)
)
_MERGES = _LAUGHS.replace("[x, x, x]", "{x: 1}").replace("[*", "{<<: [*").replace("]", "]}")


@pytest.mark.parametrize(
    "source",
    [
        "[" * 200_000,
        "- " * 100_000,
        "? " * 100_000,
        "{a: " * 100_000,
        _LAUGHS,
        _MERGES,
        "a: &a [*a]",
        "a: " + "1" * 9999,
    ],
    ids=["brackets", "lists", "keys", "braces", "laughs", "merges", "itself", "digits"],
)
def test_yaml_that_would_exhaust_the_machine_is_a_fault(source: str) -> None:
    assert isinstance(load(source), YamlFault)


def test_keys_are_read_as_written_and_a_few_aliases_are_allowed() -> None:
    assert load("1: &a [x]\nyes: *a\n2020-01-01: {<<: {b: 1}, c: 2}") == {
        "1": ["x"],
        "yes": ["x"],
        "2020-01-01": {"b": 1, "c": 2},
    }


def test_a_lone_surrogate_is_a_fault() -> None:
    (fault,) = parse_document("notes/x.md", "---\ntitle: \ud83d?\n---\n").faults
    assert (fault.kind, fault.span.line, fault.span.column) == (FaultKind.NOT_UTF8, 2, 8)
