"""An author's Markdown with its citations resolved: Markdown still, with a link or a card in the place of each."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Callable, Iterator

from inquiry_site.graph import Resolution
from inquiry_site.knowledge import Knowledge
from inquiry_site.model import AnyDocument, Citation, CitationStyle, InquiringLine, Link, Note
from inquiry_site.rendering.addresses import Addresses, relative

# Everything that Markdown or one of its extensions could read as markup becomes a character reference.
_ACTIVE = re.compile(r"[\\`*_{}\[\]()#+!~^=|$:@]|--|\.\.\.")

Href = Callable[[AnyDocument, str], str]


def anchor_of(citation: int) -> str:
    """The id of a citation's place on its page, from its index in the body."""
    return f"iq-c{citation + 1}"


def resolve_prose(document: AnyDocument, knowledge: Knowledge, addresses: Addresses) -> str:
    """The body of a document as Markdown in which every citation is a link.

    The links are inline HTML, so that titles survive whatever Markdown extensions a site uses; other relative
    links are written anew from the place where the page stands rather than the file.
    """
    page = addresses.document(document)

    def href(target: AnyDocument, heading: str) -> str:
        return relative(page.url, addresses.document(target).url) + (f"#{heading}" if heading else "")

    resolutions = knowledge.graph.citations[document.id]
    pieces: list[tuple[int, int, str]] = [
        (citation.start, citation.end, _citation(number, citation, resolution, knowledge, href))
        for number, (citation, resolution) in enumerate(zip(document.body.citations, resolutions, strict=True))
    ]
    pieces += [
        (link.start, link.end, _moved(link, document.path, page.path, addresses.docs_dir))
        for link in document.body.links
    ]
    return "".join(_replaced(document, sorted(pieces)))


def _replaced(document: AnyDocument, pieces: list[tuple[int, int, str]]) -> Iterator[str]:
    text, offset = document.body.text, document.body.offset
    position = 0
    for start, end, replacement in pieces:
        if start - offset >= position:
            yield text[position : start - offset]
            yield replacement
            position = end - offset
    yield text[position:]


def _citation(number: int, citation: Citation, resolution: Resolution, knowledge: Knowledge, href: Href) -> str:
    target = knowledge.graph.documents.get(resolution.id)
    if target is None:
        return _unresolved(citation, resolution)
    link = href(target, resolution.heading)
    words = citation.words or inert(target.title)
    if citation.style is CitationStyle.CARD:
        return _card(anchor_of(number), link, target, knowledge)
    return f'<a class="iq-cite" id="{anchor_of(number)}" href="{link}">{words}</a>'


def _unresolved(citation: Citation, resolution: Resolution) -> str:
    words = citation.words or inert(resolution.id or citation.target)
    return f'<span class="iq-missing" title="This citation leads nowhere yet">{words}</span>'


def _card(anchor: str, link: str, target: AnyDocument, knowledge: Knowledge) -> str:
    """A card in inline elements only: it may stand in a paragraph, a list or a cell."""
    claim = target.answer or target.description if isinstance(target, InquiringLine) else target.description
    lines = [
        f'<a class="iq-card-title" href="{link}">{inert(target.title)}</a>',
        f'<span class="iq-card-claim">{inert(claim)}</span>',
    ]
    if isinstance(target, Note):
        for source in knowledge.bibliography.of_note.get(target.id, ()):
            reference = knowledge.bibliography.sources[source.key].reference
            lines.append(f'<span class="iq-card-source">{inert(reference.title)}, {reference.year}</span>')
    return f'<span class="iq-card" id="{anchor}">{" ".join(lines)}</span>'


def inert(text: str) -> str:
    """Text as HTML that neither HTML nor Markdown reads as markup."""
    return _ACTIVE.sub(lambda match: "".join(f"&#{ord(char)};" for char in match[0]), html.escape(text, quote=False))


def _moved(link: Link, source: str, page: str, docs_dir: str) -> str:
    """A relative destination, read from the file and written from the page; the docs folder is the site's root."""
    place, mark, rest = re.match(r"([^?#]*)([?#]?)(.*)", link.destination, re.DOTALL).groups()  # type: ignore[union-attr]
    target = posixpath.normpath(posixpath.join(posixpath.dirname(source), place)).removeprefix(f"{docs_dir}/")
    return posixpath.relpath(target, posixpath.dirname(page)) + mark + rest
