"""Define the rules on citations in prose."""

from __future__ import annotations

from collections.abc import Iterator

from inquiry_site.diagnostics import Severity
from inquiry_site.model import FaultKind
from inquiry_site.names import Outcome
from inquiry_site.rules.rule import Finding, RuleContext, citation_span, did_you_mean, quote_names, rule
from inquiry_site.text.suggest import closest_names


@rule(
    "citations/not-found", Severity.ERROR, why="A reader who follows the citation finds nothing to check.", fixed=True
)
def not_found(context: RuleContext) -> Iterator[Finding]:
    """Every citation names an existing note or line, by its id, title or alias.

    Fails:
    ```markdown title="lines/sleep.md"
    Coffee cuts sleep by 41 minutes [[cofee]], tea by 18 [[tea]]. It is strong [[coffee]].
    ```

    Passes:
    ```markdown title="lines/sleep.md"
    Coffee cuts sleep by 41 minutes [[coffee]], tea by 18 [[tea]].
    ```
    """
    for parsed, citation, resolution in context.citations():
        if resolution.outcome is Outcome.MISSING:
            message = (
                f"No note or line is called “{citation.target}”." if citation.target else "This citation has no target."
            )
            hint = did_you_mean(resolution.candidates) or "Write the id of a note or line: its file name without “.md”."
            yield Finding(citation_span(parsed, citation), message, hint)


@rule(
    "citations/ambiguous",
    Severity.ERROR,
    why="The citation could refer to any of these pages, and a guess could mislead readers.",
    fixed=True,
)
def ambiguous(context: RuleContext) -> Iterator[Finding]:
    """Every cited title or alias belongs to only one page.

    Fails:
    ```yaml title="notes/coffee.md"
    aliases: [Hot drinks]
    ```
    ```yaml title="notes/tea.md"
    aliases: [Hot drinks]
    ```
    ```markdown title="lines/sleep.md"
    Coffee [[coffee]] and tea [[tea]] are [[Hot drinks]].
    ```

    Passes:
    ```markdown title="lines/sleep.md"
    Coffee [[coffee]] and tea [[tea]] are hot drinks.
    ```
    """
    for parsed, citation, resolution in context.citations():
        if resolution.outcome is Outcome.AMBIGUOUS:
            message = f"“{citation.target}” is the name of {len(resolution.candidates)} pages."
            yield Finding(
                citation_span(parsed, citation), message, f"Cite one by its id: {quote_names(resolution.candidates)}."
            )


@rule(
    "citations/draft", Severity.ERROR, why="A draft is not published, so the citation would lead nowhere.", fixed=True
)
def draft(context: RuleContext) -> Iterator[Finding]:
    """No published page cites a draft.

    Fails:
    ```yaml title="notes/cocoa.md"
    draft: true
    ```
    ```markdown title="lines/sleep.md"
    Coffee [[coffee]] and tea [[tea]] differ, as does cocoa [[cocoa]].
    ```

    Passes:
    ```markdown title="lines/sleep.md"
    Coffee [[coffee]] and tea [[tea]] differ.
    ```
    """
    for parsed, citation, resolution in context.citations():
        if resolution.outcome is Outcome.DRAFT:
            hint = "Remove “draft: true” from it, or make this page a draft too."
            yield Finding(citation_span(parsed, citation), f"“{resolution.id}” is a draft.", hint)


@rule(
    "citations/missing-heading",
    Severity.ERROR,
    why="The link leads to the top of the page rather than to the intended section.",
)
def missing_heading(context: RuleContext) -> Iterator[Finding]:
    """Every heading named in a citation exists on the cited page.

    Fails:
    ```markdown title="notes/coffee.md"
    ## How it was measured
    ```
    ```markdown title="lines/sleep.md"
    It was measured at night [[coffee#how-it-was-mesured]], unlike tea [[tea]].
    ```

    Passes:
    ```markdown title="lines/sleep.md"
    It was measured at night [[coffee#how-it-was-measured]], unlike tea [[tea]].
    ```
    """
    for parsed, citation, resolution in context.citations():
        if resolution.missing_heading:
            message = f"“{resolution.id}” has no heading “{resolution.missing_heading}”."
            headings = resolution.candidates
            likely = closest_names(resolution.missing_heading, headings) or headings[:5]
            hint = did_you_mean(likely) or "It has no headings; cite the page itself."
            yield Finding(citation_span(parsed, citation), message, hint)


@rule(
    "citations/unclosed-code",
    Severity.ERROR,
    why="The site would show the rest of the file as plain text, and its citations as brackets.",
)
def unclosed_code(context: RuleContext) -> Iterator[Finding]:
    """Every code fence is closed.

    Fails:
    ```markdown title="notes/coffee.md"
    ~~~
    minutes = 41
    ```

    Passes:
    ```markdown title="notes/coffee.md"
    ~~~
    minutes = 41
    ~~~
    ```
    """
    for fault in context.faults(FaultKind.UNCLOSED_CODE):
        hint = f"Add a line “{fault.subject}” after the code."
        yield Finding(fault.span, "The code block that begins here is never closed.", hint)


RULES = (not_found, ambiguous, draft, missing_heading, unclosed_code)
