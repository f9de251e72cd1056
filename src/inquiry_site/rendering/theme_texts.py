"""What the theme's own pages take from the site: the label of its search, the text for missing pages."""

from __future__ import annotations

from urllib.parse import urlsplit

from inquiry_site.config import Config
from inquiry_site.rendering.i18n import Translations
from inquiry_site.rendering.templates import Templates
from inquiry_site.rendering.urls import SiteUrls

SEARCH_LABEL, NOT_FOUND = "search_label", "not_found"
"""Keys of the texts; the second is HTML."""
_INDEXES = ("lines", "notes", "sources", "topics")


def render_theme_texts(templates: Templates, words: Translations, config: Config) -> dict[str, str]:
    """Return the texts by their keys.

    Raises:
        BrokenTemplateError: the site's own ``not_found.html`` cannot be used.
    """
    return {SEARCH_LABEL: words["search"], NOT_FOUND: render_not_found(templates, config)}


def render_not_found(templates: Templates, config: Config) -> str:
    """Return the text for every missing page, with the search and links to the indexes.

    It is shown at any URL, so its links begin at the root of the server.

    Raises:
        BrokenTemplateError: the site's own ``not_found.html`` cannot be used.
    """
    urls = SiteUrls(config.use_directory_urls)
    root = urlsplit(config.site_url).path.rstrip("/") + "/"
    site = {"home": root, **{name: root + urls.page(name).url for name in _INDEXES}}
    return templates.render("not_found.html", {"site": site, "has_search": config.search})
