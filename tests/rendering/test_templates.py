"""Templates, those that ship and those of a site."""

from __future__ import annotations

from inquiry_site import build
from tests.support.knowledge_bases import line, note
from tests.support.rendered import html_of


def test_a_broken_template_of_a_site_is_reported_and_the_page_is_rendered():
    files = {
        "lines/l.md": line(),
        "templates/line.html": "<h1>{{ line.title }\n{% endif %}",
        "templates/note.html": "<p>\n{{ note.nothing }}",
    }
    built = build({**files, "notes/a.md": note()})
    errors = [(error.code, str(error.span)) for error in built.errors]
    assert errors == [
        ("files/bad-template", "templates/line.html:1:1"),
        ("files/bad-template", "templates/note.html:2:1"),
    ]
    assert built.errors[1].message == "This template cannot be used: a NoteView has no value “nothing”."
    assert "Where does it lead?" in html_of(built, "lines/l.md")


def test_the_template_of_problems_is_checked_before_there_is_a_problem():
    (error,) = build({"templates/problems.html": "{{ problems[0].nothing }}"}).errors
    assert str(error.span) == "templates/problems.html:1:1"


def test_a_site_overrides_one_template_and_keeps_the_others():
    files = {"lines/l.md": line(), "notes/a.md": note(), "templates/line.html": "<h1>{{ line.title }}</h1>{{ prose }}"}
    built = build(files)
    assert html_of(built, "lines/l.md") == "<h1>Where does it lead?</h1><p>Somewhere.</p>"
    assert "Evidence" in html_of(built, "notes/a.md")
