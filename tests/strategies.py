"""Files as hypothesis makes them up: Markdown with much syntax in it, frontmatter of every shape, knowledge bases."""

from __future__ import annotations

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


_links = st.lists(st.sampled_from(IDS), max_size=3)
knowledge_bases = st.dictionaries(
    st.builds("{}/{}.md".format, st.sampled_from(["notes", "notes/deep", "lines"]), st.sampled_from(IDS)),
    st.tuples(markdown, _links),
    max_size=6,
).map(
    lambda files: {
        path: (_line if path.startswith("lines") else _note)(path[:-3].rpartition("/")[2], *parts)
        for path, parts in files.items()
    }
)
"""Small knowledge bases whose documents are whole and cite one another, or try to."""
