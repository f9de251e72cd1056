"""Define the settings of a build as frozen values, and validate all of them at once."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any

from markdown.extensions.toc import slugify as default_slugify

from inquiry_site.code_host import Repository
from inquiry_site.editorial_standard import NOTHING_REQUIRED, EditorialStandard


class ConfigError(ValueError):
    """One or more settings are invalid.

    Attributes:
        problems: one sentence for each setting.
    """

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problem if problem.endswith((".", "?")) else f"{problem}." for problem in problems)
        super().__init__(" ".join(self.problems))


LARGEST_FILE = 512 * 1024
"""The default maximum size of a file that is read, in bytes."""
LARGEST_PAGE = 16 * 1024 * 1024
"""The maximum size of a hand-written page, in bytes. Generated ones, such as API references, are large."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits on each file. Notes come from untrusted authors, and a single one must not stop a build."""

    file_size: int = LARGEST_FILE
    """Maximum size of a file, in bytes; a larger one is not read."""
    nesting: int = 30
    """Maximum nesting depth of lists, quotations, links, emphasis, braces or HTML."""
    complexity: int = 1_500_000
    """Maximum cost of converting a body, in steps of about a microsecond."""
    findings: int = 50
    """Maximum number of findings that a text report shows per file."""

    @classmethod
    def problems(cls, settings: object) -> list[str]:
        """Return one sentence per invalid limit in a mapping of limits."""
        if not isinstance(settings, Mapping):
            return [f"'limits' must be a mapping of limits to whole numbers, not {settings!r}"]
        problems = []
        for key, value in settings.items():
            least, most = _RANGES.get(key, (0, 0))
            if not most:
                problems.append(f"'limits': {key!r} is not a limit; the limits are {', '.join(_RANGES)}")
            elif not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
                problems.append(f"'limits': {key!r} must be a whole number from {least} to {most}, not {value!r}")
        return problems


_RANGES = {
    "file_size": (100, 1 << 30),
    "nesting": (5, 100),
    "complexity": (1_000, 1_000_000_000),
    "findings": (1, 1_000_000),
}
"""Minimum and maximum of each limit. At some 200 levels of nesting, converters exceed Python's stack."""


_DIRECTIVE = re.compile(r"[a-z]+(?:-[a-z]+)*")


def no_page_is_excluded(path: str) -> bool:
    """Return False: by default every hand-written page is published."""
    return False


