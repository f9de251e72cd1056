"""Load UI strings from one TOML file per language, with English as the fallback."""

from __future__ import annotations

import datetime as dt
import re
import string
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from markupsafe import Markup, escape

from inquiry_site.knowledge.ranking import Reason
from inquiry_site.rendering.template_folder import BrokenTemplateError, template_folder
from inquiry_site.text.suggest import closest_names

ENGLISH = "en"
_FOLDER = "languages"
_LINE = re.compile(r"at line (\d+)")


class PluralForms:
    """A text that depends on a number, with one form per plural category of its language."""

    def __init__(self, forms: Mapping[str, str], category: Callable[[int], str]) -> None:
        self._forms = dict(forms)
        self._category = category

    def select(self, number: int) -> str:
        """Return the form for a number; the number itself is still the placeholder ``{n}``."""
        return self._forms.get(self._category(number)) or self._forms["other"]

    @property
    def by_category(self) -> dict[str, str]:
        """The forms by plural category, for scripts."""
        return dict(self._forms)


@dataclass(frozen=True, slots=True)
class Translations:
    """The UI strings of a site in one language."""

    language: str
    """The language in the notation of HTML's ``lang``."""
    direction: str
    """``ltr`` or ``rtl``."""
    texts: Mapping[str, Markup | PluralForms]

    def __getitem__(self, key: str) -> str:
        """Return a text that does not depend on a number."""
        return str(self.texts[key])

    def plain(self, key: str) -> str | dict[str, str]:
        """Return a text for a script: all forms by plural category if it depends on a number."""
        text = self.texts[key]
        return text.by_category if isinstance(text, PluralForms) else str(text)

    def format_count(self, key: str, number: int, **values: object) -> str:
        """Return the form of a text for a number, with the number and other values filled in."""
        return str(format_count(self.texts[key], number, **values))

    def join_list(self, names: Iterable[str]) -> str:
        """Join names into a list within a sentence."""
        leading, last = list(names), ""
        if len(leading) > 1:
            last = leading.pop()
        joined = self["list_comma"].join(leading)
        return self["list_last"].format(first=joined, last=last) if last else joined

    def date_in_words(self, date: dt.date | str) -> str:
        """Return a date in words, such as “19 November 2026”; a text that is not an ISO date is returned unchanged."""
        try:
            day = dt.date.fromisoformat(str(date))
        except ValueError:
            return str(date)
        return format_date(day, self["date_pattern"], _locale(self.language))

    def reason(self, reason: Reason) -> str:
        """Return the text of the reason why a page is a next line or a related note."""
        text = self.texts[f"reason_{reason.kind}"]
        if isinstance(text, PluralForms):
            return self.format_count(f"reason_{reason.kind}", reason.count)
        return str(text).format(names=self.join_list(reason.names))

    def aside(self, text: str) -> Markup:
        """Return a ``dir`` attribute for an element, or nothing if its text runs in the direction of the page."""
        direction = direction_of(text)
        return Markup(f' dir="{direction}"') if direction not in {"", self.direction} else Markup()  # noqa: S704 - ours

    def isolated(self, text: str) -> Markup:
        """Return a text to insert in a UI string, isolated if any of it runs in a different direction from the page."""
        if text.isascii() and self.direction == "ltr":
            return escape(text)
        is_mixed = any(direction_of(letter) not in {"", self.direction} for letter in text)
        return Markup("<bdi>{}</bdi>").format(text) if is_mixed else escape(text)


def format_count(text: Markup | PluralForms, number: int, **values: object) -> Markup:
    """Return the form of a text for a number, with its placeholders filled in: a filter for templates."""
    form = text.select(number) if isinstance(text, PluralForms) else text
    return Markup(form).format(n=number, **values)  # noqa: S704 - part of the templates


def fill(text: Markup, **values: object) -> Markup:
    """Fill in the placeholders of a text, escaping values that are not HTML already: a filter for templates."""
    return Markup(text).format(**values)  # noqa: S704 - part of the templates


