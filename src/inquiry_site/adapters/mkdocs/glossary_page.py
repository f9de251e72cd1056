"""The page of the glossary, which is hand-written: links from other pages lead to its terms."""

from __future__ import annotations

from mkdocs.plugins import get_plugin_logger

from inquiry_site.parsing.glossary import parse_glossary
from inquiry_site.rendering.body.term_links import add_term_ids

log = get_plugin_logger("inquiry")


def finish_glossary(html: str, markdown: str) -> str:
    """Return the HTML of the glossary with an id for each term.

    Args:
        html: what the engine converted the page to.
        markdown: the page without its frontmatter.
    """
    if "<dt" not in html and parse_glossary(markdown):
        log.warning(
            "glossary.md: its definitions are shown as plain text, so links to its terms lead to the top of the page. "
            "Add “def_list” to markdown_extensions in mkdocs.yml."
        )
    return add_term_ids(html)
