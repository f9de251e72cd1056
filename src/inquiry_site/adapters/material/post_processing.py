"""Post-process every page of the theme before it is written."""

from __future__ import annotations

from inquiry_site.adapters.content_policy import ContentPolicy
from inquiry_site.adapters.material.search_control import SiteSearch
from inquiry_site.adapters.material.theme import fix_theme_html, strip_blank_lines


class PostProcessor:
    """Fixes the theme's HTML, adds the search to its header, and sets the page's Content-Security-Policy."""

    def __init__(self, search: SiteSearch | None, policy: ContentPolicy | None) -> None:
        """Configure the steps.

        Args:
            search: the site's own search; None for a site without it.
            policy: the policies of this build; None for a site without them.
        """
        self._search = search
        self._policy = policy

    def inquiry_page(self, html: str, url: str) -> str:
        """Return the final HTML of the theme's page around one of ours, without the theme's blank lines."""
        html = strip_blank_lines(self._with_search(html, url))
        return self._policy.protect(html, by_author=True) if self._policy else html

    def other_page(self, html: str, url: str | None) -> str:
        """Return a hand-written page; ``url`` is None for one that is served at any URL, such as ``404.html``."""
        html = self._with_search(html, url)
        return self._policy.protect(html, by_author=False) if self._policy else html

    def _with_search(self, html: str, url: str | None) -> str:
        html = fix_theme_html(html)
        return self._search.with_control(html, url) if self._search else html
