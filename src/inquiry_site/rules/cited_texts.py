"""What the pages of a knowledge base offer to those that cite them: their words and their figures."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from inquiry_site.graph import KnowledgeGraph
from inquiry_site.model import AnyDocument, Note, Reference
from inquiry_site.parsing.figures import Figure, find_figures, find_number_words
from inquiry_site.parsing.quotations import normalize_quotation
from inquiry_site.parsing.sentences import plain_text

_ENDS = frozenset(f"{mark}{blank}" for mark in ".,;:)" for blank in ("", " ", "\n"))


class CitedPage:
    """What a page offers to those who cite it, each part read once and only when asked for."""

    def __init__(self, document: AnyDocument, graph: KnowledgeGraph) -> None:
        self._document = document
        self._graph = graph

    @cached_property
    def references(self) -> list[Reference]:
        """The records of the note's sources."""
        document = self._document
        found = map(self._graph.reference, document.evidence if isinstance(document, Note) else ())
        return [reference for reference in found if reference is not None]

    @cached_property
    def claim(self) -> list[str]:
        """The claim and what belongs to it, as texts."""
        document = self._document
        texts = [document.title, document.description]
        if isinstance(document, Note):
            texts += [*document.scope.holds, *document.scope.not_shown, *(r.because for r in document.relations)]
            texts += [
                text for entry in document.evidence for quote in entry.quotes for text in (quote.text, quote.locator)
            ]
            texts += [text for reference in self.references for text in (reference.title, str(reference.year))]
        else:
            texts.append(document.answer)
        return texts

    @cached_property
    def normalized_texts(self) -> list[str]:
        """All texts, for looking up quotations."""
        return [normalize_quotation(text) for text in (*self.claim, plain_text(self._document.body.text))]

    @cached_property
    def claim_figures(self) -> FigureIndex:
        """The figures of everything but the body."""
        return FigureIndex(self.claim)

    @cached_property
    def body_figures(self) -> FigureIndex:
        """The figures of the body."""
        return FigureIndex([self._document.body.text])


class FigureIndex:
    """The figures of some texts. Those in digits are read first: few have to be looked for in words."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._text = "\n".join(texts)
        self._known: dict[str, bool] = {}

    @cached_property
    def _in_digits(self) -> list[Figure]:
        return list(find_figures(self._text))

    @cached_property
    def _in_words(self) -> list[Figure]:
        return list(find_number_words(self._text))

    def contain(self, figure: Figure, written: str) -> bool:
        """Whether one of the texts says the same."""
        if written not in self._known:
            self._known[written] = self._contains(figure, written)
        return self._known[written]

    def _contains(self, figure: Figure, written: str) -> bool:
        # Mostly it is said in the same signs.
        before, found, after = self._text.partition(written)
        if found and before[-1:].isspace() and (not after or after[0].isspace() or after[:2] in _ENDS):
            return True
        return any(map(figure.says, self._in_digits)) or any(map(figure.says, self._in_words))


class CitedTexts:
    """The evidence of every page, kept for the next that cites it."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        self._graph = graph
        self._known: dict[str, CitedPage] = {}

    def __getitem__(self, identifier: str) -> CitedPage:
        if identifier not in self._known:
            self._known[identifier] = CitedPage(self._graph.documents[identifier], self._graph)
        return self._known[identifier]

    def cited_by(self, document: AnyDocument) -> list[str]:
        """The pages that a page cites, itself first when it is a note: its own quotes are its evidence."""
        own = [document.id] if isinstance(document, Note) else []
        return [*own, *self._graph.passages[document.id]]
