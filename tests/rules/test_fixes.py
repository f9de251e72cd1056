"""What ``--fix`` changes in frontmatter, and what it leaves to the author."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inquiry_site.build import check
from inquiry_site.diagnostics import Diagnostic, Severity
from inquiry_site.diagnostics.edits import apply_edits, compatible_edits
from tests.support import strategies

PATH = "notes/x.md"
NOTE = """---
title: Does tea help?  # the question
description: 'It does.'
tags: [tea]
sources:
  - title: On tea
    authors: [Ada Example]
    year: 2020
    doi: 10.1000/x
    quotes:
      - {text: tea helps, locator: abstract}
---
Text.
"""


def diagnostics(text: str, path: str = PATH) -> list[Diagnostic]:
    return list(check({path: text}).diagnostics)


def fixed(text: str, path: str = PATH) -> str:
    """Return a file after all rounds of fixes."""
    for _ in range(10):
        edits, count = compatible_edits(diagnostic.edits for diagnostic in diagnostics(text, path))
        if not count:
            return text
        text = apply_edits(text.encode(), edits).decode()
    raise AssertionError(f"the fixes never end: {text}")


def changed(before: str, after: str) -> tuple[str, str]:
    """Return the note with a part replaced, and with it replaced by the fix."""
    key = after.strip().partition(":")[0]
    (own,) = [row for row in NOTE.splitlines() if row.strip().removeprefix("- ").startswith(f"{key}:")][:1]
    indent = own[: len(own) - len(own.lstrip())]
    old = own if key != "quotes" else f"{own}\n      - {{text: tea helps, locator: abstract}}"
    return NOTE.replace(old, indent + before), NOTE.replace(old, indent + after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("tag: [tea]", "tags: [tea]"),
        ("tag: tea", "tags: [tea]"),
        ("Tag: tea, milk  # two", "tags: [tea, milk]  # two"),
        ("tags: tea", "tags: [tea]"),
        ('tags: "tea"', "tags: [tea]"),
        ("tags: tea, black tea", "tags: [tea, black tea]"),
        ("author: Ada Example", "authors: [Ada Example]"),
        ("author: [Ada Example]", "authors: [Ada Example]"),
        ('authors: "Ada Example"', "authors: [Ada Example]"),
        ("authors: Ada Example and Ben Mock", "authors: [Ada Example, Ben Mock]"),
        ("authors: Rasch B, Born J  # PubMed", 'authors: ["Rasch, B.", "Born, J."]  # PubMed'),
        ("authors: Plihal, W., & Born, J.", 'authors: ["Plihal, W.", "Born, J."]'),
        ("quotes: tea helps", "quotes: [{text: tea helps}]"),
        ('quotes: "tea: it helps, really"', 'quotes: [{text: "tea: it helps, really"}]'),
        ("quotes: [tea helps]", "quotes: [{text: tea helps}]"),
        (
            'quotes: ["tea helps, it seems", "milk does not"]',
            'quotes: [{text: "tea helps, it seems"}, {text: "milk does not"}]',
        ),
        ("quotes:\n      - tea helps, it seems\n", 'quotes:\n      - {text: "tea helps, it seems"}\n'),
        ("quotes:\n      - tea\n        helps # so\n", "quotes:\n      - {text: tea\n        helps} # so\n"),
        ("quote: [{text: tea helps, locator: abstract}]", "quotes: [{text: tea helps, locator: abstract}]"),
    ],
)
def test_certain_fixes_change_nothing_else(before: str, after: str):
    written, expected = changed(before, after)
    assert fixed(written) == expected
    assert [d for d in diagnostics(expected) if d.severity is Severity.ERROR] == []


@pytest.mark.parametrize(
    ("before", "key"),
    [
        ("tags: black tea", "tags"),
        ("tag: [1, 2]", "tags"),
        ("tag: 3", "tags"),
        ("authors: Plihal, Werner", "authors"),
        ("authors: Rasch et al.", "authors"),
        ("authors: |\n      Ada Example", "authors"),
        ("quotes: [tea helps, it seems]", "quotes"),
        ("quotes: |\n      tea helps", "quotes"),
        ("quotes: &q tea helps", "quotes"),
    ],
)
def test_what_is_uncertain_is_left_alone(before: str, key: str):
    written, _ = changed(before, f"{key}:")
    assert fixed(written) == written
    assert diagnostics(written)


def test_a_source_is_a_list_or_is_left_alone():
    misspelt = NOTE.replace("sources:", "source:")
    assert fixed(misspelt) == NOTE
    mapping = misspelt.replace("  - title", "    title")
    assert fixed(mapping) == mapping.replace("source:", "sources:"), "the rest of the fix is up to the author"


def test_a_key_that_is_present_already_is_not_written_twice():
    assert fixed(NOTE.replace("tags: [tea]", "tags: [tea]\ntag: milk")).count("tags:") == 1
    assert "tags:" not in fixed(NOTE.replace("tags: [tea]", "tag: tea\nTags: [milk]"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("title: ProRL: does tea help?", 'title: "ProRL: does tea help?"'),
        ('title: Does "tea: it" help?', "title: 'Does \"tea: it\" help?'"),
        ("title: Don't: why?  ", 'title: "Don\'t: why?"  '),
        ("- title: On tea: a review", '- title: "On tea: a review"'),
    ],
)
def test_a_second_colon_is_quoted(before: str, after: str):
    key = before.lstrip("- ").partition(":")[0]
    old = "- title: On tea" if before.startswith("-") else "title: Does tea help?  # the question"
    assert key == "title"
    assert fixed(NOTE.replace(old, before)) == NOTE.replace(old, after)


def test_several_second_colons_are_quoted_at_once():
    text = NOTE.replace("On tea", "On tea: a review").replace("'It does.'", "It does: twice")
    assert fixed(text) == text.replace("On tea: a review", '"On tea: a review"').replace(
        "It does: twice", '"It does: twice"'
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: Does tea help?", "title: ProRL: does\n  tea help?"),
        ("title: Does tea help?  # the question", "title: Tea: does it help? # or not"),
        ("year: 2020", "year: 2020: 1"),
        ("'It does.'", "It does: twice\ntags: [a"),
        ("description: 'It does.'", "description: |\n  title: a: b\ntitle: a: b"),
    ],
)
def test_yaml_that_still_cannot_be_read_is_left_alone(old: str, new: str):
    text = NOTE.replace(old, new)
    assert fixed(text) == text


MISSPELT = st.sampled_from(["tag", "Tags", "tags", "author", "authors", "quote", "quotes", "source", "sources", "next"])
VALUES = st.sampled_from(
    [
        *("a", "a, b", "A B", "Rasch B, Born J", "A Bc and D Ef", "[a, b]", '["a, b"]', "[{text: a}]", "'a: b'", "1"),
        *("[1]", "{a: b}", "|\n  a", "&x a", "*x", "[a, [b]]", "", "~", "a: b", "a # b", "[Plihal, W., Born, J.]"),
    ]
)


@given(st.lists(st.tuples(MISSPELT, VALUES), max_size=4), st.booleans())
def test_fixes_never_make_a_file_worse(keys: list[tuple[str, str]], in_source: bool):
    rows = "".join(f"{'    ' if in_source else ''}{key}: {value}\n" for key, value in keys)
    old = "    quotes:\n      - {text: tea helps, locator: abstract}\n" if in_source else "tags: [tea]\n"
    text = NOTE.replace(old, rows)
    _check_fixes(text)


@given(strategies.documents)
def test_fixes_of_any_file_leave_its_body_and_its_data_alone(text: str):
    _check_fixes(text.replace("\r", ""))


def _check_fixes(text: str) -> None:
    after = fixed(text)
    before_errors, after_errors = _errors(text), _errors(after)
    if any(d.code == "frontmatter/bad-yaml" for d in before_errors):
        # Only what follows the YAML was reported so far.
        assert text == after or not any(d.code == "frontmatter/bad-yaml" for d in after_errors)
    else:
        assert len(after_errors) <= len(before_errors)
    assert after.rpartition("\n---\n")[2] == text.rpartition("\n---\n")[2]


def _errors(text: str) -> list[Diagnostic]:
    return [diagnostic for diagnostic in diagnostics(text) if diagnostic.severity is Severity.ERROR]
