"""Define the rules on files that exceed a limit and are therefore not converted."""

from __future__ import annotations

from collections.abc import Iterator

from inquiry_site.diagnostics import Severity
from inquiry_site.model import FaultKind
from inquiry_site.rules.rule import Finding, RuleContext, rule


@rule("files/too-large", Severity.ERROR, why="One huge file could exhaust the memory of every build.", fixed=True)
def too_large(context: RuleContext) -> Iterator[Finding]:
    """No note, line, topic file, template or ``references.bib`` exceeds ``limits: {file_size: …}``, by default 512 KiB.

    A larger file is not read. Citations of it are not reported in addition.

    Fails:
    ```yaml title="mkdocs.yml"
    plugins:
      - inquiry: {limits: {file_size: 400}}
    ```
    ```markdown title="notes/coffee.md"
    The trial had two groups, which drank the same amount at the same hour, one of them without caffeine in it.
    ```

    Passes:
    ```markdown title="notes/coffee.md"
    The trial had two groups.
    ```
    """
    for fault in context.faults(FaultKind.TOO_LARGE):
        message = f"This file has {int(fault.found):,} bytes, but at most {int(fault.detail):,} are read."
        yield Finding(fault.span, message, "Split it, or raise the plugin's “limits: {file_size: …}” in mkdocs.yml.")


@rule(
    "files/too-deep",
    Severity.ERROR,
    why="Converters recurse into each level and fail if there are too many.",
    fixed=True,
)
def too_deep(context: RuleContext) -> Iterator[Finding]:
    """Nothing in a body is nested more deeply than ``limits: {nesting: …}`` allows, by default 30 levels.

    Lists, quotations, admonitions and footnotes are counted together. Nested links, braces, emphasis and HTML elements,
    and definitions without a blank line between them, are each counted separately.

    Fails:
    ```markdown title="notes/coffee.md"
    > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > Why so deep?
    ```

    Passes:
    ```markdown title="notes/coffee.md"
    > > > Why so deep?
    ```
    """
    for fault in context.faults(FaultKind.TOO_DEEP):
        verb = "is" if fault.subject == "emphasis" else "are"
        message = f"{fault.subject.capitalize()} {verb} nested more than {fault.detail} levels deep here."
        yield Finding(
            fault.span, message.replace("Html", "HTML"), "Use fewer levels: write the parts one after another."
        )


@rule("files/too-complex", Severity.ERROR, why="Converting it could take minutes and delay every build.", fixed=True)
def too_complex(context: RuleContext) -> Iterator[Finding]:
    """No body costs more to convert than ``limits: {complexity: …}`` allows, by default 1.5 million steps.

    A million steps take about a second. The cost is estimated from the characters that may be markup. It grows with
    their number, and with the square of their number in one paragraph: hundreds of paragraphs, list items and table
    rows are cheap, but one paragraph with thousands of brackets is not. The finding is located where the accumulated
    cost exceeds the limit.

    Fails:
    ```yaml title="mkdocs.yml"
    plugins:
      - inquiry: {limits: {complexity: 3000}}
    ```
    ```markdown title="notes/coffee.md"
    [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[ what
    ```

    Passes:
    ```markdown title="notes/coffee.md"
    What?
    ```
    """
    for fault in context.faults(FaultKind.TOO_COMPLEX):
        limit = int(fault.detail)
        message = f"Converting this file's Markdown would take more than {limit:,} steps; the limit is exceeded here."
        hint = "Split the paragraph or the file, or raise the plugin's “limits: {complexity: …}” in mkdocs.yml."
        yield Finding(fault.span, message, hint)


RULES = (too_large, too_deep, too_complex)
