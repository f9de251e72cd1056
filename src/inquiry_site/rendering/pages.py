"""Which pages there are."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from inquiry_site.config import Config
from inquiry_site.knowledge import Knowledge
from inquiry_site.model import AnyDocument, InquiringLine
from inquiry_site.parsing.documents import is_id
from inquiry_site.rendering.addresses import HOME, Address, Addresses, relative
from inquiry_site.rendering.contained import contained
from inquiry_site.rendering.formulas import set_formulas
from inquiry_site.rendering.marks import Mark, fill_marks
from inquiry_site.rendering.prose import resolve_prose
from inquiry_site.rendering.templates import Templates
from inquiry_site.rendering.views.collections import IndexView, index_hrefs, index_view, source_view, topic_view
from inquiry_site.rendering.views.documents import line_view, note_view
from inquiry_site.rendering.views.health import health_view
from inquiry_site.rendering.views.map import map_view
from inquiry_site.rendering.views.parts import Desk, LinkView, reference_records
from inquiry_site.rendering.words import Words

HEALTH, MAP = "health", "map"
INDEXES = ("lines", "notes", "sources", "topics")

_LONGEST = 200
"""Bytes of a redirect's path: a longer alias is another title, and no disk would take it as a name."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the site, before the author's Markdown in it becomes HTML."""

    path: str
    """As a Markdown file of a docs tree: ``notes/x.md``."""
    url: str
    """Relative to the site's root; empty for the home page."""
    title: str
    description: str
    template: str
    context: Mapping[str, Any] = field(repr=False)
    """The view, under the name of its kind."""
    prose: str = ""
    """The author's Markdown with a mark for each citation; empty for pages that no author wrote."""
    marks: tuple[Mark, ...] = field(default=(), repr=False)
    """What stands in the place of the marks once the Markdown is converted."""
    source: str = ""
    """Path of the file that the page came from; empty for pages that no author wrote."""
    tags: tuple[str, ...] = ()
    day: dt.date | None = None
    """When its content last changed, as its author says."""

    def render(self, templates: Templates, prose: str) -> str:
        """The page's HTML.

        Args:
            templates: the site's templates.
            prose: ``self.prose`` as HTML.

        Raises:
            BrokenTemplateError: the template cannot be used.
        """
        own = contained(prose) if "<" in self.prose else prose
        filled = Markup(fill_marks(set_formulas(own), self.marks))  # noqa: S704 - converted Markdown
        return templates.render(self.template, {**self.context, "prose": filled})


def render_pages(knowledge: Knowledge, config: Config, words: Words) -> tuple[Page, ...]:
    """Every page of the site: home and indexes, then lines, notes, sources and topics in the order of their names."""
    addresses = Addresses(config.use_directory_urls, config.docs_dir)
    records = reference_records(knowledge, words)

    def desk(address: Address) -> Desk:
        return Desk(knowledge, addresses, config, records, address.url, words)

    return (
        *_indexes(addresses, desk),
        *(_document_page(line, addresses, desk) for line in knowledge.graph.lines),
        *(_document_page(note, addresses, desk) for note in knowledge.graph.notes),
        *_source_pages(knowledge, addresses, desk),
        *_topic_pages(knowledge, addresses, desk),
    )


_DeskAt = Callable[[Address], Desk]


def _indexes(addresses: Addresses, desk: _DeskAt) -> Iterator[Page]:
    views: dict[int, IndexView] = {}
    for name in (HOME, *INDEXES):
        address = addresses.page(name)
        place = desk(address)
        # Links depend only on how deep a page stands, and the indexes all stand at one depth.
        depth = address.url.count("/")
        if depth not in views:
            views[depth] = index_view(place)
        title = place.config.site_name if name == HOME else place.words[name]
        template = "home.html" if name == HOME else f"{name}.html"
        description = place.config.site_description if name == HOME else ""
        yield Page(address.path, address.url, title, description, template, {"index": views[depth]})
    address = addresses.page(MAP)
    place = desk(address)
    yield Page(address.path, address.url, place.words[MAP], "", "map.html", {"map": map_view(place)})
    address = addresses.page(HEALTH)
    place = desk(address)
    yield Page(address.path, address.url, place.words[HEALTH], "", "health.html", {"health": health_view(place)})


def _document_page(document: AnyDocument, addresses: Addresses, desk: _DeskAt) -> Page:
    address = addresses.document(document)
    place = desk(address)
    prose = resolve_prose(document, place.knowledge, addresses, place.words)
    view = line_view(document, place) if isinstance(document, InquiringLine) else note_view(document, place)
    return Page(
        path=address.path,
        url=address.url,
        title=document.title,
        description=document.answer or document.description
        if isinstance(document, InquiringLine)
        else document.description,
        template=f"{document.kind.noun}.html",
        context={document.kind.noun: view, "site": index_hrefs(place)},
        prose=prose.markdown,
        marks=prose.marks,
        source=document.path,
        tags=document.tags,
        day=document.updated or document.date,
    )


def _source_pages(knowledge: Knowledge, addresses: Addresses, desk: _DeskAt) -> Iterator[Page]:
    for source in knowledge.bibliography.sources.values():
        address = addresses.source(source.key)
        place = desk(address)
        context = {"source": source_view(source, place), "site": index_hrefs(place)}
        yield Page(address.path, address.url, source.reference.title, "", "source.html", context)


def _topic_pages(knowledge: Knowledge, addresses: Addresses, desk: _DeskAt) -> Iterator[Page]:
    for topic in knowledge.topics.by_slug.values():
        address = addresses.topic(topic.slug)
        place = desk(address)
        context = {"topic": topic_view(topic, place), "site": index_hrefs(place)}
        yield Page(address.path, address.url, topic.name, "", "topic.html", context)


@dataclass(frozen=True, slots=True)
class Redirect:
    """A former address and where it leads now."""

    path: str
    """As a file of the built site."""
    html: str


def render_redirects(knowledge: Knowledge, config: Config, templates: Templates) -> tuple[Redirect, ...]:
    """A page for each alias that is a former id, at the address that the page once had."""
    addresses = Addresses(config.use_directory_urls, config.docs_dir)
    found: dict[str, Redirect] = {}
    for document in knowledge.graph.documents.values():
        for alias in document.aliases:
            alias = unicodedata.normalize("NFC", alias)
            if not is_id(alias) or alias in knowledge.graph.documents:
                continue
            old = addresses.page(document.kind.value, alias)
            path = old.path.removesuffix(".md") + ("/index.html" if config.use_directory_urls else ".html")
            if len(path.encode()) > _LONGEST:
                continue
            target = LinkView(document.title, relative(old.url, addresses.document(document).url))
            found.setdefault(path, Redirect(path, templates.render("redirect.html", {"target": target})))
    return tuple(found.values())
