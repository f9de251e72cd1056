"""What follows from the graph and is never written by hand. Pages and checks read the same value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from inquiry_site.gc_control import gc_paused
from inquiry_site.graph import KnowledgeGraph
from inquiry_site.knowledge.backlinks import Backlink, derive_backlinks
from inquiry_site.knowledge.bibliography import Bibliography, derive_bibliography
from inquiry_site.knowledge.ranking import Neighbours, Ranking, RankingInputs
from inquiry_site.knowledge.relations import Relations, derive_relations
from inquiry_site.knowledge.sources import CitedNote, derive_sources
from inquiry_site.knowledge.topics import Topics, derive_topics


@dataclass(frozen=True)
class Knowledge:
    """The graph and everything derived from it."""

    graph: KnowledgeGraph
    sources: Mapping[str, tuple[CitedNote, ...]]
    """For each line the notes it cites."""
    backlinks: Mapping[str, tuple[Backlink, ...]]
    relations: Relations
    bibliography: Bibliography
    topics: Topics
    next_lines: int = 5
    """How many next lines a page shows."""
    previous_ranking: Ranking | None = field(default=None, repr=False, compare=False)
    """The ranking before some documents changed: it makes this one faster, not another."""

    @property
    def ranking_inputs(self) -> RankingInputs:
        """What the ranking is told beyond the graph."""
        return RankingInputs(
            sources={
                note: frozenset(source.key for source in found) for note, found in self.bibliography.of_note.items()
            },
            topics=self.topics.of_document,
            topic_names={slug: topic.name for slug, topic in self.topics.by_slug.items()},
            relations=self.relations.outgoing,
        )

    @cached_property
    def ranking(self) -> Ranking:
        """The neighbours of every page, when somebody asks: it costs more than all the rest."""
        # numpy and scipy take a quarter of a second to load: only who asks pays for it.
        from inquiry_site.knowledge.ranking.derive import derive_ranking

        with gc_paused():
            ranking = derive_ranking(self.graph, self.ranking_inputs, self.next_lines, self.previous_ranking)
        # It has served its turn, and it is large.
        object.__setattr__(self, "previous_ranking", None)
        return ranking

    @cached_property
    def neighbours(self) -> Neighbours:
        """What pages show of the ranking."""
        return self.ranking

    def use_neighbours(self, neighbours: Neighbours) -> None:
        """Take the neighbours from another process, which has found them in the same knowledge."""
        vars(self)["neighbours"] = neighbours


def derive_knowledge(graph: KnowledgeGraph, next_lines: int = 5, ranked_before: Ranking | None = None) -> Knowledge:
    """Derive everything; the derivations do not know each other, only what they need is handed over."""
    return Knowledge(
        graph=graph,
        sources=derive_sources(graph),
        backlinks=derive_backlinks(graph),
        relations=derive_relations(graph),
        bibliography=derive_bibliography(graph),
        topics=derive_topics(graph),
        next_lines=next_lines,
        previous_ranking=ranked_before,
    )
