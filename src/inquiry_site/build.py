"""The one way through: files, documents, graph, knowledge, pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Protocol

from markdown import Markdown

from inquiry_site.config import Config
from inquiry_site.diagnostics import Diagnostic, Severity, Span
from inquiry_site.exports.graph_json import render_graph_json
from inquiry_site.exports.map_json import render_map_json
from inquiry_site.gc_control import gc_paused
from inquiry_site.graph import resolve_graph
from inquiry_site.knowledge import Knowledge, derive_knowledge
from inquiry_site.model import FileContent, ParsedFiles, TextFile
from inquiry_site.parsing.parser import ParseAll, parse_changed, parse_files
from inquiry_site.rendering.i18n import Translations, load_translations
from inquiry_site.rendering.pages import FaultyFile, Page, Redirect, render_pages, render_redirects
from inquiry_site.rendering.template_folder import BrokenTemplateError
from inquiry_site.rendering.templates import Templates
from inquiry_site.rules import check_knowledge
from inquiry_site.rules.files import bad_template
from inquiry_site.rules.rule import Finding
from inquiry_site.search.entries import HandWrittenPage

Convert = Callable[[str], str]
"""Markdown to HTML."""

ProgressCallback = Callable[[str, int], None]
"""Called with the name of a stage and how many things it has before it."""


class PreviousBuild(Protocol):
    """What is known of a knowledge base before some of its files changed."""

    @property
    def files(self) -> Mapping[str, FileContent]:
        """What it was built from."""

    @property
    def parsed(self) -> ParsedFiles:
        """What the files say."""

    @property
    def knowledge(self) -> Knowledge:
        """What follows from it."""


@dataclass(frozen=True, slots=True)
class Build:
    """Everything that follows from a knowledge base's files."""

    pages: tuple[Page, ...]
    redirects: tuple[Redirect, ...]
    assets: tuple[str, ...]
    """Paths of the files beside the documents that are published as they are."""
    diagnostics: tuple[Diagnostic, ...]
    knowledge: Knowledge = field(repr=False)
    parsed: ParsedFiles = field(repr=False)
    config: Config = field(repr=False)
    files: Mapping[str, FileContent] = field(repr=False, compare=False)
    """What it was built from."""
    words: Translations = field(repr=False, compare=False)
    """The site's language."""
    templates: Templates = field(repr=False, compare=False)

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The findings that stop a build."""
        return tuple(found for found in self.diagnostics if found.severity is Severity.ERROR)

    @property
    def texts(self) -> dict[str, str]:
        """The text of every file that could be read, for showing the place of a finding."""
        return self.parsed.texts

    def html(self, page: Page, prose: str | None = None) -> str:
        """A page as HTML.

        Args:
            page: one of ``self.pages``.
            prose: the page's Markdown as HTML, where an engine has converted it; otherwise it is converted here.

        Raises:
            BrokenTemplateError: one of the site's own templates cannot be used.
        """
        manuscript = page.write()
        return manuscript.render(self.templates, convert_markdown(manuscript.markdown) if prose is None else prose)

    def graph_json(self) -> str:
        """The graph as the text of ``graph.json``."""
        return "".join(self.graph_in_pieces())

    def graph_in_pieces(self) -> Iterator[str]:
        """The same in pieces: of ten thousand notes it is longer than all of them."""
        return render_graph_json(self.knowledge, self.config, self.words)

    def map_json(self) -> str:
        """The notes of the map as the text of ``map/notes.json``."""
        return render_map_json(next(page.write().context["map"] for page in self.pages if page.template == "map.html"))

    def search(self, others: Iterable[HandWrittenPage] = ()) -> dict[str, bytes]:
        """The files of the search by their paths in the site; ``others`` are pages that are none of ours."""
        # As for the ranking, who does not ask does not wait for numpy.
        from inquiry_site.search.index import render_search

        return render_search(self.knowledge, self.config, self.words, others)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a knowledge base says, and everything that is wrong with it."""

    diagnostics: tuple[Diagnostic, ...]
    knowledge: Knowledge = field(repr=False)
    parsed: ParsedFiles = field(repr=False)


def check(
    files: Mapping[str, FileContent],
    config: Config | None = None,
    report: ProgressCallback | None = None,
    parse: ParseAll | None = None,
    before: PreviousBuild | None = None,
) -> CheckResult:
    """Check a knowledge base: the first half of ``build``, without pages and ranking.

    Args:
        files: as for ``build``.
        config: the settings; the defaults when left out.
        report: called as each stage begins.
        parse: what parses the documents; one after the other in this process when left out.
        before: an earlier build, as for ``build``.

    Raises:
        ConfigError: the settings name a rule or a level that does not exist.
    """
    config = config or Config()
    report = report or _silent
    # A document that was parsed within other limits may be refused now, or be accepted.
    same_limits = not isinstance(before, Build) or before.config.limits == config.limits
    if before is not None and same_limits:
        parse = parse_changed(before.files, before.parsed.documents, parse)
    with gc_paused():
        report("Reading", len(files))
        parsed = parse_files(files, parse, config.limits)
        report("Linking", len(parsed.documents))
        ranked = before.knowledge.ranking if before else None
        knowledge = derive_knowledge(resolve_graph(parsed, config), config.next_lines, ranked)
        report("Checking", len(parsed.documents))
        return CheckResult(check_knowledge(parsed, knowledge, config), knowledge, parsed)


