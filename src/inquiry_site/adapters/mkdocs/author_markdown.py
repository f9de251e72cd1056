"""How the engine converts what strangers wrote: without extensions that read files or run programs for a page."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mkdocs.config.defaults import MkDocsConfig

_READING = ("markdown_exec", "markdown_include", "mdx_include", "pymdownx.b64", "pymdownx.snippets")
"""Extensions that put files, pages of the web or the output of programs into a page, by the names they begin with."""
_FENCES = "pymdownx.superfences"
_BEGINNINGS = {"{{": "\ufdd4\ufdd5", "{%": "\ufdd6\ufdd7", "{#": "\ufdd8\ufdd9"}
"""What begins code of Jinja, and the noncharacters that take its place; none is left in an author's own text."""


def author_config(config: MkDocsConfig) -> MkDocsConfig:
    """Return the engine's settings for a page that a stranger wrote.

    Snippets, embedded files and executed fences are for pages of the site's own: a note could name any file that the
    build can read, or any program.
    """
    allowed = copy.copy(config)
    allowed["markdown_extensions"] = [name for name in config["markdown_extensions"] if not _reads(name)]
    allowed["mdx_configs"] = _without_programs(config["mdx_configs"] or {})
    return allowed


def shield(markdown: str) -> str:
    """Return Markdown in which no plugin finds code of a template."""
    for written, placeholder in _BEGINNINGS.items():
        markdown = markdown.replace(written, placeholder)
    return markdown


def unshield(markdown: str) -> str:
    """Return shielded Markdown as it was."""
    for written, placeholder in _BEGINNINGS.items():
        markdown = markdown.replace(placeholder, written)
    return markdown


def _reads(extension: object) -> bool:
    name = extension if isinstance(extension, str) else type(extension).__module__
    return name.startswith(_READING)


def _without_programs(configs: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(configs)
    fences = (found.get(_FENCES) or {}).get("custom_fences")
    if fences:
        found[_FENCES] = {**found[_FENCES], "custom_fences": [fence for fence in fences if not _runs(fence)]}
    return found


def _runs(fence: Mapping[str, Any]) -> bool:
    return str(getattr(fence.get("format"), "__module__", "")).startswith(_READING)
