"""The theme's page around ours, rendered by the engine once for all pages of a kind."""

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
from mkdocs.plugins import EVENTS
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page as EnginePage
from mkdocs.structure.toc import get_toc

from inquiry_site.adapters.material.theme import PAGE_TEMPLATE, first_own_template, is_material
from inquiry_site.adapters.mkdocs.author_markdown import author_config
from inquiry_site.adapters.mkdocs.engine_page import (
    InquiryPage,
    engine_file,
    escape_for_theme,
    naming_page,
    project_root,
    summary,
    template_error,
    warn_of_loss,
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
)
from inquiry_site.publishing.session import BuildSession
from inquiry_site.rendering.pages import Page
from inquiry_site.rendering.template_folder import BrokenTemplateError
from inquiry_site.rendering.toc import read_toc

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.nav import Navigation

FAST_TEMPLATES = frozenset({"line.html", "note.html", "source.html", "topic.html"})
"""Templates of pages of which there are many."""
_PAGELESS_EVENTS = frozenset(
    "startup shutdown serve config pre_build post_build build_error pre_template template_context post_template".split()
)
"""Events in which a plugin sees no page."""
_OWN_LINK = re.compile(r"\]\((?!https?://)|\]:")
_RESETTABLE = re.compile(
    r"pymdownx\.\w+|(?:markdown\.extensions\.)?(?:admonition|attr_list|def_list|extra|fenced_code|footnotes|md_in_html|"
    r"meta|nl2br|sane_lists|smarty|tables|toc)"
)
"""Extensions of which one converter can convert many pages."""
_SPECIAL = re.compile(r"[?#%{}\\]")


def fast_path_blocker(config: MkDocsConfig, work: BuildSession, own: object) -> str:
    """Why each page has to be built by the engine itself; empty where it need not.

    Args:
        config: the site's settings.
        work: the knowledge base.
        own: the plugin whose own part in events does not count.
    """
    for name in sorted(EVENTS):
        for method in config.plugins.events[name] if name not in _PAGELESS_EVENTS else ():
            plugin = getattr(method, "__self__", None)
            if plugin is not own and getattr(getattr(plugin, "config", None), "enabled", True):
                return f"{_name_of(plugin, config)} may look at pages (on_{name})"
    if work.overrides(PAGE_TEMPLATE):
        return f"the site has its own templates/{PAGE_TEMPLATE}"
    if not is_material(config.theme.dirs):
        return "the theme is not Material"
    if "toc.integrate" in (config.theme.get("features") or ()):
        return "the theme's feature toc.integrate puts the headings of each page into the navigation"
    own_template = first_own_template(config.theme.dirs)
    return f"the site has its own {own_template} of the theme's" if own_template else ""


def _name_of(plugin: object, config: MkDocsConfig) -> str:
    return next((f"the plugin “{name}”" for name, found in config.plugins.items() if found is plugin), "a hook")


class LayoutKind(NamedTuple):
    """What tells pages apart beyond what stands in holes."""

    folder: str
    described: bool
    has_source: bool
    has_top: bool
    has_headline: bool


COMMON_KINDS = (
    *(LayoutKind(folder, True, True, True, True) for folder in ("lines", "notes")),
    *(LayoutKind(folder, False, False, True, True) for folder in ("sources", "topics")),
)
"""The usual kinds. What another kind has or has not, the theme puts into the same page."""


