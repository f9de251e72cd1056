"""Citations of what is in doubt are marked in the text, with a link to the notice on the same page."""

from __future__ import annotations

import re

import pytest

from inquiry_site import build
from inquiry_site.config import Config
from inquiry_site.rendering.toc import read_toc
from tests.support.knowledge_bases import line, note, topic
from tests.support.rendered import html_of

RETRACTED = "[{title: T, authors: [A B], year: 2020, doi: 10.1000/x, retracted: 2024-05-01}]"
OTHER = "[{title: O, authors: [A B], year: 2020, doi: 10.1000/o}]"
MARK = re.compile(r'\u2060<a class="iq-doubt([^"]*)" href="#([^"]*)" aria-label="([^"]*)" title="([^"]*)">⚠\ufe0e</a>')


def marks(html: str) -> list[tuple[str, str]]:
    """Return the notice and the words of each mark."""
    found = MARK.findall(html)
    assert all(label == title for _, _, label, title in found)
    assert html.count('class="iq-doubt') == len(found)
    return [(anchor, label) for _, anchor, label, _ in found]


def of_line(body: str, files: dict[str, str], language: str = "en") -> str:
    return html_of(build({"lines/l.md": line("L?", body), **files}, Config(language=language)), "lines/l.md")


@pytest.mark.parametrize(
    ("keys", "label"),
    [
        ({"status": "retracted"}, "retracted"),
        ({"status": "superseded"}, "superseded"),
        ({"sources": RETRACTED}, "relies on a retracted source"),
    ],
)
def test_each_citation_is_marked_with_the_state_of_what_it_cites(keys: dict[str, str], label: str):
    files = {"notes/a.md": note("A?", **keys), "notes/b.md": note("B?", sources=OTHER)}
    html = of_line("So [[a]], and [[b]].\n\nOnce more [[a|in *these* words]].\n\n![[a]]\n", files)
    assert marks(html) == [("iq-d1", label)] * 3
    assert re.search(r'>A\?</a>\u2060<a class="iq-doubt', html)
    assert re.search(r'in <em>these</em> words</a>\u2060<a class="iq-doubt', html)
    assert '<p id="iq-d1">' in html


@pytest.mark.parametrize(
    ("keys", "label"),
    [
        ({"status": "retracted"}, "relies on a retracted note"),
        ({"status": "superseded"}, "relies on a superseded note"),
        ({"sources": RETRACTED}, "relies on a retracted source"),
    ],
)
def test_a_citation_of_what_rests_on_it_is_marked_too(keys: dict[str, str], label: str):
    extends = note("B?", sources=OTHER, relations="[{type: extends, to: a, because: It goes on.}]")
    files = {"notes/a.md": note("A?", **keys), "notes/b.md": extends}
    assert marks(of_line("So [[b]].", files)) == [("iq-d1", label)]


def test_each_mark_leads_to_the_notice_of_its_own_citation():
    files = {"notes/a.md": note("A?", status="retracted"), "notes/b.md": note("B?", sources=RETRACTED)}
    html = of_line("First [[b]]. Then [[a]]. And [[b]].", files)
    shown = dict(re.findall(r'<p id="(iq-d\d+)">This page relies on <a [^>]*>(.*?)</a>', html))
    assert [(shown[anchor], label) for anchor, label in marks(html)] == [
        ("B?", "relies on a retracted source"),
        ("A?", "retracted"),
        ("B?", "relies on a retracted source"),
    ]


def test_the_discussion_of_a_note_is_marked_but_not_what_cites_it_nor_what_disagrees():
    disagrees = "[{type: contradicts, to: a, because: B.}]"
    built = build(
        {
            "notes/a.md": note("A?", status="retracted"),
            "notes/b.md": note("B?", "Compare [[a]].", sources=OTHER),
            "notes/c.md": note("C?", "Unlike [[a]].", sources=OTHER, relations=disagrees),
            "lines/l.md": line(body="So [[b]], but [[c]]."),
        }
    )
    assert marks(html_of(built, "notes/b.md")) == [("iq-d1", "retracted")]
    assert marks(html_of(built, "notes/c.md")) == marks(html_of(built, "lines/l.md")) == []


