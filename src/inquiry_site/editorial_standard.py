"""Define the editorial standard of a knowledge base: requirements beyond the format, all of them off by default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from typing import Any

IDENTIFIERS = ("doi", "arxiv", "isbn", "url")
"""The keys that can identify a source."""

Bounds = tuple[int, int]
"""The smallest and the largest number allowed."""


@dataclass(frozen=True, slots=True)
class EditorialStandard:
    """What the maintainers of a knowledge base require beyond the format; the rules ``editorial/…`` check it.

    A setting that is absent requires nothing.
    """

    note_words: Bounds | None = None
    """How many words the text of a note has."""
    line_words: Bounds | None = None
    """How many words the text of a line has."""
    line_notes: Bounds | None = None
    """How many notes a line cites."""
    quote_words: int = 0
    """The minimum number of words of a quote."""
    topic_pages: int = 0
    """The minimum number of notes and lines with the same topic."""
    identifiers: tuple[str, ...] = ()
    """Keys of which every source has one."""
    scope: bool = False
    """Whether every note lists where its claim holds and where it was not shown."""
    checked: bool = False
    """Whether every source records how far it was read, and when."""
    answer: bool = False
    """Whether every line with a text has a short answer."""
    reviewed: bool = False
    """Whether every line with a text records when it was checked against its notes, all of them."""

    @classmethod
    def from_mapping(cls, settings: Mapping[str, Any] | None) -> EditorialStandard:
        """Create the standard from settings without problems; missing keys require nothing."""
        values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in (settings or {}).items()}
        return cls(**values)

    @classmethod
    def problems(cls, settings: object) -> list[str]:
        """Return one sentence per invalid setting in a mapping of settings."""
        if settings is None:
            return []
        if not isinstance(settings, Mapping):
            return [f"'editorial' must be a mapping of settings to values, not {settings!r}"]
        return [f"'editorial': {problem}" for key, value in settings.items() if (problem := _problem(key, value))]


NOTHING_REQUIRED = EditorialStandard()
"""The standard of a knowledge base whose settings name none."""

_DEFAULTS = {field.name: field.default for field in fields(EditorialStandard)}


def _problem(key: object, value: object) -> str:
    """Return what is wrong with a setting; empty if it is valid."""
    if not isinstance(key, str) or key not in _DEFAULTS:
        nearest = get_close_matches(str(key), _DEFAULTS, n=1)
        hint = f"did you mean {nearest[0]!r}?" if nearest else f"the settings are {', '.join(_DEFAULTS)}"
        return f"{key!r} is not a setting; {hint}"
    match _DEFAULTS[key]:
        case bool():
            expected = "" if isinstance(value, bool) else "true or false"
        case int():
            expected = "" if _is_count(value) else "a whole number"
        case ():
            expected = "" if _are_identifiers(value) else f"a list of {', '.join(IDENTIFIERS)}"
        case _:
            expected = "" if _are_bounds(value) else "two whole numbers, the smaller one first, as in [80, 250]"
    return f"{key!r} must be {expected}, not {value!r}{_nearest_identifier(key, value)}" if expected else ""


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _are_bounds(value: object) -> bool:
    return isinstance(value, list | tuple) and len(value) == 2 and all(map(_is_count, value)) and value[0] <= value[1]


def _are_identifiers(value: object) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(name in IDENTIFIERS for name in value)


def _nearest_identifier(key: str, value: object) -> str:
    if key != "identifiers" or not isinstance(value, list | tuple):
        return ""
    unknown = [str(name) for name in value if name not in IDENTIFIERS]
    nearest = [name for written in unknown for name in get_close_matches(written.lower(), IDENTIFIERS, n=1)]
    return f"; did you mean {nearest[0]!r}?" if nearest else ""
