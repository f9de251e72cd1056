"""Knowledge bases of any size, made from a seed: the same arguments give the same files."""

from __future__ import annotations

import random
from pathlib import Path

WORDS = (
    "reward model training sample entropy policy answer problem difficulty gain benchmark base verifier "
    "token length trace search budget error curriculum scale recipe signal judge rubric step proof code "
    "math planning agent tool memory transfer forgetting update sparse rank layer gradient temperature "
    "diversity coverage ceiling boundary"
).split()


def make(folder: Path, notes: int, lines: int, seed: int = 0) -> None:
    """Write a knowledge base of notes of about 150 words and lines that cite eight notes each."""
    chance = random.Random(seed)
    (folder / "docs").mkdir(parents=True, exist_ok=True)
    for kind in ("notes", "lines"):
        (folder / kind).mkdir(exist_ok=True)
    (folder / "docs" / "about.md").write_text("# About\n", encoding="utf-8")
    for number in range(notes):
        (folder / "notes" / f"note-{number}.md").write_text(_note(number, notes, chance), encoding="utf-8")
    for number in range(lines):
        (folder / "lines" / f"line-{number}.md").write_text(_line(number, notes, lines, chance), encoding="utf-8")


def _words(chance: random.Random, count: int) -> str:
    return " ".join(chance.choices(WORDS, k=count))


def _note(number: int, notes: int, chance: random.Random) -> str:
    other = chance.randrange(notes)
    paper = chance.randrange(max(1, notes * 2 // 3))
    relation = ""
    if number % 5 == 0 and other != number:
        relation = f"relations:\n  - {{type: qualifies, to: note-{other}, because: {_words(chance, 8)}}}\n"
    body = "\n\n".join(f"{_words(chance, 40).capitalize()}." for _ in range(3))
    return (
        f"---\ntitle: Does {_words(chance, 6)} number {number}?\n"
        f"description: {_words(chance, 25).capitalize()} by {chance.randrange(100)}%.\n"
        f"date: 2026-0{1 + number % 9}-01\ntags: [{', '.join(sorted(set(chance.choices(WORDS, k=2))))}]\n"
        f"sources:\n  - title: {_words(chance, 7).capitalize()}\n    authors: [Ada Example, Ben Sample]\n"
        "    year: 2025\n"
        f'    arxiv: "25{paper // 100000:02}.{paper % 100000:05}"\n'
        f"    quotes:\n      - {{text: {_words(chance, 14)}, locator: abstract}}\n"
        f"scope:\n  holds: [{_words(chance, 3)}]\n  not_shown: [{_words(chance, 3)}]\n{relation}---\n"
        f"{body}\n\nSee also [[note-{other}]].\n"
    )


def _line(number: int, notes: int, lines: int, chance: random.Random) -> str:
    first = chance.randrange(notes)
    cited = [(first + chance.randrange(200)) % notes for _ in range(8)]
    sentences = " ".join(f"{_words(chance, 14).capitalize()} [[note-{target}]]." for target in cited)
    return (
        f"---\ntitle: How does {_words(chance, 6)} {number}?\ndescription: Whether {_words(chance, 15)}.\n"
        f"answer: {_words(chance, 20).capitalize()}.\nverdict: contested\ntags: [{chance.choice(WORDS)}]\n"
        f"next: [line-{(number + 1) % lines}]\n---\n{sentences}\n\n{_words(chance, 120).capitalize()}.\n"
    )
