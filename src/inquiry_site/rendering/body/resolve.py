"""Resolve the citations of a body: its Markdown with a placeholder for each of them."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from inquiry_site.attachments import Attachment
from inquiry_site.body_syntax import FileReference, FileReferenceStyle
from inquiry_site.knowledge import Knowledge
from inquiry_site.knowledge.standing import Doubt
from inquiry_site.model import AnyDocument, Body, Citation, CitationStyle, InquiringLine, Link, Note, TopicFile
from inquiry_site.names import Resolution
from inquiry_site.parsing.file_references import is_picture, picture_label
from inquiry_site.rendering.body.doubt_marks import doubt_marks
from inquiry_site.rendering.body.placeholders import Placeholder, Placeholders, strip_placeholders
from inquiry_site.rendering.i18n import Translations, direction_of
from inquiry_site.rendering.urls import PageLocation, SiteUrls, relative_url

_ATTRIBUTES = re.compile(r"\{[^{}]*\}$")
_EXPLICIT_ID = re.compile(r"#[^\s{}]+")
_OPENING = re.compile(r"[ ]{0,3}#{1,6}(?=[ \t]|$)[ \t]*")


def anchor_of(citation: int) -> str:
    """Return the id of a citation's anchor on its page, from its index in the body."""
    return f"iq-c{citation + 1}"


@dataclass(frozen=True, slots=True)
class ResolvedBody:
    """A body ready to be converted."""

    markdown: str
    placeholders: tuple[Placeholder, ...]
    """What replaces the placeholders in the converted body."""


def resolve_body(document: AnyDocument, knowledge: Knowledge, urls: SiteUrls, words: Translations) -> ResolvedBody:
    """Return a document's Markdown with a placeholder for each citation and for the id of each heading.

    Other relative links are rebased from the file to its page.

    Args:
        document: a note or line.
        knowledge: resolves its citations.
        urls: where pages are published.
        words: the UI strings.
    """
    graph = knowledge.graph
    sources = {entry.note: number for number, entry in enumerate(knowledge.sources.get(document.id, ()), 1)}
    text = _CitingText(
        document,
        urls.document(document),
        graph.citations[document.id],
        graph.heading_ids.get(document.id, ()),
        knowledge.standing.of_page.get(document.id, ()),
        sources,
    )
    return _resolve(text, knowledge, urls, words)


def resolve_introduction(
    topic: TopicFile, page: PageLocation, knowledge: Knowledge, urls: SiteUrls, words: Translations
) -> ResolvedBody:
    """Return the Markdown of the introduction to a topic, as ``resolve_body`` does for a document.

    Args:
        topic: the topic.
        page: where the page of the topic is published.
        knowledge: resolves the citations.
        urls: where pages are published.
        words: the UI strings.
    """
    graph = knowledge.graph
    text = _CitingText(
        topic,
        page,
        graph.other_citations.get(topic.path, ()),
        graph.topic_heading_ids[topic.path],
        knowledge.standing.of_topic.get(topic.path, ()),
        {},
    )
    return _resolve(text, knowledge, urls, words)


@dataclass(frozen=True, slots=True)
class _CitingText:
    """A text that cites notes and lines, and what is known about it."""

    file: AnyDocument | TopicFile
    page: PageLocation
    resolutions: Sequence[Resolution]
    heading_ids: Sequence[str]
    doubts: Sequence[Doubt]
    sources: Mapping[str, int]
    """The number of each note in the page's Sources."""


def _resolve(text: _CitingText, knowledge: Knowledge, urls: SiteUrls, words: Translations) -> ResolvedBody:
    file, body, graph = text.file, text.file.body, knowledge.graph
    runs_with_page = direction_of(file.title) in {"", words.direction}
    marks = doubt_marks(text.doubts, knowledge.standing.fallen, words)
    context = _LinkContext(file, knowledge, urls, text.page.url, words, runs_with_page, marks)
    pieces: list[tuple[int, int, str]] = [
        (
            citation.start,
            citation.end,
            _citation_placeholder(anchor_of(number), text.sources.get(resolution.id, 0), citation, resolution, context),
        )
        for number, (citation, resolution) in enumerate(zip(body.citations, text.resolutions, strict=True))
    ]
    pieces += [
        (link.start, link.end, _rebase_link(link, file.path, text.page.path, urls.docs_dir)) for link in body.links
    ]
    pieces += _percent_comments(body)
    attachments = graph.attachments.get(file.path if isinstance(file, TopicFile) else file.id, ())
    pieces += [
        (reference.start, reference.end, _file(reference, attachment, context))
        for reference, attachment in zip(body.files, attachments, strict=True)
        if attachment.path or reference.style is not FileReferenceStyle.SOURCE
    ]
    pieces += _heading_placeholders(body, text.heading_ids, context.placeholders)
    return ResolvedBody("".join(_replace_spans(body, sorted(pieces))), context.placeholders.all)


