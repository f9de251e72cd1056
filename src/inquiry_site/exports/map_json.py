"""Titles and URLs of the notes on the map, for its search and tooltips; loaded when a reader first uses them."""

from __future__ import annotations

import json

from inquiry_site.rendering.views.map import MapView


def render_map_json(view: MapView) -> str:
    """Return the question and URL of the note of each dot, in drawing order, as JSON."""
    rows = (json.dumps([note.title, note.href], ensure_ascii=False) for note in view.notes)
    return "[\n" + ",\n".join(rows) + "\n]\n"