@pytest.mark.parametrize(
    ("language", "label"),
    [
        ("en", "relies on a retracted source; the author gives a reason"),
        ("de", "stützt sich auf eine zurückgezogene Quelle; mit Begründung"),
        ("zh", "所依据的来源已被撤稿；作者已说明理由"),
    ],
)
def test_an_acknowledged_citation_is_marked_more_mildly(language: str, label: str):
    body = "So [[a]]. <!-- rests-on: a because it was found again. -->"
    html = of_line(body, {"notes/a.md": note("A?", sources=RETRACTED)}, language)
    assert marks(html) == [("iq-d1", label)]
    assert 'class="iq-doubt iq-doubt--acknowledged"' in html


def test_a_mark_is_never_within_another_link_or_in_a_table_of_contents():
    files = {"notes/a.md": note("A?", status="retracted")}
    html = of_line('[TOC]\n\n## On [[a]]\n\n[Outer [[a]] words](https://example.org)\n\n[x](y "[[a]]")\n', files)
    assert ("iq-d1", "retracted") in marks(html)
    assert not re.search(r"<a\b[^>]*>(?:(?!</a>).)*<a\b", html, re.DOTALL)
    assert "On A?" in [child.text for heading in read_toc(html) for child in [heading, *heading.children]]


def test_doubts_beyond_those_shown_in_full_still_have_a_place_to_which_their_marks_lead():
    files = {f"notes/n{n}.md": note(f"N{n}?", status="retracted") for n in range(60)}
    html = of_line("".join(f"So [[n{n}]]. " for n in range(60)), files)
    assert len(marks(html)) == 60
    assert all(html.count(f'id="{anchor}"') == 1 for anchor, _ in marks(html))
    assert "10 more" in html


def test_a_page_without_doubts_has_neither_mark_nor_notice():
    html = of_line("So [[a]].", {"notes/a.md": note("A?"), "notes/b.md": note("B?", status="retracted")})
    assert "iq-d" not in html.replace("iq-disagree", "").replace("iq-dates", "")


def test_the_introduction_of_a_topic_is_marked_and_its_page_shows_the_notice():
    files = {
        "notes/a.md": note("A?", sources=RETRACTED, tags="[one]"),
        "notes/b.md": note("B?", "Compare [[a]].", sources=OTHER, tags="[one]"),
        "lines/l.md": line("L?", "So [[a]].", tags="[two]"),
        "topics/one.md": topic("One", "Begin with [[l]], then [[a|this]] and [[b]]."),
        "topics/two.md": topic("Two", "Only [[b]]."),
    }
    built = build(files)
    html = html_of(built, "topics/one.md")
    assert marks(html) == [("iq-d2", "relies on a retracted source"), ("iq-d1", "relies on a retracted source")]
    notice = re.sub(r"<[^>]*>", "", html[html.index('<p id="iq-d1">') : html.index('<div class="iq-prose"')])
    assert notice.split("\n\n")[0].strip() == "This page relies on A?, whose source T was retracted on 1 May 2024."
    assert "It does so through L?." in notice
    assert "iq-doubt" not in html_of(built, "topics/two.md")


def test_the_author_of_an_introduction_acknowledges_a_citation():
    files = {
        "notes/a.md": note("A?", status="superseded", tags="[one]"),
        "topics/one.md": topic("One", "Begin with [[a]]. <!-- rests-on: A? because it is history. -->"),
    }
    html = html_of(build(files), "topics/one.md")
    assert marks(html) == [("iq-d1", "superseded; the author gives a reason")]
    assert "The author still relies on it: <bdi>it is history.</bdi>" in html