@dataclass(frozen=True, slots=True)
class _LinkContext:
    """What the citations of one page have in common."""

    file: AnyDocument | TopicFile
    knowledge: Knowledge
    urls: SiteUrls
    url: str
    words: Translations
    runs_with_page: bool
    """Whether the author's script runs in the direction of the page."""
    marks: Mapping[str, str]
    """The HTML after each citation of a page in doubt, by the id of that page."""
    placeholders: Placeholders = field(default_factory=Placeholders)

    def href(self, target: AnyDocument, heading: str) -> str:
        return relative_url(self.url, self.urls.document(target).url) + (_fragment(heading) if heading else "")

    def direction(self, text: str) -> str:
        """Return the ``dir`` attribute that a text needs if its surroundings may run the other way."""
        return self.words.aside(text) if self.runs_with_page else ' dir="auto"'


def _replace_spans(body: Body, pieces: list[tuple[int, int, str]]) -> Iterator[str]:
    text, offset = body.text, body.offset
    position = 0
    for start, end, replacement in pieces:
        if start - offset >= position:
            yield strip_placeholders(text[position : start - offset])
            yield replacement
            position = end - offset
    yield strip_placeholders(text[position:])


def _percent_comments(body: Body) -> Iterator[tuple[int, int, str]]:
    """Yield the line breaks of each comment between percent signs, which must never reach a page."""
    text, offset = body.text, body.offset
    for start, end in body.comments:
        if text.startswith("%%", start - offset):
            yield start, end, "\n" * text.count("\n", start - offset, end - offset)


def _heading_placeholders(body: Body, ids: Iterable[str], placeholders: Placeholders) -> Iterator[tuple[int, int, str]]:
    """Yield a placeholder after the words of each heading, and remove explicit ids, which not every site parses."""
    text, offset = body.text, body.offset
    for heading, identifier in zip(body.headings, ids, strict=True):
        written = text[heading.start - offset : heading.end - offset]
        attributes = _ATTRIBUTES.search(written)
        end = heading.start + _end_of_words(written[: attributes.start()] if attributes else written)
        yield end, end, placeholders.add(Placeholder(id=identifier))
        if attributes and _EXPLICIT_ID.search(attributes[0]):
            others = _EXPLICIT_ID.sub("", attributes[0], count=1)[1:-1].strip()
            kept = f" {{{others}}}" if others.strip(":") else ""
            yield end, heading.start + attributes.end(), kept


def _end_of_words(heading: str) -> int:
    """Return where a heading's text ends, before closing number signs; an escaped number sign is part of the text."""
    opening = _OPENING.match(heading)
    end = len(heading.rstrip(" \t#"))
    backslashes = end - len(heading[:end].rstrip("\\"))
    end += backslashes % 2 and heading[end : end + 1] == "#"
    return max(end, opening.end() if opening else 0)


def _citation_placeholder(
    anchor: str, source: int, citation: Citation, resolution: Resolution, context: _LinkContext
) -> str:
    """Return the placeholder of a citation; ``source`` is its number in the page's Sources, 0 if it has none."""
    heading = context.knowledge.graph.own_heading(context.file, resolution)
    if heading:
        return _link_on_page(anchor, heading, citation, _fragment(resolution.heading), context)
    target = context.knowledge.graph.documents.get(resolution.id)
    if target is None:
        return _unresolved(citation, resolution, context)
    link = context.href(target, resolution.heading)
    if citation.style is CitationStyle.CARD:
        return context.placeholders.add(Placeholder(_card(anchor, link, target, context), text=target.title, id=anchor))
    mark = context.marks.get(target.id, "")
    numbered = f' data-n="{source}"' if source else ""
    opening = f'<a class="iq-cite" id="{anchor}" href="{link}"{numbered}'
    if citation.label:
        return context.placeholders.add(
            Placeholder(f"{opening}>", "</a>", id=anchor, following=mark), strip_placeholders(citation.label)
        )
    shown = f"{opening}{context.direction(target.title)}>{_escaped(target.title)}</a>"
    return context.placeholders.add(Placeholder(shown, text=target.title, id=anchor, following=mark))


