"""Whether pages may bypass the engine's page loop. The contract is in docs/architecture.md."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mkdocs.plugins import EVENTS

from inquiry_site.adapters.material.theme import PAGE_TEMPLATE, first_own_template, is_material
from inquiry_site.publishing.session import BuildSession
from inquiry_site.rendering.pages import Page

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

FAST_TEMPLATES = frozenset({"line.html", "note.html", "source.html", "topic.html"})
"""Templates of the kinds of page whose number grows with the knowledge base."""
_PAGELESS_EVENTS = frozenset(
    "startup shutdown serve config pre_build post_build build_error pre_template template_context post_template".split()
)
"""Events in which a plugin receives no page."""
_SPECIAL = re.compile(r"[?#%{}\\]")


def fast_path_blocker(config: MkDocsConfig, session: BuildSession, own_plugin: object) -> str:
    """Return why each page has to be built by the engine itself; empty if the fast path may be used.

    Args:
        config: the engine's configuration.
        session: the build.
        own_plugin: our own plugin, whose event handlers do not count.
    """
    for event in sorted(EVENTS):
        for method in config.plugins.events[event] if event not in _PAGELESS_EVENTS else ():
            plugin = getattr(method, "__self__", None)
            if plugin is not own_plugin and getattr(getattr(plugin, "config", None), "enabled", True):
                return f"{_plugin_name(plugin, config)} may inspect pages (on_{event})"
    if session.overrides(PAGE_TEMPLATE):
        return f"the site has its own templates/{PAGE_TEMPLATE}"
    if not is_material(config.theme.dirs):
        return "the theme is not Material"
    if "toc.integrate" in (config.theme.get("features") or ()):
        return "the theme's feature toc.integrate puts the headings of each page into the navigation"
    own_template = first_own_template(config.theme.dirs)
    return f"the site overrides the theme's {own_template}" if own_template else ""


def _plugin_name(plugin: object, config: MkDocsConfig) -> str:
    return next((f"the plugin “{name}”" for name, other in config.plugins.items() if other is plugin), "a hook")


def is_eligible(page: Page, config: MkDocsConfig) -> bool:
    """Whether a page can use a cached layout: a common kind whose paths need no special escaping."""
    quotes = "!" in (config.edit_uri_template or "")
    return (
        page.template in FAST_TEMPLATES and not _SPECIAL.search(page.source) and (page.source.isascii() or not quotes)
    )
