"""Run the pipeline from files through documents, graph and knowledge to pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from typing import Protocol

from markdown import Markdown

from inquiry_site.config import Config
from inquiry_site.diagnostics import Diagnostic, Severity, Span
from inquiry_site.exports.graph_json import render_graph_json
from inquiry_site.exports.map_json import render_map_json
from inquiry_site.file_content import FileContent, TextFile
from inquiry_site.gc_control import gc_paused
from inquiry_site.graph import resolve_graph
from inquiry_site.knowledge import Knowledge, derive_knowledge
from inquiry_site.model import AnyDocument, Body, ParsedFiles
from inquiry_site.parsing.last_valid import keep_last_valid, with_last_valid
from inquiry_site.parsing.parser import ParseAll, parse_changed, parse_files
from inquiry_site.rendering.body.author_extensions import with_author_extensions
from inquiry_site.rendering.body.page_links import resolve_page
from inquiry_site.rendering.context import PageContext
from inquiry_site.rendering.i18n import Translations, load_translations
from inquiry_site.rendering.pages import (
    FaultyFile,
    FaultyView,
    MissingView,
    Page,
    Redirect,
    SitePages,
    render_redirects,
)
from inquiry_site.rendering.template_folder import BrokenTemplateError
from inquiry_site.rendering.templates import Templates
from inquiry_site.rendering.theme_texts import render_not_found
from inquiry_site.rules import check_knowledge
from inquiry_site.rules.files import bad_template
from inquiry_site.rules.rule import Finding
from inquiry_site.search.entries import HandWrittenPage

ProgressCallback = Callable[[str, int], None]
"""Called with the name of a stage and the number of items that it processes."""


class PreviousBuild(Protocol):
    """The results of a build before some of the files changed."""

    @property
    def files(self) -> Mapping[str, FileContent]:
        """The files that it read."""

    @property
    def parsed(self) -> ParsedFiles:
        """The parsed files."""

    @property
    def knowledge(self) -> Knowledge:
        """The knowledge derived from them."""


@dataclass(frozen=True, slots=True)
class Build:
    """Everything that follows from the files of a knowledge base."""

    pages: tuple[Page, ...]
    redirects: tuple[Redirect, ...]
    assets: tuple[str, ...]
    """Paths of files beside the documents that are published unchanged."""
    diagnostics: tuple[Diagnostic, ...]
    knowledge: Knowledge = field(repr=False)
    parsed: ParsedFiles = field(repr=False)
    config: Config = field(repr=False)
    files: Mapping[str, FileContent] = field(repr=False, compare=False)
    """The files that it read."""
    words: Translations = field(repr=False, compare=False)
    """The UI strings in the site's language."""
    last_valid: Mapping[str, AnyDocument] = field(repr=False, compare=False)
    """In a preview, the last valid version of files that are now faulty, and of the latest missing ones, by path."""
    templates: Templates = field(repr=False, compare=False)
    _site: SitePages = field(repr=False, compare=False)

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The diagnostics that stop a build."""
        return tuple(diagnostic for diagnostic in self.diagnostics if diagnostic.severity is Severity.ERROR)

    @property
    def texts(self) -> dict[str, str]:
        """The text of every file that could be read, for quoting the line of a diagnostic."""
        return self.parsed.texts

    def context(self, page: Page) -> PageContext:
        """Build what a page is rendered from: its template, its values and the author's Markdown.

        Raises:
            KeyError: the page is not one of this build.
        """
        return self._site.context(page)

    def html(self, page: Page, prose: str | None = None) -> str:
        """Return a page as HTML.

        Args:
            page: one of ``self.pages``.
            prose: the page's Markdown as HTML, if an engine has converted it; otherwise it is converted here.

        Raises:
            BrokenTemplateError: one of the site's own templates cannot be used.
        """
        context = self.context(page)
        return context.render(self.templates, convert_markdown(context.markdown) if prose is None else prose)

    def missing_notice(self, url: str) -> str:
        """Return what a preview shows at a URL without a page, as HTML: why there is none, and where it is now.

        Raises:
            BrokenTemplateError: the site's own template cannot be used.
        """
        missing = self._site.missing(url, self.last_valid.values())
        return self.templates.render("missing.html", {"missing": missing})

    def resolve_page(self, page: Body, path: str) -> str:
        """Return the Markdown of a hand-written page with a link in place of each citation.

        Args:
            page: the page, as scanned by ``scan_page``.
            path: its path in the docs folder.
        """
        return resolve_page(page, path, self.knowledge, self.words, self.config)

    def graph_json(self) -> str:
        """Return the text of ``graph.json``."""
        return "".join(self.graph_in_pieces())

    def graph_in_pieces(self) -> Iterator[str]:
        """Yield the text of ``graph.json`` in pieces: for ten thousand notes, it is larger than all their files."""
        return render_graph_json(self.knowledge, self.config, self.words)

    def map_json(self) -> str:
        """Return the text of ``map/notes.json``, the notes of the map."""
        return render_map_json(
            next(self.context(page).values["map"] for page in self.pages if page.template == "map.html")
        )

    def search(self, others: Iterable[HandWrittenPage] = ()) -> dict[str, bytes]:
        """Return the files of the search index by their paths in the site.

        Args:
            others: hand-written pages that the search includes.
        """
        # Imported here because numpy takes a quarter of a second to load.
        from inquiry_site.search.index import render_search

        return render_search(self.knowledge, self.config, self.words, others)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The knowledge in a knowledge base's files, and their diagnostics."""

    diagnostics: tuple[Diagnostic, ...]
    knowledge: Knowledge = field(repr=False)
    parsed: ParsedFiles = field(repr=False)


