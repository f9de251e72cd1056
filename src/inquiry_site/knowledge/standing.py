"""Which pages rest on a source that was retracted, or on a note that is superseded or retracted, and by which path.

A note rests on its sources and on the notes that it extends. A sentence rests on the pages that it cites, unless two
notes disagree or one supersedes the other. What rests on a sentence of a line rests on what the sentence cites, because
the sentence is part of the line's answer; the discussion in a note is not part of its claim and passes nothing on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from itertools import islice
from types import MappingProxyType

from inquiry_site.graph import KnowledgeGraph, Passage
from inquiry_site.knowledge.backlinks import Backlink
from inquiry_site.knowledge.bibliography import Bibliography, identities
from inquiry_site.knowledge.relations import DISAGREEING, Relations
from inquiry_site.model import Reference, RelationType
from inquiry_site.names import Outcome
from inquiry_site.parsing.acknowledgements import Acknowledgement, find_acknowledgements
from inquiry_site.parsing.identifiers import normalize_arxiv, normalize_doi, normalize_isbn

SOURCE = "source:"
"""The prefix that distinguishes the key of a source from the id of a page."""
MOST_BETWEEN = 5
"""The number of pages on a path that are kept; a path may be as long as the knowledge base."""
_MOST_STEPS = 20
"""The number of steps in which a path is searched for a page, which keeps the cost linear."""
_OPPOSED = frozenset((*DISAGREEING, RelationType.SUPERSEDES))


class Support(Enum):
    """How a page rests on a source or on another page."""

    EVIDENCE = "evidence"
    EXTENDS = "extends"
    CITES = "cites"


@dataclass(frozen=True, slots=True)
class Dependent:
    """A page that rests on something directly."""

    page: str
    support: Support
    passages: tuple[Passage, ...] = ()
    """The passages that cite it."""


@dataclass(frozen=True)
class Reliance:
    """What rests on what. Nodes are ids of pages, and keys of sources with the prefix ``source:``."""

    graph: KnowledgeGraph
    backlinks: Mapping[str, tuple[Backlink, ...]]
    relations: Relations
    bibliography: Bibliography

    def dependents(self, node: str) -> Iterator[Dependent]:
        """Yield what rests on a node directly: notes for a source; for a page, lines, then notes, sorted by id."""
        if node.startswith(SOURCE):
            for note in self.bibliography.sources[node.removeprefix(SOURCE)].notes:
                yield Dependent(note, Support.EVIDENCE)
            return
        incoming, outgoing = self.relations.incoming.get(node, ()), self.relations.outgoing.get(node, ())
        extending = sorted({relation.source for relation in incoming if relation.type is RelationType.EXTENDS})
        opposed = {relation.source for relation in incoming if relation.type in _OPPOSED}
        opposed |= {relation.target for relation in outgoing if relation.type in _OPPOSED}
        citing: set[str] = set()
        for backlink in self.backlinks.get(node, ()):
            if backlink.source in extending:
                citing.add(backlink.source)
                yield Dependent(backlink.source, Support.EXTENDS, backlink.passages)
            elif backlink.source not in opposed:
                yield Dependent(backlink.source, Support.CITES, backlink.passages)
        yield from (Dependent(note, Support.EXTENDS) for note in extending if note not in citing)

    def passes_on(self, dependent: Dependent) -> bool:
        """Return whether what rests on the dependent also rests on what the dependent rests on."""
        return dependent.support is not Support.CITES or self.graph.line(dependent.page) is not None

    def find_node(self, name: str) -> str:
        """Return the node with an id, title, alias, path, key or identifier; an empty string if there is none."""
        if name in self.graph.documents:
            return name
        if name in self.bibliography.sources:
            return SOURCE + name
        candidates = (
            f"doi:{normalize_doi(name)}",
            f"arxiv:{normalize_arxiv(name)}",
            f"isbn:{normalize_isbn(name)}",
            *identities(Reference("", (), 0, url=name)),
        )
        source = next((self._sources[identity] for identity in candidates if identity in self._sources), "")
        if source:
            return source
        resolution = self.graph.names.resolve_cited(name)
        return resolution.id if resolution.outcome is Outcome.FOUND else ""

    @cached_property
    def _sources(self) -> Mapping[str, str]:
        sources = self.bibliography.sources.values()
        return {identity: SOURCE + source.key for source in sources for identity in identities(source.reference)}


@dataclass(frozen=True, slots=True)
class ReliancePath:
    """The shortest path from a node to one of those from which a search started."""

    target: str
    root: str
    between: tuple[str, ...]
    """The nodes between the two, nearest to the target first; at most five, of which the last rests on the root."""
    is_shortened: bool
    """Whether nodes before the last one are left out."""
    length: int
    """The number of steps from the target to the root; 0 if it is the root."""

    @property
    def steps(self) -> tuple[str, ...]:
        """The target, the nodes in between, and the root unless it is the target."""
        return (self.target, *self.between, *((self.root,) if self.root != self.target else ()))


@dataclass(frozen=True, slots=True)
class Fall:
    """Why a note or a source no longer holds."""

    state: str
    """``superseded`` or ``retracted``."""
    day: str = ""
    """The ISO date of the retraction; empty if it is unknown."""
    newer: tuple[str, ...] = ()
    """The ids of the notes that supersede it."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something on which a page rests directly and which no longer holds, or rests on what no longer holds."""

    path: ReliancePath
    """The path from what the page rests on directly to what no longer holds."""
    passages: tuple[Passage, ...]
    """The page's passages that cite the target."""
    reason: str
    """The author's reason for relying on the target; empty if the file gives none."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What no longer holds, and what rests on it."""

    fallen: Mapping[str, Fall]
    """The notes and sources that no longer hold, by node."""
    of_page: Mapping[str, tuple[Doubt, ...]]
    """For each page that rests on one of them, by which paths, the shortest first."""
    of_topic: Mapping[str, tuple[Doubt, ...]]
    """The same for each introduction to a topic, by the path of its file; without passages."""
    acknowledged: Mapping[str, Mapping[str, str]]
    """For each page with acknowledgements, the reason by node."""


