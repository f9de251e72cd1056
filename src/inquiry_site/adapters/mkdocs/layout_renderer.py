"""Render pages into layouts: the theme's page around them, rendered by the engine once for each kind of page."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from functools import partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from jinja2 import Environment
from markdown import Markdown
from mkdocs.commands.build import get_context
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page as EnginePage
from mkdocs.structure.toc import get_toc

from inquiry_site.adapters.material.theme import PAGE_TEMPLATE
from inquiry_site.adapters.mkdocs.author_markdown import author_config
from inquiry_site.adapters.mkdocs.engine_page import (
    InquiryPage,
    engine_file,
    escape_for_theme,
    naming_page,
    page_summary,
    project_root,
    template_error,
    warn_of_removed_part,
)
from inquiry_site.publishing.layout import (
    CONTENT,
    DESCRIPTION,
    FIRST_ID,
    HEADING,
    ID,
    SLUG,
    SOURCE,
    TITLE,
    URL_TITLE,
    PageLayout,
    TocEntry,
    UnsupportedLayoutError,
)
from inquiry_site.publishing.session import BuildSession
from inquiry_site.rendering.body.author_extensions import CALLOUTS
from inquiry_site.rendering.pages import Page
from inquiry_site.rendering.template_folder import BrokenTemplateError
from inquiry_site.rendering.toc import read_toc

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.nav import Navigation

_UNSUPPORTED = (
    "The theme lists the headings of a page in an unexpected way, so its page cannot be reused for many of ours. "
    f"Copy the built-in templates/{PAGE_TEMPLATE} into the site: the engine then builds each page itself, which is "
    "slower. Please report this with the versions of MkDocs and Material."
)
_LINK = re.compile(r"\]\((?!https?://)|\]:")
"""A link that may lead to another file, which only the engine can resolve."""
_RESETTABLE = re.compile(
    rf"pymdownx\.\w+|{re.escape(CALLOUTS)}|(?:markdown\.extensions\.)?(?:admonition|attr_list|def_list|extra|fenced_code|footnotes|md_in_html|"
    r"meta|nl2br|sane_lists|smarty|tables|toc)"
)
"""Extensions that a converter can reset, so that one converter serves many pages."""


class LayoutKind(NamedTuple):
    """What distinguishes one layout from another, besides the values in their slots."""

    folder: str
    has_description: bool
    has_source: bool
    has_toc: bool
    has_headline: bool


COMMON_KINDS = (
    *(LayoutKind(folder, True, True, True, True) for folder in ("lines", "notes", "topics")),
    LayoutKind("sources", False, False, True, True),
)
"""Kinds whose layouts decide whether published pages can be kept; other kinds only omit parts of these."""


class LayoutRenderer:
    """Renders pages as the engine would, but without its page loop."""

    def __init__(
        self,
        session: BuildSession,
        config: MkDocsConfig,
        env: Environment,
        nav: Navigation,
        files: Files,
        post_process: Callable[[str, str], str],
    ) -> None:
        """Initialise the renderer with what all pages share.

        Args:
            session: the build.
            config: the engine's configuration.
            env: the theme's templates.
            nav: the site's navigation.
            files: the engine's files.
            post_process: called with each page of the theme around ours and its URL; returns the final HTML.
        """
        self._session = session
        self._config = config
        self._author_config = author_config(config, session.config.html == "trusted")
        self._env = env
        self._nav = nav
        self._files = files
        self._post_process = post_process
        self._documents = files.documentation_pages()
        self._layouts: dict[LayoutKind, PageLayout] = {}
        self._converter: Markdown | None = None

    def render_page(self, page: Page, banner: str = "") -> str:
        """Return a whole page on the fast path.

        Args:
            page: an eligible page.
            banner: HTML above its content.
        """
        build = self._session.build
        context = build.context(page)
        try:
            with naming_page(page):
                prose = self._convert_markdown(context.markdown, page)
            content = banner + context.render(build.templates, prose, partial(warn_of_removed_part, page))
        except BrokenTemplateError as problem:
            raise template_error(problem) from problem
        headings = read_toc(content)
        folder, _, slug = page.path.removesuffix(".md").partition("/")
        description, title = page_summary(page), escape_for_theme(page.title)
        kind = LayoutKind(folder, bool(description), bool(page.source), bool(headings), "<h1" in content)
        values = {
            TITLE: title,
            URL_TITLE: quote(title),
            DESCRIPTION: description,
            SLUG: quote(slug),
            SOURCE: page.source.removeprefix(f"{folder}/").removesuffix(".md"),
            CONTENT: content,
            FIRST_ID: escape(headings[0].id) if headings else "",
        }
        sections = (child for top in headings for child in top.children)
        # An author's headings are below those of the sections, and listed after them.
        listed = (heading for section in sections for heading in (section, *section.children))
        entries = [TocEntry(escape(heading.id), escape(heading.text)) for heading in listed]
        return self._layout(kind).fill(values, entries)

    def render_nav_page(self, entry: InquiryPage, banner: str = "") -> str:
        """Return a whole page of the navigation, which the engine has rendered empty.

        Args:
            entry: the engine's page.
            banner: HTML above its content.
        """
        entry.fill_content(banner)
        entry.active = True
        context = get_context(self._nav, self._documents, self._config, entry)
        template = self._env.get_template(entry.meta.get("template", "main.html"))
        html = self._post_process(template.render(context), entry.url)
        entry.active = False
        entry.content = ""
        return html

    def layout_hashes(self) -> Mapping[str, str]:
        """Return a hash of the layout of each common kind."""
        return {f"around {kind.folder}": self._layout(kind).fingerprint for kind in COMMON_KINDS}

    def _convert_markdown(self, markdown: str, page: Page) -> str:
        if not markdown:
            return ""
        if _LINK.search(markdown):
            return self._convert_with_engine(markdown, page)
        if self._converter is None:
            self._converter = Markdown(
                extensions=self._author_config["markdown_extensions"],
                extension_configs=self._author_config["mdx_configs"] or {},
            )
        converter = self._converter
        if not _can_be_reset(self._author_config):
            self._converter = None
        return converter.reset().convert(markdown)

    def _convert_with_engine(self, markdown: str, page: Page) -> str:
        """Convert Markdown in which the engine resolves and validates links to files."""
        converted = EnginePage(None, engine_file(page, {}, self._config), self._config)
        converted.markdown, converted.meta = markdown, {}
        converted.render(self._author_config, self._files)
        converted.validate_anchor_links(files=self._files, log_level=self._config.validation.links.anchors)
        return converted.content or ""

    def _layout(self, kind: LayoutKind) -> PageLayout:
        layout = self._layouts.get(kind)
        if layout is None:
            try:
                layout = self._layouts[kind] = PageLayout(partial(self._render_layout, kind))
            except UnsupportedLayoutError as error:
                raise PluginError(_UNSUPPORTED) from error
        return layout

    def _render_layout(self, kind: LayoutKind, headings: int) -> str:
        """Render the theme's page with slots, and with the given number of headings below the first."""
        page = _slotted_page(kind, headings, self._config)
        context = get_context(self._nav, self._documents, self._config, page)
        html = self._post_process(self._env.get_template(PAGE_TEMPLATE).render(context), page.url)
        return html.replace(f"<h1{CONTENT}", CONTENT).replace(f"{TITLE}%3F", URL_TITLE).replace(f"{TITLE}?", TITLE)


