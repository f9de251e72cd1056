"""Find citations that were added or removed, and sentences that rest on less than before."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz, process

from inquiry_site.changes.change import Change, Importance, Reached, at, count, quoted
from inquiry_site.changes.dependents import Dependents
from inquiry_site.changes.evidence_changes import QuoteChanged, QuoteRemoved, SourceRemoved
from inquiry_site.changes.pairing import Pairing
from inquiry_site.graph import KnowledgeGraph, plain_label
from inquiry_site.model import AnyDocument
from inquiry_site.names import Outcome
from inquiry_site.parsing.quotations import normalize_quotation
from inquiry_site.parsing.sentences import plain_text, split_sentences

_MIN_SIMILARITY = 60.0
"""Per cent. Sentences of which at least this much is the same are two versions of one sentence."""
_MOST_COMPARED = 200
"""The maximum number of reworded sentences of a page that are compared with one another."""
_LONGEST_COMPARED = 1_000
"""The maximum number of characters of a sentence that are compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceLostCitation(Change):
    """A sentence that is still there, but no longer cites a page."""

    kind = "sentence-lost-citation"
    importance = Importance.CRITICAL
    lost: tuple[str, ...]
    left: int
    """The number of pages that the sentence still cites."""

    @property
    def message(self) -> str:
        """What changed."""
        left = f"and still cites {count(self.left, 'page')}" if self.left else "and rests on nothing now"
        return f"A sentence no longer cites {' and '.join(map(quoted, self.lost))}, {left}: {quoted(self.after or '')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceWeakened(Change):
    """Sentences of a page that cite a note which lost evidence."""

    kind = "sentence-weakened"
    importance = Importance.REVIEW
    is_effect = True
    note: str

    @property
    def message(self) -> str:
        """What changed."""
        number = len(self.reaches)
        verb = "rests" if number == 1 else "rest"
        return f"{count(number, 'sentence')} {verb} on less, because “{self.note}” lost evidence."


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationRemoved(Change):
    """A page that no longer cites another one at all."""

    kind = "citation-removed"

    @property
    def message(self) -> str:
        """What changed."""
        return f"The page no longer cites “{self.before}”."


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationAdded(Change):
    """A page that cites another one for the first time."""

    kind = "citation-added"

    @property
    def message(self) -> str:
        """What changed."""
        return f"The page now cites “{self.after}”."


class _CitingSentences:
    """A document's citing sentences, with the ids of the pages that each cites."""

    def __init__(self, graph: KnowledgeGraph, document: AnyDocument, later_id: Callable[[str], str]) -> None:
        self._document = document
        self.targets: dict[str, set[str]] = {}
        self.texts: dict[str, str] = {}
        self.cited: dict[str, None] = {}
        sentences: list[set[str]] = [set() for _ in document.body.sentences]
        for citation, resolution in zip(document.body.citations, graph.citations[document.id], strict=True):
            target = later_id(resolution.id) if resolution.outcome in _EXISTING else ""
            if target and target != document.id:
                self.cited[target] = None
                if citation.sentence >= 0:
                    sentences[citation.sentence].add(target)
        for sentence, targets in zip(document.body.sentences, sentences, strict=True):
            text = _tidy("".join(part if isinstance(part, str) else self._label(part) for part in sentence.parts))
            words = normalize_quotation(text)
            if words.strip():
                self.targets.setdefault(words, set()).update(targets)
                self.texts.setdefault(words, text)

    def _label(self, citation: int) -> str:
        return plain_label(self._document.body.citations[citation].label)

    @cached_property
    def _sentences(self) -> frozenset[str]:
        body, position = self._document.body, 0
        pieces: list[str] = []
        for index, citation in enumerate(body.citations):
            start, end = citation.start - body.offset, citation.end - body.offset
            pieces += [body.text[position : max(start, position)], self._label(index)]
            position = max(position, end)
        paragraphs = _BLANK_LINES.split("".join([*pieces, body.text[position:]]))
        return frozenset(normalize_quotation(s) for text in paragraphs for s in split_sentences(plain_text(text)))

    def contains(self, words: str) -> bool:
        """Return whether one of the sentences, with or without a citation, consists of these words."""
        return words in self._sentences


