"""Define the rules on files that exceed a limit and are therefore not converted."""

from __future__ import annotations

from collections.abc import Iterator

from inquiry_site.diagnostics import Severity
from inquiry_site.model import FaultKind
from inquiry_site.rules.rule import Finding, RuleContext, rule


@rule("files/too-large", Severity.ERROR, why="One huge file could exhaust the memory of every build.", fixed=True)
def too_large(context: RuleContext) -> Iterator[Finding]:
    """No note, line, template or ``references.bib`` exceeds ``limits: {file_size: …}``, by default 512 KiB.

    A larger file is not read. Citations of it are not reported in addition.

    Fails:

    ```yaml title="mkdocs.yml"
    plugins:
      - inquiry:
          limits: {file_size: 400}
    ```

    ```yaml title="lines/naps.md"
    description: |
      Whether short sleep by day helps. What is known so far: next to nothing. Nobody has compared people who nap with
      people who do not, over the same nights and with the same drinks, for longer than a week, and the few who tried
      lost most of their subjects to the weekend. A trial in a place without coffee, such as a ship or a monastery,
      would be a beginning, if the ship or the monastery would have it.
    ```

    Passes:

    ```yaml title="mkdocs.yml"
    plugins:
      - inquiry:
          limits: {file_size: 400}
    ```

    ```yaml title="lines/naps.md"
    description: Whether short sleep by day helps.
    ```
    """
    for fault in context.faults(FaultKind.TOO_LARGE):
        message = f"This file has {int(fault.found):,} bytes, and at most {int(fault.detail):,} are read."
        yield Finding(fault.span, message, "Divide it, or raise “limits: {file_size: …}” of the plugin in mkdocs.yml.")


@rule("files/too-deep", Severity.ERROR, why="Converters recurse into each level and end in an error.", fixed=True)
def too_deep(context: RuleContext) -> Iterator[Finding]:
    """Nothing in a body is nested more deeply than ``limits: {nesting: …}`` allows, by default 30 levels.

    Lists, quotations, admonitions and footnotes are counted together. Nested links, braces, emphasis and HTML elements,
    and definitions without a blank line between them, are each counted separately.

    Fails:

    ```markdown title="lines/sleep.md"
    Coffee cuts sleep by 41 minutes [[coffee]], tea by 18 [[tea]].

    > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > Why so deep?
    ```

    Passes:

    ```markdown title="lines/sleep.md"
    Coffee cuts sleep by 41 minutes [[coffee]], tea by 18 [[tea]].

    > > > Why so deep?
    ```
    """
    for fault in context.faults(FaultKind.TOO_DEEP):
        verb = "is" if fault.subject == "emphasis" else "are"
        message = f"{fault.subject.capitalize()} {verb} nested more than {fault.detail} levels deep here."
        yield Finding(fault.span, message.replace("Html", "HTML"), "Write it with fewer levels, one below the other.")


@rule("files/too-complex", Severity.ERROR, why="Converting it could take minutes and hold up every build.", fixed=True)
def too_complex(context: RuleContext) -> Iterator[Finding]:
    """No body costs more to convert than ``limits: {complexity: …}`` allows, by default 1.5 million steps.

    A million steps take about a second. The cost is estimated from the characters that may be markup. It grows with
    their number, and with the square of their number in one paragraph: hundreds of paragraphs, list items and table
    rows are cheap, but one paragraph with thousands of brackets is not. The finding is located where the sum exceeds
    the limit.

    Fails:

    ```yaml title="mkdocs.yml"
    plugins:
      - inquiry:
          limits: {complexity: 4000}
    ```

    ```markdown title="lines/sleep.md"
    Coffee cuts sleep by 41 minutes [[coffee]], tea by 18 [[tea]].

    [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[ what
    ```

    Passes:

    ```yaml title="mkdocs.yml"
    plugins:
      - inquiry:
          limits: {complexity: 4000}
    ```

    ```markdown title="lines/sleep.md"
    Coffee cuts sleep by 41 minutes [[coffee]], tea by 18 [[tea]].

    What?
    ```
    """
    for fault in context.faults(FaultKind.TOO_COMPLEX):
        limit = int(fault.detail)
        message = f"Converting this file’s Markdown would cost more than {limit:,} steps; the limit is exceeded here."
        hint = "Divide the paragraph or the file, or raise “limits: {complexity: …}” of the plugin in mkdocs.yml."
        yield Finding(fault.span, message, hint)


RULES = (too_large, too_deep, too_complex)
