"""Resolve the citations of a hand-written page to ordinary links, which the engine converts and validates.

Such a page may be converted more than once, for example as an excerpt on another page, so its links are relative to
its source file rather than to its URL.
"""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Iterator
from urllib.parse import quote

from inquiry_site.graph import Outcome, Resolution
from inquiry_site.knowledge import Knowledge
from inquiry_site.model import AnyDocument, Citation, CitationStyle, InquiringLine
from inquiry_site.parsing.markdown import scan_body
from inquiry_site.rendering.i18n import Translations
from inquiry_site.rendering.urls import SiteUrls

_ACTIVE = re.compile(r"[!-+\--/:->@\[-`{-~]")
"""ASCII punctuation but commas and question marks: any of it may mean something to a Markdown extension."""


def resolve_page(markdown: str, path: str, knowledge: Knowledge, words: Translations) -> str:
    """Return the Markdown of a hand-written page with every citation replaced by a link.

    Args:
        markdown: the page without its frontmatter.
        path: the page's path in the docs folder.
        knowledge: resolves the citations.
        words: the UI strings.
    """
    if "[[" not in markdown:
        return markdown
    return "".join(_replace_citations(markdown, path, knowledge, words))


def _replace_citations(markdown: str, path: str, knowledge: Knowledge, words: Translations) -> Iterator[str]:
    position = 0
    for citation in scan_body(markdown, 0, path).citations:
        if citation.style is CitationStyle.LINK:
            continue
        resolution = knowledge.graph.resolve(citation)
        target = knowledge.graph.documents.get(resolution.id) if resolution.outcome is Outcome.FOUND else None
        yield markdown[position : citation.start]
        if target is None:
            yield _missing(citation, words)
        elif citation.style is CitationStyle.CARD:
            yield _card(_link("", resolution, target, path), target, knowledge)
        else:
            yield _link(citation.label, resolution, target, path)
        position = citation.end
    yield markdown[position:]


def _link(label: str, resolution: Resolution, target: AnyDocument, path: str) -> str:
    file = posixpath.relpath(SiteUrls().document(target).path, posixpath.dirname(path) or ".")
    destination = quote(file) + (f"#{quote(resolution.heading)}" if resolution.heading else "")
    return f"[{label or _literal(target.title)}]({destination})"


def _card(link: str, target: AnyDocument, knowledge: Knowledge) -> str:
    """Return the same card as in a note, with a link that the engine resolves."""
    claim = target.answer or target.description if isinstance(target, InquiringLine) else target.description
    references = [
        knowledge.bibliography.sources[source.key].reference
        for source in knowledge.bibliography.of_note.get(target.id, ())
    ]
    parts = [
        ("title", link),
        ("claim", _literal(claim)),
        *(("source", f"{_literal(reference.title)}, {reference.year}") for reference in references),
    ]
    spans = " ".join(f'<span class="iq-card-{name}">{words}</span>' for name, words in parts)
    return f'<span class="iq-card">{spans}</span>'


def _missing(citation: Citation, words: Translations) -> str:
    opening = f'<span class="iq-missing" title="{html.escape(words["missing"])}">'
    return f"{opening}{citation.label or _literal(citation.target)}</span>"


def _literal(text: str) -> str:
    """Return Markdown for a plain text, in which no extension finds anything to convert."""
    return _ACTIVE.sub(lambda match: f"&#{ord(match[0])};", text)
