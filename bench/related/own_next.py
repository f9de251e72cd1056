"""Hide each next line chosen by an author in this repository, and find its rank among the ranked lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from inquiry_site.build import check
from inquiry_site.files import read_tree
from inquiry_site.graph import KnowledgeGraph
from inquiry_site.knowledge.ranking.derive import derive_ranking
from inquiry_site.model import AnyDocument, InquiringLine

ROOT = Path(__file__).parents[2]


def places() -> Iterator[tuple[str, str, int]]:
    """Yield each line, each next line its author chose, and the rank of that line once hidden (0 if not ranked)."""
    knowledge = check(read_tree(ROOT)).knowledge
    for line in knowledge.graph.lines:
        for target in line.next:
            hidden = _without(knowledge.graph, line, target)
            ranking = derive_ranking(hidden, knowledge.ranking_inputs, knowledge.next_lines)
            chosen = hidden.line(line.id).next  # type: ignore[union-attr]
            others = [neighbour.id for neighbour in ranking.next_lines[line.id] if neighbour.id not in chosen]
            yield line.id, target, others.index(target) + 1 if target in others else 0


def _without(graph: KnowledgeGraph, line: InquiringLine, target: str) -> KnowledgeGraph:
    documents: dict[str, AnyDocument] = dict(graph.documents)
    documents[line.id] = replace(line, next=tuple(other for other in line.next if other != target))
    passages = {**graph.passages, line.id: {i: p for i, p in graph.passages[line.id].items() if i != target}}
    return replace(graph, documents=documents, passages=passages)


def main() -> None:
    """Print the rank of each hidden line, and how often it is among the first."""
    ranks = list(places())
    for line, target, rank in ranks:
        print(f"{rank or '-':>4}  {line} → {target}")
    for limit in (1, 3, 5, 10):
        share = sum(0 < rank <= limit for _, _, rank in ranks) / len(ranks)
        print(f"among the first {limit}: {share:.0%} of {len(ranks)}")
    print(f"mean reciprocal rank: {sum(1 / rank for _, _, rank in ranks if rank) / len(ranks):.3f}")


if __name__ == "__main__":
    main()
