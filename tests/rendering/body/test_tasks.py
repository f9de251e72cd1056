"""The names of checkboxes in task lists."""

from __future__ import annotations

from inquiry_site.rendering.body.tasks import name_tasks


def test_a_checkbox_is_named_after_its_state():
    for before, after in (
        ('<input type="checkbox" disabled="">', '<input aria-label="a &amp; b" type="checkbox" disabled="">'),
        ('<input disabled type="checkbox" checked/>', '<input aria-label="c" disabled type="checkbox" checked/>'),
        ('<input type="radio">', '<input type="radio">'),
        ('<input type="checkbox" aria-label="x">', '<input type="checkbox" aria-label="x">'),
        ("<p>none</p>", "<p>none</p>"),
    ):
        assert name_tasks(before, "a & b", "c") == after
