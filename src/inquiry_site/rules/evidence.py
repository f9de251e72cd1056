"""Define the rules on whether citations support the text: quotations, figures and the status of cited notes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import chain
from typing import NamedTuple

from inquiry_site.diagnostics import Severity, Span
from inquiry_site.graph import KnowledgeGraph
from inquiry_site.knowledge.standing import SOURCE
from inquiry_site.model import AnyDocument, Citation, InquiringLine, Note, ParsedDocument
from inquiry_site.names import Outcome, Resolution
from inquiry_site.parsing.figures import Figure, find_figures
from inquiry_site.parsing.frontmatter import locate_key
from inquiry_site.parsing.quotations import is_quoted_in
from inquiry_site.rules.cited_texts import CitedPage, CitedTexts, FigureIndex
from inquiry_site.rules.figure_spans import CodeMask, FigureLocator
from inquiry_site.rules.rule import (
    Finding,
    RuleContext,
    citation_span,
    join_names,
    key_span,
    obsolete_status,
    rule,
)

_MOST_NAMED = 4
_MOST_FIGURES = 8


@rule(
    "evidence/quote-not-found",
    Severity.WARNING,
    why="An invented quotation is the most damaging error that a text can contain.",
)
def quote_not_found(context: RuleContext) -> Iterator[Finding]:
    """Every quotation of six words or more is found in a note that the page cites.

    It is looked up in the quotes, claims and bodies of the cited notes, word by word: punctuation, capitals and hyphens
    may differ, and square brackets and ellipses match any words.

    Fails:
    ```markdown title="lines/sleep.md"
    The trial says that “coffee at night cut sleep by an hour” [[coffee]]; tea does less [[tea]].
    ```

    Passes:
    ```markdown title="lines/sleep.md"
    The trial says that “coffee at night cut sleep by 41 minutes” [[coffee]]; tea does less [[tea]].
    ```
    """
    library = CitedTexts(context.knowledge.graph)
    for parsed, document in context.published:
        cited = library.cited_by(document) if document.body.quotations else []
        texts = [text for identifier in cited for text in _quotable_texts(library, identifier, document)]
        is_found: dict[str, bool] = {}
        for quotation in document.body.quotations:
            if quotation.text not in is_found:
                is_found[quotation.text] = any(is_quoted_in(quotation.text, text) for text in texts)
            if not is_found[quotation.text]:
                span = Span.of(parsed.path, parsed.text, quotation.start, quotation.end)
                hint = "Quote the exact words, add the passage to a note's quotes, or remove the quotation marks."
                yield Finding(span, _quote_message(document), hint)


def _quotable_texts(library: CitedTexts, identifier: str, document: AnyDocument) -> list[str]:
    """Return the texts of a cited page; for the document itself, all but the body, which contains the quotation."""
    texts = library[identifier].normalized_texts
    return texts[:-1] if identifier == document.id else texts


def _quote_message(document: AnyDocument) -> str:
    if isinstance(document, Note):
        return "This quotation is neither in this note's quotes nor in any of the notes that it cites."
    return "This quotation is in none of the notes that this line cites."


@rule(
    "evidence/figure-not-found",
    Severity.WARNING,
    why="A reader who follows the citation to check the figure will not find it.",
)
def figure_not_found(context: RuleContext) -> Iterator[Finding]:
    """Every figure in a sentence that cites notes is found in one of them.

    ``400K`` and ``400,000`` are the same figure, and so are ``91%``, ``91 percent`` and ``0.91``, or ``3x`` and
    “threefold”. Figures are looked up in the claim, the quotes, the scope, the body, and the titles and years of the
    sources; those of a note also in its own claim and quotes. Numbers in names (GPT-4, Claude Sonnet 4), locators
    (§4.2) and dates are not figures.

    Fails:
    ```markdown title="lines/sleep.md"
    Coffee cuts sleep by 47 minutes [[coffee]], tea by less [[tea]].
    ```

    Passes:
    ```markdown title="lines/sleep.md"
    Coffee cuts sleep by 41 minutes [[coffee]], tea by less [[tea]].
    ```
    """
    graph = context.knowledge.graph
    library = CitedTexts(graph)
    for parsed, document in context.published:
        own = [library[document.id].claim_figures] if isinstance(document, Note) else []
        mask, locator = CodeMask(parsed.text), FigureLocator(parsed.text)
        for sentence in document.body.sentences:
            text = "".join(part if isinstance(part, str) else "\0" for part in sentence.parts)
            figures = find_figures(text)
            cited = _cited_pages(sentence.parts, document, graph) if figures else []
            if not cited:
                continue
            claims = [*own, *(library[identifier].claim_figures for identifier in cited)]
            unsupported = []
            for figure in figures:
                bodies = (library[identifier].body_figures for identifier in cited)
                written = text[figure.start : figure.end]
                if any(index.contain(figure, written) for index in chain(claims, bodies)):
                    continue
                start, end = locator.find(sentence.block, text, figure)
                if not mask.is_code(sentence.block, start):
                    unsupported.append(_Unsupported(figure, written, start, end))
            if unsupported:
                yield _figure_finding(parsed, unsupported, cited)


class _Unsupported(NamedTuple):
    """A figure without evidence, and its span in the file."""

    figure: Figure
    written: str
    start: int
    end: int


def _span_of(parsed: ParsedDocument, figures: list[_Unsupported]) -> Span:
    start, end = min(figure.start for figure in figures), max(figure.end for figure in figures)
    return Span.of(parsed.path, parsed.text, start, end)


def _name_figures(figures: list[_Unsupported]) -> str:
    """Return “figure 26” or “figures 26, 8 and 10 points”, without repeating equal figures."""
    distinct: dict[Decimal, list[_Unsupported]] = defaultdict(list)
    for one in figures:
        if not any(one.figure.equals(other.figure) for other in distinct[one.figure.value]):
            distinct[one.figure.value].append(one)
    shown = [one.written for same_value in distinct.values() for one in same_value]
    if len(shown) > _MOST_FIGURES:
        shown[_MOST_FIGURES - 1 :] = [f"{len(shown) - _MOST_FIGURES + 1} more"]
    return f"figure{'s' if len(shown) > 1 else ''} {join_names(shown, 'and')}"


def _cited_pages(parts: Iterable[str | int], document: AnyDocument, graph: KnowledgeGraph) -> list[str]:
    """Return the ids of the other pages that a sentence cites, or none if one of its citations is unresolved."""
    resolutions = [graph.citations[document.id][part] for part in parts if isinstance(part, int)]
    if any(resolution.outcome is not Outcome.FOUND for resolution in resolutions):
        return []
    return [identifier for identifier in dict.fromkeys(r.id for r in resolutions) if identifier != document.id]


def _figure_finding(parsed: ParsedDocument, figures: list[_Unsupported], cited: list[str]) -> Finding:
    names = [f"“{identifier}”" for identifier in cited]
    if len(names) > _MOST_NAMED:
        names[_MOST_NAMED - 1 :] = [f"{len(names) - _MOST_NAMED + 1} more"]
    shown = _name_figures(figures)
    if shown.startswith("figure "):
        verb, figure, it, its = "does not occur in" if len(cited) == 1 else "occurs in none of", "figure", "it", "its"
    else:
        verb, figure, it, its = "do not occur in" if len(cited) == 1 else "occur in none of", "figures", "them", "their"
    hint = f"Correct the {figure}, cite the note that contains {it}, or add {it} to the note with {its} source."
    return Finding(_span_of(parsed, figures), f"The {shown} {verb} {join_names(names, 'and')}.", hint)


@rule(
    "evidence/claim-figure",
    Severity.WARNING,
    why="The claim is shown wherever the note is cited, and its figures are what readers check first.",
)
def claim_figure(context: RuleContext) -> Iterator[Finding]:
    """Every figure in a note's claim is also found in its quotes, its body, or the titles or years of its sources.

    Fails:
    ```yaml title="notes/coffee.md"
    description: Coffee at night cut sleep by 41 minutes in a trial with 120 adults.
    ```

    Passes:
    ```markdown title="notes/coffee.md"
    The trial had two groups, of 120 adults in all.
    ```
    """
    graph = context.knowledge.graph
    for parsed, document in context.published:
        if not isinstance(document, Note):
            continue
        figures = find_figures(document.description)
        if not figures:
            continue
        references = CitedPage(document, graph).references
        quotes = [quote.text for entry in document.evidence for quote in entry.quotes]
        others = [document.title, document.body.published_text]
        others += [text for reference in references for text in (reference.title, str(reference.year))]
        indexes = (FigureIndex(quotes), FigureIndex(others))
        written = [document.description[figure.start : figure.end] for figure in figures]
        missing = [
            (figure, text)
            for figure, text in zip(figures, written, strict=True)
            if not any(index.contain(figure, text) for index in indexes)
        ]
        if missing:
            yield _claim_finding(parsed, document, missing)


def _claim_finding(parsed: ParsedDocument, note: Note, missing: list[tuple[Figure, str]]) -> Finding:
    claim, locator = locate_key(parsed.text, ("description",)), FigureLocator(parsed.text)
    figures = [
        _Unsupported(figure, written, *locator.find(claim, note.description, figure)) for figure, written in missing
    ]
    shown = _name_figures(figures)
    occurs, it, comes = ("occurs", "it", "it comes") if shown.startswith("figure ") else ("occur", "them", "they come")
    message = f"The {shown} in the claim {occurs} neither in the quotes nor in the text of this note."
    hint = f"Quote the passage that contains {it}, or explain in the text where {comes} from."
    return Finding(_span_of(parsed, figures), message, hint)


@rule("evidence/no-quote", Severity.WARNING, why="A reader cannot trace the claim to the words of a paper.")
def no_quote(context: RuleContext) -> Iterator[Finding]:
    """Every note quotes at least one passage of its sources, and every quote has a locator.

    Fails:
    ```yaml title="notes/coffee.md"
    sources: [{quotes: []}]
    ```
    ```markdown title="notes/coffee.md"
    One trial found 41 minutes.
    ```

    Passes:
    ```yaml title="notes/coffee.md"
    sources: [{quotes: [{text: coffee at night cut sleep by 41 minutes, locator: abstract}]}]
    ```
    """
    for parsed, document in context.published:
        if not isinstance(document, Note) or not document.evidence:
            continue
        records = [entry for entry in document.evidence if entry.reference is not None]
        if records and not any(entry.quotes for entry in records):
            hint = "Add “quotes:” to a source, with the text of a passage and its locator (“abstract”, “p. 7”)."
            yield Finding(key_span(parsed, "sources"), "None of this note's sources is quoted.", hint)
        for number, entry in enumerate(document.evidence):
            for index, quote in enumerate(entry.quotes):
                if not quote.locator:
                    span = key_span(parsed, "sources", number, "quotes", index)
                    hint = "Add “locator:” with the section, page or table, or “abstract”."
                    yield Finding(span, "This quote has no locator.", hint)


@rule(
    "evidence/fallen-note",
    Severity.WARNING,
    why="The line relies on a claim that, according to its own knowledge base, no longer holds.",
)
def obsolete_note(context: RuleContext) -> Iterator[Finding]:
    """No line cites a note that is superseded or retracted, or whose source was retracted, without giving a reason.

    The reason is a comment in the line: ``<!-- rests-on: coffee because two trials found the same. -->``. It applies to
    every citation of that note in the file, and the line's page shows it.

    Fails:
    ```yaml title="notes/coffee.md"
    status: superseded
    ```

    Passes:
    ```markdown title="lines/sleep.md"
    Coffee cuts sleep by 41 minutes [[coffee]], tea by 18 [[tea]].

    <!-- rests-on: coffee because no later trial measured the minutes. -->
    ```
    """
    graph, standing = context.knowledge.graph, context.knowledge.standing
    for parsed, citation, resolution in _citations_of_lines(context):
        note = graph.note(resolution.id)
        if note is None or note.id in standing.acknowledged.get(parsed.id, {}):
            continue
        state = obsolete_status(note, context.knowledge)
        if state:
            newer = standing.fallen[note.id].newer
            hint = f"Cite “{newer[0]}”, which supersedes it." if newer else "Support the sentence with another note."
            yield Finding(citation_span(parsed, citation), f"The note “{note.id}” is {state}.", hint)
            continue
        day = _retraction(note.id, context)
        if day is not None:
            message = f"The note “{note.id}” relies on a source that was retracted{day and f' on {day}'}."
            hint = f"Support the sentence with another note, or add <!-- rests-on: {note.id} because REASON -->."
            yield Finding(citation_span(parsed, citation), message, hint)


def _retraction(note: str, context: RuleContext) -> str | None:
    """Return the day on which a note's source was retracted, empty if it is unknown; None if none was retracted."""
    standing = context.knowledge.standing
    sources = [doubt.path.root for doubt in standing.of_page.get(note, ()) if doubt.path.target.startswith(SOURCE)]
    return standing.fallen[sources[0]].day if sources else None


def _citations_of_lines(context: RuleContext) -> Iterator[tuple[ParsedDocument, Citation, Resolution]]:
    for parsed, citation, resolution in context.citations():
        if resolution.outcome is not Outcome.FOUND or not isinstance(parsed, ParsedDocument):
            continue
        if isinstance(parsed.document, InquiringLine):
            yield parsed, citation, resolution


RULES = (quote_not_found, figure_not_found, claim_figure, no_quote, obsolete_note)
