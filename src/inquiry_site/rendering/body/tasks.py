"""Name the checkboxes of task lists, which Markdown extensions leave without a label."""

from __future__ import annotations

import html
import re

_CHECKBOX = re.compile(r'<input\b(?P<attributes>[^<>]*\btype="checkbox"[^<>]*)>')
_NAMED = re.compile(r"\saria-label\b")
_CHECKED = re.compile(r"\schecked\b")


def name_tasks(converted: str, to_do: str, done: str) -> str:
    """Return the HTML of a body in which each checkbox has a name for screen readers.

    Args:
        converted: the HTML of a body.
        to_do: the name of a checkbox that is not ticked.
        done: the name of one that is.
    """
    if 'type="checkbox"' not in converted:
        return converted

    def named(match: re.Match[str]) -> str:
        if _NAMED.search(match["attributes"]):
            return match[0]
        name = html.escape(done if _CHECKED.search(match["attributes"]) else to_do)
        return f'<input aria-label="{name}"{match["attributes"]}>'

    return _CHECKBOX.sub(named, converted)
