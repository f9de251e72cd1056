"""Findings on the number of words in the texts of notes and lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from inquiry_site.diagnostics import Span
from inquiry_site.diagnostics.text import counted
from inquiry_site.editorial_standard import Bounds
from inquiry_site.model import AnyDocument, ParsedDocument
from inquiry_site.parsing.word_count import count_words
from inquiry_site.rules.rule import Finding, key_span


def first_line_span(parsed: ParsedDocument, document: AnyDocument) -> Span:
    """Return the span of the first line of a text, or of the title if there is no text."""
    body = document.body
    written = body.text.lstrip()
    if not written:
        return key_span(parsed, "title")
    start = body.offset + len(body.text) - len(written)
    return Span.of(parsed.path, parsed.text, start, start + len(written.partition("\n")[0].rstrip()))


def length_findings(
    documents: Iterable[tuple[ParsedDocument, AnyDocument]], bounds: Bounds | None, advice: str
) -> Iterator[Finding]:
    """Yield a finding for each text that is too short or too long; none if there are no bounds."""
    if bounds is None:
        return
    least, most = bounds
    for parsed, document in documents:
        count = count_words(document.body)
        if not least <= count <= most:
            required = f"a {document.kind.noun} here has {describe_bounds(bounds)}"
            message = f"This text has {counted(count, 'word')}, but {required}."
            excess = count - most
            hint = (
                f"Cut at least {counted(excess, 'word')}."
                if excess > 0
                else f"Add at least {counted(least - count, 'word')}: {advice}"
            )
            yield Finding(first_line_span(parsed, document), message, hint)


def describe_bounds(bounds: Bounds) -> str:
    """Return a single number if the bounds are equal, otherwise both."""
    least, most = bounds
    return str(least) if least == most else f"{least} to {most}"
