"""The health page: what is out of date, in doubt or weakly supported."""

from __future__ import annotations

from inquiry_site import build
from inquiry_site.rendering.views.health import HealthView
from tests.support.knowledge_bases import line, note

TWO = "[{title: T, authors: [A B], year: 2020, doi: 10.1000/t}, {title: U, authors: [C D], year: 2021, doi: 10.1000/u}]"
RETRACTED = "[{title: R, authors: [A B], year: 2020, doi: 10.1000/r, retracted: true}]"
QUOTED = "[{title: Q, authors: [A B], year: 2020, doi: 10.1000/q, quotes: [{text: T, locator: abstract}]}]"

FILES = {
    "notes/two.md": note("Two?", sources=TWO),
    "notes/quoted.md": note("Quoted?", sources=QUOTED, updated="2026-02-01"),
    "notes/retracted.md": note("Retracted?", sources=RETRACTED),
    "notes/disputed.md": note("Disputed?", sources=TWO, status="disputed"),
    "lines/due.md": line("Due?", reviewed="2026-01-01", body="It is [[quoted]], and [[two]]."),
    "lines/open.md": "---\ntitle: Open?\ndescription: D.\n---\n",
}


def health() -> tuple[HealthView, str]:
    built = build(FILES)
    page = next(page for page in built.pages if page.path == "health/index.md")
    return built.context(page).values["health"], built.html(page)


def test_each_list_contains_the_documents_it_is_about():
    view, _ = health()
    assert [(due.line.id, due.reviewed, [note.title for note in due.notes]) for due in view.due] == [
        ("due", "2026-01-01", ["Quoted?"])
    ]
    assert [note.id for note in view.doubtful] == ["disputed", "retracted"]
    assert [note.id for note in view.single] == ["quoted", "retracted"]
    assert [note.id for note in view.unquoted] == ["disputed", "retracted", "two"]
    assert [note.id for note in view.uncited] == ["disputed", "retracted"]
    assert [line.id for line in view.open_questions] == ["open"]


def test_the_page_links_to_every_document_it_lists():
    _, html = health()
    for url in ("../lines/due/", "../notes/quoted/", "../notes/retracted/", "../lines/open/"):
        assert f'href="{url}"' in html


def test_the_lists_of_a_healthy_knowledge_base_are_empty():
    built = build({"notes/a.md": note("A?", sources=QUOTED), "lines/l.md": line(body="It is so [[a]].")})
    html = built.html(next(page for page in built.pages if page.path == "health/index.md"))
    assert "None: every note bears on an answer." in html
    assert "None: no cited claim has changed" in html
