"""What the plugin changes in the engine's configuration and in the theme's templates."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from mkdocs.config import config_options as option
from mkdocs.exceptions import PluginError
from mkdocs.plugins import get_plugin_logger

from inquiry_site.adapters.content_policy import ContentPolicy
from inquiry_site.adapters.material.search_control import SEARCH_SCRIPT, switch_off_theme_search
from inquiry_site.adapters.material.theme import (
    PAGE_TEMPLATE,
    BrokenLayoutError,
    is_material,
    register_layout,
    switch_off_tooltips,
)
from inquiry_site.adapters.mkdocs.engine_page import InquiryPage
from inquiry_site.adapters.mkdocs.options import InquiryOptions
from inquiry_site.adapters.mkdocs.site_files import SCRIPT, STYLESHEET, TRAIL

if TYPE_CHECKING:
    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

log = get_plugin_logger("inquiry")

_ENGINE_THEMES = frozenset({"mkdocs", "readthedocs"})
"""Themes that come with the engine; the first is used if a site names none."""


def has_own_search(config: MkDocsConfig, options: InquiryOptions) -> bool:
    """Whether the site's search replaces the theme's."""
    return options.search and is_material(config.theme.dirs)


def report_unsuitable_theme(config: MkDocsConfig) -> None:
    """Warn of one of the engine's own themes, unless the site has templates of its own for it."""
    theme = config.theme
    if theme.name in _ENGINE_THEMES and not theme.custom_dir:
        log.warning(
            "The theme is “%s”; pages are designed for Material. They can be read, but have no search, no dark mode "
            "and no Content-Security-Policy, and load scripts from another host. Set “theme: {name: material, font: "
            "false}” in %s. A theme with a custom_dir is not reported.",
            theme.name,
            PurePath(config.config_file_path or "mkdocs.yml").name,
        )


def configure_theme(config: MkDocsConfig, options: InquiryOptions) -> None:
    """Add style sheet and scripts before the site's own, and disable theme features that are replaced or unsafe."""
    config.extra_css.insert(0, STYLESHEET)
    has_search = has_own_search(config, options)
    if has_search and switch_off_theme_search(config):
        log.info("The site's own search replaces the theme's; `inquiry: {search: false}` keeps the theme's")
    optional = ((SEARCH_SCRIPT, has_search), (TRAIL, options.trail))
    for path in reversed((SCRIPT, *(path for path, is_wanted in optional if is_wanted))):
        script = option.ExtraScriptValue(path)
        # Deferred, so that the text is shown before scripts are loaded.
        script.defer = True
        config.extra_javascript.insert(0, script)
    if is_material(config.theme.dirs) and options.html != "trusted" and switch_off_tooltips(config.theme):
        log.warning("The theme's feature content.tooltips is disabled: it shows authors' titles as HTML")


def content_policy(config: MkDocsConfig, options: InquiryOptions) -> ContentPolicy | None:
    """Return the policy of the site's pages; None if settings or theme rule it out."""
    if options.csp is False or not is_material(config.theme.dirs):
        return None
    return ContentPolicy(options.csp if isinstance(options.csp, dict) else {})


def use_page_template(env: Environment, text: str, files: Files) -> None:
    """Render our pages with a shorter page of the theme, unless the site has replaced the theme's page.

    Raises:
        PluginError: the site's own page template cannot be parsed.
    """
    try:
        is_registered = register_layout(env, text)
    except BrokenLayoutError as problem:
        raise PluginError(str(problem)) from problem
    for file in files.documentation_pages() if is_registered else ():
        if isinstance(file.page, InquiryPage):
            file.page.meta["template"] = PAGE_TEMPLATE
