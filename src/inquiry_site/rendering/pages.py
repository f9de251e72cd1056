"""Which pages a site has, and the context that each is rendered from."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from inquiry_site.config import Config
from inquiry_site.diagnostics import Diagnostic
from inquiry_site.html.sanitize import unsafe_parts
from inquiry_site.knowledge import Knowledge
from inquiry_site.knowledge.topics import Topic
from inquiry_site.model import AnyDocument, Body, InquiringLine, Kind, ParsedDocument
from inquiry_site.parsing.ids import is_id
from inquiry_site.rendering.body.resolve import ResolvedBody, resolve_body, resolve_introduction
from inquiry_site.rendering.context import PageContext
from inquiry_site.rendering.i18n import Translations
from inquiry_site.rendering.templates import Templates
from inquiry_site.rendering.urls import HOME, PageLocation, SiteUrls, relative_url
from inquiry_site.rendering.views.builder import LinkView, ReferenceCache, ViewBuilder
from inquiry_site.rendering.views.collections import IndexView, index_hrefs, index_view, source_view, topic_view
from inquiry_site.rendering.views.documents import line_view, note_view
from inquiry_site.rendering.views.health import health_view
from inquiry_site.rendering.views.map import MapView, map_view
from inquiry_site.rendering.views.propose import PROPOSE, propose_view
from inquiry_site.text.terms import TermIndex

HEALTH, MAP = "health", "map"
INDEXES = ("lines", "notes", "sources", "topics")
OVERVIEW_PATHS = frozenset(SiteUrls().page(name).path for name in (HOME, *INDEXES, MAP, HEALTH, PROPOSE))
"""Paths of the pages that show the whole site."""

_HIGHEST_HEADING = {Kind.LINE: 2, Kind.NOTE: 3}
"""The level of an author's highest heading. On a line the text follows the question, on a note it is a section."""
_LONGEST_FILE_NAME = 200
"""Maximum bytes of a redirect's path. A longer alias is a title, and most file systems would reject it as a name."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the site: where it is published, and what lists of pages show about it."""

    path: str
    """As a Markdown file of a docs tree: ``notes/x.md``."""
    url: str
    """Relative to the site's root; empty for the home page."""
    file: str
    """As a file of the built site: ``notes/x/index.html``."""
    title: str
    description: str
    template: str
    source: str = ""
    """Path of the note, line or topic file; empty for generated pages."""
    tags: tuple[str, ...] = ()
    day: dt.date | None = None
    """When its author last changed it."""


FaultyFile = tuple[ParsedDocument, Sequence[Diagnostic]]
"""A file that could not be parsed into a document, with its diagnostics."""


@dataclass(frozen=True, slots=True)
class FaultyView:
    """A file that cannot be shown until its errors are fixed, with its diagnostics."""

    path: str
    problems: tuple[Diagnostic, ...]
    is_shown_below: bool = False
    """Whether the last valid version of the file is shown below its problems."""


@dataclass(frozen=True, slots=True)
class MissingView:
    """What is known about an address at which a preview has no page."""

    path: str
    """The file that was shown there until it was deleted or renamed; empty for any other address."""
    now: LinkView | None
    """The page that has the same title now."""


_Views = Mapping[str, Callable[[ViewBuilder], object]]