def _slotted_page(kind: LayoutKind, headings: int, config: MkDocsConfig) -> EnginePage:
    file = File.generated(config, f"{kind.folder}/{SLUG}.md", content="", inclusion=InclusionLevel.NOT_IN_NAV)
    if kind.has_source:
        path = project_root(config) / kind.folder / f"{SOURCE}.md"
        file.edit_uri = Path(os.path.relpath(path, config.docs_dir)).as_posix()
    page: Any = EnginePage(None, file, config)
    page.in_nav = False
    page.markdown = ""
    # The question mark is percent-encoded wherever the theme makes the title part of a URL.
    page.meta = {"title": f"{TITLE}?", **({"description": DESCRIPTION} if kind.has_description else {})}
    page.content = f"<h1{CONTENT}" if kind.has_headline else CONTENT
    below = [{"level": 2, "id": ID, "name": HEADING, "children": []} for _ in range(headings)]
    toc = [{"level": 1, "id": FIRST_ID, "name": FIRST_ID, "children": below}] if kind.has_toc else []
    page.toc = get_toc(toc)  # type: ignore[arg-type]
    return page  # type: ignore[no-any-return]


def _can_be_reset(config: MkDocsConfig) -> bool:
    unique_ids = (config["mdx_configs"] or {}).get("footnotes", {}).get("UNIQUE_IDS", False)
    return not unique_ids and all(
        isinstance(name, str) and _RESETTABLE.fullmatch(name) for name in config["markdown_extensions"]
    )
