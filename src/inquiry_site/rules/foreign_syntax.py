"""Define the rules on text that was written for other programs."""

from __future__ import annotations

from collections.abc import Iterator

from inquiry_site.body_syntax import ForeignKind
from inquiry_site.diagnostics import Severity, Span
from inquiry_site.diagnostics.terminal import shortened
from inquiry_site.model import Body
from inquiry_site.rules.rule import CitingFile, Finding, RuleContext, join_names, rule


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


RULES = (foreign_syntax, unclosed_comment)
