"""Report diagnostics to the engine: in its log, as an error that stops the build, and on pages of a preview."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from mkdocs.exceptions import PluginError
from mkdocs.plugins import get_plugin_logger
from mkdocs.utils import CountHandler

from inquiry_site.diagnostics import Diagnostic, Severity
from inquiry_site.diagnostics.text import first_of_each_file, render_text, summarise
from inquiry_site.publishing.session import BuildSession

log = get_plugin_logger("inquiry")

_MANY_ITEMS = 1000
"""Stages with at least this many items are logged visibly."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was reported."""

    warnings: tuple[str, ...]
    """As rendered, for the next build to repeat."""
    banner: str
    """HTML for the top of every page of a preview; empty in a build."""


def report_diagnostics(session: BuildSession, diagnostics: Sequence[Diagnostic], is_preview: bool) -> Report:
    """Log every warning and, in a preview, every error.

    Raises:
        PluginError: there are errors, and this is not a preview.
    """
    errors = [diagnostic for diagnostic in diagnostics if diagnostic.severity is Severity.ERROR]
    limit = session.config.limits.findings
    others = (diagnostic for diagnostic in diagnostics if diagnostic.severity is Severity.WARNING)
    warnings, omissions = first_of_each_file(others, limit)
    texts = session.build.texts if diagnostics else {}
    rendered = (*session.cached_warnings, *(render_text([w], texts) for w in warnings), *omissions.values())
    for warning in rendered:
        log.warning("%s", warning)
    if errors:
        message = f"{summarise(errors)}\n\n{render_text(errors, texts, limit)}\n"
        if not is_preview:
            raise PluginError(message)
        log.error("%s", message)
    banner = ""
    if is_preview and diagnostics:
        problems = first_of_each_file(errors, limit)[0]
        values = {"problems": list(map(_banner_entry, problems)), "warnings": list(map(_banner_entry, warnings))}
        banner = session.build.templates.render("problems.html", values)
    return Report(rendered, banner)


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
