"""The Markdown extensions that convert authors' bodies on every site, whatever its own settings are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

CALLOUTS = "inquiry_site.rendering.body.callout_extension"
"""The extension for callouts, in a site's list of extensions."""

_FIRST: Mapping[str, Mapping[str, Any]] = {
    "admonition": {},
    "footnotes": {},
    "pymdownx.details": {},
    "pymdownx.mark": {},
    "pymdownx.tasklist": {"custom_checkbox": True},
    # A single tilde means “about” more often than it begins a subscript.
    "pymdownx.tilde": {"subscript": False},
}
"""Loaded before the site's own extensions, which replace them where they do the same."""
_CODE = "pymdownx.superfences"
"""Converts fences in lists and callouts too. Loaded after the extension for fences that every engine has."""
_HIGHLIGHTERS = frozenset({"codehilite", "pymdownx.extra", _CODE})
"""Extensions of a site that decide how its code looks."""


def with_author_extensions(
    configured: Sequence[Any], settings: Mapping[str, Any]
) -> tuple[list[Any], dict[str, dict[str, Any]]]:
    """Return a site's extensions and their settings, with those that every body needs.

    Args:
        configured: the names of the site's extensions, or the extensions themselves.
        settings: the settings of each, by its name.
    """
    names = {str(name).removeprefix("markdown.extensions.") for name in configured}
    first = [name for name in _FIRST if name not in names]
    last = [CALLOUTS] if names & _HIGHLIGHTERS else [_CODE, CALLOUTS]
    added = {name: dict(_FIRST[name]) for name in first}
    return [*first, *configured, *last], {**added, **settings}