def derive_standing(reliance: Reliance) -> Standing:
    """Find what no longer holds and everything that rests on it."""
    fallen = _find_fallen(reliance)
    acknowledged = {
        document.id: _reasons(reliance, entries)
        for document in reliance.graph.documents.values()
        if document.body.comments and (entries := tuple(find_acknowledgements(document.body)))
    }
    doubts: dict[str, list[Doubt]] = {}
    in_doubt: dict[str, ReliancePath] = {}
    for path, dependents in _walk(reliance, fallen):
        in_doubt[path.target] = path
        for dependent in dependents:
            reason = acknowledged.get(dependent.page, {}).get(path.target, "")
            doubts.setdefault(dependent.page, []).append(Doubt(path, dependent.passages, reason))
    return Standing(
        MappingProxyType(fallen),
        MappingProxyType({page: tuple(of_page) for page, of_page in doubts.items()}),
        MappingProxyType(dict(_doubts_of_topics(reliance, in_doubt)) if in_doubt else {}),
        MappingProxyType(acknowledged),
    )


def _reasons(reliance: Reliance, entries: Iterable[Acknowledgement]) -> dict[str, str]:
    return {reliance.find_node(entry.name): entry.reason for entry in entries if is_complete(entry)}


def _doubts_of_topics(
    reliance: Reliance, in_doubt: Mapping[str, ReliancePath]
) -> Iterator[tuple[str, tuple[Doubt, ...]]]:
    """Yield the doubts of each introduction that cites something in doubt, the shortest path first."""
    for file in reliance.graph.topic_files:
        cited = dict.fromkeys(resolution.id for resolution in reliance.graph.other_citations.get(file.path, ()))
        paths = sorted((in_doubt[page] for page in cited if page in in_doubt), key=lambda path: path.length)
        if paths:
            reasons = _reasons(reliance, find_acknowledgements(file.body))
            yield file.path, tuple(Doubt(path, (), reasons.get(path.target, "")) for path in paths)


def is_complete(acknowledgement: Acknowledgement) -> bool:
    """Return whether an acknowledgement names something and gives a reason."""
    return bool(acknowledgement.name and acknowledgement.reason)


def _find_fallen(reliance: Reliance) -> dict[str, Fall]:
    fallen: dict[str, Fall] = {}
    for key, source in reliance.bibliography.sources.items():
        if source.reference.retracted:
            fallen[SOURCE + key] = Fall("retracted", source.reference.retracted.removeprefix("yes"))
    for note in reliance.graph.notes:
        incoming = reliance.relations.incoming.get(note.id, ())
        newer = tuple(relation.source for relation in incoming if relation.type is RelationType.SUPERSEDES)
        if newer or note.status in {"superseded", "retracted"}:
            fallen[note.id] = Fall(note.status if note.status == "retracted" else "superseded", newer=newer)
    return fallen


def paths_from(reliance: Reliance, roots: Iterable[str]) -> Iterator[tuple[ReliancePath, Dependent]]:
    """Yield everything that rests on some nodes, nearest first, with the path from what it rests on directly."""
    for path, dependents in _walk(reliance, roots):
        yield from ((path, dependent) for dependent in dependents)


def _walk(reliance: Reliance, roots: Iterable[str]) -> Iterator[tuple[ReliancePath, list[Dependent]]]:
    """Yield the path from each node on which something may rest, nearest first, with what rests on it directly."""
    next_of = dict.fromkeys(roots, "")
    ends = {root: (root, "", 0) for root in next_of}
    pending = list(next_of)
    for node in pending:
        root, last, length = ends[node]
        steps = list(islice(_steps(node, next_of), _MOST_STEPS))
        between = tuple(step for step in steps if step != root)
        is_shortened = len(between) > MOST_BETWEEN
        between = (*between[: MOST_BETWEEN - 1], last) if is_shortened else between
        dependents = list(reliance.dependents(node))
        for dependent in dependents:
            if dependent.page not in next_of and reliance.passes_on(dependent):
                next_of[dependent.page] = node
                ends[dependent.page] = (root, last or dependent.page, length + 1)
                pending.append(dependent.page)
        # A path that leads back through the page itself gives no further reason for doubt.
        others = [dependent for dependent in dependents if dependent.page not in steps]
        yield ReliancePath(node, root, between, is_shortened, length), others


def _steps(node: str, next_of: Mapping[str, str]) -> Iterator[str]:
    """Yield the nodes after this one on its path, up to the root."""
    while next_of[node]:
        node = next_of[node]
        yield node
