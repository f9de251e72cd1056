"""``inquiry next``: where a reader goes from a line."""

from __future__ import annotations

import json
from pathlib import Path

import click

from inquiry_site.adapters.commands.base import FINDINGS, build_root, find_root, root_option, stop, write
from inquiry_site.build import Build
from inquiry_site.graph import Outcome
from inquiry_site.knowledge.ranking import DEPTH, Ranked
from inquiry_site.model import InquiringLine


@click.command("next")
@click.argument("id")
@click.option(
    "--limit", "-n", type=click.IntRange(1, DEPTH), default=DEPTH, show_default=True, help="How many to show."
)
@click.option("--json", "as_json", is_flag=True, help="Write a list of objects instead of text.")
@root_option
def next_lines(id: str, limit: int, as_json: bool, root: Path | None) -> None:  # noqa: A002 - the words of the command line
    """Show the next lines of the line ID, with score and reasons.

    ID is the name of the line's file without ".md"; its title or an alias will do.
    """
    built = build_root(find_root(root))
    line = _find_line(built, id)
    ranked = built.knowledge.ranking.next_lines[line.id][:limit]
    text = _as_json(built, ranked) if as_json else _as_text(built, line, ranked)
    write(f"{text}\n")


def _find_line(built: Build, name: str) -> InquiringLine:
    found = built.knowledge.graph.names.resolve(name)
    document = built.knowledge.graph.documents.get(found.id)
    if isinstance(document, InquiringLine):
        return document
    if document is not None:
        stop(f"“{document.id}” is a note; next lines belong to a line.", status=FINDINGS)
    if found.outcome is Outcome.AMBIGUOUS:
        stop(f"“{name}” is the name of several pages.", f"Give the id: {', '.join(found.candidates)}.", FINDINGS)
    if found.outcome is Outcome.DRAFT:
        stop(f"“{found.id}” is a draft and not part of the site.", status=FINDINGS)
    near = f"Did you mean {', '.join(found.candidates)}?" if found.candidates else ""
    return stop(f"No line is called “{name}”.", near, FINDINGS)


def _as_json(built: Build, ranked: tuple[Ranked, ...]) -> str:
    titles = built.knowledge.graph.documents
    rows = [
        {
            "rank": rank,
            "id": found.id,
            "title": titles[found.id].title,
            "score": found.score,
            "reasons": [built.words.reason(reason) for reason in found.reasons],
        }
        for rank, found in enumerate(ranked, 1)
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def _as_text(built: Build, line: InquiringLine, ranked: tuple[Ranked, ...]) -> str:
    if not ranked:
        return f"{line.title}\n\nThere is no other line yet."
    rows = [f"{line.title}\n"]
    for rank, found in enumerate(ranked, 1):
        rows.append(f"{rank:>3}  {found.score:.2f}  {built.knowledge.graph.documents[found.id].title}")
        rows.append(f"           {found.id}")
        rows.append(
            f"           {'; '.join(map(built.words.reason, found.reasons)) or 'no reason beyond the author’s choice'}"
        )
    return "\n".join(rows)
