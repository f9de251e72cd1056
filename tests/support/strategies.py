"""Strategies for files: Markdown with much syntax, frontmatter of any shape, knowledge bases."""

from __future__ import annotations

from collections.abc import Callable

import yaml
from hypothesis import strategies as st

IDS = ("spacing", "testing", "memory", "how-to")

_SYNTAX = (
    r"[[spacing]] ![[spacing]] [[ ]] [ ] | \| # [a](../notes/spacing.md) ](../notes/spacing.md) [a](b.png) ](b) ![a](b)"
    r" [a][b] [^1] ` `` <!-- --> <pre> </pre> \ * _ ** == {#x} &#xF0001; &#1048577; e.g. word Word 间隔 क 。"
    r" <script> <div> </div> <Title> </section> <a </textarea>"
).split(" ")
_BLOCKS = (
    *("```\n", "~~~\n", "[b]: ../notes/testing.md\n", "[^1]: ", "> ", "- ", "1. ", "    ", "\t", "\n", "\n\n", "# "),
    *("---\n", "| a | b |\n", "--|--\n", "!!! note\n", ": ", ". ", "? ", " ", "\U000f0000", "\U00100001", "\0"),
    *('<b title="', '">'),
)

markdown = st.lists(st.sampled_from([*_SYNTAX, *_BLOCKS]) | st.text(max_size=8), max_size=30).map("".join)

_scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10) | st.dates() | st.datetimes()
_keys = st.sampled_from(
    [
        *("title", "description", "sources", "authors", "year", "doi", "arxiv", "quotes", "text", "scope", "holds"),
        *("relations", "type", "to", "because", "tags", "date", "aliases", "draft", "answer", "verdict", "next"),
    ]
)
_values = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_keys | st.text(max_size=4), inner, max_size=4),
    max_leaves=8,
)
_yaml = st.dictionaries(_keys, _values, max_size=6).map(lambda data: yaml.safe_dump(data, allow_unicode=True))
_SNIPPETS = (
    "title: ",
    "- ",
    ": ",
    "&a ",
    "*a",
    "!!int ",
    "!!timestamp ",
    "? ",
    "{",
    "[",
    "'",
    '"',
    "|\n",
    "\n",
    "<<: ",
)
_broken_yaml = st.lists(st.sampled_from(_SNIPPETS) | st.text(max_size=6), max_size=12).map("".join)

documents = st.builds(
    lambda head, body: f"---\n{head}\n---\n{body}",
    _yaml | _broken_yaml,
    markdown,
)
"""Texts with frontmatter, most of it wrong in some way."""

bibliographies = st.lists(
    st.sampled_from(
        [
            *("@article{", "@book{a,", "@string{", "@comment{", "title = {T},", "author = {A and B, C}", "author = ,"),
            *("year = 2020", "doi = {10.1}", 'url = "u"', "{", "}", '"', ",", "=", "#", "\n", "\\'e", "key"),
        ]
    )
    | st.text(max_size=4),
    max_size=15,
).map("".join)

contents = documents | markdown | bibliographies | st.binary(max_size=40) | st.text(max_size=40)
"""What a file may hold."""

paths = st.sampled_from(
    [
        "notes/a.md",
        "notes/B b.md",
        "notes/sub/a.md",
        "lines/a.md",
        "lines/index.md",
        "references.bib",
        "templates/note.html",
    ]
)


def _note(identifier: str, body: str, links: list[str]) -> str:
    data = {
        "title": f"What of {identifier}?",
        "description": f"It is {identifier}.",
        "tags": links[:1],
        "sources": [{"title": "T", "authors": ["A B"], "year": 2020, "doi": f"10.1000/{links[:1]}"}],
        "relations": [{"type": "contradicts", "to": to, "because": "B."} for to in links],
    }
    return f"---\n{yaml.safe_dump(data)}---\n{body}"


def _line(identifier: str, body: str, links: list[str]) -> str:
    data = {"title": f"What of {identifier}?", "description": "D.", "answer": "A.", "next": links, "tags": links[:1]}
    return f"---\n{yaml.safe_dump(data)}---\n{body}"


def _topic(identifier: str, body: str, links: list[str]) -> str:
    data = {"title": f"About {identifier}", "description": f"What {identifier} asks.", "aliases": links}
    return f"---\n{yaml.safe_dump(data)}---\n{body}"


