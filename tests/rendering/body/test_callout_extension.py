"""Callouts of Obsidian and GitHub as HTML."""

from __future__ import annotations

import re

import pytest

from inquiry_site.build import convert_markdown
from inquiry_site.html.sanitize import clean

OBSIDIAN = """
note abstract summary tldr info todo tip hint important success check done question help faq warning caution attention
failure fail missing danger error bug example quote cite
""".split()
STYLES = "note abstract info tip success question warning failure danger bug example quote".split()
"""Those for which Material has a colour and an icon."""


def shown(markdown: str) -> str:
    return " ".join(clean(convert_markdown(markdown)).split())


@pytest.mark.parametrize("name", [*OBSIDIAN, "NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION"])
def test_every_type_of_obsidian_and_github_has_a_style(name: str):
    html = shown(f"> [!{name}]\n> Text.")
    title = f'<p class="admonition-title">{name.title()}</p>'
    found = re.fullmatch(rf'<div class="admonition (\w+)"> {re.escape(title)} <p>Text.</p> </div>', html)
    assert found
    assert found[1] in STYLES
    assert (found[1] == "note") == (name.lower() == "note")


@pytest.mark.parametrize("name", ["made-up", "mermaid", "md-overlay", "tabbed-set", "note|right"])
def test_an_unknown_type_looks_like_a_note(name: str):
    assert shown(f"> [!{name}] Title\n> Text.").startswith(
        '<div class="admonition note"> <p class="admonition-title">T'
    )


@pytest.mark.parametrize(("fold", "opening"), [("-", '<details class="tip">'), ("+", '<details class="tip" open="">')])
def test_a_callout_that_folds(fold: str, opening: str):
    assert shown(f"> [!tip]{fold} Title\n> Text.") == f"{opening} <summary>Title</summary> <p>Text.</p> </details>"
    assert "<summary>Tip</summary>" in shown(f"> [!tip]{fold}\n> Text.")


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("1. First", "1. First"),
        ("2) First", "2) First"),
        ("1.5 times", "1.5 times"),
        ("- more", "- more"),
        ("+ more", "+ more"),
        ("* more", "* more"),
        ("*more*", "<em>more</em>"),
        ("# more", "# more"),
        ("> more", "&gt; more"),
        ("---", "---"),
        ("**bold** `code`", "<strong>bold</strong> <code>code</code>"),
        ("[link](https://example.org)", '<a href="https://example.org">link</a>'),
    ],
)
def test_a_title_is_a_line_of_text_whatever_it_begins_with(written: str, title: str):
    assert f'<p class="admonition-title">{title}</p>' in shown(f"> [!note] {written}\n> Text.")
    assert f"<summary>{title}</summary>" in shown(f"> [!note]- {written}\n> Text.")


def test_a_callout_holds_lists_code_tables_and_other_callouts():
    html = shown(
        "> [!note] Title\n> - a\n> - b\n>\n> ```python\n> x = 1\n> ```\n>\n> | a | b |\n> |---|---|\n> | 1 | 2 |\n>\n"
        "> > [!bug]+ Inner\n> > Text\n>\n> End."
    )
    assert html.startswith('<div class="admonition note">')
    for part in (
        "<li>a</li>",
        '<div class="highlight">',
        "<td>1</td>",
        '<details class="bug" open="">',
        "<p>End.</p>",
    ):
        assert part in html
    assert html.endswith("<p>End.</p> </div>")


def test_callouts_and_block_quotes_next_to_each_other_are_separate():
    html = shown("> [!note]\n> One.\n\n> [!tip]\n> Two.\n\n> Three.\n\n- item\n\n    > [!bug]\n    > Four.")
    assert re.findall(r"<(?:div class=\"admonition |blockquote|li)(\w*)", html) == ["note", "tip", "", "", "bug"]


def test_a_bracket_within_a_block_quote_is_text():
    assert shown("> Text\n> [!note] more") == "<blockquote> <p>Text [!note] more</p> </blockquote>"
    assert "admonition" not in shown("`> [!note]`\n\n~~~\n> [!note] x\n~~~")
