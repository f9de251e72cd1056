"""What a page is rendered from: its template, its view, and the author's Markdown in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from inquiry_site.html.sanitize import clean, find_unsafe, may_have_removed
from inquiry_site.rendering.body.balance import balance_tags
from inquiry_site.rendering.body.headings import place_headings
from inquiry_site.rendering.body.math import render_math
from inquiry_site.rendering.body.placeholders import Placeholder, fill_placeholders, strip_placeholder_references
from inquiry_site.rendering.body.tasks import name_tasks
from inquiry_site.rendering.body.term_links import link_terms
from inquiry_site.rendering.templates import Templates
from inquiry_site.text.terms import TermIndex


@dataclass(frozen=True, slots=True)
class PageContext:
    """The content of one page before its Markdown is converted."""

    template: str
    values: Mapping[str, Any] = field(repr=False)
    """The values that the template receives; the view is named after the kind of page."""
    markdown: str = ""
    """The author's Markdown with a placeholder for each citation; empty for pages without an author."""
    placeholders: tuple[Placeholder, ...] = field(default=(), repr=False)
    """What replaces the placeholders in the converted Markdown."""
    highest_heading: int = 2
    """The level of the author's highest heading: below that of the section with the Markdown."""
    task_names: tuple[str, str] = ("to do", "done")
    """The names of open and ticked checkboxes."""
    is_trusted: bool = False
    """Whether the author's HTML is published unchanged."""
    reported: frozenset[str] = frozenset()
    """Unsafe parts of the author's HTML that the check reports, as ``unsafe_parts`` names them."""
    notice: PageContext | None = None
    """What a preview shows above the page: the problems of a file of which this is the last valid version."""
    terms: TermIndex | None = field(default=None, repr=False)
    """The terms of the glossary, whose first uses become links; None if the site has no glossary."""
    glossary: str = ""
    """The URL of the glossary, relative to the page."""

    def render(self, templates: Templates, prose: str, on_removed: Callable[[str], None] | None = None) -> str:
        """Return the page's HTML.

        Args:
            templates: the site's templates.
            prose: ``self.markdown`` converted to HTML.
            on_removed: called with each unsafe part that was removed and that no check could report.

        Raises:
            BrokenTemplateError: the template cannot be used.
        """
        placed = place_headings(self._safe(prose, on_removed), self.highest_heading)
        body = fill_placeholders(name_tasks(placed, *self.task_names), self.placeholders)
        if self.terms:
            body = link_terms(body, self.terms, self.glossary)
        notice = self.notice.render(templates, "") if self.notice else ""
        values = {**self.values, "prose": Markup(body)}  # noqa: S704 - sanitised or trusted
        return notice + templates.render(self.template, values)

    def _safe(self, prose: str, on_removed: Callable[[str], None] | None) -> str:
        if self.is_trusted:
            return render_math(balance_tags(prose) if "<" in self.markdown else prose)
        converted = render_math(strip_placeholder_references(prose))
        cleaned = clean(converted)
        if on_removed and may_have_removed(converted, cleaned):
            for part in sorted({*find_unsafe(converted)} - self.reported):
                on_removed(part)
        return cleaned
