"""The parts of HTML syntax that are scanned: tags, comments, attributes, and elements that contain no markup."""

from __future__ import annotations

import re
from functools import cache

RAW_ELEMENTS = ("script", "style", "textarea", "title", "iframe", "xmp", "noembed", "noframes", "template")
"""Elements whose content a browser does not parse as the page's HTML; unclosed, they swallow the rest of it."""

TAG_ATTRIBUTES = r"(?:[^<>\"']+|\"[^\"]{0,4096}\"|'[^']{0,4096}'){0,200}+"
"""Pattern of what follows the name in a tag. Its bounds keep the time linear for any input."""

TAG_OR_COMMENT = rf"<!--.*?-->|<(?P<slash>/?)(?P<name>[a-zA-Z][a-zA-Z0-9-]*)\b(?P<attributes>{TAG_ATTRIBUTES})>"
"""Pattern of a comment or tag, for ``re.DOTALL``; ``name`` is None for a comment."""

OPENING_TAG = re.compile(r"<(?P<name>[a-zA-Z][^\s/<>]*)(?P<attributes>(?:[^<>\"']+|\"[^\"]*\"|'[^']*')*+)>")
"""An opening tag with any name that a browser accepts."""

_ATTRIBUTE = re.compile(
    r"(?P<name>[^\s\"'<>/=]+)(?:\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'=<>`]+)))?"
)
_TAG_NAME = re.compile(r"<[^\s/<>]+")
_QUOTED_ATTRIBUTE = re.compile(r"\s(?P<name>[^\s\"'<>/=]+)(?:\s*=\s*(?:\"(?P<value>[^\"]*)\"|'[^']*'|[^\s\"'<>]+))?")
"""Matches one attribute after the other, so that text inside a value is not mistaken for an attribute."""


def attributes_of(written: str) -> dict[str, str]:
    """Return the attributes of a tag by lower-case name. Of duplicates the first is kept, as in browsers."""
    attributes: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(written):
        value = next((match[kind] for kind in ("double", "single", "bare") if match[kind] is not None), "")
        attributes.setdefault(match["name"].lower(), value)
    return attributes


def written_value_span(tag: str, name: str) -> tuple[int, int] | None:
    """Return start and end of an attribute's value in an author's opening tag; None if it has no value."""
    opening = _TAG_NAME.match(tag)
    for match in _ATTRIBUTE.finditer(tag, opening.end() if opening else 0):
        if match["name"].lower() == name:
            return next((match.span(kind) for kind in ("double", "single", "bare") if match[kind] is not None), None)
    return None


def attribute_span(tag: str, name: str) -> tuple[int, int] | None:
    """Return start and end of an attribute's value in a tag; None if it has no such value in double quotation marks."""
    for attribute in _QUOTED_ATTRIBUTE.finditer(tag):
        if attribute["name"].lower() == name and attribute["value"] is not None:
            return attribute.span("value")
    return None


@cache
def end_of_raw(name: str) -> re.Pattern[str]:
    """Return the pattern that ends a raw element; for an empty name, the one that ends a comment."""
    return re.compile(rf"</{name}\s*>" if name else "-->", re.IGNORECASE)
