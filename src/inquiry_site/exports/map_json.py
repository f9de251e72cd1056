"""The notes of the map by name: what its search and its pointer need, loaded only when somebody uses them."""

from __future__ import annotations

import json

from inquiry_site.rendering.views.map import MapView


def render_map_json(view: MapView) -> str:
    """For each dot of the map, in the order in which they are drawn, the note's question and address."""
    rows = (json.dumps([note.title, note.href], ensure_ascii=False) for note in view.notes)
    return "[\n" + ",\n".join(rows) + "\n]\n"
