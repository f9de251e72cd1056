"""An author's Markdown with its citations resolved: Markdown still, with a mark in the place of each."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from inquiry_site.graph import Resolution
from inquiry_site.knowledge import Knowledge
from inquiry_site.model import AnyDocument, Citation, CitationStyle, InquiringLine, Link, Note
from inquiry_site.parsing.blocks import find_blocks
from inquiry_site.rendering.body.placeholders import Placeholder, Placeholders, strip_placeholders
from inquiry_site.rendering.i18n import Translations, direction_of
from inquiry_site.rendering.urls import SiteUrls, relative_url

_ATTRIBUTES = re.compile(r"\{[^{}]*\}$")
_GIVEN_ID = re.compile(r"#[^\s{}]+")
_SIGNS = re.compile(r"[ ]{0,3}#{1,6}(?=[ \t]|$)[ \t]*")


def anchor_of(citation: int) -> str:
    """The id of a citation's place on its page, from its index in the body."""
    return f"iq-c{citation + 1}"


@dataclass(frozen=True, slots=True)
class ResolvedBody:
    """A body ready to be converted."""

    markdown: str
    placeholders: tuple[Placeholder, ...]
    """What stands in the converted body in the place of the marks in the Markdown."""


def resolve_body(document: AnyDocument, knowledge: Knowledge, addresses: SiteUrls, words: Translations) -> ResolvedBody:
    """The body of a document as Markdown in which a mark stands for each citation and the id of each heading.

    Other relative links are written anew from the place where the page stands rather than the file.
    """
    page = addresses.document(document)
    setting = _LinkContext(knowledge, addresses, page.url, words, direction_of(document.title) in {"", words.direction})
    resolutions = knowledge.graph.citations[document.id]
    sources = {entry.note: number for number, entry in enumerate(knowledge.sources.get(document.id, ()), 1)}
    pieces: list[tuple[int, int, str]] = [
        (
            citation.start,
            citation.end,
            _citation_placeholder(anchor_of(number), sources.get(resolution.id, 0), citation, resolution, setting),
        )
        for number, (citation, resolution) in enumerate(zip(document.body.citations, resolutions, strict=True))
    ]
    pieces += [
        (link.start, link.end, _rebase_link(link, document.path, page.path, addresses.docs_dir))
        for link in document.body.links
    ]
    if document.body.headings:
        pieces += _heading_placeholders(document, knowledge.graph.heading_ids[document.id], setting.placeholders)
    return ResolvedBody("".join(_replace_spans(document, sorted(pieces))), setting.placeholders.all)


@dataclass(frozen=True, slots=True)
class _LinkContext:
    """What every citation of a page is made with."""

    knowledge: Knowledge
    addresses: SiteUrls
    url: str
    words: Translations
    runs_with_page: bool
    """Whether the author writes in the direction in which the page is laid out."""
    placeholders: Placeholders = field(default_factory=Placeholders)

    def href(self, target: AnyDocument, heading: str) -> str:
        place = relative_url(self.url, self.addresses.document(target).url)
        return place + (f"#{html.escape(heading.replace('%', '%25'))}" if heading else "")

    def direction(self, text: str) -> str:
        """The attribute that keeps a text in its own direction where its surroundings may run the other way."""
        return self.words.aside(text) if self.runs_with_page else ' dir="auto"'


def _replace_spans(document: AnyDocument, pieces: list[tuple[int, int, str]]) -> Iterator[str]:
    text, offset = document.body.text, document.body.offset
    position = 0
    for start, end, replacement in pieces:
        if start - offset >= position:
            yield strip_placeholders(text[position : start - offset])
            yield replacement
            position = end - offset
    yield strip_placeholders(text[position:])