Slugify = Callable[[str, str], str]
"""``(heading, separator) -> id``, as expected by Python-Markdown's ``toc`` extension."""


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of a build."""

    site_name: str = "Inquiry"
    """Shown on the home page."""
    site_description: str = ""
    """What the site is about, in a sentence or two; shown on the home page."""
    site_url: str = ""
    """The URL of the published site; written into graph.json."""
    use_directory_urls: bool = True
    """``lines/x/`` when true, ``lines/x.html`` when false."""
    drafts: bool = False
    """Whether documents marked ``draft: true`` are part of the site."""
    language: str = "en"
    """Language of the UI strings, in the theme's notation: ``de``, ``pt-BR``."""
    direction: str = ""
    """``ltr`` or ``rtl``; the direction of the language if empty."""
    docs_dir: str = "docs"
    """Folder of the hand-written pages beside ``notes/``; links from notes into it are kept."""
    next_lines: int = 5
    """Number of next inquiring lines that a page shows."""
    related_notes: int = 5
    """Number of related notes that a page shows."""
    search: bool = True
    """Whether the site has its own search in place of the theme's."""
    trail: bool = True
    """Whether a reader's browser may remember which pages were read."""
    html: str = "safe"
    """``safe``: authors' HTML is sanitised; ``trusted``: it is published as written."""
    csp: bool | Mapping[str, str] = True
    """Whether pages carry a Content-Security-Policy; a mapping adds sources to its directives."""
    rules: Mapping[str, str | bool] = field(default_factory=lambda: MappingProxyType({}))
    """The severity of each rule or family of rules: ``error``, ``warning`` or ``off``."""
    limits: Limits = Limits()
    """Limits on each file; in ``from_mapping``, a mapping of those that differ from the defaults."""
    editorial: EditorialStandard = NOTHING_REQUIRED
    """Requirements beyond the format; in ``from_mapping``, a mapping of those that apply."""
    repository: Repository | None = None
    """Where readers can propose changes; without it, pages offer only what works without a code host."""
    today: dt.date | None = None
    """The date of the check; if omitted, dates in the future are not reported."""
    slugify: Slugify = field(default=default_slugify, compare=False)
    """The function with which the site's Markdown derives an id from a heading."""
    is_excluded: Callable[[str], bool] = field(default=no_page_is_excluded, compare=False)
    """Whether a hand-written page is not published, given its path relative to the docs folder."""

    @classmethod
    def from_mapping(cls, settings: Mapping[str, Any]) -> Config:
        """Create the settings from a plain mapping; missing keys keep their defaults.

        Raises:
            ConfigError: keys are unknown or values are invalid; it lists all of them.
        """
        settings_by_name = {f.name: f for f in fields(cls)}
        problems = [
            f"{key!r} is not a setting; the settings are {', '.join(sorted(settings_by_name))}"
            for key in settings
            if key not in settings_by_name
        ]
        for key, value in settings.items():
            if key in settings_by_name:
                problems += _problems_of(key, value)
        if problems:
            raise ConfigError(problems)
        limits, editorial = settings.get("limits", {}), settings.get("editorial")
        if not isinstance(editorial, EditorialStandard):
            editorial = EditorialStandard.from_mapping(editorial)
        limits = limits if isinstance(limits, Limits) else Limits(**limits)
        return cls(**{**settings, "limits": limits, "editorial": editorial})

    @classmethod
    def from_options(cls, options: Mapping[str, Any], settings: Mapping[str, Any]) -> Config:
        """Create the settings from the options of the plugin and from the settings of the engine.

        Raises:
            ConfigError: options are unknown or values are invalid; it lists all of them, but no internal settings.
        """
        problems = [
            f"{key!r} is not an option of the plugin; its options are {', '.join(PLUGIN_OPTIONS)}"
            for key in options
            if key not in PLUGIN_OPTIONS
        ]
        try:
            config = cls.from_mapping({**settings, **{k: v for k, v in options.items() if k in PLUGIN_OPTIONS}})
        except ConfigError as error:
            raise ConfigError([*problems, *error.problems]) from None
        if problems:
            raise ConfigError(problems)
        return config


PLUGIN_OPTIONS = ("csp", "editorial", "html", "limits", "next_lines", "related_notes", "rules", "search", "trail")
"""The settings that are options of the plugin; the others are settings of the engine."""


def _problems_of(key: str, value: object) -> list[str]:
    if key in {"slugify", "is_excluded"}:
        return [] if callable(value) else [f"{key!r} must be a function, not {value!r}"]
    if key in {"next_lines", "related_notes"}:
        valid = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 10
        return [] if valid else [f"{key!r} must be a whole number from 0 to 10, not {value!r}"]
    if key == "limits":
        return [] if isinstance(value, Limits) else Limits.problems(value)
    if key == "editorial":
        return [] if isinstance(value, EditorialStandard) else EditorialStandard.problems(value)
    if key == "rules":
        return (
            [] if isinstance(value, Mapping) else [f"'rules' must be a mapping of rules to severities, not {value!r}"]
        )
    if key == "html":
        return [] if value in {"safe", "trusted"} else [f"'html' must be 'safe' or 'trusted', not {value!r}"]
    if key == "csp":
        return _problems_of_policy(value)
    if key == "repository":
        return (
            [] if value is None or isinstance(value, Repository) else [f"{key!r} must be a repository, not {value!r}"]
        )
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
