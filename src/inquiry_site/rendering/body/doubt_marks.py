"""Marks after the citations of what is in doubt, which lead to the notice on the same page."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping

from inquiry_site.knowledge.standing import SOURCE, Doubt, Fall
from inquiry_site.rendering.i18n import Translations

_SIGN = "⚠\ufe0e"
"""A warning sign with the selector that asks for its plain form, because an emoji would be louder than the text."""
_JOINER = "\u2060"
"""A word joiner, which keeps the sign from being alone at the start of a line."""


def anchor_of_doubt(number: int) -> str:
    """Return the id of a notice on its page, from the index of the doubt."""
    return f"iq-d{number + 1}"


def doubt_marks(doubts: Iterable[Doubt], fallen: Mapping[str, Fall], words: Translations) -> dict[str, str]:
    """Return the HTML that follows each citation of a page in doubt, by the id of that page.

    Args:
        doubts: the doubts of the citing page, in the order of its notices.
        fallen: what no longer holds, by node.
        words: the UI strings.
    """
    return {doubt.path.target: _mark(number, doubt, fallen, words) for number, doubt in enumerate(doubts)}


def _mark(number: int, doubt: Doubt, fallen: Mapping[str, Fall], words: Translations) -> str:
    root = doubt.path.root
    if doubt.path.target == root:
        label = words[f"status_{fallen[root].state}"]
    else:
        label = words["mark_source" if root.startswith(SOURCE) else f"mark_{fallen[root].state}"]
    name = "iq-doubt"
    if doubt.reason:
        label, name = words["mark_acknowledged"].format(state=label), "iq-doubt iq-doubt--acknowledged"
    label = html.escape(label)
    attributes = f'class="{name}" href="#{anchor_of_doubt(number)}" aria-label="{label}" title="{label}"'
    return f"{_JOINER}<a {attributes}>{_SIGN}</a>"
