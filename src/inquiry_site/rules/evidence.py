"""Whether what is cited carries what it is cited for: verbatim words, figures, and the standing of notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import chain

from inquiry_site.diagnostics import Severity, Span
from inquiry_site.graph import KnowledgeGraph, Outcome, Resolution
from inquiry_site.model import AnyDocument, Citation, InquiringLine, Note, ParsedDocument, Reference, RelationType
from inquiry_site.parsing.blocks import mask_code_spans
from inquiry_site.parsing.figures import Figure, find_figures, find_number_words
from inquiry_site.parsing.frontmatter import locate_key
from inquiry_site.parsing.quotations import squashed, stands_in
from inquiry_site.parsing.sentences import plain_text
from inquiry_site.rules.base import Checked, Finding, cited_at, fallen, joined, place, rule

_CONTEXT = 24
_MOST_NAMED = 4
_MOST_TRIED = 20
"""A paragraph that has one figure more often is no prose, and its findings are about all of them."""
_ENDS = frozenset(f"{mark}{blank}" for mark in ".,;:)" for blank in ("", " ", "\n"))


class _Evidence:
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
    def squashed(self) -> list[str]:
        """All texts, for looking up quotations."""
        return [squashed(text) for text in (*self.claim, plain_text(self._document.body.text))]

    @cached_property
    def claim_figures(self) -> _Figures:
        """The figures of everything but the body."""
        return _Figures(self.claim)

    @cached_property
    def body_figures(self) -> _Figures:
        """The figures of the body."""
        return _Figures([self._document.body.text])


class _Figures:
    """The figures of some texts. Those in digits are read first: few have to be looked for in words."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._text = "\n".join(texts)

    @cached_property
    def _in_digits(self) -> list[Figure]:
        return list(find_figures(self._text))

    @cached_property
    def _in_words(self) -> list[Figure]:
        return list(find_number_words(self._text))

    def have(self, figure: Figure, written: str) -> bool:
        """Whether one of the texts says the same; mostly it does so in the same signs."""
        before, found, after = self._text.partition(written)
        if found and before[-1:].isspace() and (not after or after[0].isspace() or after[:2] in _ENDS):
            return True
        return any(map(figure.says, self._in_digits)) or any(map(figure.says, self._in_words))


