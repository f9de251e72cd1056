"""Adapt the engine to authors' Markdown: extensions that it needs, and none that read files or run programs for it."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from inquiry_site.rendering.body.author_extensions import with_author_extensions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mkdocs.config.defaults import MkDocsConfig

_UNSAFE = ("markdown_exec", "markdown_include", "mdx_include", "pymdownx.b64", "pymdownx.snippets")
"""Name prefixes of extensions that put files, web pages or the output of programs into a page."""
_FENCES = "pymdownx.superfences"
_PLACEHOLDERS = {"{{": "\ufdd4\ufdd5", "{%": "\ufdd6\ufdd7", "{#": "\ufdd8\ufdd9"}
"""Opening delimiters of Jinja and the noncharacters that replace them, which authors' text never contains."""


def author_config(config: MkDocsConfig, is_trusted: bool) -> MkDocsConfig:
    """Return the engine's settings for a page by an author: with the extensions that every body needs.

    Snippets, embedded files and executed fences are for hand-written pages only: with them a note by an untrusted
    author could include any file that the build can read, or run any program.
    """
    names, settings = config["markdown_extensions"], config["mdx_configs"] or {}
    if not is_trusted:
        names, settings = [name for name in names if not _is_unsafe(name)], _without_unsafe_fences(settings)
    adapted = copy.copy(config)
    adapted["markdown_extensions"], adapted["mdx_configs"] = with_author_extensions(names, settings)
    return adapted


def shield(markdown: str) -> str:
    """Return Markdown with Jinja's delimiters replaced, so that no plugin runs it as a template."""
    for delimiter, placeholder in _PLACEHOLDERS.items():
        markdown = markdown.replace(delimiter, placeholder)
    return markdown


def unshield(markdown: str) -> str:
    """Return shielded Markdown with Jinja's delimiters restored."""
    for delimiter, placeholder in _PLACEHOLDERS.items():
        markdown = markdown.replace(placeholder, delimiter)
    return markdown


def _is_unsafe(extension: object) -> bool:
    name = extension if isinstance(extension, str) else type(extension).__module__
    return name.startswith(_UNSAFE)


def _without_unsafe_fences(configs: Mapping[str, Any]) -> dict[str, Any]:
    restricted = dict(configs)
    fences = (restricted.get(_FENCES) or {}).get("custom_fences")
    if fences:
        safe_fences = [fence for fence in fences if not _is_unsafe_fence(fence)]
        restricted[_FENCES] = {**restricted[_FENCES], "custom_fences": safe_fences}
    return restricted


def _is_unsafe_fence(fence: Mapping[str, Any]) -> bool:
    return str(getattr(fence.get("format"), "__module__", "")).startswith(_UNSAFE)
