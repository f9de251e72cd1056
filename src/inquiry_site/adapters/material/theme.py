"""Material for MkDocs: its page around one of ours, and mends of its HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, DictLoader, Environment, TemplateError, TemplateNotFound

PAGE_TEMPLATE = "material/page.html"
"""The theme's page around one of ours: a template of the engine's, not of ``rendering``."""

_REPLACED = ("main.html", "base.html", "partials/nav.html", "partials/toc.html")
_TOOLTIPS = "content.tooltips"
_SEARCH = '<div class="md-search" data-md-component="search" role="dialog"'
_SEARCH_LABEL = re.compile(r'<nav class="md-search__options" aria-label="([^"]*)"')
_TOGGLE = re.compile(r'(<input class="md-toggle"[^<>]*?) autocomplete="off"')
_BLANKS = re.compile(r"\s*\n\s*")


class BrokenLayoutError(Exception):
    """The site's own ``material/page.html`` is no template."""


def register_layout(env: Environment, text: str) -> bool:
    """Let pages be rendered by ``SHELL``; ``False`` where the theme is another or the site has changed these parts.

    Args:
        env: the engine's templates.
        text: the template.

    Raises:
        BrokenShellError: the template cannot be parsed.
    """
    if not all(_is_shipped(env, name) for name in _REPLACED):
        return False
    env.loader = ChoiceLoader([*filter(None, [env.loader]), DictLoader({PAGE_TEMPLATE: text})])
    try:
        env.get_template(PAGE_TEMPLATE)
    except TemplateError as problem:
        raise BrokenLayoutError(f"templates/{PAGE_TEMPLATE}:{getattr(problem, 'lineno', 1)}: {problem}") from problem
    return True


def _is_shipped(env: Environment, name: str) -> bool:
    try:
        return _is_of_material(Path(env.get_template(name).filename or ""))
    except TemplateNotFound:
        return False


def is_material(folders: Iterable[str]) -> bool:
    """Whether a theme of these folders of templates is Material."""
    return any(map(_is_of_material, map(Path, folders)))


def switch_off_tooltips(theme: Any) -> bool:
    """Leave out the feature that copies titles and shortened text into the page as HTML; whether the site had it."""
    features = theme.get("features") or []
    if _TOOLTIPS not in features:
        return False
    theme["features"] = [feature for feature in features if feature != _TOOLTIPS]
    return True


def first_own_template(folders: Iterable[str]) -> str:
    """A template that a site has in the place of one of Material's, or that those may include; empty for none.

    What stands in the place of the page of what is not found is part of no other page.
    """
    own = (Path(folder) for folder in folders if not _is_of_material(Path(folder)))
    names = (path.relative_to(folder).as_posix() for folder in own for path in sorted(folder.rglob("*.html")))
    return next((name for name in names if name != "404.html"), "")


def _is_of_material(path: Path) -> bool:
    return ("material", "templates") in zip(path.parts, path.parts[1:], strict=False)


def fix_theme_html(html: str) -> str:
    """A page of the theme where it is not valid or a part of it has no name for those who cannot see it."""
    html = _TOGGLE.sub(r"\1", html)
    if 'id="__toc"' not in html:
        html = html.replace(' for="__toc"', "")
    label = _SEARCH_LABEL.search(html)
    return html.replace(_SEARCH, f'{_SEARCH} aria-label="{label[1]}"', 1) if label else html


def strip_blank_lines(html: str) -> str:
    """A page without those that the theme's templates leave around the article: half of what a browser would load."""
    start, end = html.find("<article"), html.rfind("</article>")
    if not 0 <= start < end:
        return html
    before, after = (_BLANKS.sub("\n", part) for part in (html[:start], html[end:]))
    return before + html[start:end] + after
