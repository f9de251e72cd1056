"""The settings of a build: plain values, frozen, checked all at once."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any

from markdown.extensions.toc import slugify as default_slugify


class ConfigError(ValueError):
    """One or more settings cannot be used.

    Attributes:
        problems: one sentence for each setting.
    """

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(problems))


LARGEST_FILE = 512 * 1024
"""Bytes of a file that is read, unless a site sets another limit."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may demand: notes come from strangers, and one of them must not stop a build."""

    file_size: int = LARGEST_FILE
    """Bytes of a file; a larger one is not read."""
    nesting: int = 30
    """Levels of lists, quotations, links, emphasis, braces or HTML within each other."""
    complexity: int = 1_500_000
    """Steps that converting a body may cost, each about a microsecond."""
    findings: int = 50
    """Findings of one file that a report in text shows."""

    @classmethod
    def problems(cls, settings: object) -> list[str]:
        """What is wrong with the limits of a mapping, one sentence for each."""
        if not isinstance(settings, Mapping):
            return [f"'limits' must be a mapping of limits to whole numbers, not {settings!r}"]
        problems = []
        for key, value in settings.items():
            least, most = _RANGES.get(key, (0, 0))
            if not most:
                problems.append(f"{key!r} is none of the 'limits'; they are {', '.join(_RANGES)}")
            elif not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
                problems.append(f"'limits': {key!r} must be a whole number from {least} to {most}, not {value!r}")
        return problems


_RANGES = {
    "file_size": (100, 1 << 30),
    "nesting": (5, 100),
    "complexity": (1_000, 1_000_000_000),
    "findings": (1, 1_000_000),
}
"""The least and the most that each limit can be. At some 200 levels converters exceed Python's stack."""


_DIRECTIVE = re.compile(r"[a-z]+(?:-[a-z]+)*")

Slugify = Callable[[str, str], str]
"""``(heading, separator) -> id``, as Python-Markdown's ``toc`` extension takes it."""


@dataclass(frozen=True, slots=True)
class Config:
    """What a build needs to know beyond the files."""

    site_name: str = "Inquiry"
    """Shown on the home page."""
    site_description: str = ""
    """What the site is about, in a sentence or two; shown on the home page."""
    site_url: str = ""
    """Where the site will stand; written into graph.json."""
    use_directory_urls: bool = True
    """``lines/x/`` when true, ``lines/x.html`` when false."""
    drafts: bool = False
    """Whether documents marked ``draft: true`` are part of the site."""
    language: str = "en"
    """Of the site's own words, as the theme names it: ``de``, ``pt-BR``."""
    direction: str = ""
    """``ltr`` or ``rtl``; that of the language when empty."""
    docs_dir: str = "docs"
    """Folder of the hand-written pages beside ``notes/``; links from notes into it are kept."""
    next_lines: int = 5
    """How many next inquiring lines a page shows."""
    related_notes: int = 5
    """How many related notes a page shows."""
    search: bool = True
    """Whether the site has a search of its own, in place of the theme's."""
    trail: bool = True
    """Whether a reader's own browser may remember what was read."""
    html: str = "safe"
    """``safe``: HTML of authors is published as far as it is harmless; ``trusted``: as it is written."""
    csp: bool | Mapping[str, str] = True
    """Whether pages carry a Content-Security-Policy; a mapping adds sources to its directives."""
    rules: Mapping[str, str | bool] = field(default_factory=lambda: MappingProxyType({}))
    """The level of a rule or of a family of rules: ``error``, ``warning`` or ``off``."""
    limits: Limits = Limits()
    """What one file may demand; in a mapping, a mapping of those that differ from the defaults."""
    today: dt.date | None = None
    """The day of the check; dates are compared with none when it is left out."""
    slugify: Slugify = field(default=default_slugify, compare=False)
    """How the site's Markdown makes an id from a heading."""

    @classmethod
    def from_mapping(cls, settings: Mapping[str, Any]) -> Config:
        """Settings from a plain mapping; keys that are missing keep their defaults.

        Raises:
            ConfigError: a key is unknown or a value is of the wrong type, all of them named.
        """
        known = {f.name: f for f in fields(cls)}
        problems = [
            f"{key!r} is not a setting; the settings are {', '.join(sorted(known))}"
            for key in settings
            if key not in known
        ]
        for key, value in settings.items():
            if key in known:
                problems += _problems_of(key, value)
        if problems:
            raise ConfigError(problems)
        limits = settings.get("limits", {})
        return cls(**{**settings, "limits": limits if isinstance(limits, Limits) else Limits(**limits)})


PLUGIN_OPTIONS = ("csp", "html", "limits", "next_lines", "related_notes", "rules", "search", "trail")
"""The settings that belong to the plugin; the others are the engine's."""


def refuse_other_options(options: Mapping[str, Any]) -> None:
    """Accept only the plugin's own settings among its options.

    Raises:
        ConfigError: an option is none of the plugin's, all of them named.
    """
    problems = [
        f"{key!r} is not an option of the plugin; its options are {', '.join(PLUGIN_OPTIONS)}"
        for key in options
        if key not in PLUGIN_OPTIONS
    ]
    if problems:
        raise ConfigError(problems)


def _problems_of(key: str, value: object) -> list[str]:
    if key == "slugify":
        return [] if callable(value) else [f"'slugify' must be a function, not {value!r}"]
    if key in {"next_lines", "related_notes"}:
        valid = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 10
        return [] if valid else [f"{key!r} must be a whole number from 0 to 10, not {value!r}"]
    if key == "limits":
        return [] if isinstance(value, Limits) else Limits.problems(value)
    if key == "rules":
        return [] if isinstance(value, Mapping) else [f"'rules' must be a mapping of rules to levels, not {value!r}"]
    if key == "html":
        return [] if value in {"safe", "trusted"} else [f"'html' must be 'safe' or 'trusted', not {value!r}"]
    if key == "csp":
        return _problems_of_policy(value)
    if key == "today":
        return [] if value is None or isinstance(value, dt.date) else [f"'today' must be a date, not {value!r}"]
    wanted: type = bool if key in {"use_directory_urls", "drafts", "search", "trail"} else str
    if isinstance(value, wanted):
        return []
    return [f"{key!r} must be {'true or false' if wanted is bool else 'text'}, not {value!r}"]


def _problems_of_policy(value: object) -> list[str]:
    if isinstance(value, bool):
        return []
    if not isinstance(value, Mapping):
        return [f"'csp' must be true, false or a mapping of directives to sources, not {value!r}"]
    return [
        f"'csp': {directive!r} must be the name of a directive with its sources as text, not {sources!r}"
        for directive, sources in value.items()
        if not (isinstance(directive, str) and _DIRECTIVE.fullmatch(directive))
        or not (isinstance(sources, str) and not set(sources) & set('"<>;,\n'))
    ]