def _heading_placeholders(
    document: AnyDocument, ids: Iterable[str], marks: Placeholders
) -> Iterator[tuple[int, int, str]]:
    """A mark behind the words of each heading; an id given by hand is taken out, for not every site reads it."""
    layout = find_blocks(document.body.text)
    for block, identifier in zip((block for block in layout.blocks if block.is_heading), ids, strict=True):
        written = layout.prose[block.start : block.end].rstrip()
        start = document.body.offset + block.start
        attributes = _ATTRIBUTES.search(written)
        end = start + _end_of_words(written[: attributes.start()] if attributes else written)
        yield end, end, marks.add(Placeholder(id=identifier))
        if attributes and _GIVEN_ID.search(attributes[0]):
            others = _GIVEN_ID.sub("", attributes[0], count=1)[1:-1].strip()
            kept = f" {{{others}}}" if others.strip(":") else ""
            yield end, start + attributes.end(), kept


def _end_of_words(heading: str) -> int:
    """Where the words of a heading end: the signs behind them close it, but for one that is escaped."""
    signs = _SIGNS.match(heading)
    end = len(heading.rstrip(" \t#"))
    slashes = end - len(heading[:end].rstrip("\\"))
    end += slashes % 2 and heading[end : end + 1] == "#"
    return max(end, signs.end() if signs else 0)


def _citation_placeholder(
    anchor: str, source: int, citation: Citation, resolution: Resolution, setting: _LinkContext
) -> str:
    """What stands for a citation; ``source`` is its number in the page's Sources, 0 where it has none."""
    target = setting.knowledge.graph.documents.get(resolution.id)
    if target is None:
        return _unresolved(citation, resolution, setting)
    link = setting.href(target, resolution.heading)
    if citation.style is CitationStyle.CARD:
        return setting.placeholders.add(Placeholder(_card(anchor, link, target, setting), text=target.title, id=anchor))
    numbered = f' data-n="{source}"' if source else ""
    opening = f'<a class="iq-cite" id="{anchor}" href="{link}"{numbered}'
    if citation.label:
        return setting.placeholders.add(
            Placeholder(f"{opening}>", "</a>", id=anchor), strip_placeholders(citation.label)
        )
    shown = f"{opening}{setting.direction(target.title)}>{_escaped(target.title)}</a>"
    return setting.placeholders.add(Placeholder(shown, text=target.title, id=anchor))


def _unresolved(citation: Citation, resolution: Resolution, setting: _LinkContext) -> str:
    opening = f'<span class="iq-missing" title="{html.escape(setting.words["missing"])}">'
    if citation.label:
        return setting.placeholders.add(Placeholder(opening, "</span>"), strip_placeholders(citation.label))
    words = resolution.id or citation.target
    return setting.placeholders.add(Placeholder(f"{opening}{_escaped(words)}</span>", text=words))


def _card(anchor: str, link: str, target: AnyDocument, setting: _LinkContext) -> str:
    """A card in inline elements only: it may stand in a paragraph, a list or a cell."""
    claim = target.answer or target.description if isinstance(target, InquiringLine) else target.description
    lines = [
        f'<a class="iq-card-title" href="{link}"{setting.direction(target.title)}>{_escaped(target.title)}</a>',
        f'<span class="iq-card-claim"{setting.direction(claim)}>{_escaped(claim)}</span>',
    ]
    if isinstance(target, Note):
        bibliography = setting.knowledge.bibliography
        for source in bibliography.of_note.get(target.id, ()):
            reference = bibliography.sources[source.key].reference
            words = f"{_escaped(reference.title)}, {reference.year}"
            lines.append(f'<span class="iq-card-source"{setting.direction(reference.title)}>{words}</span>')
    return f'<span class="iq-card" id="{anchor}">{" ".join(lines)}</span>'


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)


def _rebase_link(link: Link, source: str, page: str, docs_dir: str) -> str:
    """A relative destination, read from the file and written from the page; the docs folder is the site's root."""
    place, mark, rest = re.match(r"([^?#]*)([?#]?)(.*)", link.destination, re.DOTALL).groups()  # type: ignore[union-attr]
    target = posixpath.normpath(posixpath.join(posixpath.dirname(source), place)).removeprefix(f"{docs_dir}/")
    return posixpath.relpath(target, posixpath.dirname(page)) + mark + rest