class _ContextBuilder:
    """Builds the contexts of the pages of one site.

    It must not refer to ``SitePages``: through a reference cycle, a preview would keep the knowledge base of every
    earlier build until a full garbage collection.
    """

    def __init__(self, knowledge: Knowledge, config: Config, translations: Translations) -> None:
        self.urls = SiteUrls(config.use_directory_urls, config.docs_dir)
        self._knowledge = knowledge
        self._config = config
        self._translations = translations
        self._references = ReferenceCache(knowledge, translations)
        self._indexes: dict[int, IndexView] = {}
        self._map: MapView | None = None
        self._terms = TermIndex(knowledge.graph.glossary) if knowledge.graph.glossary else None

    def generated(self, template: str, views: _Views, location: PageLocation) -> PageContext:
        """Build the context of a page without an author."""
        builder = self._view_builder(location)
        return PageContext(template, {name: view(builder) for name, view in views.items()})

    def document(
        self, document: AnyDocument, location: PageLocation, problems: Sequence[Diagnostic] | None = None
    ) -> PageContext:
        """Build the context of a note or line, given the problems of its file if this is its last valid version."""
        builder = self._view_builder(location)
        resolved = resolve_body(document, self._knowledge, self.urls, self._translations)
        view = line_view(document, builder) if isinstance(document, InquiringLine) else note_view(document, builder)
        context = self._with_body(document.kind.noun, view, document.body, resolved, builder)
        notice = None if problems is None else _faulty_context(document.path, problems, is_shown_below=True)
        return replace(context, highest_heading=_HIGHEST_HEADING[document.kind], notice=notice)

    def topic(self, topic: Topic, location: PageLocation) -> PageContext:
        """Build the context of a topic, with the introduction if it has one."""
        builder = self._view_builder(location)
        view = topic_view(topic, builder)
        if topic.file is None:
            return PageContext("topic.html", {"topic": view, "site": index_hrefs(builder)})
        resolved = resolve_introduction(topic.file, location, self._knowledge, self.urls, self._translations)
        return self._with_body("topic", view, topic.file.body, resolved, builder)

    def _with_body(
        self, name: str, view: object, body: Body, resolved: ResolvedBody, builder: ViewBuilder
    ) -> PageContext:
        return PageContext(
            template=f"{name}.html",
            values={name: view, "site": index_hrefs(builder)},
            markdown=resolved.markdown,
            placeholders=resolved.placeholders,
            task_names=(self._translations["task_to_do"], self._translations["task_done"]),
            is_trusted=self._config.html == "trusted",
            reported=frozenset(part for tag in body.tags for part in unsafe_parts(tag.name, tag.attributes)),
            terms=self._terms,
            glossary=builder.href(self.urls.glossary),
        )

    def index_view(self, builder: ViewBuilder) -> IndexView:
        """Build the view of all indexes, once for each depth of URL: links depend on nothing else."""
        depth = builder.url.count("/")
        if depth not in self._indexes:
            self._indexes[depth] = index_view(builder)
        return self._indexes[depth]

    def map_view(self, builder: ViewBuilder) -> MapView:
        """Build the view of the map, once."""
        if self._map is None:
            self._map = map_view(builder)
        return self._map

    def _view_builder(self, location: PageLocation) -> ViewBuilder:
        return ViewBuilder(self._knowledge, self.urls, self._config, self._references, location.url, self._translations)


