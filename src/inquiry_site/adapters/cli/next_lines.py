"""Implement ``inquiry next``, which shows the next lines of a line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import click

from inquiry_site.adapters.cli.common import build_root, find_root, root_option
from inquiry_site.adapters.cli.output import FINDINGS, fail, write_stdout
from inquiry_site.build import Build
from inquiry_site.diagnostics.terminal import printable_line
from inquiry_site.diagnostics.text import LONGEST_LINE
from inquiry_site.knowledge.ranking import MOST_NEIGHBOURS, Ranked
from inquiry_site.model import InquiringLine
from inquiry_site.names import Outcome


@click.command("next")
@click.argument("id")
@click.option(
    "--limit",
    "-n",
    type=click.IntRange(1, MOST_NEIGHBOURS),
    default=MOST_NEIGHBOURS,
    show_default=True,
    help="Maximum number of lines to show.",
)
@click.option("--json", "as_json", is_flag=True, help="Write a list of objects instead of text.")
@click.option("--explain", is_flag=True, help="Also show the contribution of each signal to each score.")
@root_option
def next_lines(id: str, limit: int, as_json: bool, explain: bool, root: Path | None) -> None:  # noqa: A002 - the name on the command line
    """Show the next lines of the line ID, with scores and reasons.

    ID is the line's file name without ".md"; the path of its file, its title or an alias also works.
    """
    built = build_root(find_root(root))
    line = _find_line(built, id)
    ranked = built.knowledge.ranking.next_lines[line.id][:limit]
    text = _as_json(built, line, ranked) if as_json else _as_text(built, line, ranked)
    if explain and not as_json:
        text += "\n\n" + "\n".join(_as_table(built, line.id, ranked))
    # A title may contain text that terminals or CI runners parse as commands.
    lines = text.split("\n")
    write_stdout("\n".join(lines if as_json else (printable_line(line, LONGEST_LINE) for line in lines)) + "\n")


def _find_line(built: Build, name: str) -> InquiringLine:
    # A shell completes the path of the file.
    is_path = name.lower().endswith(".md")
    resolution = built.knowledge.graph.names.resolve(re.split(r"[/\\]", name)[-1][:-3] if is_path else name)
    document = built.knowledge.graph.documents.get(resolution.id)
    if isinstance(document, InquiringLine):
        return document
    if document is not None:
        fail(f"“{document.id}” is a note; only lines have next lines.", status=FINDINGS)
    if resolution.outcome is Outcome.AMBIGUOUS:
        fail(f"“{name}” is the name of several pages.", f"Give the id: {', '.join(resolution.candidates)}.", FINDINGS)
    if resolution.outcome is Outcome.DRAFT:
        fail(f"“{resolution.id}” is a draft and not part of the site.", status=FINDINGS)
    near = f"Did you mean {', '.join(resolution.candidates)}?" if resolution.candidates else ""
    return fail(f"No line is called “{name}”.", near, FINDINGS)


def _as_json(built: Build, line: InquiringLine, ranked: tuple[Ranked, ...]) -> str:
    titles = built.knowledge.graph.documents
    rows = [
        {
            "rank": rank,
            "id": neighbour.id,
            "title": titles[neighbour.id].title,
            "score": neighbour.score,
            "reasons": [built.words.reason(reason) for reason in neighbour.reasons],
            "evidence": built.knowledge.ranking.lines.contributions(line.id, neighbour.id),
        }
        for rank, neighbour in enumerate(ranked, 1)
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def _as_text(built: Build, line: InquiringLine, ranked: tuple[Ranked, ...]) -> str:
    if not ranked:
        return f"{line.title}\n\nThere is no other line yet."
    rows = [f"{line.title}\n"]
    for rank, neighbour in enumerate(ranked, 1):
        rows.append(f"{rank:>3}  {neighbour.score:.2f}  {built.knowledge.graph.documents[neighbour.id].title}")
        rows.append(f"           {neighbour.id}")
        reasons = "; ".join(map(built.words.reason, neighbour.reasons))
        rows.append(f"           {reasons or 'no reason beyond the author’s choice'}")
    return "\n".join(rows)


def _as_table(built: Build, line: str, ranked: tuple[Ranked, ...]) -> Iterator[str]:
    """Yield a table of what each signal adds to each line's score, then how the signals were calibrated."""
    related = built.knowledge.ranking.lines
    rows = [related.contributions(line, neighbour.id) for neighbour in ranked]
    kinds = [kind for kind in related.weights if any(kind in row for row in rows)]
    yield "    " + "".join(f"{kind:>11}" for kind in kinds) + f"{'score':>8}"
    for rank, (neighbour, row) in enumerate(zip(ranked, rows, strict=True), 1):
        parts = "".join(f"{row[kind]:>11.4f}" if kind in row else f"{'':>11}" for kind in kinds)
        yield f"{rank:>3} {parts}{neighbour.score:>8.4f}  {neighbour.id}"
    yield "most" + "".join(f"{related.weights[kind]:>11.4f}" for kind in kinds)
    yield ""
    yield "“most” is what a signal adds to the line for which it is strongest;"
    yield "the page “Ranking” of the documentation describes the signals."
    links, abstracts = related.link_trust, related.abstract_trust
    if links.hidden:
        yield f"{links.hidden} hidden links between lines were predicted with a Somers' D of {links.agreement:.2f},"
        yield f"so the weights of signals from links are multiplied by {links.factor:.2f}."
    if abstracts.pairs:
        yield f"{abstracts.pairs} pairs of lines are cited side by side. Question and claim predict them"
        yield f"{abstracts.share:.2f} times as well as whole texts, so the weight of “abstract” is multiplied"
        yield f"by {abstracts.factor:.2f}."
