"""What a reader sees at an address without a page."""

from __future__ import annotations

from urllib.parse import urlsplit

from inquiry_site.config import Config
from inquiry_site.rendering.templates import Templates
from inquiry_site.rendering.urls import SiteUrls

_INDEXES = ("lines", "notes", "sources", "topics")


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
