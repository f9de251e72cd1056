"""Comments in a file that set the level of a rule for a place, and what they do to the findings."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import accumulate

from inquiry_site.diagnostics import Diagnostic, Severity, Span
from inquiry_site.parsing.directives import PREFIX, Directive, find_directives
from inquiry_site.rules.rule import Finding, Rule, RuleContext, did_you_mean, rule
from inquiry_site.rules.severity import SEVERITIES
from inquiry_site.text.suggest import closest_names

_FAMILY = "comments"
"""The family of the rules in this file, which no comment changes: each would hide itself."""


def directives_by_path(texts: Mapping[str, str]) -> dict[str, tuple[Directive, ...]]:
    """The comments of each file that has any, by its path."""
    return {path: found for path, text in texts.items() if PREFIX in text and (found := tuple(find_directives(text)))}


_Place = tuple[int, int]
"""Line and column."""


class _DirectiveLevels:
    """The levels that the comments of one file set for one rule; comments and findings may both be thousands."""

    def __init__(self, comments: Iterable[Directive], text: str) -> None:
        reached = sorted((*_range(comment, text), comment.start, comment.severity) for comment in comments)
        self._firsts = [first for first, _, _, _ in reached]
        self._reached = reached
        self._furthest = list(accumulate((last for _, last, _, _ in reached), max))

    def at(self, place: _Place) -> str:
        """The level at a place: of comments about it that which reaches least far back; empty when there is none."""
        at = bisect_right(self._firsts, place) - 1
        while at >= 0 and self._furthest[at] >= place:
            if self._reached[at][1] >= place:
                return self._reached[at][3]
            at -= 1
        return ""


def _range(comment: Directive, text: str) -> tuple[_Place, _Place]:
    span = Span.of("", text, comment.scope_start, comment.scope_end)
    return (span.line, span.column), (span.end_line, span.end_column)


def _directives_for(comments: Iterable[Directive], code: str) -> Iterator[Directive]:
    family = code.partition("/")[0]
    return (c for c in comments if c.severity in SEVERITIES and c.reason and (code in c.codes or family in c.codes))


def apply_directives(
    found: Iterable[Diagnostic], checked: RuleContext, rules: Mapping[str, Rule]
) -> Iterator[Diagnostic]:
    """The findings with the levels that comments beside them set; those that a comment turns off are left out."""
    known: dict[tuple[str, str], _DirectiveLevels] = {}
    for diagnostic in found:
        path, code = diagnostic.span.path, diagnostic.code
        if path not in checked.directives or rules[code].fixed or rules[code].family == _FAMILY:
            yield diagnostic
            continue
        if (path, code) not in known:
            known[path, code] = _DirectiveLevels(_directives_for(checked.directives[path], code), checked.texts[path])
        level = known[path, code].at((diagnostic.span.line, diagnostic.span.column))
        if level != "off":
            yield replace(diagnostic, severity=Severity(level)) if level else diagnostic


def comment_rules(rules: Mapping[str, Rule]) -> tuple[Rule, ...]:
    """The rules on comments themselves: they need to know all other rules."""
    known = sorted({*rules, *(rule.family for rule in rules.values())})

    @lru_cache(maxsize=1000)
    def problem_of(level: str, codes: tuple[str, ...], has_reason: bool) -> tuple[str, str]:
        return _problem(level, codes, has_reason, rules, known)

    @rule(
        "comments/malformed",
        Severity.ERROR,
        why="A check that is turned off without a reason is a check that nobody trusts.",
        fixed=True,
    )
    def malformed(checked: RuleContext) -> Iterator[Finding]:
        """A comment that sets the level of a rule names a level, rules that exist, and a reason.

        The levels are ``off``, ``warning`` and ``error``. A comment is about the paragraph or value at which it
        stands; with ``in this file`` about all of the file.

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
        for path, comments in checked.directives.items():
            for comment in comments:
                problem, hint = problem_of(comment.severity, comment.codes, bool(comment.reason))
                if problem:
                    yield Finding(Span.of(path, checked.texts[path], comment.start, comment.end), problem, hint)

    @rule("comments/unused", Severity.WARNING, why="It hides the next finding, which nobody has looked at.")
    def unused(checked: RuleContext) -> Iterator[Finding]:
        """A comment that sets the level of a rule is about something that the rule finds.

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
        for path, comments in checked.directives.items():
            places = _places_by_code(checked.found, path)
            for comment in comments:
                text = checked.texts[path]
                if problem_of(comment.severity, comment.codes, bool(comment.reason))[0]:
                    continue
                if not _has_finding(comment, places, _range(comment, text)):
                    span = Span.of(path, text, comment.start, comment.end)
                    yield Finding(span, "No rule that this comment names finds anything here.", "Delete the comment.")

    return malformed, unused


def _places_by_code(found: Iterable[Diagnostic], path: str) -> dict[str, list[_Place]]:
    """Where each rule, and each family, finds something in a file, in order."""
    places: dict[str, list[_Place]] = {}
    for each in found:
        if each.span.path == path:
            for code in (each.code, each.code.partition("/")[0]):
                places.setdefault(code, []).append((each.span.line, each.span.column))
    return {code: sorted(here) for code, here in places.items()}


def _has_finding(comment: Directive, places: Mapping[str, list[_Place]], reach: tuple[_Place, _Place]) -> bool:
    first, last = reach
    for code in comment.codes:
        here = places.get(code, [])
        at = bisect_left(here, first)
        if at < len(here) and here[at] <= last:
            return True
    return False


def _problem(
    level: str, codes: tuple[str, ...], has_reason: bool, rules: Mapping[str, Rule], known: list[str]
) -> tuple[str, str]:
    """What is wrong with a comment, and what to do; empty when nothing is."""
    how = "Write it as “inquiry: off CODE because REASON”."
    if not level:
        return "This comment says nothing.", how
    if level not in SEVERITIES:
        return f"“{level}” is not a level of a rule.", f"The levels are {', '.join(SEVERITIES)}. {how}"
    if not codes:
        return "This comment names no rule.", how
    for code in codes:
        if code.partition("/")[0] == _FAMILY:
            return "Rules on comments are not changed by comments.", "Change them in the settings of the site."
        if code not in known:
            return f"There is no rule “{code}”.", did_you_mean(closest_names(code, known, 2)) or how
        if code in rules and rules[code].fixed:
            return f"The level of “{code}” cannot be changed.", "Mend what it finds, and delete this comment."
    return ("", "") if has_reason else ("This comment gives no reason.", how)