def build(
    files: Mapping[str, FileContent],
    config: Config | None = None,
    report: ProgressCallback | None = None,
    before: PreviousBuild | None = None,
    parse: ParseAll | None = None,
) -> Build:
    """Build a knowledge base from the contents of its files.

    Args:
        files: content by path relative to the folder that holds ``notes/`` and ``lines/``; text, bytes, or what
            stands for a file that could not be read.
        config: the settings; the defaults when left out.
        report: called as each stage begins.
        before: a build of these files before some of them changed; it makes this one faster, not another.
        parse: what parses the documents; one after the other in this process when left out.

    Nothing is raised for what authors wrote: whatever is wrong is a diagnostic, and what can be built is built.

    Raises:
        ConfigError: the settings name a rule or a level that does not exist.
    """
    config = config or Config()
    report = report or _silent
    with gc_paused():
        checkup = check(files, config, report, parse, before)
        parsed, knowledge = checkup.parsed, checkup.knowledge
        words, unusable = _usable_words(parsed, config)
        pages = render_pages(knowledge, config, words, _faulty_files(checkup) if config.drafts else ())
    templates, problems = _usable_templates(parsed, pages, knowledge, config, words)
    return Build(
        pages=pages,
        redirects=render_redirects(knowledge, config, templates),
        assets=_published_assets(parsed, config),
        diagnostics=tuple(sorted((*checkup.diagnostics, *unusable, *problems), key=Diagnostic.sort_key)),
        knowledge=knowledge,
        parsed=parsed,
        config=config,
        files=files,
        words=words,
        templates=templates,
    )


def convert_markdown(text: str) -> str:
    """Markdown to HTML with the extensions that a plain MkDocs site has; without any engine."""
    if not text.strip():
        return ""
    return Markdown(
        extensions=["toc", "tables", "fenced_code", "footnotes", "attr_list"], output_format="html"
    ).convert(text)


def _faulty_files(checkup: CheckResult) -> Iterator[FaultyFile]:
    """The files that are no documents: a preview shows what is wrong at their addresses."""
    findings: dict[str, list[Diagnostic]] = defaultdict(list)
    for found in checkup.diagnostics:
        findings[found.span.path].append(found)
    for parsed in checkup.parsed.documents:
        if parsed.document is None:
            yield parsed, findings[parsed.path]


def _published_assets(parsed: ParsedFiles, config: Config) -> tuple[str, ...]:
    """The files beside documents, without those in which a stranger's program could run."""
    active = {path for path, _ in parsed.active} if config.html != "trusted" else set[str]()
    return tuple(path for path in parsed.assets if path not in active)


def _silent(stage: str, count: int) -> None:
    """Report nothing."""


def _usable_words(parsed: ParsedFiles, config: Config) -> tuple[Translations, list[Diagnostic]]:
    """The site's words; those that ship where its own cannot be used, and what is wrong with those."""
    try:
        return _words(config.language, config.direction, parsed.templates), []
    except BrokenTemplateError as problem:
        span = Span(f"templates/{problem.name}", problem.line, 1, problem.line, 1)
        hint = "Mend it (docs/templates.md says what such a file holds), or delete it to use the one that ships."
        finding = Finding(span, f"These words cannot be used: {problem}.", hint)
        return _words(config.language, config.direction, ()), [bad_template.report(finding)]


@lru_cache(maxsize=2)
def _words(language: str, direction: str, own: tuple[TextFile, ...]) -> Translations:
    """The words of a language; the same object as long as nothing changes, so that templates can be reused."""
    return load_translations(language, {template.path: template.text for template in own}, direction)


class _Compiled:
    """The templates of the last build.

    They are reused while nothing changes, as in a preview: they hold reference cycles, so each further set would stay
    in memory until a full garbage collection, and to compile them takes longer than to render a page.
    """

    def __init__(self) -> None:
        self._last: tuple[Translations, tuple[TextFile, ...], Templates] | None = None

    def templates(self, words: Translations, own: tuple[TextFile, ...] = ()) -> Templates:
        """Templates with these words and a site's own files."""
        if self._last is None or self._last[0] is not words or self._last[1] != own:
            self._last = words, own, Templates(words, own)
        return self._last[2]


_compiled = _Compiled()


def _usable_templates(
    parsed: ParsedFiles, pages: tuple[Page, ...], knowledge: Knowledge, config: Config, words: Translations
) -> tuple[Templates, list[Diagnostic]]:
    """The site's templates when one page of each kind can be rendered; else those that ship, and what is wrong."""
    templates = _compiled.templates(words, parsed.templates)
    if not parsed.templates:
        return templates, []
    trials: list[Callable[[], object]] = [
        partial(_render, page, templates) for page in {page.template: page for page in reversed(pages)}.values()
    ]
    trials.append(partial(render_redirects, knowledge, config, templates))
    shown = [{"place": "", "message": "", "hint": ""}]
    trials.append(partial(templates.render, "problems.html", {"problems": shown, "warnings": shown}))
    problems: dict[Span, Diagnostic] = {}
    for trial in trials:
        try:
            trial()
        except BrokenTemplateError as problem:
            span = Span(f"templates/{problem.name}", problem.line, 1, problem.line, 1)
            problems.setdefault(span, _template_diagnostic(span, problem))
    return (Templates(words), list(problems.values())) if problems else (templates, [])


def _render(page: Page, templates: Templates) -> str:
    return page.write().render(templates, "")


def _template_diagnostic(span: Span, problem: BrokenTemplateError) -> Diagnostic:
    hint = "Mend it (docs/templates.md lists the values that there are), or delete it to use the one that ships."
    return bad_template.report(Finding(span, f"This template cannot be used: {problem}.", hint))
