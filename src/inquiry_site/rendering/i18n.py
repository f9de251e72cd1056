"""The words of our pages in one language: a TOML file a language, with English behind every gap."""

from __future__ import annotations

import re
import string
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from babel import Locale, UnknownLocaleError
from markupsafe import Markup, escape

from inquiry_site.knowledge.ranking import Reason
from inquiry_site.rendering.template_folder import BrokenTemplateError, template_folder
from inquiry_site.text.suggest import closest_names

ENGLISH = "en"
_FOLDER = "languages"
_LINE = re.compile(r"at line (\d+)")


class PluralForms:
    """A text that depends on a number, with one form for each of its language's plural categories."""

    def __init__(self, forms: Mapping[str, str], category: Callable[[int], str]) -> None:
        self._forms = dict(forms)
        self._category = category

    def select(self, number: int) -> str:
        """The form for a number, whose place in the text is still ``{n}``."""
        return self._forms.get(self._category(number)) or self._forms["other"]

    @property
    def by_category(self) -> dict[str, str]:
        """The forms by the names of their plural categories, for scripts."""
        return dict(self._forms)


@dataclass(frozen=True, slots=True)
class Translations:
    """Every word of ours on a site."""

    language: str
    """As HTML's ``lang`` gives it."""
    direction: str
    """``ltr`` or ``rtl``."""
    texts: Mapping[str, Markup | PluralForms]

    def __getitem__(self, key: str) -> str:
        """A text that depends on no number."""
        return str(self.texts[key])

    def plain(self, key: str) -> str | dict[str, str]:
        """A text as a script is given it: one that depends on a number with all its forms."""
        text = self.texts[key]
        return text.by_category if isinstance(text, PluralForms) else str(text)

    def format_count(self, key: str, number: int, **values: object) -> str:
        """A text with a number, and what else is filled in."""
        return str(format_count(self.texts[key], number, **values))

    def join_list(self, names: Iterable[str]) -> str:
        """Names as a list within a sentence."""
        first, last = list(names), ""
        if len(first) > 1:
            last = first.pop()
        joined = self["list_comma"].join(first)
        return self["list_last"].format(first=joined, last=last) if last else joined

    def reason(self, reason: Reason) -> str:
        """Why a page is next or related, in words."""
        text = self.texts[f"reason_{reason.kind}"]
        if isinstance(text, PluralForms):
            return self.format_count(f"reason_{reason.kind}", reason.count)
        return str(text).format(names=self.join_list(reason.names))

    def aside(self, text: str) -> Markup:
        """The attribute ``dir`` of an element whose text runs against the page; else nothing."""
        found = direction_of(text)
        return Markup(f' dir="{found}"') if found not in {"", self.direction} else Markup()  # noqa: S704 - ours

    def isolated(self, text: str) -> Markup:
        """A text within a sentence of ours, kept apart where any of it runs against the page."""
        if text.isascii() and self.direction == "ltr":
            return escape(text)
        against = any(direction_of(letter) not in {"", self.direction} for letter in text)
        return Markup("<bdi>{}</bdi>").format(text) if against else escape(text)


def format_count(text: Markup | PluralForms, number: int, **values: object) -> Markup:
    """The form of a text for a number, filled in: a filter for templates."""
    chosen = text.select(number) if isinstance(text, PluralForms) else text
    return Markup(chosen).format(n=number, **values)  # noqa: S704 - what templates are made of


def fill(text: Markup, **values: object) -> Markup:
    """A text with its gaps filled, each value escaped unless it is HTML already: a filter for templates."""
    return Markup(text).format(**values)  # noqa: S704 - what templates are made of


def direction_of(text: str) -> str:
    """``ltr`` or ``rtl`` by the first letter that has a direction, as HTML's ``dir=auto`` finds it; empty for none."""
    for letter in text:
        found = unicodedata.bidirectional(letter)
        if found == "L":
            return "ltr"
        if found in {"R", "AL"}:
            return "rtl"
    return ""


def load_translations(language: str, own: Mapping[str, str], direction: str = "") -> Translations:
    """The words of a language: the site's own over those that ship, those of the region over the language's.

    Args:
        language: as the theme names it (``de``, ``pt-BR``).
        own: the site's own templates by their path relative to ``templates/``.
        direction: ``ltr`` or ``rtl`` where the site says so; else that of the language.

    Raises:
        BrokenTemplateError: a file of the site is no TOML, or gives a text that there is not.
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
    """Whether there are words for a language, or for the one that it is a region's form of."""
    names = {language, language.split("-")[0]}
    return any(_shipped(name) or f"{_FOLDER}/{name}.toml" in own for name in names)


def shipped_languages() -> list[str]:
    """The languages that ship."""
    return sorted(path.stem for path in (template_folder() / _FOLDER).glob("*.toml"))


@cache
def _shipped(language: str) -> Mapping[str, Any]:
    path = template_folder() / _FOLDER / f"{language}.toml"
    # A language is a name of a file here: nothing in it may lead elsewhere.
    return tomllib.loads(path.read_text(encoding="utf-8")) if language in shipped_languages() else {}


def _with_plurals(texts: Mapping[str, Any], language: str) -> Iterator[tuple[str, Markup | PluralForms]]:
    locale = _locale(language)
    for key, text in texts.items():
        # The texts are part of the templates, HTML included.
        yield key, PluralForms(text, locale.plural_form) if isinstance(text, dict) else Markup(text)  # noqa: S704


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale(ENGLISH)


def _direction(language: str) -> str:
    return str(_locale(language).text_direction)


def _read(path: str, text: str, english: Mapping[str, Any]) -> Mapping[str, Any]:
    """A site's own file, held against the texts that there are."""
    try:
        texts = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _LINE.search(str(error))
        line = int(place[1]) if place else text.count("\n") + 1
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
        return f"no text is called “{key}”" + (f"; did you mean “{likely[0]}”?" if likely else "")
    if isinstance(english[key], dict):
        valid = isinstance(value, dict) and "other" in value and all(isinstance(form, str) for form in value.values())
        if not valid:
            return f'“{key}” depends on a number: give its forms, {{ one = "…", other = "…" }}, “other” at least'
    elif not isinstance(value, str):
        return f"“{key}” must be text"
    try:
        unknown = placeholders(value) - placeholders(english[key])
    except ValueError:
        return f"a brace in “{key}” opens or closes nothing"
    return f"“{key}” fills in nothing called {', '.join(sorted(unknown))}" if unknown else ""


def placeholders(text: object) -> set[str]:
    """What a text, or any of its forms, has filled in."""
    forms = text.values() if isinstance(text, dict) else [text]
    return {name for form in forms for _, name, _, _ in string.Formatter().parse(str(form)) if name is not None}
