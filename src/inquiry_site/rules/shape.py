"""Define the rules on the knowledge base as a whole: uncited, thinly supported, duplicate and outdated pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from inquiry_site.diagnostics import Severity, Span
from inquiry_site.model import InquiringLine, Kind, Note, ParsedDocument, RelationType
from inquiry_site.names import Outcome
from inquiry_site.parsing.frontmatter import locate_key, locate_key_name
from inquiry_site.parsing.glossary import GLOSSARY
from inquiry_site.rules.abbreviation_uses import UnexplainedAbbreviations
from inquiry_site.rules.rule import Finding, RuleContext, key_span, obsolete_status, rule
from inquiry_site.text.abbreviations import Abbreviation
from inquiry_site.text.duplicates import near_duplicates


@rule("shape/uncited-note", Severity.INFO, why="A note that no line cites can be found only by search.")
def uncited_note(context: RuleContext) -> Iterator[Finding]:
    """Every note is cited by a line, unless it is a draft, superseded or retracted.

    A suggestion, because a note may be proposed before a line is that can cite it.

    A note is not reported either if a line probably means to cite it: with a citation that is itself reported, or in a
    file that cannot be parsed yet.

    Fails:
    ```yaml title="notes/cocoa.md"
    title: Does cocoa keep people awake?
    ```

    Passes:
    ```markdown title="lines/sleep.md"
    Coffee [[coffee]], tea [[tea]] and cocoa [[cocoa]] differ.
    ```
    """
    graph = context.knowledge.graph
    cited = {target for line in graph.lines for target in graph.passages[line.id]}
    cited.update(
        name for line in graph.lines for resolution in graph.citations[line.id] for name in resolution.candidates
    )
    broken = [p.text for p in context.parsed.documents if p.kind is Kind.LINE and p.document is None]
    for parsed, document in context.published:
        if isinstance(document, Note) and document.id not in cited and not obsolete_status(document, context.knowledge):
            # Published lines may not cite a draft.
            if document.draft or any(f"[[{document.id}" in text or f"/{document.id}.md" in text for text in broken):
                continue
            hint = "Cite it in a line whose question it helps to answer, or write such a line."
            yield Finding(key_span(parsed, "title"), "No line cites this note.", hint)


@rule("shape/single-source", Severity.WARNING, why="A line that cites only one note merely repeats it.")
def single_source(context: RuleContext) -> Iterator[Finding]:
    """Every line that gives an answer cites at least two notes, unless there is only one in the knowledge base.

    Fails:
    ```yaml title="lines/nights.md"
    title: What ruins a night?
    answer: Coffee does.
    ```
    ```markdown title="lines/nights.md"
    Coffee cuts sleep by 41 minutes [[coffee]].
    ```

    Passes:
    ```markdown title="lines/nights.md"
    Coffee cuts sleep by 41 minutes [[coffee]], tea by 18 [[tea]].
    ```
    """
    sources = context.knowledge.sources
    # A new knowledge base begins with one note and a line that cites it.
    required = 2 if len(context.knowledge.graph.notes) > 1 else 1
    for parsed, document in context.published:
        if not isinstance(document, InquiringLine) or document.is_open or document.verdict == "open":
            continue
        # Unresolved citations have been reported already.
        if len(sources[document.id]) < required and all(
            resolution.outcome is Outcome.FOUND for resolution in context.knowledge.graph.citations[document.id]
        ):
            cited = f"only “{sources[document.id][0].note}”" if sources[document.id] else "no note"
            hint = "Cite other relevant notes, above all those that contradict the answer."
            yield Finding(key_span(parsed, "title"), f"This line cites {cited}.", hint)


@rule("shape/near-duplicate", Severity.WARNING, why="The evidence on one question would be split between two pages.")
def near_duplicate(context: RuleContext) -> Iterator[Finding]:
    """No two notes, and no two lines, ask nearly the same question.

    Pairs of titles are scored by the percentage of words that they share. Words that occur in few titles weigh more, so
    questions that differ in one rare word are different questions. Pairs with a score of 70 or more are reported. The
    question of a note that is superseded or retracted may be asked again.

    Fails:
    ```yaml title="lines/naps.md"
    title: What do hot drinks really do to sleep?
    ```

    Passes:
    ```yaml title="lines/naps.md"
    title: What do naps do to sleep?
    ```
    """
    by_id = {
        document.id: (parsed, document)
        for parsed, document in context.published
        if not (isinstance(document, Note) and obsolete_status(document, context.knowledge))
    }
    for kind in Kind:
        titles = {i: document.title for i, (_, document) in by_id.items() if document.kind is kind}
        for later, earlier, score in near_duplicates(titles):
            parsed, _ = by_id[later]
            message = f"This question is {score:.0%} similar to that of “{earlier}”: “{by_id[earlier][1].title}”"
            hint = "Merge the two pages, or make the difference between the questions clear in the titles."
            yield Finding(key_span(parsed, "title"), message, hint)


@rule("shape/review-due", Severity.WARNING, why="The line may still report an earlier version of the note's claim.")
def review_due(context: RuleContext) -> Iterator[Finding]:
    """No line cites a note that was updated after the line was last reviewed.

    Fails:
    ```yaml title="notes/coffee.md"
    updated: 2026-04-01
    ```
    ```yaml title="lines/sleep.md"
    reviewed: 2026-03-02
    ```

    Passes:
    ```yaml title="lines/sleep.md"
    reviewed: 2026-04-02
    ```
    """
    graph = context.knowledge.graph
    for parsed, document in context.published:
        for identifier in context.knowledge.relations.due.get(document.id, ()):
            note = graph.note(identifier)
            if note is not None:
                message = f"“{identifier}” was updated on {note.updated}, after this review."
                hint = "Check the line against the note's claim, then set “reviewed” to the day of this check."
                yield Finding(key_span(parsed, "reviewed"), message, hint)


@rule(
    "shape/verdict", Severity.WARNING, why="Readers would consider the question settled, although the sources disagree."
)
def verdict(context: RuleContext) -> Iterator[Finding]:
    """No line whose cited notes contradict each other has the verdict ``answered``.

    Fails:
    ```yaml title="notes/coffee.md"
    relations: [{type: contradicts, to: tea, because: Tea drinkers slept as long.}]
    ```
    ```yaml title="lines/sleep.md"
    verdict: answered
    ```

    Passes:
    ```yaml title="lines/sleep.md"
    verdict: contested
    ```
    """
    for parsed, document in context.published:
        if not isinstance(document, InquiringLine) or document.verdict != "answered":
            continue
        for tie in context.knowledge.relations.disagreements[document.id]:
            if tie.type is RelationType.CONTRADICTS:
                is_written = locate_key_name(parsed.text, ("verdict",)) != locate_key_name(parsed.text, ())
                value = "“answered”" if is_written else "“answered” by default"
                message = f"The verdict is {value}, but “{tie.source}” contradicts “{tie.target}”."
                hint = (
                    "Write “verdict: contested” or “verdict: partly”, and explain in the text which side is stronger."
                )
                yield Finding(key_span(parsed, "verdict" if is_written else "title"), message, hint)
                break


@rule("shape/unreached-line", Severity.WARNING, why="Readers who follow next lines from the home page never reach it.")
def unreached_line(context: RuleContext) -> Iterator[Finding]:
    """Every line can be reached from the home page by next lines.

    The ranking ensures this, unless authors have chosen all the next lines that pages show and left no slot free for
    lines that they did not choose.

    Fails:
    ```yaml title="mkdocs.yml"
    plugins:
      - inquiry: {next_lines: 1}
    ```
    ```yaml title="lines/naps.md"
    next: [sleep]
    ```
    ```yaml title="lines/dreams.md"
    title: Does anybody know why people dream?
    ```

    Passes:
    ```yaml title="lines/naps.md"
    next: [dreams]
    ```
    """
    knowledge = context.knowledge
    chosen = {line.id: sum(1 for other in line.next if knowledge.graph.line(other)) for line in knowledge.graph.lines}
    # If every page has a free slot, the ranking reaches every line, so it is computed only if one may have none.
    if not knowledge.next_lines or max(chosen.values(), default=0) < knowledge.next_lines:
        return
    for parsed, document in context.published:
        if document.id in knowledge.ranking.unreached:
            hint = "Add it to “next” of a line that can be reached, or list fewer lines there, so that a slot is free."
            yield Finding(
                key_span(parsed, "title"), "This line cannot be reached from the home page by next lines.", hint
            )


@rule(
    "shape/unexplained-abbreviation",
    Severity.WARNING,
    why="Readers from another field cannot guess what the letters stand for.",
)
def unexplained_abbreviation(context: RuleContext) -> Iterator[Finding]:
    """Every abbreviation in a line is spelled out there, in a note that the line cites, or in the glossary.

    It is spelled out as ``words (NAME)`` or ``NAME (words)``. The glossary is the page ``docs/glossary.md``, a list of
    terms with definitions. Each abbreviation is reported once, at its first use in the first line that leaves it
    unexplained.

    An abbreviation has two to six letters, most of them capitals, with a capital at both ends. Code, formulas and the
    titles of cited pages are not read. Not reported are names with digits, Roman numerals, words that the line also has
    in small letters, and abbreviations that everybody knows, such as DNA.

    Fails:
    ```markdown title="lines/sleep.md"
    Coffee cuts REM sleep by 41 minutes [[coffee]], tea by 18 [[tea]].
    ```

    Passes:
    ```text title="docs/glossary.md"
    # Glossary

    Rapid eye movement (REM)
    :   A stage of sleep with vivid dreams.
    ```
    """
    finder = UnexplainedAbbreviations(context.knowledge.graph)
    first: dict[str, tuple[ParsedDocument, str, Abbreviation]] = {}
    others: Counter[str] = Counter()
    for parsed, document in context.published:
        if isinstance(document, InquiringLine):
            for name, (key, use) in finder.in_line(document).items():
                others[name] += name in first
                first.setdefault(name, (parsed, key, use))
    for name, (parsed, key, use) in first.items():
        message = f"“{name}” is not spelled out here, in a note that is cited here, or in the glossary."
        if others[name]:
            also = f"{others[name]} other line{'s' if others[name] > 1 else ''}"
            message += f" The same is true of {also}."
        hint = f"Define it in {context.docs_dir}/{GLOSSARY}, or write what it stands for: “words ({name})”."
        yield Finding(_span_of_use(parsed, key, use), message, hint)


def _span_of_use(parsed: ParsedDocument, key: str, use: Abbreviation) -> Span:
    """Return the span of an abbreviation in the body, or in the value of a key."""
    if not key:
        return Span.of(parsed.path, parsed.text, use.start, use.end)
    start, end = locate_key(parsed.text, (key,))
    at = parsed.text.find(use.name, start, end)
    return Span.of(parsed.path, parsed.text, at, at + use.end - use.start) if at >= 0 else key_span(parsed, key)


RULES = (uncited_note, single_source, near_duplicate, review_due, verdict, unreached_line, unexplained_abbreviation)
