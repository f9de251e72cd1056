"""Parse the glossary: the definition lists of ``docs/glossary.md``, as terms with their meanings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from textwrap import shorten

from inquiry_site.html.sanitize import is_reserved
from inquiry_site.parsing.blocks import find_blocks
from inquiry_site.parsing.frontmatter import find_frontmatter
from inquiry_site.parsing.sentences import plain_text
from inquiry_site.text.terms import GlossaryEntry

GLOSSARY = "glossary.md"
"""Path of the page in the docs folder."""

_DEFINITION = re.compile(r"[ ]{0,3}:[ ]{1,3}(?=\S)")
_NO_TERM = re.compile(r"[ ]{0,3}(?:#{1,6}(?:[ \t]|$)|[-*+>|][ \t]|\d+[.)][ \t])")
_WITH_PARENTHESES = re.compile(r"([^()（）]*[^()（）\s])\s*[(（]([^()（）]+)[)）]")
_EXPLICIT_ID = re.compile(r"\{[^{}#]*#([^\s{}]+)[^{}]*\}\s*$")
LONGEST_TERM = 100
"""In characters; a longer line above a definition is a sentence."""
_LONGEST_MEANING = 300
"""In characters: what a reader takes in at a glance."""


def parse_glossary(text: str) -> tuple[GlossaryEntry, ...]:
    """Return the entries of a glossary, in the order of the page.

    Code and comments are left out. Of terms with the same anchor, only the first has an entry.
    """
    block = find_frontmatter(text)
    prose = find_blocks(text[block.body :] if block else text).prose
    entries: dict[str, GlossaryEntry] = {}
    for lines, meaning in _definitions(prose):
        terms = [(plain_text(line), _EXPLICIT_ID.search(line)) for line in lines]
        terms = [term for term in terms if 0 < len(term[0]) <= LONGEST_TERM]
        words = plain_text(meaning)
        if terms and words:
            first, own = terms[0]
            anchor = own[1] if own else term_anchor(first)
            names = dict.fromkeys(name for term, _ in terms for name in term_names(term))
            entries.setdefault(anchor, GlossaryEntry(anchor, tuple(names), _shortened(words)))
    return tuple(entries.values())


def term_names(term: str) -> tuple[str, ...]:
    """Return the names in a term: ``Reinforcement learning (RL)`` has two, ``Bank (of a river)`` has one."""
    match = _WITH_PARENTHESES.fullmatch(term.strip())
    if match is None:
        return (term.strip(),)
    return (match[1], match[2].strip()) if any(map(_is_abbreviation, match.groups())) else (match[1],)


def term_anchor(term: str) -> str:
    """Return the id of a term on the page: that of its abbreviation, if it has one; empty if it has no letters."""
    names = term_names(term)
    name = next(filter(_is_abbreviation, names), names[0])
    letters = [char if unicodedata.category(char)[0] in "LMN" else "-" for char in name.lower()]
    slug = "-".join(part for part in "".join(letters).split("-") if part)
    return f"term-{slug}" if is_reserved(slug) else slug


def _is_abbreviation(name: str) -> bool:
    return " " not in name and sum(map(str.isupper, name)) > 1


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_MEANING else shorten(text, _LONGEST_MEANING, placeholder="…")


def _definitions(prose: str) -> Iterator[tuple[list[str], str]]:
    """Yield the lines with the terms of each definition list item, and its definitions as Markdown."""
    terms: list[str] = []
    meaning: list[str] = []
    after_blank = True
    for line in prose.split("\n"):
        definition = _DEFINITION.match(line)
        if not line.strip():
            after_blank = True
            continue
        if definition and (terms or meaning):
            meaning.append(line[definition.end() :])
        elif meaning and (line.startswith(("    ", "\t")) or not after_blank):
            meaning.append(line)
        else:
            if meaning:
                yield terms, "\n".join(meaning)
                terms, meaning = [], []
            if after_blank or _NO_TERM.match(line):
                terms = []
            if not _NO_TERM.match(line):
                terms.append(line)
        after_blank = False
    if meaning:
        yield terms, "\n".join(meaning)
