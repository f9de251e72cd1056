"""Evaluation sets: pages, their links, and the pages that their authors recommend."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of a set."""

    id: str
    title: str
    description: str
    text: str
    """The text without the section that recommends other pages."""
    tags: tuple[str, ...]
    links: tuple[str, ...]
    """Ids of the pages that this text links."""
    targets: tuple[str, ...]
    """Ids of the recommended pages, which a ranking should find."""


def read_set(path: Path) -> list[Entry]:
    """Read a set from a file in JSON Lines format."""
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [
        Entry(
            row["id"], row["title"], row["description"], row["text"],
            tuple(row["tags"]), tuple(row["links"]), tuple(row["targets"]),
        )
        for row in rows
    ]  # fmt: skip


def as_files(entries: Sequence[Entry]) -> tuple[dict[str, str], dict[str, str]]:
    """Convert a set to notes that cite one another.

    Returns:
        The notes by path, and the page id of each note by the note's id.
    """
    ids = {entry.id: f"n{number:05}" for number, entry in enumerate(sorted(entries, key=lambda e: e.id))}
    files = {f"notes/{ids[entry.id]}.md": _note(entry, ids) for entry in entries}
    return files, {identifier: page for page, identifier in ids.items()}


def _note(entry: Entry, ids: Mapping[str, str]) -> str:
    frontmatter = {
        "title": f"{entry.title}?",
        "description": (entry.description or entry.title)[:600],
        "tags": list(entry.tags),
        "sources": [{"title": entry.id, "authors": ["A"], "year": 2020, "url": f"https://example.org/{ids[entry.id]}"}],
    }
    yaml = "\n".join(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in frontmatter.items())
    # The links follow at the end, in order; other markup must not be parsed as links or comments.
    text = entry.text.replace("[", " ").replace("](", " ").replace("<!--", " ")
    links = " ".join(f"[[{ids[link]}]]" for link in entry.links if link in ids)
    return f"---\n{yaml}\n---\n{text}\n\n{links}\n"


def score(entries: Iterable[Entry], ranking: Mapping[str, Sequence[str]]) -> tuple[float, float]:
    """Return nDCG@5 (Järvelin and Kekäläinen 2002) and recall@10, averaged over pages with recommendations.

    Pages that a page links are excluded, because its readers have these links already.
    """
    gains, recalls = [], []
    for entry in entries:
        excluded = {entry.id, *entry.links}
        relevant = {target for target in entry.targets if target not in excluded}
        if not relevant:
            continue
        ranked = [other for other in ranking.get(entry.id, ()) if other not in excluded][:10]
        ideal = sum(1 / math.log2(rank + 2) for rank in range(min(5, len(relevant))))
        gain = sum(1 / math.log2(rank + 2) for rank, other in enumerate(ranked[:5]) if other in relevant)
        gains.append(gain / ideal)
        recalls.append(len(relevant & set(ranked)) / len(relevant))
    return sum(gains) / max(len(gains), 1), sum(recalls) / max(len(recalls), 1)
