"""Which of the lines near a line are its next ones: several directions, open questions, a way to every line."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence

from inquiry_site.knowledge.ranking.types import MOST_NEIGHBOURS

_SIMILARITY_PENALTY = 0.35
"""How much of its score a line loses that is all like one that was taken before it."""
_OPEN_QUESTION_SHARE = 0.5
"""An open question that is near by this part of the nearest line's score belongs among the next lines."""

Scores = Mapping[str, float]
"""How near other lines are, by their ids."""


def diversify(near: Scores, likeness: Mapping[str, Scores], depth: int = MOST_NEIGHBOURS) -> list[str]:
    """Ids of near lines, each the best of what is left by its score and by how little it is like those before it.

    Maximal marginal relevance (Carbonell and Goldstein 1998). Equal ones are taken in the order of their ids.

    Args:
        near: how near each candidate is, from 0 to 1.
        likeness: for each candidate how near the others are to it, from 0 to 1.
        depth: how many to take.
    """
    left = sorted(near)
    closest = dict.fromkeys(left, 0.0)
    worth = {line: round(near[line], 4) for line in left}
    taken: list[str] = []
    while left and len(taken) < depth:
        best = max(left, key=worth.__getitem__)
        left.remove(best)
        taken.append(best)
        for line in left:
            like = likeness.get(line, {}).get(best, 0.0)
            if like > closest[line]:
                closest[line] = like
                worth[line] = round(near[line] * (1 - _SIMILARITY_PENALTY * like), 4)
    return taken


def promote_open_question(
    order: Sequence[str], near: Scores, is_open: Collection[str], first: int, shown: int
) -> list[str]:
    """The same order with the nearest open question among those shown, where one is near enough.

    Args:
        order: ids, the author's own choice first.
        near: how near each is.
        is_open: the open questions.
        first: how many of them the author chose; these keep their places.
        shown: how many a page shows.
    """
    fitting = [line for line in order[shown:] if line in is_open]
    least = _OPEN_QUESTION_SHARE * max((near.get(line, 0.0) for line in order[first:]), default=0.0)
    if shown <= first or not fitting or set(is_open) & set(order[:shown]) or near.get(fitting[0], 0.0) < least:
        return list(order)
    rest = [line for line in order if line != fitting[0]]
    return [*rest[: shown - 1], fitting[0], *rest[shown - 1 :]]


def ensure_reachable(
    lists: Mapping[str, Sequence[str]],
    near: Mapping[str, Scores],
    kept: Mapping[str, int],
    start: str,
    shown: int,
) -> dict[str, list[str]]:
    """The same lists, so changed that shown next lines lead from the start to every line, and back to it.

    A line that nothing leads to takes the last place that can be spared on the page that is nearest to it among those
    that are reached: one whose line was reached in another way.

    Args:
        lists: next lines by line, the best first.
        near: how near other lines are to each.
        kept: how many of each list the author chose.
        start: the first line of the home page.
        shown: how many next lines a page shows.
    """
    made = {line: list(order) for line, order in lists.items()}
    walk = _Reachability(made, shown)
    walk.visit([start])
    for lost in sorted(made):
        if lost not in walk.reached:
            _link_to(lost, made, near, kept, walk)
            walk.visit([lost])
    if not any(start in order[:shown] for order in made.values()):
        _link_to(start, made, near, kept, walk)
    return made


def unreached(lists: Mapping[str, Sequence[str]], start: str, shown: int) -> list[str]:
    """The lines to which no next lines lead from the start, in the order of their ids."""
    walk = _Reachability(lists, shown)
    walk.visit([start])
    return sorted(set(lists) - set(walk.reached))


class _Reachability:
    """What is reached, and the steps by which it was reached first."""

    def __init__(self, lists: Mapping[str, Sequence[str]], shown: int) -> None:
        self._lists = lists
        self.shown = shown
        self.reached: dict[str, None] = {}
        self.leads: set[tuple[str, str]] = set()

    def visit(self, lines: Iterable[str]) -> None:
        """Everything that these lead to, by breadth."""
        waiting = deque(line for line in lines if line in self._lists and line not in self.reached)
        self.reached.update(dict.fromkeys(waiting))
        while waiting:
            line = waiting.popleft()
            for onward in self._lists[line][: self.shown]:
                if onward not in self.reached:
                    self.reached[onward] = None
                    self.leads.add((line, onward))
                    waiting.append(onward)


def _link_to(
    lost: str,
    lists: dict[str, list[str]],
    near: Mapping[str, Scores],
    kept: Mapping[str, int],
    walk: _Reachability,
) -> None:
    """Give a line a place on the nearest page that is reached and can spare one, if there is any."""
    known = near.get(lost, {})
    nearest = sorted((line for line in known if line in walk.reached), key=lambda line: (-known[line], line))
    for host in dict.fromkeys((*nearest, *walk.reached)):
        place = _spare_place(lists[host], kept.get(host, 0), host, walk) if host != lost else None
        if place is not None:
            rest = [line for line in lists[host] if line != lost]
            # What had the place is the first that is not shown; the others keep theirs.
            shown, spared, hidden = rest[: walk.shown], rest[place : place + 1], rest[walk.shown :]
            shown[place : place + 1] = [lost]
            lists[host] = [*shown, *spared, *hidden][:MOST_NEIGHBOURS]
            walk.leads.add((host, lost))
            return


def _spare_place(order: Sequence[str], first: int, host: str, walk: _Reachability) -> int | None:
    """The place of the last shown line that is reached in another way, or one behind the end of a short list."""
    if len(order) < walk.shown:
        return len(order)
    places = range(min(walk.shown, len(order)) - 1, first - 1, -1)
    return next((place for place in places if (host, order[place]) not in walk.leads), None)
