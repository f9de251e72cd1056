"""Implement ``inquiry reach``, which lists what rests on a note, a line or a source, sentence by sentence."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import click

from inquiry_site.adapters.cli.common import check_root, find_root, root_option
from inquiry_site.adapters.cli.output import FINDINGS, fail, write_stdout
from inquiry_site.diagnostics.terminal import escape_unsafe, printable_line, shortened
from inquiry_site.diagnostics.text import LONGEST_LINE, counted
from inquiry_site.knowledge import Knowledge
from inquiry_site.knowledge.standing import SOURCE, Dependent, ReliancePath, Support, paths_from
from inquiry_site.text.suggest import closest_names


@dataclass(frozen=True, slots=True)
class _DependentPage:
    """A page that rests on the start, with the path by which it does for each thing that it rests on directly."""

    page: str
    paths: list[tuple[ReliancePath, Dependent]]


@click.command()
@click.argument("id")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Format of the list.",
)
@root_option
def reach(id: str, form: str, root: Path | None) -> None:  # noqa: A002 - the name on the command line
    """List what rests on a note, a line or a source, sentence by sentence.

    ID is a file name without ".md", a title or an alias, or for a source its key (arxiv-2510.07364), DOI or arXiv
    number. A note rests on its sources and on the notes that it extends; a sentence rests on the pages that it cites.

    Exit status: 0 success; 1 no such page or source; 2 the command could not run.
    """
    knowledge = check_root(find_root(root)).knowledge
    node = knowledge.reliance.find_node(id)
    if not node:
        _fail_unknown(knowledge, id)
    reached = _reached(knowledge, node)
    if form == "json":
        write_stdout(json.dumps(_as_data(knowledge, node, reached), ensure_ascii=False, indent=2) + "\n")
    else:
        write_stdout("".join(f"{line}\n" for line in _as_text(knowledge, node, reached)))


def _fail_unknown(knowledge: Knowledge, name: str) -> NoReturn:
    graph = knowledge.graph
    near = dict.fromkeys((*graph.names.nearest(name), *closest_names(name, knowledge.bibliography.sources)))
    hint = f"Did you mean {', '.join(list(near)[:3])}?" if near else "Give an id, a title, a source key or a DOI."
    fail(f"No note, line or source is called “{name}”.", hint, FINDINGS)


def _reached(knowledge: Knowledge, node: str) -> list[_DependentPage]:
    """Return what rests on a node, nearest first."""
    reached: dict[str, _DependentPage] = {}
    for path, dependent in paths_from(knowledge.reliance, (node,)):
        if dependent.page != node:
            reached.setdefault(dependent.page, _DependentPage(dependent.page, [])).paths.append((path, dependent))
    return list(reached.values())


def _title(knowledge: Knowledge, node: str) -> str:
    if node.startswith(SOURCE):
        reference = knowledge.bibliography.sources[node.removeprefix(SOURCE)].reference
        return f"{reference.title} ({reference.year})"
    return knowledge.graph.documents[node].title


def _kind(knowledge: Knowledge, node: str) -> str:
    return "source" if node.startswith(SOURCE) else knowledge.graph.documents[node].kind.noun


def _sentences(knowledge: Knowledge, dependent: Dependent) -> list[str]:
    """Return the sentences by which a page rests on another; a card by itself has none."""
    graph, document = knowledge.graph, knowledge.graph.documents[dependent.page]
    return [graph.sentence_text(document, p.sentence) for p in dependent.passages if p.sentence >= 0]


def _as_data(knowledge: Knowledge, node: str, reached: list[_DependentPage]) -> dict[str, object]:
    fall = knowledge.standing.fallen.get(node)
    return {
        "id": node.removeprefix(SOURCE),
        "kind": _kind(knowledge, node),
        "title": _title(knowledge, node),
        "state": fall.state if fall else "",
        "reach": [
            {
                "id": entry.page,
                "kind": _kind(knowledge, entry.page),
                "title": _title(knowledge, entry.page),
                "rests_on": [
                    {
                        "id": path.target.removeprefix(SOURCE),
                        "how": dependent.support.value,
                        "path": [step.removeprefix(SOURCE) for step in path.steps],
                        "shortened": path.is_shortened,
                        "sentences": _sentences(knowledge, dependent),
                    }
                    for path, dependent in entry.paths
                ],
            }
            for entry in reached
        ],
    }


def _as_text(knowledge: Knowledge, node: str, reached: list[_DependentPage]) -> Iterator[str]:
    fall = knowledge.standing.fallen.get(node)
    state = f", {fall.state}{fall.day and f' on {fall.day}'}" if fall else ""
    # A title may contain text that terminals or CI runners parse as commands.
    yield printable_line(_title(knowledge, node), LONGEST_LINE)
    yield f"{_kind(knowledge, node)} {node.removeprefix(SOURCE)}{state}"
    yield ""
    for entry in reached:
        yield printable_line(_title(knowledge, entry.page), LONGEST_LINE)
        yield f"  {_kind(knowledge, entry.page)} {entry.page}"
        for path, dependent in entry.paths:
            yield f"  {_describe_path(path, dependent)}"
            sentences = _sentences(knowledge, dependent)
            yield from (f"    > {shortened(escape_unsafe(sentence), LONGEST_LINE)}" for sentence in sentences)
        yield ""
    yield _summarise(Counter(_kind(knowledge, entry.page) for entry in reached))


_VERBS = {Support.EVIDENCE: "uses", Support.EXTENDS: "extends", Support.CITES: "cites"}


def _describe_path(path: ReliancePath, dependent: Dependent) -> str:
    """Return in words by which path a page rests on the start."""
    first, *others = (step.removeprefix(SOURCE) for step in path.steps)
    if path.is_shortened:
        others.insert(-2, "…")
    return f"{_VERBS[dependent.support]} {first}" + "".join(f", which rests on {step}" for step in others)


def _summarise(counts: Counter[str]) -> str:
    parts = [counted(counts[kind], kind) for kind in ("note", "line") if counts[kind]]
    verb = "rests" if counts.total() == 1 else "rest"
    return f"{' and '.join(parts)} {verb} on it." if parts else "Nothing rests on it."
