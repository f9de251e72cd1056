"""Pages show what they rest on although it no longer holds: sentence by sentence, by which path, and why."""

from __future__ import annotations

import re
from html import unescape

import pytest

from inquiry_site import build
from inquiry_site.config import Config
from tests.support.knowledge_bases import line, note
from tests.support.rendered import html_of

RETRACTED = "[{title: T, authors: [A B], year: 2020, doi: 10.1000/x, retracted: 2024-05-01}]"
UNDATED = RETRACTED.replace("2024-05-01", "true")
OTHER = "[{title: O, authors: [A B], year: 2020, doi: 10.1000/o}]"


def doubts(files: dict[str, str], path: str, language: str = "en") -> list[str]:
    """Return the paragraphs and list items of the warning on a page, without tags."""
    built = build(files, Config(language=language))
    html = html_of(built, path)
    warning = re.search(r'<div class="iq-warning iq-doubts".*?</div>', html, re.DOTALL)
    parts = re.findall(r"<(?:p|li)\b[^>]*>(.*?)</(?:p|li)>", warning[0], re.DOTALL) if warning else []
    return [re.sub(r"<[^>]*>", "", part) for part in parts]


def test_a_page_without_doubts_shows_none():
    assert doubts({"notes/a.md": note("A?"), "lines/l.md": line(body="So [[a]].")}, "lines/l.md") == []


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"sources": RETRACTED}, "This page relies on A?, whose source T was retracted on 1 May 2024."),
        ({"sources": UNDATED}, "This page relies on A?, whose source T was retracted."),
        ({"status": "retracted"}, "This page relies on A?, which is retracted."),
        ({"status": "superseded"}, "This page relies on A?, which is superseded."),
    ],
)
def test_a_line_shows_why_a_note_no_longer_holds_and_the_sentences_that_rest_on_it(keys: dict[str, str], expected: str):
    files = {"notes/a.md": note("A?", **keys), "lines/l.md": line(body="So [[a]]. But not here. And [[a|here]].")}
    assert doubts(files, "lines/l.md") == [expected, "So [1].", "And here."]


def test_a_line_names_the_note_that_supersedes_what_it_cites_and_that_note_says_so_too():
    files = {
        "notes/a.md": note("A?"),
        "notes/b.md": note("B?", relations="[{type: supersedes, to: a, because: It is larger.}]"),
        "lines/l.md": line(body="So [[a]]."),
    }
    assert doubts(files, "lines/l.md")[0] == "This page relies on A?, which is superseded by B?."
    assert html_of(build(files), "notes/a.md").count("This note is superseded; see the relations below.") == 1


def test_a_note_shows_that_its_source_was_retracted():
    assert doubts({"notes/a.md": note("A?", sources=RETRACTED)}, "notes/a.md") == [
        "This page relies on T, which was retracted on 1 May 2024."
    ]
    assert doubts({"notes/a.md": note("A?", sources=UNDATED)}, "notes/a.md") == [
        "This page relies on T, which was retracted."
    ]


def test_a_page_further_away_shows_the_way():
    files = {
        "notes/a.md": note("A?", sources=RETRACTED),
        "notes/b.md": note("B?", sources=OTHER, relations="[{type: extends, to: a, because: It goes on.}]"),
        "lines/l.md": line("L?", "So [[b]]."),
        "lines/m.md": line("M?", "So [[l]]."),
    }
    reason = "This page relies on A?, whose source T was retracted on 1 May 2024."
    assert doubts(files, "notes/b.md") == [reason]
    assert doubts(files, "lines/l.md") == [f"{reason} It does so through B?.", "So [1]."]
    assert doubts(files, "lines/m.md") == [f"{reason} It does so through L?, B?.", "So L?."]


def test_the_reason_of_an_author_is_shown_as_text():
    body = "So [[a]]. <!-- rests-on: a because <b>two</b> trials [[a]] found the same. -->"
    files = {"notes/a.md": note("A?", sources=RETRACTED), "lines/l.md": line(body=body)}
    shown, sentence = doubts(files, "lines/l.md")
    assert shown.endswith("The author still relies on it: &lt;b&gt;two&lt;/b&gt; trials [[a]] found the same.")
    assert sentence == "So [1]."


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("de", "Diese Seite stützt sich auf A?; die Quelle T dieser Notiz wurde am 1. Mai 2024 zurückgezogen."),
        ("zh", "本页依据 A?，而其来源 T 已于 2024年5月1日 被撤稿。"),
    ],
)
def test_doubts_are_shown_in_the_language_of_the_site(language: str, expected: str):
    files = {"notes/a.md": note("A?", sources=RETRACTED), "lines/l.md": line(body="So [[a]].")}
    assert doubts(files, "lines/l.md", language)[0] == expected


@pytest.mark.parametrize(
    "reason",
    [
        '<b>bold</b> <script>alert(1)</script> <img src=x onerror="alert(1)">',
        '“quotes” "double" \'single\' `code` &amp; &lt;b&gt; " onclick="x',
        "\u202eright to left\u202c \u2067isolate, never closed",
        "שתי בדיקות מצאו (אותו הדבר) 2024.",
        "👩🏽‍🔬 found it again 🧪",
        "{{ words.line }} {% raw %} {placeholder} %s",
        "[[a]] ![[a]] [link](javascript:alert(1)) <https://example.org>",
    ],
)
def test_a_hostile_reason_is_shown_as_isolated_text(reason: str):
    body = f"So [[a]]. <!-- rests-on: a because {reason} -->"
    files = {"notes/a.md": note("A?", sources=RETRACTED), "lines/l.md": line(body=body)}
    html = html_of(build(files), "lines/l.md")
    shown = re.search(r"<bdi>(.*?)</bdi></p>", html, re.DOTALL)
    assert shown
    assert not re.search(r"[<>\"']", shown[1])
    assert unescape(shown[1]) == " ".join(reason.split())


def test_a_reason_ends_at_the_first_end_of_a_comment():
    body = "So [[a]]. <!-- rests-on: a because it --> holds <b onclick=x>all</b> the same. -->"
    files = {"notes/a.md": note("A?", sources=RETRACTED), "lines/l.md": line(body=body)}
    html = html_of(build(files), "lines/l.md")
    assert "still relies on it: <bdi>it</bdi></p>" in html
    assert "onclick" not in html


@pytest.mark.parametrize(
    "reason", ["word " * 1000, "一" * 5000, "<" * 5000, "👩🏽‍🔬" * 1500], ids=["en", "zh", "html", "emoji"]
)
def test_a_long_reason_is_shortened(reason: str):
    body = f"So [[a]]. <!-- rests-on: a because {reason} -->"
    files = {"notes/a.md": note("A?", sources=RETRACTED), "lines/l.md": line(body=body)}
    html = html_of(build(files), "lines/l.md")
    shown = re.search(r"<bdi>(.*?)</bdi></p>", html, re.DOTALL)
    assert shown
    text = unescape(shown[1])
    assert len(text) <= 1000
    assert text.endswith("…")
    assert reason.startswith(text[:-1])
