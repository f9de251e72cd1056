"""A knowledge base with an attack in every field of every file, and the files that the checks refuse."""

from __future__ import annotations

import json
from dataclasses import dataclass

from inquiry_site.build import check
from tests.hostile.payloads import marked, payloads
from tests.support.knowledge_bases import WITHOUT_WIDE_RULES, line, note

EXTENSIONS = """
markdown_extensions:
  - abbr
  - admonition
  - attr_list
  - def_list
  - footnotes
  - md_in_html
  - tables
  - toc: {permalink: true}
  - pymdownx.arithmatex: {generic: true}
  - pymdownx.b64
  - pymdownx.betterem
  - pymdownx.caret
  - pymdownx.critic
  - pymdownx.details
  - pymdownx.highlight: {anchor_linenums: true, linenums: true}
  - pymdownx.inlinehilite
  - pymdownx.keys
  - pymdownx.magiclink
  - pymdownx.mark
  - pymdownx.smartsymbols
  - pymdownx.snippets: {check_paths: false, restrict_base_path: false, url_download: true}
  - pymdownx.superfences
  - pymdownx.tabbed: {alternate_style: true}
  - pymdownx.tasklist: {custom_checkbox: true}
  - pymdownx.tilde
"""
"""More extensions than any site uses, because each may turn harmless text into active content."""

_EVERY = 8
"""One payload of this many is also in a line, a topic and ``references.bib``."""


@dataclass(frozen=True)
class HostileBase:
    """Files that can be built, and those that the checks refuse."""

    files: dict[str, str]
    refused: dict[str, str]
    """The first error of each refused file, by path."""


def hostile_base() -> HostileBase:
    """Return one note for each payload, with the payload in each field, and lines that cite the notes."""
    files: dict[str, str] = {"notes/calm.md": note("Is it calm?", "It is calm.", description="Calm.", tags="[calm]")}
    for number, (_, text) in enumerate(payloads()):
        files[f"notes/h{number}.md"] = _note(number, text)
        if number % _EVERY == 0:
            files[f"lines/l{number}.md"] = _line(number, text)
    entries = (_entry(number, text) for number, (_, text) in enumerate(payloads()) if number % _EVERY == 0)
    files["references.bib"] = "".join(entries)
    cited = "".join(f"It is so {number} [[h{number}]].\n\n" for number in range(0, len(payloads()), _EVERY))
    files["lines/all.md"] = line("What do all of them do?", cited)
    return _without_refused(files)


def _without_refused(files: dict[str, str]) -> HostileBase:
    refused: dict[str, str] = {}
    while errors := [d for d in check(files, WITHOUT_WIDE_RULES).diagnostics if d.severity.value == "error"]:
        for error in errors:
            path = error.span.path
            refused.setdefault(path, f"{error.span}: {error.message} [{error.code}]")
            files.pop(path, None)
        remaining = {path.removesuffix(".md").rpartition("/")[2] for path in files}
        cited = (number for number in range(0, len(payloads()), _EVERY) if f"h{number}" in remaining)
        body = "".join(f"It is so {number} [[h{number}]].\n\n" for number in cited)
        files["lines/all.md"] = line("What do all of them do?", body)
    return HostileBase(files, refused)


def _yaml(text: str) -> str:
    return json.dumps(text)


def _note(number: int, text: str) -> str:
    def field(name: str) -> str:
        return _yaml(marked(text, f"{number}-{name}"))

    source = (
        f"{{title: {field('source-title')}, authors: [{', '.join(field(f'author{n}') for n in range(10))}], "
        f"year: 2020, doi: 10.1000/h{number}, venue: {field('venue')}, "
        f"quotes: [{{text: {field('quote')}, locator: {field('locator')}}}]}}"
    )
    topic = f"[calm, {field('tag')}]" if number % _EVERY == 0 else "[calm]"
    return note(
        _yaml(marked(text, f"{number}-title") + "?"),
        marked(text, f"{number}-body"),
        description=field("claim"),
        tags=topic,
        aliases=f"[{field('alias')}]",
        sources=f'[{source}, "@b{number}"]' if number % _EVERY == 0 else f"[{source}]",
        scope=f"{{holds: [{field('holds')}], not_shown: [{field('not-shown')}]}}",
        relations=f"[{{type: contradicts, to: calm, because: {field('because')}}}]",
    )


def _line(number: int, text: str) -> str:
    def field(name: str) -> str:
        return _yaml(marked(text, f"{number}-line-{name}"))

    return line(
        _yaml(marked(text, f"{number}-line-title") + "?"),
        f"It is calm [[calm]].\n\n{marked(text, f'{number}-line-body')}",
        description=field("description"),
        answer=field("answer"),
        tags=f"[calm, {field('tag')}]",
        verdict="contested",
    )


def _entry(number: int, text: str) -> str:
    """Return a BibTeX entry with a payload, without the characters that would only end the entry."""
    safe = marked(text, f"{number}-bibtex").replace("{", "").replace("}", "").replace("\\", "")
    return (
        f"@article{{b{number},\n  title = {{{safe}}},\n  author = {{{safe}}},\n  year = {{2020}},\n"
        f"  journal = {{{safe}}},\n  url = {{https://example.org/{number}}},\n}}\n"
    )