def check(
    files: Mapping[str, FileContent],
    config: Config | None = None,
    report: ProgressCallback | None = None,
    parse: ParseAll | None = None,
    before: PreviousBuild | None = None,
    with_drafts: bool = False,
) -> CheckResult:
    """Check a knowledge base: the first half of ``build``, without pages and ranking.

    Args:
        files: as for ``build``.
        config: the settings; defaults to ``Config()``.
        report: called as each stage begins.
        parse: parses the documents; defaults to parsing them one by one in this process.
        before: a previous build, as for ``build``.
        with_drafts: whether findings in drafts that are not published are included.

    Raises:
        ConfigError: the settings name a rule or a severity that does not exist.
    """
    config = config or Config()
    report = report or _ignore_progress
    # Under different limits, a document that was accepted may now be refused, or vice versa.
    same_limits = not isinstance(before, Build) or before.config.limits == config.limits
    if before is not None and same_limits:
        parse = parse_changed(before.files, before.parsed.documents, parse)
    with gc_paused():
        report("Reading", len(files))
        parsed = parse_files(files, parse, config.limits, config.docs_dir)
        report("Linking", len(parsed.documents))
        previous_ranking = before.knowledge.ranking if before else None
        knowledge = derive_knowledge(resolve_graph(parsed, config), config.next_lines, previous_ranking)
        report("Checking", len(parsed.documents))
        diagnostics = check_knowledge(parsed, knowledge, config)
        if with_drafts and not config.drafts:
            diagnostics = tuple(sorted({*diagnostics, *_check_drafts(parsed, config)}, key=Diagnostic.sort_key))
        return CheckResult(diagnostics, knowledge, parsed)


def _check_drafts(parsed: ParsedFiles, config: Config) -> Iterator[Diagnostic]:
    """Yield the findings in drafts, as if all of them were published.

    The other files are checked without the drafts, because that is how they will be published.
    """
    drafts = {entry.path for entry in parsed.documents if entry.document and entry.document.draft}
    if drafts:
        as_published = replace(config, drafts=True)
        knowledge = derive_knowledge(resolve_graph(parsed, as_published), config.next_lines)
        yield from (d for d in check_knowledge(parsed, knowledge, as_published) if d.span.path in drafts)


def build(
    files: Mapping[str, FileContent],
    config: Config | None = None,
    report: ProgressCallback | None = None,
    before: PreviousBuild | None = None,
    parse: ParseAll | None = None,
) -> Build:
    """Build a knowledge base from the contents of its files.

    Whatever authors wrote, nothing is raised: each problem is a diagnostic, and whatever can be built is built.

    Args:
        files: content by path relative to the folder that contains ``notes/`` and ``lines/``: text, bytes, or a value
            that represents a file that could not be read.
        config: the settings; defaults to ``Config()``.
        report: called as each stage begins.
        before: a build of these files before some of them changed. It makes this build faster and changes no result,
            except in a preview (``config.drafts``): pages then show the last valid version of a file that is faulty.
        parse: parses the documents; defaults to parsing them one by one in this process.

    Raises:
        ConfigError: the settings name a rule or a severity that does not exist.
    """
    config = config or Config()
    report = report or _ignore_progress
    with gc_paused():
        checked = check(files, config, report, parse, before)
        parsed = checked.parsed
        last_valid = _last_valid(parsed, before, config)
        knowledge = _shown_knowledge(checked, last_valid, config)
        words, translation_problems = _usable_translations(parsed, config)
        site = SitePages(knowledge, config, words, _faulty_files(checked) if config.drafts else ())
    templates, template_problems = _usable_templates(parsed, site, knowledge, config, words)
    diagnostics = (*checked.diagnostics, *translation_problems, *template_problems)
    return Build(
        pages=site.pages,
        redirects=render_redirects(knowledge, config, templates),
        assets=_published_assets(parsed, config),
        diagnostics=tuple(sorted(diagnostics, key=Diagnostic.sort_key)),
        knowledge=knowledge,
        parsed=parsed,
        config=config,
        files=files,
        words=words,
        last_valid=last_valid,
        templates=templates,
        _site=site,
    )


def convert_markdown(text: str) -> str:
    """Convert Markdown to HTML without an engine, with the extensions that a plain MkDocs site has for notes."""
    if not text.strip():
        return ""
    extensions, settings = with_author_extensions(["toc", "tables", "fenced_code", "attr_list"], {})
    return Markdown(extensions=extensions, extension_configs=settings, output_format="html").convert(text)