class LayoutRenderer:
    """Pages as the engine would build them, without the engine."""

    def __init__(
        self,
        work: BuildSession,
        config: MkDocsConfig,
        env: Environment,
        nav: Navigation,
        files: Files,
        finish: Callable[[str, str], str],
    ) -> None:
        """Take what is the same for all pages.

        Args:
            work: the knowledge base.
            config: the site's settings.
            env: the theme's templates.
            nav: the site's navigation.
            files: the engine's files.
            finish: what is done to each page of the theme around ours at an address.
        """
        self._work = work
        self._config = config
        self._author_config = config if work.config.html == "trusted" else author_config(config)
        self._env = env
        self._nav = nav
        self._files = files
        self._post_process = finish
        self._documents = files.documentation_pages()
        self._layouts: dict[LayoutKind, PageLayout] = {}
        self._markdown: Markdown | None = None

    def render_page(self, page: Page, above: str = "") -> str:
        """A whole page.

        Args:
            page: one that is ``suits``.
            above: HTML that stands above its content.
        """
        manuscript = self._work.write(page)
        try:
            with naming_page(page):
                prose = self._convert_markdown(manuscript.markdown, page)
            content = above + manuscript.render(self._work.build.templates, prose, partial(warn_of_loss, page))
        except BrokenTemplateError as problem:
            raise template_error(problem) from problem
        outline = read_toc(content)
        folder, _, name = page.path.removesuffix(".md").partition("/")
        description = summary(page)
        kind = LayoutKind(folder, bool(description), bool(page.source), bool(outline), "<h1" in content)
        title = escape_for_theme(page.title)
        values = {
            TITLE: title,
            URL_TITLE: quote(title),
            DESCRIPTION: description,
            SLUG: quote(name),
            SOURCE: page.source.removeprefix(f"{folder}/").removesuffix(".md"),
            CONTENT: content,
            FIRST_ID: escape(outline[0].id) if outline else "",
        }
        entries = [TocEntry(escape(entry.id), escape(entry.text)) for top in outline for entry in top.children]
        return self._layout(kind).fill(values, entries)

    def render_nav_page(self, entry: InquiryPage, above: str = "") -> str:
        """A whole page that the navigation holds, which the engine knows and has left empty.

        Args:
            entry: the engine's page.
            above: HTML that stands above its content.
        """
        entry.fill_content(above)
        entry.active = True
        context = get_context(self._nav, self._documents, self._config, entry)
        html = self._post_process(
            self._env.get_template(entry.meta.get("template", "main.html")).render(context), entry.url
        )
        entry.active = False
        entry.content = ""
        return html

    def _convert_markdown(self, prose: str, page: Page) -> str:
        """The author's Markdown as HTML."""
        if not prose:
            return ""
        if _OWN_LINK.search(prose):
            # The engine makes links to files into links to pages, and says which lead nowhere.
            return self._convert_with_engine(prose, page)
        if self._markdown is None:
            self._markdown = Markdown(
                extensions=self._author_config["markdown_extensions"],
                extension_configs=self._author_config["mdx_configs"] or {},
            )
        converter = self._markdown
        if not _can_be_reset(self._author_config):
            self._markdown = None
        return converter.reset().convert(prose)

    def _convert_with_engine(self, prose: str, page: Page) -> str:
        found = EnginePage(None, engine_file(page, {}, self._config), self._config)
        found.markdown, found.meta = prose, {}
        found.render(self._author_config, self._files)
        found.validate_anchor_links(files=self._files, log_level=self._config.validation.links.anchors)
        return found.content or ""

    def layout_hashes(self) -> Mapping[str, str]:
        """A fingerprint of the theme's page around each kind of page."""
        return {f"around {kind.folder}": self._layout(kind).fingerprint for kind in COMMON_KINDS}

    def _layout(self, kind: LayoutKind) -> PageLayout:
        shell = self._layouts.get(kind)
        if shell is None:
            shell = self._layouts[kind] = PageLayout(lambda headings: self._render_layout(kind, headings))
        return shell

    def _render_layout(self, kind: LayoutKind, headings: int) -> str:
        file = File.generated(self._config, f"{kind.folder}/{SLUG}.md", content="", inclusion=InclusionLevel.NOT_IN_NAV)
        if kind.has_source:
            path = project_root(self._config) / kind.folder / f"{SOURCE}.md"
            file.edit_uri = Path(os.path.relpath(path, self._config.docs_dir)).as_posix()
        page: Any = EnginePage(None, file, self._config)
        page.in_nav = False
        page.markdown = ""
        # The question mark shows where a title is made part of an address.
        page.meta = {"title": f"{TITLE}?", **({"description": DESCRIPTION} if kind.described else {})}
        page.content = f"<h1{CONTENT}" if kind.has_headline else CONTENT
        below = [{"level": 2, "id": ID, "name": HEADING, "children": []} for _ in range(headings)]
        page.toc = get_toc([{"level": 1, "id": FIRST_ID, "name": FIRST_ID, "children": below}] if kind.has_top else [])  # type: ignore[typeddict-item]
        context = get_context(self._nav, self._documents, self._config, page)
        html = self._post_process(self._env.get_template(PAGE_TEMPLATE).render(context), page.url)
        return html.replace(f"<h1{CONTENT}", CONTENT).replace(f"{TITLE}%3F", URL_TITLE).replace(f"{TITLE}?", TITLE)


def is_eligible(page: Page, config: MkDocsConfig) -> bool:
    """Whether a page is like many others, and its address and source are what they seem."""
    quotes = "!" in (config.edit_uri_template or "")
    return (
        page.template in FAST_TEMPLATES and not _SPECIAL.search(page.source) and (page.source.isascii() or not quotes)
    )


def _can_be_reset(config: MkDocsConfig) -> bool:
    unique = (config["mdx_configs"] or {}).get("footnotes", {}).get("UNIQUE_IDS", False)
    return not unique and all(
        isinstance(name, str) and _RESETTABLE.fullmatch(name) for name in config["markdown_extensions"]
    )
