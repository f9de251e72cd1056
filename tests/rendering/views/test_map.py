"""The layout of the map."""

from __future__ import annotations

import math

from inquiry_site import build
from inquiry_site.rendering.views.map import MapView
from tests.support.knowledge_bases import line, note

FILES = {
    **{f"notes/n{i}.md": note(f"Is it {i}?", tags="[deep]") for i in range(6)},
    "notes/lonely.md": note("Does nobody cite it?"),
    "lines/one.md": line("One?", tags="[deep]", body="So [[n0]], [[n1]], [[n2]] and [[n3]]."),
    "lines/two.md": line("Two?", tags="[wide, deep]", body="So [[n2]], [[n3]], [[n4]] and [[n5]]."),
    "lines/open.md": "---\ntitle: Is it open?\ndescription: D.\n---\n",
}


def map_of(files: dict[str, str]) -> tuple[MapView, str]:
    built = build(files)
    page = next(page for page in built.pages if page.path == "map/index.md")
    return built.context(page).values["map"], built.html(page)


def test_every_line_is_in_its_first_topic_and_every_note_appears_once():
    view, html = map_of(FILES)
    assert {topic.name: {line.title for line in topic.lines} for topic in view.topics} == {
        "Deep": {"One?"},
        "Wide": {"Two?"},
        "": {"Is it open?"},
    }
    assert view.dots.count("M") == sum(topic.notes for topic in view.topics) == 7
    assert view.ties.count("M") == 1, "the two lines share two notes"
    for topic in view.topics:
        for ring in topic.lines:
            assert math.dist((topic.x, topic.y), (ring.x, ring.y)) + ring.r <= topic.r + 1
    assert "No topic" in html


def test_the_map_does_not_depend_on_the_order_of_files():
    assert map_of(FILES) == map_of(dict(reversed(FILES.items())))


def test_the_map_of_an_empty_knowledge_base_is_a_message():
    assert "Nothing is published yet." in map_of({})[1]