def _last_valid(parsed: ParsedFiles, before: PreviousBuild | None, config: Config) -> Mapping[str, AnyDocument]:
    if config.drafts and isinstance(before, Build):
        return keep_last_valid(parsed, before.parsed, before.last_valid)
    return {}


def _shown_knowledge(checked: CheckResult, last_valid: Mapping[str, AnyDocument], config: Config) -> Knowledge:
    """Return what pages show: the knowledge that was checked, with the last valid version of each faulty file."""
    shown = with_last_valid(checked.parsed, last_valid)
    if shown is checked.parsed:
        return checked.knowledge
    return derive_knowledge(resolve_graph(shown, config), config.next_lines, checked.knowledge.previous_ranking)


def _faulty_files(checked: CheckResult) -> Iterator[FaultyFile]:
    """Yield the files that could not be parsed into documents: a preview shows their diagnostics at their URLs."""
    diagnostics: dict[str, list[Diagnostic]] = defaultdict(list)
    for diagnostic in checked.diagnostics:
        diagnostics[diagnostic.span.path].append(diagnostic)
    for parsed in checked.parsed.documents:
        if parsed.document is None:
            yield parsed, diagnostics[parsed.path]


def _published_assets(parsed: ParsedFiles, config: Config) -> tuple[str, ...]:
    """Return the files beside documents, without those whose scripts a browser would run."""
    active = {path for path, _ in parsed.active} if config.html != "trusted" else set[str]()
    return tuple(path for path in parsed.assets if path not in active)


def _ignore_progress(stage: str, count: int) -> None:
    """Do nothing: the default progress callback."""


def _usable_translations(parsed: ParsedFiles, config: Config) -> tuple[Translations, list[Diagnostic]]:
    """Return the site's UI strings, or the shipped ones and a diagnostic if the site's own cannot be used."""
    try:
        return _translations(config.language, config.direction, parsed.templates), []
    except BrokenTemplateError as problem:
        span = Span(f"templates/{problem.name}", problem.line, 1, problem.line, 1)
        hint = "Fix it, or delete it to use the built-in one; “inquiry rule bad-template” explains such files."
        finding = Finding(span, f"These UI strings cannot be used: {problem}.", hint)
        return _translations(config.language, config.direction, ()), [bad_template.report(finding)]


@lru_cache(maxsize=2)
def _translations(language: str, direction: str, own: tuple[TextFile, ...]) -> Translations:
    """Return the same object while nothing changes, so that templates can be reused."""
    return load_translations(language, {template.path: template.text for template in own}, direction)


class _TemplateReuse:
    """The templates of the last build, reused in a preview while nothing changes.

    They contain reference cycles, so each further set would stay in memory until a full garbage collection.
    """

    def __init__(self) -> None:
        self._last: tuple[Translations, tuple[TextFile, ...], Templates] | None = None

    def templates(self, words: Translations, own: tuple[TextFile, ...] = ()) -> Templates:
        """Return templates with these UI strings and the site's own files."""
        if self._last is None or self._last[0] is not words or self._last[1] != own:
            self._last = words, own, Templates(words, own)
        return self._last[2]


_reuse = _TemplateReuse()


def _usable_templates(
    parsed: ParsedFiles, site: SitePages, knowledge: Knowledge, config: Config, words: Translations
) -> tuple[Templates, list[Diagnostic]]:
    """Return the site's templates if one page of each kind can be rendered, else the shipped ones and diagnostics."""
    templates = _reuse.templates(words, parsed.templates)
    if not parsed.templates:
        return templates, []
    trials: list[Callable[[], object]] = [
        partial(_render_without_prose, site, page, templates)
        for page in {page.template: page for page in reversed(site.pages)}.values()
    ]
    trials.append(partial(render_redirects, knowledge, config, templates))
    trials.append(partial(render_not_found, templates, config))
    example = [{"place": "", "message": "", "hint": ""}]
    trials.append(partial(templates.render, "problems.html", {"problems": example, "warnings": example}))
    trials.append(partial(templates.render, "faulty.html", {"file": FaultyView("", (), is_shown_below=True)}))
    trials.append(partial(templates.render, "failed.html", {"message": ""}))
    trials.append(partial(templates.render, "missing.html", {"missing": MissingView("", None)}))
    problems: dict[Span, Diagnostic] = {}
    for trial in trials:
        try:
            trial()
        except BrokenTemplateError as problem:
            span = Span(f"templates/{problem.name}", problem.line, 1, problem.line, 1)
            problems.setdefault(span, _template_diagnostic(span, problem))
    return (Templates(words), list(problems.values())) if problems else (templates, [])


def _render_without_prose(site: SitePages, page: Page, templates: Templates) -> str:
    return site.context(page).render(templates, "")


def _template_diagnostic(span: Span, problem: BrokenTemplateError) -> Diagnostic:
    hint = "Fix it, or delete it to use the built-in one; “inquiry rule bad-template” explains such files."
    return bad_template.report(Finding(span, f"This template cannot be used: {problem}.", hint))