def _fragment(heading: str) -> str:
    return f"#{html.escape(heading.replace('%', '%25'))}"


def _link_on_page(anchor: str, heading: str, citation: Citation, link: str, context: _LinkContext) -> str:
    """Return the placeholder of a link to a heading on the same page, which is not a citation."""
    opening = f'<a id="{anchor}" href="{link}">'
    if citation.label:
        words = strip_placeholders(citation.label)
        return context.placeholders.add(Placeholder(opening, "</a>", id=anchor), words)
    return context.placeholders.add(Placeholder(f"{opening}{_escaped(heading)}</a>", text=heading, id=anchor))


def _unresolved(citation: Citation, resolution: Resolution, context: _LinkContext) -> str:
    opening = f'<span class="iq-missing" title="{html.escape(context.words["missing"])}">'
    if citation.label:
        return context.placeholders.add(Placeholder(opening, "</span>"), strip_placeholders(citation.label))
    words = resolution.id or citation.target
    return context.placeholders.add(Placeholder(f"{opening}{_escaped(words)}</span>", text=words))


def _file(reference: FileReference, attachment: Attachment, context: _LinkContext) -> str:
    """Return what replaces a reference to a file: the URL in raw HTML, which no engine rebases, or a placeholder."""
    fragment = f"#{reference.fragment}" if reference.fragment else ""
    path = attachment.path.removeprefix(f"{context.urls.docs_dir}/")
    url = html.escape(relative_url(context.url, quote(path)) + quote(fragment, safe="#=&/,"))
    if reference.style is FileReferenceStyle.SOURCE:
        return url
    name = posixpath.basename(reference.target)
    if not attachment.path:
        opening = f'<span class="iq-missing" title="{html.escape(context.words["missing"])}">'
        return context.placeholders.add(Placeholder(f"{opening}{_escaped(name)}</span>", text=name))
    if reference.style is FileReferenceStyle.SHOWN and is_picture(name):
        return context.placeholders.add(_picture(reference.label, posixpath.splitext(name)[0], url))
    if reference.label:
        return context.placeholders.add(Placeholder(f'<a href="{url}">', "</a>"), strip_placeholders(reference.label))
    return context.placeholders.add(Placeholder(f'<a href="{url}">{_escaped(name)}</a>', text=name))


def _picture(label: str, stem: str, url: str) -> Placeholder:
    """Return a picture, described by the words of its label or the stem of its name."""
    alt, width, height = picture_label(label)
    alt = alt or stem
    dimensions = (f' width="{width}"' if width else "") + (f' height="{height}"' if height else "")
    return Placeholder(f'<img alt="{html.escape(alt)}" src="{url}"{dimensions}>', text=alt)


def _card(anchor: str, link: str, target: AnyDocument, context: _LinkContext) -> str:
    """Return a card of inline elements only, because it may be in a paragraph, a list or a cell."""
    claim = target.answer or target.description if isinstance(target, InquiringLine) else target.description
    mark = context.marks.get(target.id, "")
    lines = [
        f'<a class="iq-card-title" href="{link}"{context.direction(target.title)}>{_escaped(target.title)}</a>',
        f'<span class="iq-card-claim"{context.direction(claim)}>{_escaped(claim)}{mark}</span>',
    ]
    if isinstance(target, Note):
        bibliography = context.knowledge.bibliography
        for source in bibliography.of_note.get(target.id, ()):
            reference = bibliography.sources[source.key].reference
            words = f"{_escaped(reference.title)}, {reference.year}"
            lines.append(f'<span class="iq-card-source"{context.direction(reference.title)}>{words}</span>')
    return f'<span class="iq-card" id="{anchor}">{" ".join(lines)}</span>'


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)


def _rebase_link(link: Link, source: str, page: str, docs_dir: str) -> str:
    """Return a relative destination rebased from the file to the page; the docs folder is the site's root."""
    path, separator, rest = re.match(r"([^?#]*)([?#]?)(.*)", link.destination, re.DOTALL).groups()  # type: ignore[union-attr]
    target = posixpath.normpath(posixpath.join(posixpath.dirname(source), path)).removeprefix(f"{docs_dir}/")
    return posixpath.relpath(target, posixpath.dirname(page)) + separator + rest
