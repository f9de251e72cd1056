"""Evaluation sets: pages, what they link, and the pages that their authors chose to recommend."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Entry:
    """One page of a set."""

    id: str
    title: str
    description: str
    text: str
    """Without the section that recommends other pages."""
    tags: tuple[str, ...]
    links: tuple[str, ...]
    """The pages that the rest of the text links."""
    targets: tuple[str, ...]
    """The pages that the section recommended: what a ranking should find."""


def read_set(path: Path) -> list[Entry]:
    """A set from a file of JSON lines."""
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
    """A set as notes that cite one another, by their paths; and the page that each note stands for, by its id."""
    ids = {entry.id: f"n{number:05}" for number, entry in enumerate(sorted(entries, key=lambda e: e.id))}
    files = {f"notes/{ids[entry.id]}.md": _note(entry, ids) for entry in entries}
    return files, {identifier: page for page, identifier in ids.items()}


def _note(entry: Entry, ids: Mapping[str, str]) -> str:
    head = {
        "title": f"{entry.title}?",
        "description": (entry.description or entry.title)[:600],
        "tags": list(entry.tags),
        "sources": [{"title": entry.id, "authors": ["A"], "year": 2020, "url": f"https://example.org/{ids[entry.id]}"}],
    }
    yaml = "\n".join(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in head.items())
    # What is markup elsewhere is none here: the links stand in their order at the end.
    text = entry.text.replace("[", " ").replace("](", " ").replace("<!--", " ")
    links = " ".join(f"[[{ids[link]}]]" for link in entry.links if link in ids)
    return f"---\n{yaml}\n---\n{text}\n\n{links}\n"


def score(entries: Iterable[Entry], ranking: Mapping[str, Sequence[str]]) -> tuple[float, float]:
    """nDCG@5 (Järvelin and Kekäläinen 2002) and recall@10, averaged over the pages that recommend something.

    What a page links is no answer: its readers have it already.
    """
    gains, recalls = [], []
    for entry in entries:
        known = {entry.id, *entry.links}
        wanted = {target for target in entry.targets if target not in known}
        if not wanted:
            continue
        given = [other for other in ranking.get(entry.id, ()) if other not in known][:10]
        ideal = sum(1 / math.log2(place + 2) for place in range(min(5, len(wanted))))
        found = sum(1 / math.log2(place + 2) for place, other in enumerate(given[:5]) if other in wanted)
        gains.append(found / ideal)
        recalls.append(len(wanted & set(given)) / len(wanted))
    return sum(gains) / max(len(gains), 1), sum(recalls) / max(len(recalls), 1)
