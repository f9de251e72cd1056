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
from inquiry_site.rendering.addresses import Addresses, relative
from inquiry_site.rendering.marks import Mark, Marks, without_marks
from inquiry_site.rendering.words import Words, direction_of

_ATTRIBUTES = re.compile(r"\{[^{}]*\}$")
_GIVEN_ID = re.compile(r"#[^\s{}]+")
_SIGNS = re.compile(r"[ ]{0,3}#{1,6}(?=[ \t]|$)[ \t]*")


def anchor_of(citation: int) -> str:
    """The id of a citation's place on its page, from its index in the body."""
    return f"iq-c{citation + 1}"


@dataclass(frozen=True, slots=True)
class Prose:
    """A body ready to be converted."""

    markdown: str
    marks: tuple[Mark, ...]
    """What stands in the converted body in the place of the marks in the Markdown."""


def resolve_prose(document: AnyDocument, knowledge: Knowledge, addresses: Addresses, words: Words) -> Prose:
    """The body of a document as Markdown in which a mark stands for each citation and the id of each heading.

    Other relative links are written anew from the place where the page stands rather than the file.
    """
    page = addresses.document(document)
    setting = _Setting(knowledge, addresses, page.url, words, direction_of(document.title) in {"", words.direction})
    resolutions = knowledge.graph.citations[document.id]
    sources = {entry.note: number for number, entry in enumerate(knowledge.sources.get(document.id, ()), 1)}
    pieces: list[tuple[int, int, str]] = [
        (
            citation.start,
            citation.end,
            _citation(anchor_of(number), sources.get(resolution.id, 0), citation, resolution, setting),
        )
        for number, (citation, resolution) in enumerate(zip(document.body.citations, resolutions, strict=True))
    ]
    pieces += [
        (link.start, link.end, _moved(link, document.path, page.path, addresses.docs_dir))
        for link in document.body.links
    ]
    if document.body.headings:
        pieces += _heading_ids(document, knowledge.graph.heading_ids[document.id], setting.marks)
    return Prose("".join(_replaced(document, sorted(pieces))), setting.marks.all)


@dataclass(frozen=True, slots=True)
class _Setting:
    """What every citation of a page is made with."""

    knowledge: Knowledge
    addresses: Addresses
    url: str
    words: Words
    runs_with_page: bool
    """Whether the author writes in the direction in which the page is laid out."""
    marks: Marks = field(default_factory=Marks)

    def href(self, target: AnyDocument, heading: str) -> str:
        place = relative(self.url, self.addresses.document(target).url)
        return place + (f"#{html.escape(heading.replace('%', '%25'))}" if heading else "")

    def direction(self, text: str) -> str:
        """The attribute that keeps a text in its own direction where its surroundings may run the other way."""
        return self.words.aside(text) if self.runs_with_page else ' dir="auto"'


def _replaced(document: AnyDocument, pieces: list[tuple[int, int, str]]) -> Iterator[str]:
    text, offset = document.body.text, document.body.offset
    position = 0
    for start, end, replacement in pieces:
        if start - offset >= position:
            yield without_marks(text[position : start - offset])
            yield replacement
            position = end - offset
    yield without_marks(text[position:])


def _heading_ids(document: AnyDocument, ids: Iterable[str], marks: Marks) -> Iterator[tuple[int, int, str]]:
    """A mark behind the words of each heading; an id given by hand is taken out, for not every site reads it."""
    layout = find_blocks(document.body.text)
    for block, identifier in zip((block for block in layout.blocks if block.is_heading), ids, strict=True):
        written = layout.prose[block.start : block.end].rstrip()
        start = document.body.offset + block.start
        attributes = _ATTRIBUTES.search(written)
        end = start + _end_of_words(written[: attributes.start()] if attributes else written)
        yield end, end, marks.set(Mark(id=identifier))
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


def _citation(anchor: str, source: int, citation: Citation, resolution: Resolution, setting: _Setting) -> str:
    """What stands for a citation; ``source`` is its number in the page's Sources, 0 where it has none."""
    target = setting.knowledge.graph.documents.get(resolution.id)
    if target is None:
        return _unresolved(citation, resolution, setting)
    link = setting.href(target, resolution.heading)
    if citation.style is CitationStyle.CARD:
        return setting.marks.set(Mark(_card(anchor, link, target, setting), text=target.title, id=anchor))
    numbered = f' data-n="{source}"' if source else ""
    opening = f'<a class="iq-cite" id="{anchor}" href="{link}"{numbered}'
    if citation.words:
        return setting.marks.set(Mark(f"{opening}>", "</a>", id=anchor), without_marks(citation.words))
    shown = f"{opening}{setting.direction(target.title)}>{_escaped(target.title)}</a>"
    return setting.marks.set(Mark(shown, text=target.title, id=anchor))


def _unresolved(citation: Citation, resolution: Resolution, setting: _Setting) -> str:
    opening = f'<span class="iq-missing" title="{html.escape(setting.words["missing"])}">'
    if citation.words:
        return setting.marks.set(Mark(opening, "</span>"), without_marks(citation.words))
    words = resolution.id or citation.target
    return setting.marks.set(Mark(f"{opening}{_escaped(words)}</span>", text=words))


def _card(anchor: str, link: str, target: AnyDocument, setting: _Setting) -> str:
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


def _moved(link: Link, source: str, page: str, docs_dir: str) -> str:
    """A relative destination, read from the file and written from the page; the docs folder is the site's root."""
    place, mark, rest = re.match(r"([^?#]*)([?#]?)(.*)", link.destination, re.DOTALL).groups()  # type: ignore[union-attr]
    target = posixpath.normpath(posixpath.join(posixpath.dirname(source), place)).removeprefix(f"{docs_dir}/")
    return posixpath.relpath(target, posixpath.dirname(page)) + mark + rest
