"""Find the abbreviations in a line that neither the line, nor a note that it cites, nor the glossary explains."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from inquiry_site.graph import KnowledgeGraph
from inquiry_site.model import AnyDocument, Body, InquiringLine, Note
from inquiry_site.parsing.blocks import find_blocks, mask_code_spans
from inquiry_site.text.abbreviations import (
    Abbreviation,
    find_abbreviations,
    find_spelled_out,
    words_in_small_letters,
)

_FORMULA = re.compile(r"\$\$[^$]*+\$\$|\$[^$\n]*+\$|\\\([^\n]*?\\\)")


class UnexplainedAbbreviations:
    """Finds unexplained abbreviations; what each page spells out is computed once."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        self._graph = graph
        self._glossary = {name.removesuffix("s") for entry in graph.glossary for name in entry.names}
        self._spelled_out: dict[str, frozenset[str]] = {}

    def in_line(self, line: InquiringLine) -> dict[str, tuple[str, Abbreviation]]:
        """Return the first use of each abbreviation by its name, with the key of its text; empty for the body."""
        written = "\n".join((line.description, line.answer, line.body.text))
        names = {use.name for use in find_abbreviations(written) if not self._is_in_glossary(use)}
        if not names:
            return {}
        names -= words_in_small_letters(names, written)
        for page in (line.id, *self._graph.cited_notes[line.id]):
            names -= self._explained_on(page)
        uses: dict[str, tuple[str, Abbreviation]] = {}
        for key, use in self._uses(line) if names else ():
            if use.name in names and not self._is_in_glossary(use):
                uses.setdefault(use.name, (key, use))
        return uses

    def _is_in_glossary(self, use: Abbreviation) -> bool:
        return use.name in self._glossary or use.word.removesuffix("s") in self._glossary

    def _explained_on(self, page: str) -> frozenset[str]:
        if page not in self._spelled_out:
            self._spelled_out[page] = find_spelled_out("\n".join(_texts(self._graph.documents[page])))
        return self._spelled_out[page]

    def _uses(self, line: InquiringLine) -> Iterator[tuple[str, Abbreviation]]:
        """Yield the abbreviations in the order of the file; those in the body have offsets in the file's text."""
        for key, text in (("description", line.description), ("answer", line.answer)):
            yield from ((key, use) for use in find_abbreviations(text))
        offset = line.body.offset
        for use in find_abbreviations(_prose(line.body)):
            yield "", replace(use, start=use.start + offset, end=use.end + offset)


def _texts(document: AnyDocument) -> Iterator[str]:
    yield from (document.title, document.description, document.body.text)
    if isinstance(document, InquiringLine):
        yield document.answer
    if isinstance(document, Note):
        yield from (*document.scope.holds, *document.scope.not_shown)
        yield from (quote.text for entry in document.evidence for quote in entry.quotes)


def _prose(body: Body) -> str:
    """Return a body of the same length with spaces in place of code, formulas, and the targets of citations and links.

    The words of a citation are prose, unless they are the title of the cited page.
    """
    text = mask_code_spans(find_blocks(body.text).prose)
    text = _FORMULA.sub(lambda match: " " * len(match[0]), text)
    cuts = [(citation.start, citation.end, citation.label) for citation in body.citations]
    cuts += [(link.start, link.end, "") for link in (*body.links, *body.external_links, *body.other_schemes)]
    pieces: list[str] = []
    position = 0
    for start, end, words in sorted(cuts):
        if start - body.offset >= position:
            pieces.append(text[position : start - body.offset])
            position = end - body.offset
            before, found, after = body.text[start - body.offset : position].partition(words or "\0")
            pieces.append(" " * len(before) + found + " " * len(after))
    return "".join((*pieces, text[position:]))