class _Library:
    """The evidence of every page, kept for the next that cites it."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        self._graph = graph
        self._known: dict[str, _Evidence] = {}

    def __getitem__(self, identifier: str) -> _Evidence:
        if identifier not in self._known:
            self._known[identifier] = _Evidence(self._graph.documents[identifier], self._graph)
        return self._known[identifier]

    def cited_by(self, document: AnyDocument) -> list[str]:
        """The pages that a page cites, itself first when it is a note: its own quotes are its evidence."""
        own = [document.id] if isinstance(document, Note) else []
        return [*own, *self._graph.passages[document.id]]


@rule(
    "evidence/quote-not-found",
    Severity.WARNING,
    why="Words in quotation marks that nobody wrote are the worst that can be found in a text.",
)
def quote_not_found(checked: Checked) -> Iterator[Finding]:
    """A quotation of six words or more stands in a note that the page cites.

    Looked up are the quotes, claims and bodies of the cited notes, word by word: marks, capitals and hyphens may
    differ, and what stands in square brackets or for which an ellipsis stands may be anything.

    Fails:

    ```markdown title="lines/sleep.md"
    The trial says that “coffee at night cut sleep by an hour” [[coffee]]; tea does less [[tea]].
    ```

    Passes:

    ```markdown title="lines/sleep.md"
    The trial says that “coffee at night cut sleep by 41 minutes” [[coffee]]; tea does less [[tea]].
    ```
    """
    library = _Library(checked.knowledge.graph)
    for parsed, document in checked.published:
        cited = library.cited_by(document) if document.body.quotations else []
        offered = [text for identifier in cited for text in _offered(library, identifier, document)]
        known: dict[str, bool] = {}
        for quotation in document.body.quotations:
            if quotation.text not in known:
                known[quotation.text] = any(stands_in(quotation.text, text) for text in offered)
            if not known[quotation.text]:
                span = Span.of(parsed.path, parsed.text, quotation.start, quotation.end)
                hint = "Quote the words as they stand, add the passage to a note's quotes, or drop the quotation marks."
                yield Finding(span, _no_quote(document), hint)


def _offered(library: _Library, identifier: str, document: AnyDocument) -> list[str]:
    """What a page may quote; of its own texts all but the body, in which the quotation itself stands."""
    texts = library[identifier].squashed
    return texts[:-1] if identifier == document.id else texts


def _no_quote(document: AnyDocument) -> str:
    own = "neither in this note's quotes nor " if isinstance(document, Note) else ""
    return f"This quotation stands {own}in {'any' if own else 'none'} of the notes that are cited here."


@rule(
    "evidence/figure-not-found",
    Severity.WARNING,
    why="A reader who follows the citation to check the figure does not find it.",
)
def figure_not_found(checked: Checked) -> Iterator[Finding]:
    """A figure in a sentence that cites notes stands in one of them.

    ``400K`` and ``400,000`` are the same figure, and so are ``91%``, ``91 percent`` and ``0.91``, or ``3x`` and
    “threefold”. Looked up are claim, quotes, scope, body, and the titles and years of the sources; in a note also its
    own claim and quotes. Numbers in names (GPT-4), places (§4.2) and dates are no figures.

    Fails:

    ```markdown title="lines/sleep.md"
    Coffee cuts sleep by 47 minutes [[coffee]], tea by less [[tea]].
    ```

    Passes:

    ```markdown title="lines/sleep.md"
    Coffee cuts sleep by 41 minutes [[coffee]], tea by less [[tea]].
    ```
    """
    graph = checked.knowledge.graph
    library = _Library(graph)
    for parsed, document in checked.published:
        own = [library[document.id].claim_figures] if isinstance(document, Note) else []
        prose = _Prose(parsed.text)
        for sentence in document.body.sentences:
            text = "".join(part if isinstance(part, str) else "\0" for part in sentence.parts)
            figures = list(find_figures(text))
            cited = _cited(sentence.parts, document, graph) if figures else []
            if not cited:
                continue
            claims = [*own, *(library[identifier].claim_figures for identifier in cited)]
            for figure in figures:
                bodies = (library[identifier].body_figures for identifier in cited)
                written = text[figure.start : figure.end]
                if any(offered.have(figure, written) for offered in chain(claims, bodies)):
                    continue
                start, end = _place_in_block(parsed, sentence.block, text, figure)
                if not prose.is_code(sentence.block, start):
                    yield _no_figure(Span.of(parsed.path, parsed.text, start, end), written, cited)


def _cited(parts: Iterable[str | int], document: AnyDocument, graph: KnowledgeGraph) -> list[str]:
    """The pages that a sentence cites; none while one of its citations leads nowhere."""
    resolutions = [graph.citations[document.id][part] for part in parts if isinstance(part, int)]
    if any(resolution.outcome is not Outcome.FOUND for resolution in resolutions):
        return []
    return [identifier for identifier in dict.fromkeys(r.id for r in resolutions) if identifier != document.id]


def _no_figure(span: Span, written: str, cited: list[str]) -> Finding:
    names = [f"“{identifier}”" for identifier in cited]
    if len(names) > _MOST_NAMED:
        names[_MOST_NAMED - 1 :] = [f"{len(names) - _MOST_NAMED + 1} more"]
    named = joined(names, "and")
    verb = "does not stand in" if len(cited) == 1 else "stands in none of"
    hint = "Correct the figure, cite the note that has it, or add it to the note with its source."
    return Finding(span, f"The figure {written} {verb} {named}.", hint)


class _Prose:
    """A text without its code spans, block by block: what a program is given says nothing of the world."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._masked: dict[tuple[int, int], str] = {}

    def is_code(self, block: tuple[int, int], place: int) -> bool:
        """Whether a place in a block is within a code span."""
        if block not in self._masked:
            self._masked[block] = mask_code_spans(self._text[slice(*block)])
        return self._masked[block][place - block[0]].isspace()


def _place_in_block(parsed: ParsedDocument, block: tuple[int, int], text: str, figure: Figure) -> tuple[int, int]:
    """Where a figure of a sentence stands in the file: of equal ones that with the likest words before it."""
    written = text[figure.start : figure.end]
    before = _letters(text[: figure.start])
    best = (-1, block[0], block[1])
    start = parsed.text.find(written, *block)
    for _ in range(_MOST_TRIED):
        if start < 0:
            break
        alike = _common_ending(before, _letters(parsed.text[max(block[0], start - 4 * _CONTEXT) : start]))
        best = max(best, (alike, start, start + len(written)), key=lambda found: found[0])
        start = parsed.text.find(written, start + 1, block[1])
    return best[1], best[2]


def _letters(text: str) -> str:
    return "".join(char for char in text[-4 * _CONTEXT :] if char.isalnum())[-_CONTEXT:]


def _common_ending(one: str, other: str) -> int:
    length = 0
    for left, right in zip(reversed(one), reversed(other), strict=False):
        if left != right:
            break
        length += 1
    return length


