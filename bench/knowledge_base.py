"""Generate knowledge bases of any size from a seed: the same arguments give the same files, without findings."""

from __future__ import annotations

import random
from itertools import accumulate
from pathlib import Path

TOPICS = (
    "reward model training sample entropy policy answer problem difficulty gain benchmark base verifier "
    "token length trace search budget error curriculum scale recipe signal judge rubric step proof code "
    "math planning agent tool memory transfer forgetting update sparse rank layer gradient temperature "
    "diversity coverage ceiling boundary"
).split()
SYLLABLES = "ba ce di fo gu ha ke li mo nu pa re si to vu xa ye zi lor mer tan vel".split()
WORDS = TOPICS + [f"{a}{b}{c}" for a in SYLLABLES for b in SYLLABLES[:10] for c in SYLLABLES[:15]]
# Frequencies as in natural language: the second word is half as common as the first, the third a third (Zipf 1949).
WEIGHTS = list(accumulate(1 / rank for rank in range(1, len(WORDS) + 1)))


def make(folder: Path, notes: int, lines: int, seed: int = 0) -> None:
    """Write a knowledge base of notes of about 150 words, and of lines that cite about ten notes each."""
    rng = random.Random(seed)
    (folder / "docs").mkdir(parents=True, exist_ok=True)
    for kind in ("notes", "lines"):
        (folder / kind).mkdir(exist_ok=True)
    (folder / "docs" / "about.md").write_text("# About\n", encoding="utf-8")
    for number in range(notes):
        (folder / "notes" / f"note-{number}.md").write_text(_note(number, notes, rng), encoding="utf-8")
    for number in range(lines):
        (folder / "lines" / f"line-{number}.md").write_text(_line(number, notes, lines, rng), encoding="utf-8")


def _words(rng: random.Random, count: int) -> str:
    return " ".join(rng.choices(WORDS, cum_weights=WEIGHTS, k=count))


def gain(number: int) -> str:
    """Return the figure that a note claims."""
    return f"{number % 89 + 10}.{number % 9 + 1}%"


def _note(number: int, notes: int, rng: random.Random) -> str:
    other = rng.randrange(notes)
    paper_rng = random.Random(number % max(1, notes * 2 // 3))
    month, serial = paper_rng.randrange(12) + 1, paper_rng.randrange(99_999) + 1
    relation = ""
    if number % 5 == 0 and other != number:
        relation = f"relations:\n  - {{type: qualifies, to: note-{other}, because: {_words(rng, 8)}}}\n"
    body = "\n\n".join(f"{_words(rng, 40).capitalize()}." for _ in range(3))
    return (
        f"---\ntitle: Does {_words(rng, 9)} matter?\n"
        f"description: {_words(rng, 25).capitalize()} by {gain(number)}.\n"
        f"date: 2026-0{1 + number % 9}-01\ntags: [{', '.join(sorted(set(rng.choices(TOPICS, k=2))))}]\n"
        f"sources:\n  - title: {_words(paper_rng, 7).capitalize()}\n    authors: [Ada Example, Ben Sample]\n"
        "    year: 2025\n"
        f'    arxiv: "25{month:02}.{serial:05}"\n'
        f"    quotes:\n      - {{text: {_words(rng, 14)} by {gain(number)}, locator: abstract}}\n"
        f"scope:\n  holds: [{_words(rng, 3)}]\n  not_shown: [{_words(rng, 3)}]\n{relation}---\n"
        f"{body}\n\nSee also [[note-{other}]].\n"
    )


def _line(number: int, notes: int, lines: int, rng: random.Random) -> str:
    notes_per_line = max(1, notes // lines)
    cited = dict.fromkeys((number * notes_per_line + offset) % notes for offset in range(max(8, notes_per_line)))
    sentences = " ".join(f"{_words(rng, 14).capitalize()} by {gain(n)} [[note-{n}]]." for n in cited)
    following = f"next: [line-{(number + 1) % lines}]\n" if lines > 1 else ""
    return (
        f"---\ntitle: How does {_words(rng, 9)} come about?\ndescription: Whether {_words(rng, 15)}.\n"
        f"answer: {_words(rng, 20).capitalize()}.\nverdict: contested\ntags: [{rng.choice(TOPICS)}]\n"
        f"{following}---\n{sentences}\n\n{_words(rng, 120).capitalize()}.\n"
    )
