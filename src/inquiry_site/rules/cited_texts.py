"""Look up quotations and figures in the texts of cited pages."""

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
    """The texts and figures of a cited page, each computed once and on demand."""

    def __init__(self, document: AnyDocument, graph: KnowledgeGraph) -> None:
        self._document = document
        self._graph = graph

    @cached_property
    def references(self) -> list[Reference]:
        """The bibliographic records of the note's sources."""
        document = self._document
        references = map(self._graph.reference, document.evidence if isinstance(document, Note) else ())
        return [reference for reference in references if reference is not None]

    @cached_property
    def claim(self) -> list[str]:
        """The texts of everything but the body: title, claim or answer, scope, relations, quotes and sources."""
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
        """All texts, normalised for looking up quotations."""
        return [normalize_quotation(text) for text in (*self.claim, plain_text(self._document.body.published_text))]

    @cached_property
    def claim_figures(self) -> FigureIndex:
        """The figures of everything but the body."""
        return FigureIndex(self.claim)

    @cached_property
    def body_figures(self) -> FigureIndex:
        """The figures of the body."""
        return FigureIndex([self._document.body.published_text])


class FigureIndex:
    """The figures of some texts.

    Figures are looked up among those written in digits first, so that few are looked up among number words.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._text = "\n".join(texts)
        self._cached: dict[str, bool] = {}

    @cached_property
    def _in_digits(self) -> list[Figure]:
        return list(find_figures(self._text))

    @cached_property
    def _in_words(self) -> list[Figure]:
        return list(find_number_words(self._text))

    def contain(self, figure: Figure, written: str) -> bool:
        """Return whether one of the texts contains an equal figure.

        Args:
            figure: the figure.
            written: the figure as written, which is the key of the cache.
        """
        if written not in self._cached:
            self._cached[written] = self._contains(figure, written)
        return self._cached[written]

    def _contains(self, figure: Figure, written: str) -> bool:
        # Equal figures are usually written alike.
        before, match, after = self._text.partition(written)
        if match and before[-1:].isspace() and (not after or after[0].isspace() or after[:2] in _ENDS):
            return True
        return any(map(figure.equals, self._in_digits)) or any(map(figure.equals, self._in_words))


class CitedTexts:
    """A cache of the cited pages by id."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        self._graph = graph
        self._pages: dict[str, CitedPage] = {}

    def __getitem__(self, identifier: str) -> CitedPage:
        if identifier not in self._pages:
            self._pages[identifier] = CitedPage(self._graph.documents[identifier], self._graph)
        return self._pages[identifier]

    def cited_by(self, document: AnyDocument) -> list[str]:
        """Return the ids of the pages that a page cites; a note's own id is first, because its quotes are evidence."""
        own = [document.id] if isinstance(document, Note) else []
        return [*own, *self._graph.passages[document.id]]
