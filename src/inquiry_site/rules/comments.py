"""Comments in a file that set the level of a rule for a place, and what they do to the findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from inquiry_site.diagnostics import Diagnostic, Severity, Span
from inquiry_site.parsing.comments import WORD, LevelComment, find_level_comments
from inquiry_site.rules.base import Checked, Finding, Rule, did_you_mean, near, rule
from inquiry_site.rules.levels import LEVELS

_FAMILY = "comments"
"""The family of the rules in this file, which no comment changes: each would hide itself."""


def comments_of(texts: Mapping[str, str]) -> dict[str, tuple[LevelComment, ...]]:
    """The comments of each file that has any, by its path."""
    return {path: found for path, text in texts.items() if WORD in text and (found := tuple(find_level_comments(text)))}


def _is_meant(comment: LevelComment, code: str) -> bool:
    return code in comment.codes or code.partition("/")[0] in comment.codes


def _is_about(comment: LevelComment, found: Diagnostic, text: str) -> bool:
    first, last = Span.of("", text, comment.first, comment.last), found.span
    return (first.line, first.column) <= (last.line, last.column) <= (first.end_line, first.end_column)


def apply_comments(found: Iterable[Diagnostic], checked: Checked, rules: Mapping[str, Rule]) -> Iterator[Diagnostic]:
    """The findings with the levels that comments beside them set; those that a comment turns off are left out."""
    for diagnostic in found:
        level = ""
        rule = rules[diagnostic.code]
        if not rule.fixed and rule.family != _FAMILY:
            for comment in checked.comments.get(diagnostic.span.path, ()):
                valid = comment.level in LEVELS and comment.reason and _is_meant(comment, diagnostic.code)
                if valid and _is_about(comment, diagnostic, checked.texts[diagnostic.span.path]):
                    level = comment.level
        if level != "off":
            yield replace(diagnostic, severity=Severity(level)) if level else diagnostic


def comment_rules(rules: Mapping[str, Rule]) -> tuple[Rule, ...]:
    """The rules on comments themselves: they need to know all other rules."""
    known = sorted({*rules, *(rule.family for rule in rules.values())})

    @rule(
        "comments/malformed",
        Severity.ERROR,
        why="A check that is turned off without a reason is a check that nobody trusts.",
        fixed=True,
    )
    def malformed(checked: Checked) -> Iterator[Finding]:
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
        for path, comments in checked.comments.items():
            for comment in comments:
                problem, hint = _problem(comment, rules, known)
                if problem:
                    yield Finding(Span.of(path, checked.texts[path], comment.start, comment.end), problem, hint)

    @rule("comments/unused", Severity.WARNING, why="It hides the next finding, which nobody has looked at.")
    def unused(checked: Checked) -> Iterator[Finding]:
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
        for path, comments in checked.comments.items():
            here = [found for found in checked.found if found.span.path == path]
            for comment in comments:
                text = checked.texts[path]
                about = (_is_meant(comment, f.code) and _is_about(comment, f, text) for f in here)
                if not _problem(comment, rules, known)[0] and not any(about):
                    span = Span.of(path, text, comment.start, comment.end)
                    yield Finding(span, "No rule that this comment names finds anything here.", "Delete the comment.")

    return malformed, unused


def _problem(comment: LevelComment, rules: Mapping[str, Rule], known: list[str]) -> tuple[str, str]:
    """What is wrong with a comment, and what to do; empty when nothing is."""
    how = "Write it as “inquiry: off CODE because REASON”."
    if not comment.level:
        return "This comment says nothing.", how
    if comment.level not in LEVELS:
        return f"“{comment.level}” is not a level of a rule.", f"The levels are {', '.join(LEVELS)}. {how}"
    if not comment.codes:
        return "This comment names no rule.", how
    for code in comment.codes:
        if code.partition("/")[0] == _FAMILY:
            return "Rules on comments are not changed by comments.", "Change them in the settings of the site."
        if code not in known:
            return f"There is no rule “{code}”.", did_you_mean(near(code, known, 2)) or how
        if code in rules and rules[code].fixed:
            return f"The level of “{code}” cannot be changed.", "Mend what it finds, and delete this comment."
    return ("", "") if comment.reason else ("This comment gives no reason.", how)