_BLANK_LINES = re.compile(r"\n[ \t]*\n")
_SPACE_BEFORE_MARK = re.compile(r"\s+(?=[.,;:!?)])")


def _tidy(text: str) -> str:
    """Return a sentence without the spaces that surrounded its citations."""
    return " ".join(_SPACE_BEFORE_MARK.sub("", text).split())


_EXISTING = frozenset({Outcome.FOUND, Outcome.DRAFT, Outcome.BROKEN})
"""Outcomes of citations whose target exists; a draft or a file with errors is reported as such."""


def find_citation_changes(pairing: Pairing) -> Iterator[Change]:
    """Yield the citations that changed documents gained and lost."""
    before, after = pairing.before.knowledge.graph, pairing.after.knowledge.graph
    for old, new in pairing.changed:
        if old.body.text == new.body.text:
            continue
        former, later = (
            _CitingSentences(before, old, pairing.later_id),
            _CitingSentences(after, new, _as_named_before(pairing)),
        )
        yield from _lost_by_sentences(new, former, later)
        for target in former.cited.keys() - later.cited.keys():
            yield CitationRemoved(**at(new), before=target)
        for target in later.cited.keys() - former.cited.keys():
            yield CitationAdded(**at(new), after=target)


def _as_named_before(pairing: Pairing) -> Callable[[str], str]:
    """Return a function that replaces the title of a file with errors, which is all that is known of it, by its id."""
    documents, names = pairing.after.knowledge.graph.documents, pairing.before.knowledge.graph.names
    return lambda name: name if name in documents else pairing.later_id(names.resolve(name).id or name)


def _lost_by_sentences(document: AnyDocument, former: _CitingSentences, later: _CitingSentences) -> Iterator[Change]:
    reworded = _reworded(former, later)
    for words, targets in former.targets.items():
        if words in later.targets:
            lost, left, text = targets - later.targets[words], len(later.targets[words]), later.texts[words]
        elif later.contains(words):
            lost, left, text = targets, 0, former.texts[words]
        elif words in reworded:
            other = reworded[words]
            lost, left, text = targets - later.targets[other], len(later.targets[other]), later.texts[other]
        else:
            continue
        if lost:
            yield SentenceLostCitation(
                **at(document), before=former.texts[words], after=text, lost=tuple(sorted(lost)), left=left
            )


def _reworded(former: _CitingSentences, later: _CitingSentences) -> dict[str, str]:
    """Return the later words of each sentence that was reworded and still cites something."""
    gone = [words for words in former.targets if words not in later.targets and not later.contains(words)]
    come = [words for words in later.targets if words not in former.targets]
    left = {words: words[:_LONGEST_COMPARED] for words in come[:_MOST_COMPARED]}
    versions: dict[str, str] = {}
    for words in gone[:_MOST_COMPARED]:
        match = process.extractOne(words[:_LONGEST_COMPARED], left, scorer=fuzz.ratio, score_cutoff=_MIN_SIMILARITY)
        if match is not None:
            versions[words] = match[2]
            del left[match[2]]
    return versions


def find_weakened_sentences(pairing: Pairing, changes: list[Change]) -> Iterator[Change]:
    """Yield the pages whose sentences cite a note that lost a quote or a source, given the changes found so far."""
    dependents = Dependents(pairing.after.knowledge)
    weakened = {c.id for c in changes if isinstance(c, QuoteRemoved | QuoteChanged | SourceRemoved)}
    for note in sorted(weakened):
        pages: dict[str, list[Reached]] = {}
        for place in dependents.citing(note):
            pages.setdefault(place.id, []).append(place)
        for page, places in pages.items():
            yield SentenceWeakened(path=places[0].path, id=page, note=note, reaches=tuple(places))
