"""Select next lines from similar lines: diverse, with an open question, and so that every line can be reached."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence

from inquiry_site.knowledge.ranking.types import MOST_NEIGHBOURS

_SIMILARITY_PENALTY = 0.35
"""The share of its score that a line loses if it is identical to a line selected before it."""
_OPEN_QUESTION_SHARE = 0.5
"""The minimum score, relative to the best one, for which an open question is promoted."""

Scores = Mapping[str, float]
"""Similarity scores of other lines, from 0 to 1, by their ids."""


def diversify(near: Scores, likeness: Mapping[str, Scores], depth: int = MOST_NEIGHBOURS) -> list[str]:
    """Return ids of similar lines by maximal marginal relevance (Carbonell and Goldstein 1998).

    Each line is the best of the remaining ones, by its score less a penalty for similarity to the lines selected
    before it. Ties are broken by id.

    Args:
        near: the score of each candidate.
        likeness: for each candidate, its similarity to the others.
        depth: the number of lines to select.
    """
    remaining = sorted(near)
    similarity = dict.fromkeys(remaining, 0.0)
    scores = {line: round(near[line], 4) for line in remaining}
    selected: list[str] = []
    while remaining and len(selected) < depth:
        best = max(remaining, key=scores.__getitem__)
        remaining.remove(best)
        selected.append(best)
        for line in remaining:
            similarity_to_best = likeness.get(line, {}).get(best, 0.0)
            if similarity_to_best > similarity[line]:
                similarity[line] = similarity_to_best
                scores[line] = round(near[line] * (1 - _SIMILARITY_PENALTY * similarity_to_best), 4)
    return selected


def promote_open_question(
    order: Sequence[str], near: Scores, open_questions: Collection[str], first: int, shown: int
) -> list[str]:
    """Move the most similar open question to the last shown position, if it is similar enough.

    Nothing changes if an open question is shown already.

    Args:
        order: ids of next lines, those chosen by the author first.
        near: the score of each line.
        open_questions: ids of the open questions.
        first: the number of lines chosen by the author; these keep their positions.
        shown: the number of next lines that a page shows.
    """
    candidates = [line for line in order[shown:] if line in open_questions]
    threshold = _OPEN_QUESTION_SHARE * max((near.get(line, 0.0) for line in order[first:]), default=0.0)
    if (
        shown <= first
        or not candidates
        or set(open_questions) & set(order[:shown])
        or near.get(candidates[0], 0.0) < threshold
    ):
        return list(order)
    others = [line for line in order if line != candidates[0]]
    return [*others[: shown - 1], candidates[0], *others[shown - 1 :]]


def ensure_reachable(
    lists: Mapping[str, Sequence[str]],
    near: Mapping[str, Scores],
    kept: Mapping[str, int],
    start: str,
    shown: int,
) -> dict[str, list[str]]:
    """Adjust the lists so that shown next lines lead from the start to every line, and back to the start.

    An unreachable line is inserted on the most similar reachable page. There it replaces the last shown line that
    can also be reached in another way.

    Args:
        lists: the next lines of each line, best first.
        near: the scores of other lines for each line.
        kept: the number of lines in each list that the author chose.
        start: the first line of the home page.
        shown: the number of next lines that a page shows.
    """
    adjusted = {line: list(order) for line, order in lists.items()}
    walk = _Reachability(adjusted, shown)
    walk.visit([start])
    for unreachable in sorted(adjusted):
        if unreachable not in walk.reached:
            _link_to(unreachable, adjusted, near, kept, walk)
            walk.visit([unreachable])
    if not any(start in order[:shown] for order in adjusted.values()):
        _link_to(start, adjusted, near, kept, walk)
    return adjusted


def unreached(lists: Mapping[str, Sequence[str]], start: str, shown: int) -> list[str]:
    """Return the lines that cannot be reached from the start by shown next lines, sorted by id."""
    walk = _Reachability(lists, shown)
    walk.visit([start])
    return sorted(set(lists) - set(walk.reached))


class _Reachability:
    """The lines reached so far, and the steps by which each was reached first."""

    def __init__(self, lists: Mapping[str, Sequence[str]], shown: int) -> None:
        self._lists = lists
        self.shown = shown
        self.reached: dict[str, None] = {}
        self.first_steps: set[tuple[str, str]] = set()

    def visit(self, lines: Iterable[str]) -> None:
        """Mark everything that can be reached from these lines, by breadth-first search."""
        queue = deque(line for line in lines if line in self._lists and line not in self.reached)
        self.reached.update(dict.fromkeys(queue))
        while queue:
            line = queue.popleft()
            for target in self._lists[line][: self.shown]:
                if target not in self.reached:
                    self.reached[target] = None
                    self.first_steps.add((line, target))
                    queue.append(target)


def _link_to(
    unreachable: str,
    lists: dict[str, list[str]],
    near: Mapping[str, Scores],
    kept: Mapping[str, int],
    walk: _Reachability,
) -> None:
    """Insert a line on the most similar reachable page with a replaceable line, if there is any."""
    scores = near.get(unreachable, {})
    nearest = sorted((line for line in scores if line in walk.reached), key=lambda line: (-scores[line], line))
    for host in dict.fromkeys((*nearest, *walk.reached)):
        index = _spare_index(lists[host], kept.get(host, 0), host, walk) if host != unreachable else None
        if index is not None:
            others = [line for line in lists[host] if line != unreachable]
            # The displaced line becomes the first that is not shown; all others keep their positions.
            shown, displaced, hidden = others[: walk.shown], others[index : index + 1], others[walk.shown :]
            shown[index : index + 1] = [unreachable]
            lists[host] = [*shown, *displaced, *hidden][:MOST_NEIGHBOURS]
            walk.first_steps.add((host, unreachable))
            return


def _spare_index(order: Sequence[str], first: int, host: str, walk: _Reachability) -> int | None:
    """Return the index of the last shown line that was reached in another way, or the end of a short list."""
    if len(order) < walk.shown:
        return len(order)
    indices = range(min(walk.shown, len(order)) - 1, first - 1, -1)
    return next((index for index in indices if (host, order[index]) not in walk.first_steps), None)
