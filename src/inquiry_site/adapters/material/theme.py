"""Material for MkDocs: a page template for our pages, and fixes of the theme's HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, DictLoader, Environment, TemplateError, TemplateNotFound

PAGE_TEMPLATE = "material/page.html"
"""The template that wraps the theme's page around one of ours; rendered by the engine, not by ``rendering``."""

_REQUIRED = ("main.html", "base.html", "partials/nav.html", "partials/toc.html")
_TOOLTIPS = "content.tooltips"
_NOT_FOUND = "<h1>404 - Not found</h1>"
_SEARCH = '<div class="md-search" data-md-component="search" role="dialog"'
_SEARCH_LABEL = re.compile(r'<nav class="md-search__options" aria-label="([^"]*)"')
_TOGGLE = re.compile(r'(<input class="md-toggle"[^<>]*?) autocomplete="off"')
_BLANK_LINES = re.compile(r"\s*\n\s*")


class BrokenLayoutError(Exception):
    """The site's own ``material/page.html`` is not a valid template."""


def register_layout(env: Environment, text: str) -> bool:
    """Register ``PAGE_TEMPLATE`` with the engine.

    Args:
        env: the engine's template environment.
        text: the template.

    Returns:
        Whether it was registered; False if the theme is not Material or the site overrides a template that it replaces.

    Raises:
        BrokenLayoutError: the template cannot be parsed.
    """
    if not all(_is_unchanged(env, name) for name in _REQUIRED):
        return False
    env.loader = ChoiceLoader([*filter(None, [env.loader]), DictLoader({PAGE_TEMPLATE: text})])
    try:
        env.get_template(PAGE_TEMPLATE)
    except TemplateError as error:
        raise BrokenLayoutError(f"templates/{PAGE_TEMPLATE}:{getattr(error, 'lineno', 1)}: {error}") from error
    return True


def _is_unchanged(env: Environment, name: str) -> bool:
    try:
        return _is_of_material(Path(env.get_template(name).filename or ""))
    except TemplateNotFound:
        return False


def is_material(folders: Iterable[str]) -> bool:
    """Whether a theme with these template folders is Material."""
    return any(map(_is_of_material, map(Path, folders)))


def switch_off_tooltips(theme: Any) -> bool:
    """Remove the feature that copies titles and shortened text into the page as HTML; return whether it was on."""
    features = theme.get("features") or []
    if _TOOLTIPS not in features:
        return False
    theme["features"] = [feature for feature in features if feature != _TOOLTIPS]
    return True


def first_own_template(folders: Iterable[str]) -> str:
    """Return a template of the site's own that replaces or may be included by one of Material's; empty if none does.

    A template for ``404.html`` does not count, because it is part of no other page.
    """
    own = (Path(folder) for folder in folders if not _is_of_material(Path(folder)))
    names = (path.relative_to(folder).as_posix() for folder in own for path in sorted(folder.rglob("*.html")))
    return next((name for name in names if name != "404.html"), "")


def _is_of_material(path: Path) -> bool:
    return ("material", "templates") in zip(path.parts, path.parts[1:], strict=False)


def replace_not_found(html: str, text: str) -> str:
    """Return the theme's ``404.html``, which is only a heading, with this text; one of the site's own is kept."""
    return html.replace(_NOT_FOUND, text, 1)


def fix_theme_html(html: str) -> str:
    """Return a page of the theme with valid HTML and an accessible name for its search."""
    html = _TOGGLE.sub(r"\1", html)
    if 'id="__toc"' not in html:
        html = html.replace(' for="__toc"', "")
    label = _SEARCH_LABEL.search(html)
    return html.replace(_SEARCH, f'{_SEARCH} aria-label="{label[1]}"', 1) if label else html


def strip_blank_lines(html: str) -> str:
    """Return a page without blank lines outside the article: they are half of what a browser would otherwise load."""
    start, end = html.find("<article"), html.rfind("</article>")
    if not 0 <= start < end:
        return html
    before, after = (_BLANK_LINES.sub("\n", part) for part in (html[:start], html[end:]))
    return before + html[start:end] + after
