"""HTML of pages for tests."""

from __future__ import annotations

import json
import re

from inquiry_site import Build, build
from tests.support.knowledge_bases import line, note


def html_of(built: Build, path: str) -> str:
    return built.html(next(page for page in built.pages if page.path == path))


def prose_of(body: str, title: str = "Does it hold?") -> str:
    """Return the body of a line as HTML."""
    html = html_of(
        build({"notes/a.md": note(json.dumps(title, ensure_ascii=False)), "lines/l.md": line(body=body)}), "lines/l.md"
    )
    inside = re.search(r'<div class="iq-prose" dir="auto">\n(.*?)\n</div>\n<section id="iq-sources"', html, re.DOTALL)
    assert inside is not None
    return inside[1]