class SitePages:
    """The pages of one site: home, indexes, lines, notes, sources, topics, then faulty files.

    Attributes:
        pages: every page, in that order.
    """

    def __init__(
        self, knowledge: Knowledge, config: Config, translations: Translations, faulty: Iterable[FaultyFile] = ()
    ) -> None:
        """List the pages without rendering any.

        Args:
            knowledge: what the pages show.
            config: the settings.
            translations: the UI strings.
            faulty: files that could not be parsed; each gets a page at its URL, which a preview needs.
        """
        self._knowledge = knowledge
        self._builder = _ContextBuilder(knowledge, config, translations)
        self._urls = self._builder.urls
        self._contexts: dict[str, Callable[[], PageContext]] = {}
        faulty_files = {file[0].path: file for file in faulty}
        self.pages = (
            *self._overviews(config, translations),
            *self._documents(faulty_files),
            *self._sources_and_topics(),
            *self._faulty(faulty_files.values()),
        )

    def context(self, page: Page) -> PageContext:
        """Build the context of a page. Not cached: all contexts together are larger than the knowledge base.

        Raises:
            KeyError: the page is not one of this site.
        """
        return self._contexts[page.path]()

    def missing(self, url: str, last_valid: Iterable[AnyDocument]) -> MissingView:
        """Build the view of a URL without a page, given the last version of files that may have been there."""
        former = next((document for document in last_valid if self._urls.document(document).url == url), None)
        if former is None:
            return MissingView("", None)
        graph = self._knowledge.graph
        now = graph.documents.get(graph.names.resolve(former.title).id)
        href = relative_url(url, self._urls.document(now).url) if now else ""
        return MissingView(former.path, LinkView(now.title, href) if now else None)

    def _overviews(self, config: Config, translations: Translations) -> Iterator[Page]:
        index: _Views = {"index": self._builder.index_view}
        yield self._generated(self._urls.page(HOME), config.site_name, "home.html", index, config.site_description)
        views: Mapping[str, _Views] = {
            **dict.fromkeys(INDEXES, index),
            MAP: {MAP: self._builder.map_view},
            HEALTH: {HEALTH: health_view},
            PROPOSE: {PROPOSE: propose_view, "site": index_hrefs},
        }
        for name, of_page in views.items():
            yield self._generated(self._urls.page(name), translations[name], f"{name}.html", of_page)

    def _documents(self, faulty: Mapping[str, FaultyFile]) -> Iterator[Page]:
        documents: tuple[AnyDocument, ...] = (*self._knowledge.graph.lines, *self._knowledge.graph.notes)
        for document in documents:
            location = self._urls.document(document)
            problems = faulty[document.path][1] if document.path in faulty else None
            self._contexts[location.path] = partial(self._builder.document, document, location, problems)
            yield _document_page(document, location)

    def _sources_and_topics(self) -> Iterator[Page]:
        for source in self._knowledge.bibliography.sources.values():
            views: _Views = {"source": partial(source_view, source), "site": index_hrefs}
            yield self._generated(self._urls.source(source.key), source.reference.title, "source.html", views)
        for topic in self._knowledge.topics.by_slug.values():
            at = self._urls.topic(topic.slug)
            self._contexts[at.path] = partial(self._builder.topic, topic, at)
            description, path = (topic.file.description, topic.file.path) if topic.file else ("", "")
            yield Page(at.path, at.url, at.file, topic.name, description, "topic.html", path)

    def _faulty(self, files: Iterable[FaultyFile]) -> Iterator[Page]:
        """Yield a page for each file, unless its name is not an id or the id is used by a document."""
        used = set(self._knowledge.graph.documents)
        for parsed, problems in files:
            if is_id(parsed.id) and parsed.id not in used:
                used.add(parsed.id)
                at = self._urls.page(parsed.kind.value, parsed.id)
                self._contexts[at.path] = partial(_faulty_context, parsed.path, problems, is_shown_below=False)
                yield Page(at.path, at.url, at.file, parsed.id, "", "faulty.html", source=parsed.path)

    def _generated(self, at: PageLocation, title: str, template: str, views: _Views, description: str = "") -> Page:
        self._contexts[at.path] = partial(self._builder.generated, template, views, at)
        return Page(at.path, at.url, at.file, title, description, template)


def _faulty_context(path: str, problems: Sequence[Diagnostic], is_shown_below: bool) -> PageContext:
    return PageContext("faulty.html", {"file": FaultyView(path, tuple(problems), is_shown_below)})


def _document_page(document: AnyDocument, location: PageLocation) -> Page:
    answer = document.answer if isinstance(document, InquiringLine) else ""
    return Page(
        path=location.path,
        url=location.url,
        file=location.file,
        title=document.title,
        description=answer or document.description,
        template=f"{document.kind.noun}.html",
        source=document.path,
        tags=document.tags,
        day=document.updated or document.date,
    )


@dataclass(frozen=True, slots=True)
class Redirect:
    """A page at a former URL that leads to the current one."""

    path: str
    """As a file of the built site."""
    html: str


def render_redirects(knowledge: Knowledge, config: Config, templates: Templates) -> tuple[Redirect, ...]:
    """Render a redirect at each former URL: those of aliases that are ids, and of tags that are aliases of topics."""
    urls = SiteUrls(config.use_directory_urls, config.docs_dir)
    redirects: dict[str, Redirect] = {}

    def add(former: PageLocation, title: str, target: PageLocation) -> None:
        if len(former.file.encode()) <= _LONGEST_FILE_NAME:
            link = LinkView(title, relative_url(former.url, target.url))
            html = templates.render("redirect.html", {"target": link})
            redirects.setdefault(former.file, Redirect(former.file, html))

    for document in knowledge.graph.documents.values():
        for alias in document.aliases:
            alias = unicodedata.normalize("NFC", alias)
            if is_id(alias) and alias not in knowledge.graph.documents:
                add(urls.page(document.kind.value, alias), document.title, urls.document(document))
    for alias, slug in knowledge.topics.former_slugs.items():
        add(urls.topic(alias), knowledge.topics.by_slug[slug].name, urls.topic(slug))
    return tuple(redirects.values())
