"""Resolve the citations of a hand-written page to ordinary links, which the engine converts and validates.

Such a page may be converted more than once, for example as an excerpt on another page, so its links are relative to
its source file rather than to its URL.
"""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from inquiry_site.body_syntax import FileReferenceStyle
from inquiry_site.config import Config
from inquiry_site.knowledge import Knowledge
from inquiry_site.model import AnyDocument, Body, Citation, CitationStyle, InquiringLine
from inquiry_site.names import Outcome, Resolution
from inquiry_site.parsing.docs_page import may_need_resolving
from inquiry_site.parsing.file_references import is_picture, picture_label
from inquiry_site.parsing.markdown import scan_body
from inquiry_site.rendering.i18n import Translations
from inquiry_site.rendering.urls import SiteUrls

_ACTIVE = re.compile(r"[!-+\--/:->@\[-`{-~]")
"""ASCII punctuation but commas and question marks: any of it may mean something to a Markdown extension."""


def scan_page(markdown: str, path: str) -> Body | None:
    """Return what a hand-written page contains, or None if there is nothing to resolve in it.

    Args:
        markdown: the page without its frontmatter.
        path: the page's path in the docs folder.
    """
    if not may_need_resolving(markdown):
        return None
    body = scan_body(markdown, 0, path)
    has_citations = any(citation.style is not CitationStyle.LINK for citation in body.citations)
    has_files = any(reference.style is not FileReferenceStyle.SOURCE for reference in body.files)
    return body if has_citations or has_files or any(_comments(body)) else None


def resolve_page(body: Body, path: str, knowledge: Knowledge, words: Translations, config: Config) -> str:
    """Return the Markdown of a hand-written page with every citation replaced by a link, and without ``%%`` comments.

    Args:
        body: the page, as scanned by ``scan_page``.
        path: the page's path in the docs folder.
        knowledge: resolves the citations.
        words: the UI strings.
        config: the settings.
    """
    pieces = [*_comments(body), *_files(body, path, knowledge, config)]
    pieces += [
        (citation.start, citation.end, _citation(citation, body, path, knowledge, words, config))
        for citation in body.citations
        if citation.style is not CitationStyle.LINK
    ]
    return "".join(_replaced(body.text, sorted(pieces)))


def _replaced(markdown: str, pieces: Iterable[tuple[int, int, str]]) -> Iterator[str]:
    position = 0
    for start, end, replacement in pieces:
        if start >= position:
            yield markdown[position:start]
            yield replacement
            position = end
    yield markdown[position:]


def _comments(body: Body) -> Iterator[tuple[int, int, str]]:
    """Yield the line breaks of each comment between percent signs."""
    for start, end in body.comments:
        if body.text.startswith("%%", start):
            yield start, end, "\n" * body.text.count("\n", start, end)


def _files(body: Body, path: str, knowledge: Knowledge, config: Config) -> Iterator[tuple[int, int, str]]:
    """Yield a picture or a link for each ``[[…]]`` with the name of a file; its width is left to the page."""
    for reference in body.files:
        found = knowledge.graph.files.find(reference, f"{config.docs_dir}/{path}").path
        if found and reference.style is not FileReferenceStyle.SOURCE:
            published = found.removeprefix(f"{config.docs_dir}/")
            file = quote(posixpath.relpath(published, posixpath.dirname(path) or "."))
            name = posixpath.basename(found)
            if reference.style is FileReferenceStyle.SHOWN and is_picture(name):
                words = picture_label(reference.label)[0] or posixpath.splitext(name)[0]
                yield reference.start, reference.end, f"![{_literal(words)}]({file})"
            else:
                yield reference.start, reference.end, f"[{reference.label or _literal(name)}]({file})"


def _citation(
    citation: Citation, body: Body, path: str, knowledge: Knowledge, words: Translations, config: Config
) -> str:
    if citation.target.startswith("#"):
        text = " ".join(citation.target[1:].split())
        explicit = {heading.text.casefold(): heading.explicit_id for heading in body.headings}
        identifier = explicit.get(text.casefold()) or config.slugify(text, "-")
        return f"[{citation.label or _literal(text)}](#{quote(identifier)})"
    resolution = knowledge.graph.resolve(citation)
    target = knowledge.graph.documents.get(resolution.id) if resolution.outcome is Outcome.FOUND else None
    if target is None:
        return _missing(citation, words)
    if citation.style is CitationStyle.CARD:
        return _card(_link("", resolution, target, path), target, knowledge)
    return _link(citation.label, resolution, target, path)


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
