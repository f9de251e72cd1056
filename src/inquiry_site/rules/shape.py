"""Define the rules on the knowledge base as a whole: uncited, thinly supported, duplicate and outdated pages."""

from __future__ import annotations

from collections.abc import Iterator

from inquiry_site.body_syntax import ForeignKind
from inquiry_site.diagnostics import Severity, Span
from inquiry_site.diagnostics.terminal import shortened
from inquiry_site.graph import Outcome
from inquiry_site.model import Body, InquiringLine, Kind, Note, RelationType
from inquiry_site.parsing.frontmatter import locate_key_name
from inquiry_site.rules.rule import CitingFile, Finding, RuleContext, join_names, key_span, obsolete_status, rule
from inquiry_site.text.duplicates import near_duplicates


@rule("shape/uncited-note", Severity.WARNING, why="A note that no line cites can be found only by search.")
def uncited_note(context: RuleContext) -> Iterator[Finding]:
    """Every note is cited by a line, unless it is a draft, superseded or retracted.

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


@rule("shape/foreign-syntax", Severity.WARNING, why="Readers see these characters as they are written.")
def foreign_syntax(context: RuleContext) -> Iterator[Finding]:
    """Text contains no syntax that only other programs understand.

    The rule reports footnotes without a text, citations and commands of Pandoc and LaTeX, roles and directives of
    reStructuredText, templates, diagrams and queries of plugins, and block ids. It ignores code, formulas and comments.
    [Write notes and lines](../../authors.md#pasted-from-elsewhere) lists what works instead. If an extension of the
    site renders some of it, switch the rule off there.

    Fails:
    ```markdown title="notes/coffee.md"
    Others found the same [@night2021].
    ```

    Passes:
    ```markdown title="notes/coffee.md"
    Others found the same [[tea]].
    ```
    """
    entries = context.knowledge.graph.bibliography
    for parsed, body in context.bodies():
        for syntax in body.foreign:
            message, hint = _FOREIGN[syntax.kind]
            if syntax.kind is ForeignKind.CITATION_KEY:
                if parsed.text[syntax.start] == "@" and syntax.subject not in entries:
                    continue
                hint = _instead_of_key(syntax.subject, context) or hint
            span = Span.of(parsed.path, parsed.text, syntax.start, syntax.end)
            subject = shortened(syntax.subject, _LONGEST_SUBJECT)
            yield Finding(span, message.format(subject), hint.format(subject))


def _instead_of_key(key: str, context: RuleContext) -> str:
    """Return a hint that names the notes which use an entry of the bibliography; empty if there are none."""
    notes = [note.id for note in context.knowledge.graph.notes if any(entry.key == key for entry in note.evidence)]
    return (
        f"Cite the note that uses this source: {join_names([f'[[{name}]]' for name in notes], 'or')}." if notes else ""
    )


_FOREIGN = {
    ForeignKind.FOOTNOTE: ("The footnote “{}” has no text.", "Add a line “[^{0}]: …” below the paragraph."),
    ForeignKind.INLINE_FOOTNOTE: (
        "A footnote cannot be written inside a sentence.",
        "Write “[^1]” here and “[^1]: {}” below the paragraph.",
    ),
    ForeignKind.CITATION_KEY: (
        "“@{}” is how Pandoc cites a source; here, text cites notes.",
        "Cite a note by its id: [[id]]. The note names the source.",
    ),
    ForeignKind.TEX_COMMAND: (
        "“\\{}” is a command of LaTeX outside a formula.",
        "Write it in Markdown: *emphasis*, **bold**, a citation as [[id]].",
    ),
    ForeignKind.TEX_ENVIRONMENT: (
        "“{}” is an environment of LaTeX.",
        "Write the list, table or quotation in Markdown.",
    ),
    ForeignKind.DIAGRAM: (
        "No diagram is drawn from “{}”; readers see its source.",
        "Publish the diagram as a picture, and show it with ![[picture.svg]].",
    ),
    ForeignKind.QUERY: (
        "No query of a plugin is run here (“{}”); readers see the query.",
        "Write down its result, as a list or a table.",
    ),
    ForeignKind.FENCED_CALLOUT: ("“{}” in a fence is shown as code.", "Write a callout: “> [!note] Title”."),
    ForeignKind.FENCED_FORMULA: ("A formula in a fence is shown as code.", "Write it between two lines “$$”."),
    ForeignKind.BLOCK_ID: (
        "The block id “^{}” has no meaning here.",
        "Delete it, and cite a heading instead: [[id#heading]].",
    ),
    ForeignKind.FENCED_DIV: ("“:::” begins no block here.", "Write a callout: “> [!note] Title”."),
    ForeignKind.TEMPLATE: (
        "No template is filled in here (“{}”).",
        "Write down its result, or mark it as code with backticks.",
    ),
    ForeignKind.ROLE: ("“{}” is a role of another markup language.", "Cite a note or line as [[id]]."),
    ForeignKind.DIRECTIVE: (
        "“.. {}::” is a directive of reStructuredText.",
        "Write a callout: “> [!note] Title”, or a picture: ![[picture.png]].",
    ),
    ForeignKind.CONTENTS: ("“{}” lists no headings.", "Delete it: each page lists its headings beside the text."),
}
"""Message and hint for each kind; braces represent the subject."""
_LONGEST_SUBJECT = 60
"""Characters of the subject that a message shows."""


@rule(
    "shape/unclosed-comment",
    Severity.WARNING,
    why="Nothing after it is published, because a comment may hold what nobody else should read.",
)
def unclosed_comment(context: RuleContext) -> Iterator[Finding]:
    """Every comment that begins with ``%%`` also ends with ``%%``.

    Fails:
    ```markdown title="notes/coffee.md"
    %% Ask the authors about the second trial.
    ```

    Passes:
    ```markdown title="notes/coffee.md"
    %% Ask the authors about the second trial. %%
    ```
    """
    bodies: list[tuple[CitingFile, Body | None]] = [*context.bodies()]
    for file, body in (*bodies, *((page, page.body) for page in context.parsed.pages)):
        if body and body.unclosed_comment:
            span = Span.of(file.path, file.text, *body.unclosed_comment)
            hint = "Add “%%” after the comment. To show two percent signs, write “&#37;&#37;”."
            yield Finding(span, "The comment that begins here is never closed.", hint)


RULES = (
    uncited_note,
    single_source,
    near_duplicate,
    review_due,
    verdict,
    unreached_line,
    foreign_syntax,
    unclosed_comment,
)
