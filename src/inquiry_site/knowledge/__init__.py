"""Knowledge derived from the graph, never written by hand. Pages and checks read the same value."""

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
from inquiry_site.knowledge.standing import Reliance, Standing, derive_standing
from inquiry_site.knowledge.topics import Topics, derive_topics


@dataclass(frozen=True)
class Knowledge:
    """The graph and everything derived from it."""

    graph: KnowledgeGraph
    sources: Mapping[str, tuple[CitedNote, ...]]
    """The notes that each line cites, by the line's id."""
    backlinks: Mapping[str, tuple[Backlink, ...]]
    relations: Relations
    bibliography: Bibliography
    topics: Topics
    standing: Standing
    """What no longer holds, and what rests on it."""
    next_lines: int = 5
    """The number of next lines that a page shows."""
    previous_ranking: Ranking | None = field(default=None, repr=False, compare=False)
    """The ranking of the previous build; it speeds up this one without affecting its result."""

    @property
    def reliance(self) -> Reliance:
        """What rests on what."""
        return Reliance(self.graph, self.backlinks, self.relations, self.bibliography)

    @property
    def ranking_inputs(self) -> RankingInputs:
        """The inputs of the ranking other than the graph."""
        return RankingInputs(
            sources={
                note: frozenset(source.key for source in sources) for note, sources in self.bibliography.of_note.items()
            },
            topics=self.topics.of_document,
            topic_names={slug: topic.name for slug, topic in self.topics.by_slug.items()},
            relations=self.relations.outgoing,
        )

    @cached_property
    def ranking(self) -> Ranking:
        """The neighbours of every page. Computed on first use, because it costs more than all other derivations."""
        # Imported here because loading numpy and scipy takes a quarter of a second, which checks need not spend.
        from inquiry_site.knowledge.ranking.derive import derive_ranking

        with gc_paused():
            ranking = derive_ranking(self.graph, self.ranking_inputs, self.next_lines, self.previous_ranking)
        # Release the previous ranking: it is large and no longer needed.
        object.__setattr__(self, "previous_ranking", None)
        return ranking

    @cached_property
    def neighbours(self) -> Neighbours:
        """The part of the ranking that pages show."""
        return self.ranking

    def use_neighbours(self, neighbours: Neighbours) -> None:
        """Set the neighbours that another process has computed from the same knowledge."""
        vars(self)["neighbours"] = neighbours


def derive_knowledge(graph: KnowledgeGraph, next_lines: int = 5, ranked_before: Ranking | None = None) -> Knowledge:
    """Derive everything from the graph.

    Args:
        graph: the graph.
        next_lines: the number of next lines that a page shows.
        ranked_before: the ranking of the previous build.
    """
    backlinks, relations, bibliography = derive_backlinks(graph), derive_relations(graph), derive_bibliography(graph)
    return Knowledge(
        graph=graph,
        sources=derive_sources(graph),
        backlinks=backlinks,
        relations=relations,
        bibliography=bibliography,
        topics=derive_topics(graph),
        standing=derive_standing(Reliance(graph, backlinks, relations, bibliography)),
        next_lines=next_lines,
        previous_ranking=ranked_before,
    )
