"""Report diagnostics to the engine: in its log, as an error that stops the build, and on pages of a preview."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mkdocs.exceptions import PluginError
from mkdocs.plugins import get_plugin_logger
from mkdocs.utils import CountHandler

from inquiry_site.diagnostics import Diagnostic, Severity
from inquiry_site.diagnostics.text import first_of_each_file, render_line, render_text, summarise
from inquiry_site.publishing.session import BuildSession

log = get_plugin_logger("inquiry")

_LEVELS = {Severity.ERROR: logging.ERROR, Severity.WARNING: logging.WARNING, Severity.INFO: logging.INFO}
_MANY_ITEMS = 1000
"""Stages with at least this many items are logged visibly."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was reported."""

    warnings: tuple[str, ...]
    """As rendered, for the next build to repeat."""
    banner: str
    """HTML for the top of every page of a preview; empty in a build."""


class PreviewLog:
    """Logs the findings of a preview: all of them at first, then those that a change has added or removed."""

    def __init__(self) -> None:
        self._logged: Sequence[Diagnostic] | None = None

    def write(self, diagnostics: Sequence[Diagnostic], texts: Mapping[str, str], limit: int) -> None:
        """Log the findings of one build.

        Args:
            diagnostics: all findings.
            texts: the text of each file by path.
            limit: the maximum number of findings logged per file.
        """
        is_first, before = self._logged is None, self._logged or ()
        self._logged = diagnostics
        added, removed = _without(diagnostics, before), _without(before, diagnostics)
        shown, omissions = first_of_each_file(added, limit)
        for diagnostic in shown:
            # Through the logger itself, because the engine's adapter would put the plugin's name before the place.
            log.logger.log(_level([diagnostic]), "%s", render_text([diagnostic], texts, with_severity=False))
        for omission in omissions.values():
            log.warning("%s", omission)
        for diagnostic in removed[:limit]:
            log.info("gone: %s", render_line(diagnostic))
        if len(removed) > limit:
            log.info("… and %d more are gone", len(removed) - limit)
        # At the level of the worst finding: under --strict the engine counts what is logged in each build.
        if diagnostics and (is_first or added or removed):
            verb = "" if is_first else " remains" if len(diagnostics) == 1 else " remain"
            log.log(_level(diagnostics), "%s%s", summarise(diagnostics), verb)
        elif diagnostics:
            log.log(_level(diagnostics), "no change: %s", summarise(diagnostics))
        elif removed:
            log.info("no findings remain")


def _without(diagnostics: Iterable[Diagnostic], others: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return the findings that are not among others. An edit above a finding moves it, so lines are not compared."""
    counts = Counter(map(_identity, others))
    left = []
    for diagnostic in diagnostics:
        identity = _identity(diagnostic)
        if counts[identity]:
            counts[identity] -= 1
        else:
            left.append(diagnostic)
    return left


def _identity(diagnostic: Diagnostic) -> tuple[str, str, Severity, str]:
    return diagnostic.span.path, diagnostic.code, diagnostic.severity, diagnostic.message


def _level(diagnostics: Iterable[Diagnostic]) -> int:
    return max(_LEVELS[diagnostic.severity] for diagnostic in diagnostics)


def report_diagnostics(
    session: BuildSession, diagnostics: Sequence[Diagnostic], preview_log: PreviewLog | None
) -> Report:
    """Log every warning; in a preview log what has changed, and render the banner.

    Raises:
        PluginError: there are errors, and this is not a preview.
    """
    errors = [diagnostic for diagnostic in diagnostics if diagnostic.severity is Severity.ERROR]
    limit = session.config.limits.findings
    others = (diagnostic for diagnostic in diagnostics if diagnostic.severity is Severity.WARNING)
    warnings, omissions = first_of_each_file(others, limit)
    texts = session.build.texts if diagnostics else {}
    if preview_log is not None:
        preview_log.write(diagnostics, texts, limit)
        return Report((), _banner(session, first_of_each_file(errors, limit)[0], warnings))
    rendered = (*session.cached_warnings, *(render_text([w], texts) for w in warnings), *omissions.values())
    for warning in rendered:
        log.warning("%s", warning)
    if errors:
        raise PluginError(f"{summarise(errors)}\n\n{render_text(errors, texts, limit)}\n")
    return Report(rendered, "")


def _banner(session: BuildSession, errors: Sequence[Diagnostic], warnings: Sequence[Diagnostic]) -> str:
    if not errors and not warnings:
        return ""
    values = {"problems": list(map(_banner_entry, errors)), "warnings": list(map(_banner_entry, warnings))}
    return session.build.templates.render("problems.html", values)


def _banner_entry(diagnostic: Diagnostic) -> dict[str, str]:
    return {"place": str(diagnostic.span), "message": diagnostic.message, "hint": diagnostic.hint}


def log_progress(stage: str, count: int) -> None:
    """Log a stage of the build, visibly if it has many items."""
    log.log(logging.INFO if count >= _MANY_ITEMS else logging.DEBUG, "%s %d", stage, count)


def counted_warnings() -> int:
    """Return how many warnings the engine has counted so far; it counts them only under ``--strict``.

    The engine reads its count after ``on_post_build``, when the site would already be published.
    """
    count, logger = 0, log.logger
    while logger.parent is not None:
        logger = logger.parent
        count += sum(sum(h.counts.values()) for h in logger.handlers if isinstance(h, CountHandler))
    return count