_glossary = "# Words\n\nWord (WO)\n:   A meaning of [[spacing]].\n\nspacing\n:   Another.\n"
_BUILDERS = {"notes": _note, "lines": _line, "topics": _topic}
_links = st.lists(st.sampled_from(IDS), max_size=3)
knowledge_bases = st.dictionaries(
    st.builds("{}/{}.md".format, st.sampled_from(["notes", "notes/deep", "lines", "topics"]), st.sampled_from(IDS)),
    st.tuples(markdown, _links),
    max_size=7,
).map(
    lambda files: {
        **{
            path: _BUILDERS[path.partition("/")[0]](path[:-3].rpartition("/")[2], *parts)
            for path, parts in files.items()
        },
        **({"docs/glossary.md": _glossary} if len(files) % 3 == 2 else {}),
    }
)
"""Small knowledge bases with valid documents that cite one another, or try to."""

_NOTES, _LINES = ("n0", "n1", "n2", "n3"), ("l0", "l1", "l2")
_CITATIONS = ("So [[{}]]. ", "So [[{}|this]]. ", "\n\n![[{}]]\n\n")
_RELATIONS = ("extends", "extends", "supports", "contradicts", "qualifies")


@st.composite
def webs(draw: st.DrawFn) -> dict[str, str]:
    """Draw a knowledge base of notes and lines with many citations and relations, in which everything is valid."""
    files = {}
    for page in (*_NOTES, *_LINES):
        others = st.sampled_from([other for other in (*_NOTES, *_LINES) if other != page])
        cited = draw(st.lists(st.tuples(others, st.sampled_from(_CITATIONS)), max_size=3))
        data: dict[str, object] = {"title": f"Is {page} true?", "description": f"It is {page}."}
        if page in _NOTES:
            data["sources"] = [{"title": page, "authors": ["A B"], "year": 2020, "doi": f"10.1000/{page}"}]
            related = st.sampled_from([note for note in _NOTES if note != page])
            ties = draw(st.dictionaries(related, st.sampled_from(_RELATIONS), max_size=2))
            data["relations"] = [{"type": kind, "to": to, "because": "B."} for to, kind in ties.items()]
        else:
            data["answer"] = "A."
        body = "".join(form.format(to) for to, form in cited) or "Nothing more."
        files[f"{'notes' if page in _NOTES else 'lines'}/{page}.md"] = f"---\n{yaml.safe_dump(data)}---\n{body}"
    return files


Edit = Callable[[dict[str, str], int], dict[str, str]]
"""A function of files and a number that selects one of them; returns the edited files."""


def _replaced(old: str, new: str) -> Edit:
    def edit(files: dict[str, str], at: int) -> dict[str, str]:
        path = _chosen(files, at)
        return {**files, path: files[path].replace(old, new, 1)} if path else files

    return edit


def _deleted(files: dict[str, str], at: int) -> dict[str, str]:
    chosen = _chosen(files, at)
    return {path: text for path, text in files.items() if path != chosen}


def _renamed(files: dict[str, str], at: int) -> dict[str, str]:
    chosen = _chosen(files, at)
    return {path if path != chosen else f"{path[:-3]}-anew.md": text for path, text in files.items()}


def _chosen(files: dict[str, str], at: int) -> str:
    return sorted(files)[at % len(files)] if files else ""


edits: st.SearchStrategy[Edit] = st.sampled_from(
    [
        _deleted,
        _renamed,
        _replaced("title: What", "title: Why"),
        _replaced("title: What", "aliases: [testing, Another name]\ntitle: What"),
        _replaced("title: What", "status: retracted\ntitle: What"),
        _replaced("title: What", "draft: true\ntitle: What"),
        _replaced("title: What", "updated: 2026-01-01\ntitle: What"),
        _replaced("description: It", "description: Now it"),
        _replaced("type: contradicts", "type: supports"),
        _replaced("title: T", "title: Another paper"),
        _replaced("year: 2020", "year: 2021\n  retracted: true"),
        _replaced("doi: 10.1000/", "doi: 10.1000/x"),
        _replaced("tags:\n- ", "tags:\n- S"),
        _replaced("title: About", "title: On"),
        _replaced("description: What", "description: Why"),
        _replaced("aliases:\n- ", "aliases:\n- S"),
        _replaced(":   A", ":   The"),
        _replaced("answer: A.", "answer: B.\nverdict: contested"),
        _replaced("[[", "[[to:"),
        lambda files, at: {
            **files,
            "lines/another.md": _line("another", "See [[spacing]] and [[memory]].", ["how-to"]),
        },
        lambda files, at: {**files, "notes/another.md": _note("another", "See [[testing]].", ["spacing"])},
        lambda files, at: {**files, "topics/spacing.md": _topic("spacing", "See [[testing]].", ["memory"])},
        lambda files, at: {**files, "docs/glossary.md": _glossary},
    ]
)
"""What authors do to a file."""
