"""Find acknowledgements (``<!-- rests-on: ID because REASON -->``) that are malformed or have no effect."""

from __future__ import annotations

from collections.abc import Iterator

from inquiry_site.diagnostics import Span
from inquiry_site.knowledge.standing import SOURCE
from inquiry_site.model import ParsedDocument
from inquiry_site.parsing.acknowledgements import Acknowledgement, find_acknowledgements
from inquiry_site.rules.rule import Finding, RuleContext, did_you_mean
from inquiry_site.text.suggest import closest_names

_HOW = "Write it as “rests-on: ID because REASON”."


def malformed_acknowledgements(context: RuleContext) -> Iterator[Finding]:
    """Yield acknowledgements without a name or a reason, and those that name nothing."""
    reliance = context.knowledge.reliance
    for parsed, entry in _acknowledgements(context):
        span = Span.of(parsed.path, parsed.text, entry.start, entry.end)
        if not entry.name:
            yield Finding(span, "This comment names no note, line or source.", _HOW)
        elif not entry.reason:
            yield Finding(span, "This comment gives no reason.", _HOW)
        elif not reliance.find_node(entry.name):
            graph, sources = context.knowledge.graph, context.knowledge.bibliography.sources
            hint = did_you_mean(closest_names(entry.name, [*graph.documents, *sources], 2))
            yield Finding(span, f"No note, line or source is called “{entry.name}”.", hint or _HOW)


def unused_acknowledgements(context: RuleContext) -> Iterator[Finding]:
    """Yield acknowledgements of something on which the page does not rest, or which holds."""
    standing, reliance = context.knowledge.standing, context.knowledge.reliance
    for parsed, entry in _acknowledgements(context):
        node = reliance.find_node(entry.name) if entry.name and entry.reason else ""
        doubts = standing.of_page.get(parsed.id, ())
        if not node or any(doubt.path.target == node for doubt in doubts):
            continue
        direct = [doubt.path.target.removeprefix(SOURCE) for doubt in doubts if node == doubt.path.root]
        holds = node not in standing.fallen and node not in standing.of_page
        reason = f"“{entry.name}” is not in doubt" if holds else f"this page does not rest on “{entry.name}” directly"
        hint = f"Name “{direct[0]}”, by which this page rests on it." if direct else "Delete the comment."
        yield Finding(
            Span.of(parsed.path, parsed.text, entry.start, entry.end), f"This comment has no effect: {reason}.", hint
        )


def _acknowledgements(context: RuleContext) -> Iterator[tuple[ParsedDocument, Acknowledgement]]:
    for parsed, document in context.published:
        if document.body.comments:
            yield from ((parsed, entry) for entry in find_acknowledgements(document.body))
