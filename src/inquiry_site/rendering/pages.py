"""Which pages there are."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from markupsafe import Markup

from inquiry_site.config import Config
from inquiry_site.diagnostics import Diagnostic
from inquiry_site.html.sanitize import clean, find_unsafe, may_have_lost, unsafe_parts
from inquiry_site.knowledge import Knowledge
from inquiry_site.model import AnyDocument, InquiringLine, ParsedDocument
from inquiry_site.parsing.parser import is_id
from inquiry_site.rendering.body.balance import balance_tags
from inquiry_site.rendering.body.math import render_math
from inquiry_site.rendering.body.placeholders import Placeholder, fill_placeholders, strip_placeholder_references
from inquiry_site.rendering.body.resolve import resolve_body
from inquiry_site.rendering.i18n import Translations
from inquiry_site.rendering.templates import Templates
from inquiry_site.rendering.urls import HOME, PageLocation, SiteUrls, relative_url
from inquiry_site.rendering.views.builder import LinkView, ReferenceCache, ViewBuilder
from inquiry_site.rendering.views.collections import IndexView, index_hrefs, index_view, source_view, topic_view
from inquiry_site.rendering.views.documents import line_view, note_view
from inquiry_site.rendering.views.health import health_view
from inquiry_site.rendering.views.map import MapView, map_view

HEALTH, MAP = "health", "map"
INDEXES = ("lines", "notes", "sources", "topics")
OVERVIEW_PATHS = frozenset(SiteUrls().page(name).path for name in (HOME, *INDEXES, MAP, HEALTH))
"""Paths of the pages that tell of the whole site."""

_LONGEST = 200
"""Bytes of a redirect's path: a longer alias is another title, and no disk would take it as a name."""


@dataclass(frozen=True, slots=True)
class PageContext:
    """What a page says, before the author's Markdown in it becomes HTML."""

    template: str
    context: Mapping[str, Any] = field(repr=False)
    """The view, under the name of its kind."""
    markdown: str = ""
    """The author's Markdown with a mark for each citation; empty for pages that no author wrote."""
    placeholders: tuple[Placeholder, ...] = field(default=(), repr=False)
    """What stands in the place of the marks once the Markdown is converted."""
    is_trusted: bool = False
    """Whether the author's HTML is published as it is written."""
    reported: frozenset[str] = frozenset()
    """What the check reports as unsafe in the author's HTML, as ``unsafe_parts`` names it."""

    def render(self, templates: Templates, prose: str, lost: Callable[[str], None] | None = None) -> str:
        """The page's HTML.

        Args:
            templates: the site's templates.
            prose: ``self.prose`` as HTML.
            lost: called with each unsafe part of that HTML that no check could report.

        Raises:
            BrokenTemplateError: the template cannot be used.
        """
        filled = Markup(fill_placeholders(self._body(prose, lost), self.placeholders))  # noqa: S704 - cleaned, or of trusted authors
        return templates.render(self.template, {**self.context, "prose": filled})

    def _body(self, prose: str, lost: Callable[[str], None] | None) -> str:
        if self.is_trusted:
            return render_math(balance_tags(prose) if "<" in self.markdown else prose)
        converted = render_math(strip_placeholder_references(prose))
        cleaned = clean(converted)
        if lost and may_have_lost(converted, cleaned):
            for part in sorted({*find_unsafe(converted)} - self.reported):
                lost(part)
        return cleaned


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the site: where it stands, and what writes it."""

    path: str
    """As a Markdown file of a docs tree: ``notes/x.md``."""
    url: str
    """Relative to the site's root; empty for the home page."""
    file: str
    """As a file of the built site: ``notes/x/index.html``."""
    title: str
    description: str
    template: str
    write: Callable[[], PageContext] = field(repr=False, compare=False)
    """Works out what it says, anew at each call: of all pages together that is more than what it is made of."""
    source: str = ""
    """Path of the file that the page came from; empty for pages that no author wrote."""
    tags: tuple[str, ...] = ()
    day: dt.date | None = None
    """When its content last changed, as its author says."""


def unwritten() -> PageContext:
    """What a page says of which only the place is known.

    Raises:
        LookupError: always.
    """
    raise LookupError("this page is known by its place alone")


def render_pages(
    knowledge: Knowledge, config: Config, words: Translations, faulty: Iterable[FaultyFile] = ()
) -> tuple[Page, ...]:
    """Every page of the site: home and indexes, then lines, notes, sources and topics in the order of their names.

    Args:
        knowledge: what the pages show.
        config: the settings.
        words: the site's language.
        faulty: files that could not be parsed into documents and keep their addresses all the same, as in a preview.
    """
    pages = SitePages(knowledge, config, words)
    return (*pages.all(), *pages.of_faulty(faulty))


