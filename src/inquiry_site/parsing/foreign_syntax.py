"""Find the syntax of other programs in a body: Pandoc, LaTeX, Obsidian's plugins, templates, reStructuredText.

Only what certainly reaches readers as it is written is found, and nothing in code, comments or formulas.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from inquiry_site.body_syntax import ForeignKind, ForeignSyntax
from inquiry_site.parsing.blocks import Layout, mask_code_spans


@dataclass(frozen=True, slots=True)
class _Pattern:
    """How one kind of syntax is found in a block."""

    sign: str
    """A string that is part of the syntax, and faster to look for."""
    kind: ForeignKind
    pattern: re.Pattern[str]
    before_code: bool = False
    """Whether a code span must follow."""


_PATTERNS = (
    _Pattern("[^", ForeignKind.FOOTNOTE, re.compile(r"(?<!\\)\[\^(?!(?:\w-\w)+\])(?P<subject>[^\[\]\n]++)\](?![(:])")),
    _Pattern("^[", ForeignKind.INLINE_FOOTNOTE, re.compile(r"(?<!\\)\^\[(?P<subject>[^\[\]\n]++)\]")),
    _Pattern(
        "@",
        ForeignKind.CITATION_KEY,
        re.compile(r"\[(?:-|(?:see|see also|cf\.|e\.g\.,?) )?@(?P<subject>\w(?:[\w:./+-]*\w)?)[^\[\]\n]*+\](?![(\[:])"),
    ),
    # The sign comes first, which is many times as fast as a lookbehind first.
    _Pattern("@", ForeignKind.CITATION_KEY, re.compile(r"@(?<![\w@/.:\[\\-]@)(?P<subject>[A-Za-z](?:[\w:.-]*\w)?)")),
    _Pattern(
        "\\",
        ForeignKind.TEX_COMMAND,
        re.compile(
            r"(?<!\\)\\(?P<subject>cite[a-z]*|(?:paren|text|auto)cite|(?:eq|c|auto)?ref|footnote|textbf|textit|emph"
            r"|(?:sub)*section|chapter|label|caption|includegraphics)\*?(?:\[[^\[\]\n]*+\])?\{"
        ),
    ),
    _Pattern(
        "\\begin",
        ForeignKind.TEX_ENVIRONMENT,
        re.compile(
            r"\\begin\{(?P<subject>itemize|enumerate|description|figure|table|tabular|abstract|quote|center|verbatim"
            r"|lstlisting|theorem|lemma|proof|definition)\*?\}"
        ),
    ),
    _Pattern(
        "^",
        ForeignKind.BLOCK_ID,
        re.compile(r"(?:^|(?<=[ \t]))\^(?P<subject>(?=[0-9-]*[A-Za-z])[A-Za-z0-9-]{2,})[ \t]*$", re.MULTILINE),
    ),
    _Pattern(
        ":::",
        ForeignKind.FENCED_DIV,
        re.compile(r"^[ \t>]*+:{3,}[ \t]*\{?[ \t]*(?P<subject>[.#]?[A-Za-z][\w-]*)", re.MULTILINE),
    ),
    _Pattern(
        "{{",
        ForeignKind.TEMPLATE,
        re.compile(r"\{\{[<%#/]?[ ]*+(?P<subject>[A-Za-z_][^{}\n]*+)\}\}"),
    ),
    _Pattern("{%", ForeignKind.TEMPLATE, re.compile(r"\{%-?[ ]*+(?P<subject>[a-z]\w*+)[^{}%\n]*+%\}")),
    _Pattern(
        ":`", ForeignKind.ROLE, re.compile(r"(?<![\w:]):(?P<subject>[a-z][\w-]*(?::[a-z][\w-]*)*):"), before_code=True
    ),
    _Pattern("}`", ForeignKind.ROLE, re.compile(r"\{(?P<subject>[a-z][\w:-]*)\}"), before_code=True),
    _Pattern(
        ".. ", ForeignKind.DIRECTIVE, re.compile(r"^[ \t]*+\.\. (?P<subject>[a-z][\w-]*(?::[\w-]+)?)::", re.MULTILINE)
    ),
    _Pattern("oc]", ForeignKind.CONTENTS, re.compile(r"^[ \t]*+(?P<subject>\[[Tt]oc\])[ \t]*$", re.MULTILINE)),
)
_IN_FORMULAS = frozenset(
    {ForeignKind.INLINE_FOOTNOTE, ForeignKind.TEX_COMMAND, ForeignKind.BLOCK_ID, ForeignKind.TEMPLATE}
)
"""Kinds whose characters also occur in formulas."""
_FORMULA = re.compile(
    r"\$\$[^$]*+\$\$|(?<![\\$])\$(?![\s$])[^$\n]*+\$|\\\((?:[^\\]|\\(?!\)))*+\\\)|\\\[(?:[^\\]|\\(?!\]))*+\\\]"
    r"|\\begin\{(?P<name>(?:align|equation|gather|multline|eqnarray|math|displaymath)\*?)\}.*?\\end\{(?P=name)\}",
    re.DOTALL,
)
_DEFINITION = re.compile(r"^[ \t>]*+\[\^(?P<label>[^\[\]\n]++)\]:", re.MULTILINE)

_LANGUAGE = re.compile(r"[ \t]*(?P<language>\{?[.\w-]+\}?)")
_KINDS_OF_FENCES = {
    **dict.fromkeys(("mermaid", "plantuml", "puml"), ForeignKind.DIAGRAM),
    **dict.fromkeys(("dataview", "dataviewjs", "query", "tasks", "tracker", "base"), ForeignKind.QUERY),
    **dict.fromkeys(("math", "{math}"), ForeignKind.FENCED_FORMULA),
    **dict.fromkeys(
        (f"{{{name}}}" for name in ("admonition", "caution", "hint", "important", "note", "tip", "warning")),
        ForeignKind.FENCED_CALLOUT,
    ),
}


def find_foreign_syntax(layout: Layout, body: str, offset: int) -> Iterator[ForeignSyntax]:
    """Yield the syntax of other programs in a body.

    Args:
        layout: the layout of the body.
        body: the Markdown.
        offset: the offset of the body in the file's text, added to those of the result.
    """
    yield from _fences(layout, body, offset)
    prose = layout.prose
    patterns = [pattern for pattern in _PATTERNS if pattern.sign in prose and pattern.pattern.search(prose)]
    if not patterns:
        return
    labels = {match["label"] for match in _DEFINITION.finditer(prose)} if "]:" in prose else set[str]()
    for block in layout.blocks:
        for found in _in_block(prose[block.start : block.end], patterns):
            if found.kind is not ForeignKind.FOOTNOTE or found.subject not in labels:
                start, end = found.start + block.start + offset, found.end + block.start + offset
                yield ForeignSyntax(start, end, found.kind, found.subject)


def _fences(layout: Layout, body: str, offset: int) -> Iterator[ForeignSyntax]:
    for start, end in layout.fences:
        match = _LANGUAGE.match(body, end)
        language = match["language"].lower() if match else ""
        kind = ForeignKind.FENCED_CALLOUT if language.startswith("ad-") else _KINDS_OF_FENCES.get(language)
        if kind and match:
            yield ForeignSyntax(start + offset, match.end() + offset, kind, language.strip("{}"))


def _in_block(text: str, patterns: Iterable[_Pattern]) -> Iterator[ForeignSyntax]:
    masked = without_formulas = ""
    for pattern in patterns:
        if pattern.sign not in text:
            continue
        masked = masked or mask_code_spans(text)
        searched = masked
        if pattern.kind in _IN_FORMULAS:
            without_formulas = without_formulas or _FORMULA.sub(lambda match: " " * len(match[0]), masked)
            searched = without_formulas
        for match in pattern.pattern.finditer(searched):
            if pattern.before_code and not text.startswith("`", match.end()):
                continue
            subject = match["subject"].strip()
            if pattern.kind is ForeignKind.INLINE_FOOTNOTE and " " not in subject:
                continue
            yield ForeignSyntax(match.start(), match.end(), pattern.kind, subject)
        if pattern.kind is ForeignKind.CITATION_KEY:
            # The key in brackets is not found again as one without.
            masked = pattern.pattern.sub(lambda match: " " * len(match[0]), masked)