@rule(
    "evidence/claim-figure",
    Severity.WARNING,
    why="The claim is shown wherever the note is cited, and its figures are what readers check first.",
)
def claim_figure(checked: Checked) -> Iterator[Finding]:
    """A figure in a note's claim stands in its quotes, its body or the titles of its sources as well.

    Fails:

    ```yaml title="notes/coffee.md"
    description: Coffee at night cut sleep by 41 minutes in a trial with 120 adults.
    ```

    Passes:

    ```yaml title="notes/coffee.md"
    description: Coffee at night cut sleep by 41 minutes in a trial with 120 adults.
    ```

    ```markdown title="notes/coffee.md"
    The trial had two groups, of 120 adults in all.
    ```
    """
    graph = checked.knowledge.graph
    for parsed, document in checked.published:
        if not isinstance(document, Note):
            continue
        figures = list(find_figures(document.description))
        if not figures:
            continue
        references = _Evidence(document, graph).references
        first = [quote.text for entry in document.evidence for quote in entry.quotes]
        then = [document.title, document.body.text]
        then += [text for reference in references for text in (reference.title, str(reference.year))]
        offered = (_Figures(first), _Figures(then))
        for figure in figures:
            written = document.description[figure.start : figure.end]
            if not any(texts.have(figure, written) for texts in offered):
                span = _in_claim(parsed, document.description, figure)
                message = (
                    f"The figure {written} of the claim stands neither in the quotes nor in the text of this note."
                )
                yield Finding(span, message, "Quote the passage that gives it, or say in the text where it comes from.")


def _in_claim(parsed: ParsedDocument, claim: str, figure: Figure) -> Span:
    whole = locate_key(parsed.text, ("description",))
    return Span.of(parsed.path, parsed.text, *_place_in_block(parsed, whole, claim, figure))


@rule("evidence/no-quote", Severity.WARNING, why="A reader cannot follow the claim to the words of a paper.")
def no_quote(checked: Checked) -> Iterator[Finding]:
    """A note quotes at least one passage of its sources, and says where each passage stands.

    Fails:

    ```yaml title="notes/coffee.md"
    description: Coffee at night cut sleep.
    sources:
      - {title: Coffee at Night, authors: [Ada Example], year: 2021, doi: 10.1000/coffee}
    ```

    ```markdown title="lines/sleep.md"
    Coffee cuts sleep [[coffee]], tea does so less [[tea]].
    ```

    Passes:

    ```yaml title="notes/coffee.md"
    sources:
      - title: Coffee at Night
        authors: [Ada Example, Ben Sample]
        year: 2021
        doi: 10.1000/coffee
        quotes:
          - {text: coffee at night cut sleep by 41 minutes, locator: abstract}
    ```
    """
    for parsed, document in checked.published:
        if not isinstance(document, Note) or not document.evidence:
            continue
        records = [entry for entry in document.evidence if entry.reference is not None]
        if records and not any(entry.quotes for entry in records):
            hint = "Add “quotes:” to a source, with the text of a passage and its locator (“abstract”, “p. 7”)."
            yield Finding(place(parsed, "sources"), "None of this note's sources is quoted.", hint)
        for number, entry in enumerate(document.evidence):
            for at, quote in enumerate(entry.quotes):
                if not quote.locator:
                    span = place(parsed, "sources", number, "quotes", at)
                    hint = "Add “locator:” with the section, page or table, or “abstract”."
                    yield Finding(span, "This quote does not say where it stands.", hint)


@rule(
    "evidence/fallen-note", Severity.WARNING, why="The line's answer rests on what its own base says is no longer so."
)
def fallen_note(checked: Checked) -> Iterator[Finding]:
    """A line cites no note that is superseded or retracted.

    Fails:

    ```yaml title="notes/coffee.md"
    status: superseded
    ```

    Passes:

    ```yaml title="notes/coffee.md"
    status: disputed
    ```
    """
    relations = checked.knowledge.relations
    graph = checked.knowledge.graph
    for parsed, citation, resolution in _citations_of_lines(checked):
        note = graph.note(resolution.id)
        if note is None:
            continue
        state = fallen(note, checked.knowledge)
        if state:
            newer = [tie.source for tie in relations.incoming.get(note.id, ()) if tie.type is RelationType.SUPERSEDES]
            hint = f"Cite “{newer[0]}”, which supersedes it." if newer else "Rest the sentence on another note."
            yield Finding(cited_at(parsed, citation), f"The note “{note.id}” is {state}.", hint)


def _citations_of_lines(checked: Checked) -> Iterator[tuple[ParsedDocument, Citation, Resolution]]:
    for parsed, citation, resolution in checked.citations():
        if isinstance(parsed.document, InquiringLine) and resolution.outcome is Outcome.FOUND:
            yield parsed, citation, resolution


RULES = (quote_not_found, figure_not_found, claim_figure, no_quote, fallen_note)