class SitePages:
    """What the pages of one site have in common."""

    def __init__(self, knowledge: Knowledge, config: Config, words: Translations) -> None:
        self._knowledge = knowledge
        self._config = config
        self._words = words
        self._addresses = SiteUrls(config.use_directory_urls, config.docs_dir)
        self._records = ReferenceCache(knowledge, words)
        self._indexes: dict[int, IndexView] = {}
        self._map: MapView | None = None

    def all(self) -> Iterator[Page]:
        """Yield every page but those of faulty files."""
        knowledge, addresses = self._knowledge, self._addresses
        yield self._page(addresses.page(HOME), self._config.site_name, "home.html", {"index": self._index})
        for name in INDEXES:
            yield self._page(addresses.page(name), self._words[name], f"{name}.html", {"index": self._index})
        yield self._page(addresses.page(MAP), self._words[MAP], "map.html", {"map": self._map_view})
        yield self._page(addresses.page(HEALTH), self._words[HEALTH], "health.html", {"health": health_view})
        yield from map(self._document, knowledge.graph.lines)
        yield from map(self._document, knowledge.graph.notes)
        for source in knowledge.bibliography.sources.values():
            views: _Views = {"source": partial(source_view, source), "site": index_hrefs}
            yield self._page(addresses.source(source.key), source.reference.title, "source.html", views)
        for topic in knowledge.topics.by_slug.values():
            views = {"topic": partial(topic_view, topic), "site": index_hrefs}
            yield self._page(addresses.topic(topic.slug), topic.name, "topic.html", views)

    def of_faulty(self, files: Iterable[FaultyFile]) -> Iterator[Page]:
        """A page for each file, unless its name is no id or the id belongs to a document."""
        taken = set(self._knowledge.graph.documents)
        for parsed, problems in files:
            if is_id(parsed.id) and parsed.id not in taken:
                taken.add(parsed.id)
                view = FaultyView(parsed.path, tuple(problems))
                address = self._addresses.page(parsed.kind.value, parsed.id)
                page = self._page(address, parsed.id, "faulty.html", {"file": partial(_constant, view)})
                yield replace(page, source=parsed.path)

    def _desk(self, address: PageLocation) -> ViewBuilder:
        return ViewBuilder(self._knowledge, self._addresses, self._config, self._records, address.url, self._words)

    def _index(self, place: ViewBuilder) -> IndexView:
        # Links depend only on how deep a page stands, and the indexes all stand at one depth.
        depth = place.url.count("/")
        if depth not in self._indexes:
            self._indexes[depth] = index_view(place)
        return self._indexes[depth]

    def _map_view(self, place: ViewBuilder) -> MapView:
        if self._map is None:
            self._map = map_view(place)
        return self._map

    def _page(self, address: PageLocation, title: str, template: str, views: _Views) -> Page:
        def write() -> PageContext:
            place = self._desk(address)
            return PageContext(template, {name: view(place) for name, view in views.items()})

        description = self._config.site_description if template == "home.html" else ""
        return Page(address.path, address.url, address.file, title, description, template, write)

    def _document(self, document: AnyDocument) -> Page:
        address = self._addresses.document(document)
        answer = document.answer if isinstance(document, InquiringLine) else ""
        return Page(
            path=address.path,
            url=address.url,
            file=address.file,
            title=document.title,
            description=answer or document.description,
            template=f"{document.kind.noun}.html",
            write=partial(self._write_document, document, address),
            source=document.path,
            tags=document.tags,
            day=document.updated or document.date,
        )

    def _write_document(self, document: AnyDocument, address: PageLocation) -> PageContext:
        place = self._desk(address)
        prose = resolve_body(document, self._knowledge, self._addresses, self._words)
        view = line_view(document, place) if isinstance(document, InquiringLine) else note_view(document, place)
        context = {document.kind.noun: view, "site": index_hrefs(place)}
        return PageContext(
            template=f"{document.kind.noun}.html",
            context=context,
            markdown=prose.markdown,
            placeholders=prose.placeholders,
            is_trusted=self._config.html == "trusted",
            reported=frozenset(part for tag in document.body.tags for part in unsafe_parts(tag.name, tag.attributes)),
        )


FaultyFile = tuple[ParsedDocument, Iterable[Diagnostic]]
"""A file that could not be parsed into a document, with what is wrong with it."""


@dataclass(frozen=True, slots=True)
class FaultyView:
    """A file that cannot be shown until its errors are fixed, with its findings."""

    path: str
    problems: tuple[Diagnostic, ...]


def _constant(view: FaultyView, _: ViewBuilder) -> FaultyView:
    return view


_Views = Mapping[str, Callable[[ViewBuilder], object]]


@dataclass(frozen=True, slots=True)
class Redirect:
    """A former address and where it leads now."""

    path: str
    """As a file of the built site."""
    html: str


def render_redirects(knowledge: Knowledge, config: Config, templates: Templates) -> tuple[Redirect, ...]:
    """A page for each alias that is a former id, at the address that the page once had."""
    addresses = SiteUrls(config.use_directory_urls, config.docs_dir)
    found: dict[str, Redirect] = {}
    for document in knowledge.graph.documents.values():
        for alias in document.aliases:
            alias = unicodedata.normalize("NFC", alias)
            if not is_id(alias) or alias in knowledge.graph.documents:
                continue
            old = addresses.page(document.kind.value, alias)
            if len(old.file.encode()) > _LONGEST:
                continue
            target = LinkView(document.title, relative_url(old.url, addresses.document(document).url))
            found.setdefault(old.file, Redirect(old.file, templates.render("redirect.html", {"target": target})))
    return tuple(found.values())
