"""The comment on a pull request: escaped, short, the most important first."""

from __future__ import annotations

import html
import re

import pytest
from markdown import Markdown

from inquiry_site.changes.comparison import compare
from inquiry_site.changes.markdown_report import (
    MOST_CHARACTERS,
    escape_markdown,
    render_changes_markdown,
    render_failure_markdown,
)
from tests.support.knowledge_bases import line, note
from tests.support.revisions import revision

COMMAND = "inquiry diff main"


def report(before: dict[str, str], after: dict[str, str], url: str = "") -> str:
    return render_changes_markdown(compare(revision(before), revision(after)), COMMAND, url)


@pytest.mark.parametrize(
    "text",
    [
        "`code` and ``more``",
        "<!-- hidden",
        "</details></summary><script>alert(1)</script>",
        "**bold** __bold__ ~~gone~~ $x$",
        "a | b \\| c",
        "![picture](https://example.org/x.png) [link](javascript:x) <https://example.org>",
        "&lt;b&gt; &#64;",
        "[ref]: https://example.org",
    ],
)
def test_authors_text_is_shown_as_written(text: str) -> None:
    page = Markdown(extensions=["tables", "fenced_code"]).convert(f"- **x** {escape_markdown(text, 500)}")
    shown = re.fullmatch(r"<ul>\s*<li><strong>x</strong> (.*)</li>\s*</ul>", page, re.DOTALL)
    assert shown is not None
    assert "<" not in shown[1]
    assert html.unescape(shown[1]).replace("\u200b", "") == text


@pytest.mark.parametrize("text", ["@octocat", "x@octocat", "#12", "org/repo#12", "GH-12", "!3", "~label", "%4", "$5"])
def test_mentions_and_references_notify_nobody(text: str) -> None:
    shown = html.unescape(escape_markdown(text, 500))
    assert "\u200b" in shown
    assert re.search(r"[@#!~%$]\w|GH-\d", shown) is None


def test_addresses_are_not_linked() -> None:
    shown = html.unescape(escape_markdown("https://example.org and www.example.org", 500))
    assert "://e" not in shown
    assert "www." not in shown


def test_control_characters_and_directions_are_escaped() -> None:
    assert escape_markdown("a\u202eb\x1b[0m", 500) == "a&#92;u202eb&#92;x1b&#91;0m"


def test_a_question_with_markup_is_escaped_in_every_place() -> None:
    title = "Is `@all` <!-- of [it] | #1 ![x](y) true?"
    files = {"notes/a.md": note("Is it true?"), "lines/l.md": line("Where does it lead?", "It is [[a]].")}
    quoted = f"'{title}'"
    text = report(files, {**files, "notes/a.md": note(quoted), "notes/b.md": note(quoted, description="Another.")})
    for written in ("`", "<!--", "@all", "[it]", " #1", "![x]"):
        assert written not in text


def test_five_changes_are_open_and_the_others_folded() -> None:
    after = {f"notes/n{n}.md": note(f"Is claim {n} about thing {n * 7}?") for n in range(9)}
    text = report({}, after)
    head, _, folded = text.partition("<details><summary>")
    assert head.count("\n- **") == 5
    assert folded.startswith(f"{folded.count(chr(10) + '- **')} more changes</summary>\n\n- **")
    assert folded.endswith("\n</details>\n")


def test_few_changes_are_not_folded() -> None:
    text = report({}, {"lines/l.md": line("Is it open?", "")})
    assert "<details>" not in text
    assert "**1 line added.**\n\n- **info** <code>lines/l.md</code>: New open question: “Is it open?”" in text


def test_words_are_marked() -> None:
    before = {"notes/a.md": note(description="Coffee cuts sleep by 41 minutes.")}
    text = report(before, {"notes/a.md": note(description="Coffee cuts sleep by 47 minutes.")})
    assert "Coffee cuts sleep by <del>41</del><ins>47</ins> minutes." in text


def test_a_large_report_is_cut_and_names_where_the_whole_is() -> None:
    claim = "word & <word> " * 40
    after = {f"notes/n{n}.md": note(f"Is claim {n} true?", description=f"'{claim} {n}'") for n in range(700)}
    before = {path: text.replace("word", "term") for path, text in after.items()}
    changes = compare(revision(before), revision(after))
    assert sum(len(change.message) + len(change.before or "") + len(change.after or "") for change in changes) > 400_000
    for url, where in (
        ("", "Run <code>inquiry diff main</code>"),
        ("https://e.org/a?b=1&c", "https://e.org/a?b=1&amp;c"),
    ):
        text = render_changes_markdown(changes, COMMAND, url)
        assert 50_000 < len(text) <= MOST_CHARACTERS
        assert "more changes, the less important ones, are not shown here.**" in text
        assert where in text
        assert text.count("<details>") == text.count("</details>")


def test_a_change_that_reaches_much_lists_some_of_it() -> None:
    lines = {f"lines/l{n}.md": line(f"What of {n}?", f"Claim {n} rests on it [[a]].") for n in range(30)}
    before = {"notes/a.md": note(), **lines}
    text = report(before, {**before, "notes/a.md": note(status="retracted")})
    assert "<details><summary>30 places that it reaches</summary>" in text
    assert "  - … and 20 more places" in text


def test_a_failure_is_no_empty_report() -> None:
    text = render_failure_markdown("There is no revision “<b>”.")
    assert "**Nothing was compared, because the comparison failed:** There is no revision “&#60;b&#62;”." in text