def direction_of(text: str) -> str:
    """Return ``ltr`` or ``rtl`` by the first letter with a direction, like HTML's ``dir=auto``; empty if none has."""
    for letter in text:
        category = unicodedata.bidirectional(letter)
        if category == "L":
            return "ltr"
        if category in {"R", "AL"}:
            return "rtl"
    return ""


def load_translations(language: str, own: Mapping[str, str], direction: str = "") -> Translations:
    """Load the UI strings of a language.

    A site's own strings take precedence over the shipped ones, and those of a region over those of the language.

    Args:
        language: the language in the theme's notation (``de``, ``pt-BR``).
        own: the site's own templates by path relative to ``templates/``.
        direction: ``ltr`` or ``rtl`` if the site sets it; otherwise that of the language.

    Raises:
        BrokenTemplateError: a file of the site is not TOML, or contains an unknown or invalid text.
    """
    english = _shipped(ENGLISH)
    texts: dict[str, Any] = {}
    for name in dict.fromkeys((ENGLISH, language.split("-")[0], language)):
        path = f"{_FOLDER}/{name}.toml"
        texts.update(_with_plurals(_shipped(name), name))
        if path in own:
            texts.update(_with_plurals(_read(path, own[path], english), name))
    return Translations(language, direction or _direction(language), texts)


def has_language(language: str, own: Mapping[str, str]) -> bool:
    """Return whether there are UI strings for a language, or for its base language if it names a region."""
    names = {language, language.split("-")[0]}
    return any(_shipped(name) or f"{_FOLDER}/{name}.toml" in own for name in names)


def shipped_languages() -> list[str]:
    """Return the names of the shipped languages, sorted."""
    return sorted(path.stem for path in (template_folder() / _FOLDER).glob("*.toml"))


@cache
def _shipped(language: str) -> Mapping[str, Any]:
    path = template_folder() / _FOLDER / f"{language}.toml"
    # The language becomes a file name, so only listed names are accepted: no path may escape the folder.
    return tomllib.loads(path.read_text(encoding="utf-8")) if language in shipped_languages() else {}


def _with_plurals(texts: Mapping[str, Any], language: str) -> Iterator[tuple[str, Markup | PluralForms]]:
    locale = _locale(language)
    for key, text in texts.items():
        # The texts are part of the templates and may contain HTML.
        yield key, PluralForms(text, locale.plural_form) if isinstance(text, dict) else Markup(text)  # noqa: S704


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale(ENGLISH)


def _direction(language: str) -> str:
    return str(_locale(language).text_direction)


def _read(path: str, text: str, english: Mapping[str, Any]) -> Mapping[str, Any]:
    """Parse a site's own file, and check it against the existing texts."""
    try:
        texts = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        match = _LINE.search(str(error))
        line = int(match[1]) if match else text.count("\n") + 1
        raise BrokenTemplateError(path, line, f"it is not TOML: {error}") from error
    for key, value in texts.items():
        problem = _problem(key, value, english)
        if problem:
            line = next((n for n, row in enumerate(text.splitlines(), 1) if row.lstrip().startswith(key)), 1)
            raise BrokenTemplateError(path, line, problem)
    return texts


def _problem(key: str, value: object, english: Mapping[str, Any]) -> str:
    if key not in english:
        likely = closest_names(key, english, 1)
        return f"there is no text “{key}”" + (f"; did you mean “{likely[0]}”?" if likely else "")
    if isinstance(english[key], dict):
        valid = isinstance(value, dict) and "other" in value and all(isinstance(form, str) for form in value.values())
        if not valid:
            return f'“{key}” depends on a number: it needs forms, {{ one = "…", other = "…" }}, at least “other”'
    elif not isinstance(value, str):
        return f"“{key}” must be text"
    try:
        unknown = placeholders(value) - placeholders(english[key])
    except ValueError:
        return f"“{key}” contains an unmatched brace"
    return f"“{key}” has no placeholder {', '.join(sorted(unknown))}" if unknown else ""


def placeholders(text: object) -> set[str]:
    """Return the names of the placeholders in a text or any of its forms."""
    forms = text.values() if isinstance(text, dict) else [text]
    return {name for form in forms for _, name, _, _ in string.Formatter().parse(str(form)) if name is not None}
