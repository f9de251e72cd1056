"""The allow-list for authors' HTML, and the report of what it removes."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inquiry_site.html.sanitize import (
    ATTRIBUTES,
    ELEMENTS,
    clean,
    find_unsafe,
    is_reserved,
    may_have_removed,
    scheme_of,
    unsafe_parts,
)
from inquiry_site.html.syntax import attributes_of

NAMES = {name.lower() for name in ELEMENTS}
PIECES = st.sampled_from(
    """
<script>|</script>|<img src=x onerror=go()>|<svg>|</svg>|<math>|<mtext>|<style>|</p>|<a href="java\tscript:go()">
<!--|-->|<![CDATA[|]]>|<table>|<td>|<select>|<template>|<title>|<textarea>|<noscript>|<foreignObject>|<annotation-xml>|text|<|>|/
<input type=text>|<p title='|" onclick="go()|'>|&lt;|&#60;|\x00|\ufdd0\ufde0\ufdd1|<iframe srcdoc='|<b style='position:
<p id=__config class='md-x iq-y z'>|<details open>|<ins cite=javascript:go()>
""".strip()
    .replace("\n", "|")
    .split("|")
)


class StartTags(HTMLParser):
    """The start tags of a piece of HTML with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))


@given(st.lists(PIECES | st.text(max_size=8), max_size=30).map("".join))
def test_cleaned_html_contains_allowed_parts_only(html: str):
    cleaned = clean(html)
    for tag, attributes in StartTags(cleaned).tags:
        assert tag in NAMES
        assert list(unsafe_parts(tag, attributes)) == [], cleaned
    assert list(find_unsafe(cleaned)) == []


@given(st.lists(PIECES | st.text(max_size=8), max_size=30).map("".join))
def test_cleaning_is_idempotent(html: str):
    cleaned = clean(html)
    assert clean(cleaned) == cleaned


@pytest.mark.parametrize(
    "html",
    [
        "<p>Text with <em>emphasis</em>.</p>",
        '<div class="admonition note"><p class="admonition-title">Note</p></div>',
        '<input type="checkbox" checked="" disabled="">',
        '<td style="text-align:right">1</td>',
        '<a class="md-button" href="../x/#y" target="_blank">x</a>',
        '<a id="__codelineno-0-1" name="__codelineno-0-1" href="#__codelineno-0-1"></a>',
        '<math display="block"><mfrac><mn>1</mn><mn>2</mn></mfrac></math>',
        '<span class="twemoji"><svg viewBox="0 0 1 1"><path d="M0 0"></path></svg></span>',
    ],
)
def test_html_that_markdown_produces_is_unchanged(html: str):
    inside = f"<table><tbody><tr>{html}</tr></tbody></table>" if html.startswith("<td") else html
    assert clean(inside) == inside
    assert list(find_unsafe(inside)) == []


@pytest.mark.parametrize(
    ("html", "cleaned", "removed"),
    [
        ("a<script>go()</script>b", "ab", ["<script>"]),
        ('<b onclick="go()">b</b>', "<b>b</b>", ["onclick"]),
        ('<a href="javascript:go()">b</a>', "<a>b</a>", ['href="javascript:go()"']),
        (
            '<p id="__config" class="iq-answer wide">b</p>',
            '<p class="wide">b</p>',
            ['id="__config"', 'class="iq-answer wide"'],
        ),
        (
            '<p style="color: red; position: fixed">b</p>',
            '<p style="color:red">b</p>',
            ['style="color: red; position: fixed"'],
        ),
        ('<input type="password">', "", ["<input>"]),
        ("<q cite='data:text/html,x'>b</q>", "<q>b</q>", ['cite="data:text/html,x"']),
        ('<img name="currentScript" src="a.png">', '<img src="a.png">', ["name"]),
        ('<p role="alert">b</p>', "<p>b</p>", ['role="alert"']),
        ("<!-- private --><b>b</b>", "<b>b</b>", []),
        ("<h2 id='a\"><b>'>b</h2>", "<h2>b</h2>", ['id="a"><b>"']),
        ('<i title="&lt;b&gt;">b</i>', "<i>b</i>", ['title="&lt;b&gt;"']),
        (
            '<math><mpadded voffset="90px" width="+0.8em"></mpadded></math>',
            '<math><mpadded width="+0.8em"></mpadded></math>',
            ['voffset="90px"'],
        ),
        ('<p class="tabbed-control">b</p>', "<p>b</p>", ['class="tabbed-control"']),
    ],
)
def test_removed_parts_are_reported(html: str, cleaned: str, removed: list[str]):
    assert clean(html) == cleaned
    assert list(find_unsafe(html)) == removed
    assert may_have_removed(html, cleaned)


@pytest.mark.parametrize(
    ("address", "scheme"),
    [
        ("../notes/a.md", ""),
        ("#here", ""),
        ("//example.org", ""),
        ("https://example.org", "https"),
        (" JavaScript:go()", "javascript"),
        ("java\n\tscript:go()", "javascript"),
        ("java&#10;script&colon;go()", "javascript"),
        ("&#1;vbscript:x", "vbscript"),
        ("a/b:c", ""),
    ],
)
def test_a_scheme_is_parsed_as_browsers_parse_it(address: str, scheme: str):
    assert scheme_of(address) == scheme


def test_the_first_of_duplicate_attributes_is_kept():
    assert attributes_of(" a=1 A=\"2\" b c='3' d=") == {"a": "1", "b": "", "c": "3", "d": ""}


def test_names_that_scripts_use_are_reserved():
    assert list(map(is_reserved, ["__config", "iq-c1", "config", "__tabbed_1_1", "__codelineno-0-1"])) == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_attributes_are_listed_for_allowed_elements_only():
    assert ATTRIBUTES.keys() - ELEMENTS == {"*"}


def test_checkboxes_are_those_of_task_lists():
    assert clean('<input type="checkbox" disabled checked>') == '<input type="checkbox" disabled="" checked="">'
    assert clean('<input type="checkbox" name="x">') == '<input type="checkbox" name="x" disabled="">'
    assert clean('<input type="radio" name="x">') == '<input type="radio" name="x">'
    assert clean('<input><input type="text"><input type="password" disabled>') == ""
