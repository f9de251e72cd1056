"""The repository's own lines: each next line that an author chose is hidden, and looked for among those ranked."""

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
    """Each line, a next line that its author chose, and its place in the ranking without it; 0 for none of the ten."""
    knowledge = check(read_tree(ROOT)).knowledge
    for line in knowledge.graph.lines:
        for target in line.next:
            hidden = _without(knowledge.graph, line, target)
            ranking = derive_ranking(hidden, knowledge.ranking_inputs, knowledge.next_lines)
            rest = [found.id for found in ranking.next_lines[line.id] if found.id not in hidden.line(line.id).next]  # type: ignore[union-attr]
            yield line.id, target, rest.index(target) + 1 if target in rest else 0


def _without(graph: KnowledgeGraph, line: InquiringLine, target: str) -> KnowledgeGraph:
    documents: dict[str, AnyDocument] = dict(graph.documents)
    documents[line.id] = replace(line, next=tuple(other for other in line.next if other != target))
    passages = {**graph.passages, line.id: {i: p for i, p in graph.passages[line.id].items() if i != target}}
    return replace(graph, documents=documents, passages=passages)


def main() -> None:
    """Print where each is found, and how often among the first."""
    found = list(places())
    for line, target, place in found:
        print(f"{place or '-':>4}  {line} → {target}")
    for most in (1, 3, 5, 10):
        share = sum(0 < place <= most for _, _, place in found) / len(found)
        print(f"among the first {most}: {share:.0%} of {len(found)}")
    print(f"mean reciprocal rank: {sum(1 / place for _, _, place in found if place) / len(found):.3f}")


if __name__ == "__main__":
    main()
