"""Restrict how the engine converts untrusted Markdown: no extension may read files or run programs for it."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mkdocs.config.defaults import MkDocsConfig

_UNSAFE = ("markdown_exec", "markdown_include", "mdx_include", "pymdownx.b64", "pymdownx.snippets")
"""Name prefixes of extensions that put files, web pages or the output of programs into a page."""
_FENCES = "pymdownx.superfences"
_PLACEHOLDERS = {"{{": "\ufdd4\ufdd5", "{%": "\ufdd6\ufdd7", "{#": "\ufdd8\ufdd9"}
"""Opening delimiters of Jinja and the noncharacters that replace them, which authors' text never contains."""


def author_config(config: MkDocsConfig) -> MkDocsConfig:
    """Return the engine's settings for a page by an untrusted author.

    Snippets, embedded files and executed fences are for hand-written pages only: with them a note could include any
    file that the build can read, or run any program.
    """
    restricted = copy.copy(config)
    restricted["markdown_extensions"] = [name for name in config["markdown_extensions"] if not _is_unsafe(name)]
    restricted["mdx_configs"] = _without_unsafe_fences(config["mdx_configs"] or {})
    return restricted


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
