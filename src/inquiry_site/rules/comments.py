"""Directives: comments in a file that set the severity of a rule for one place, and the rules about them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import accumulate

from inquiry_site.diagnostics import Diagnostic, Severity, Span
from inquiry_site.parsing.directives import PREFIX, Directive, find_directives
from inquiry_site.rules.acknowledgements import malformed_acknowledgements, unused_acknowledgements
from inquiry_site.rules.rule import Finding, Rule, RuleContext, did_you_mean, rule
from inquiry_site.rules.severity import SEVERITIES
from inquiry_site.text.suggest import closest_names

FAMILY = "comments"
"""The family of the rules in this file.

Directives cannot change them, because a directive could then hide a finding about itself."""

_Place = tuple[int, int]
"""Line and column."""


def directives_by_path(texts: Mapping[str, str]) -> dict[str, tuple[Directive, ...]]:
    """Return the directives of each file that has any, by its path."""
    return {
        path: directives
        for path, text in texts.items()
        if PREFIX in text and (directives := tuple(find_directives(text)))
    }


def apply_directives(diagnostics: Iterable[Diagnostic], context: RuleContext) -> Iterator[Diagnostic]:
    """Yield diagnostics with the severities that directives set, without those that a directive turns off."""
    severities: dict[tuple[str, str], _SeverityRanges] = {}
    for diagnostic in diagnostics:
        path, code = diagnostic.span.path, diagnostic.code
        own_rule = context.rules[code]
        if path not in context.directives or own_rule.fixed or own_rule.family == FAMILY:
            yield diagnostic
            continue
        if (path, code) not in severities:
            directives = _directives_for(context.directives[path], code)
            severities[path, code] = _SeverityRanges(directives, context.texts[path])
        severity = severities[path, code].at((diagnostic.span.line, diagnostic.span.column))
        if severity != "off":
            yield replace(diagnostic, severity=Severity(severity)) if severity else diagnostic


class _SeverityRanges:
    """The severities that directives of one file set for one rule; there may be thousands of them."""

    def __init__(self, directives: Iterable[Directive], text: str) -> None:
        ranges = sorted((*_range(directive, text), directive.start, directive.severity) for directive in directives)
        self._starts = [start for start, _, _, _ in ranges]
        self._ranges = ranges
        self._furthest_ends = list(accumulate((end for _, end, _, _ in ranges), max))

    def at(self, place: _Place) -> str:
        """Return the severity at a place, set by the innermost directive; empty if none covers it."""
        index = bisect_right(self._starts, place) - 1
        while index >= 0 and self._furthest_ends[index] >= place:
            if self._ranges[index][1] >= place:
                return self._ranges[index][3]
            index -= 1
        return ""


def _range(directive: Directive, text: str) -> tuple[_Place, _Place]:
    span = Span.of("", text, directive.scope_start, directive.scope_end)
    return (span.line, span.column), (span.end_line, span.end_column)


def _directives_for(directives: Iterable[Directive], code: str) -> Iterator[Directive]:
    family = code.partition("/")[0]
    return (d for d in directives if d.severity in SEVERITIES and d.reason and (code in d.codes or family in d.codes))


@rule(
    "comments/malformed",
    Severity.ERROR,
    why="A check that is turned off without a reason cannot be trusted.",
    fixed=True,
)
def malformed(context: RuleContext) -> Iterator[Finding]:
    """Every comment that sets the severity of a rule gives a severity, existing rules, and a reason.

    The severities are ``off``, ``warning`` and ``error``. A comment applies to the paragraph or line that contains it,
    or to the next paragraph or value if it is on its own; with ``in this file``, to the whole file.

    A comment that begins with ``rests-on:`` names a note, line or source on which the page rests although it is
    superseded or retracted, or rests on something that is, and gives a reason.

    Fails:
    ```markdown title="lines/sleep.md"
    <!-- inquiry: off evidence/quote-not-found -->

    Coffee keeps people awake [[coffee]], and tea less so [[tea]].
    ```

    Passes:
    ```markdown title="lines/sleep.md"
    <!-- inquiry: off evidence/quote-not-found because it is a proverb, not a quotation -->

    Tea was “the drink that nobody ever blamed for anything” [[tea]], coffee was not [[coffee]].
    ```
    """
    validator = _Validator(context.rules)
    for path, directives in context.directives.items():
        for directive in directives:
            problem, hint = validator.problem(directive)
            if problem:
                yield Finding(Span.of(path, context.texts[path], directive.start, directive.end), problem, hint)
    yield from malformed_acknowledgements(context)


@rule("comments/unused", Severity.WARNING, why="It could hide a later finding that no one has reviewed.")
def unused(context: RuleContext) -> Iterator[Finding]:
    """Every comment that sets the severity of a rule applies to a finding of that rule.

    Every comment that begins with ``rests-on:`` names something on which the page rests directly, and which no longer
    holds or rests on something that no longer holds.

    Fails:
    ```markdown title="lines/sleep.md"
    <!-- inquiry: off evidence/figure-not-found because the figure is our own sum -->

    Coffee keeps people awake [[coffee]], and tea less so [[tea]].
    ```

    Passes:
    ```markdown title="lines/sleep.md"
    <!-- inquiry: off evidence/figure-not-found because the figure is our own sum -->

    Coffee and tea [[coffee]] together take 59 minutes [[tea]].
    ```
    """
    validator = _Validator(context.rules)
    for path, directives in context.directives.items():
        places, text = _places_by_code(context.other_diagnostics, path), context.texts[path]
        for directive in directives:
            if validator.problem(directive)[0] or _has_finding(directive, places, _range(directive, text)):
                continue
            span = Span.of(path, text, directive.start, directive.end)
            yield Finding(
                span, "This comment has no effect: the rules that it names report nothing here.", "Delete the comment."
            )
    yield from unused_acknowledgements(context)


RULES: tuple[Rule, ...] = (malformed, unused)


def _places_by_code(diagnostics: Iterable[Diagnostic], path: str) -> dict[str, list[_Place]]:
    """Return the places in a file where each rule, and each family, reports something, in order."""
    places: dict[str, list[_Place]] = {}
    for diagnostic in diagnostics:
        if diagnostic.span.path == path:
            for code in (diagnostic.code, diagnostic.code.partition("/")[0]):
                places.setdefault(code, []).append((diagnostic.span.line, diagnostic.span.column))
    return {code: sorted(of_code) for code, of_code in places.items()}


def _has_finding(directive: Directive, places: Mapping[str, list[_Place]], scope: tuple[_Place, _Place]) -> bool:
    start, end = scope
    for code in directive.codes:
        of_code = places.get(code, [])
        index = bisect_left(of_code, start)
        if index < len(of_code) and of_code[index] <= end:
            return True
    return False


class _Validator:
    """Finds what is wrong with a directive; results for equal ones are cached, because there may be thousands."""

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        self._rules = rules
        others = [each for each in rules.values() if each.family != FAMILY]
        self._names = sorted({name for each in others for name in (each.code, each.family)})
        self._problems: dict[tuple[str, tuple[str, ...], bool], tuple[str, str]] = {}

    def problem(self, directive: Directive) -> tuple[str, str]:
        """Return what is wrong with a directive and what to do; both are empty if nothing is."""
        key = (directive.severity, directive.codes, bool(directive.reason))
        if key not in self._problems:
            self._problems[key] = self._find_problem(*key)
        return self._problems[key]

    def _find_problem(self, severity: str, codes: tuple[str, ...], has_reason: bool) -> tuple[str, str]:
        how = "Write it as “inquiry: off CODE because REASON”."
        if not severity:
            return "This comment is empty.", how
        if severity not in SEVERITIES:
            return f"“{severity}” is not a severity.", f"The severities are {', '.join(SEVERITIES)}. {how}"
        if not codes:
            return "This comment names no rule.", how
        for code in codes:
            if code.partition("/")[0] == FAMILY:
                return "A comment cannot change the rules on comments.", "Change them in the site's settings."
            if code not in self._names:
                return f"There is no rule “{code}”.", did_you_mean(closest_names(code, self._names, 2)) or how
            if code in self._rules and self._rules[code].fixed:
                return f"The severity of “{code}” cannot be changed.", "Fix what it reports, and delete this comment."
        return ("", "") if has_reason else ("This comment gives no reason.", how)
