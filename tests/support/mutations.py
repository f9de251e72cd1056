"""Single faults put into a clean knowledge base: is each reported, and at the right line?

    python -m tests.support.mutations [HOW_MANY] [SEED]

prints a table of the kinds of fault, and every fault that was missed.
"""

from __future__ import annotations

import datetime as dt
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from inquiry_site.build import check
from inquiry_site.config import Config
from inquiry_site.file_content import Asset, FileContent

CONFIG = Config(today=dt.date(2026, 6, 1))
SUBJECTS = (
    "coffee tea cocoa naps walking noise light music screens heat cold exercise alcohol reading travel stress "
    "melatonin snoring pets pillows mattresses routines dinner sugar"
).split()
OUTCOMES = ("falling asleep", "deep sleep", "waking at night", "dreaming")
PAPERS = 12

Files = dict[str, FileContent]
Places = set[tuple[str, int]]


def clean() -> Files:
    """Return a knowledge base without diagnostics: 24 notes on 12 papers, 6 lines that cite four each, a picture."""
    files: Files = {"notes/curve.png": Asset()}
    for number, subject in enumerate(SUBJECTS):
        files[f"notes/{subject}.md"] = _note(number, subject)
    for number in range(6):
        files[f"lines/line-{number}.md"] = _line(number)
    return files


def figure(number: int) -> str:
    """Return the claim of a note."""
    return f"{23 + number * 3}.{number % 7 + 2}%"


def passage(number: int) -> str:
    """Return the quotation of a note."""
    return f"participants exposed to {SUBJECTS[number]} changed by {figure(number)} over the following weeks"


def _note(number: int, subject: str) -> str:
    paper, outcome = number % PAPERS, OUTCOMES[number % 4]
    other = SUBJECTS[(number + (4 if number else 1)) % len(SUBJECTS)]
    relation = "contradicts" if number % 4 == 0 and number < 12 else "extends"
    isbn = '\n    isbn: "978-0-306-40615-7"' if paper == 5 else ""
    identity = f"doi: 10.1000/sleep.{paper}" if paper % 2 else f'arxiv: "24{paper % 12 + 1:02}.0{paper + 1000}"'
    return (
        f"---\ntitle: What does {subject} do to {outcome}?\n"
        f"description: Among adults {subject} changed {outcome} by {figure(number)} in one trial.\n"
        f"date: 2026-01-{number + 1:02}\nupdated: 2026-02-{number + 1:02}\ntags: [{subject}, sleep]\n"
        f"sources:\n  - title: {'Trial' if paper % 2 else 'Survey'} of sleep number {paper}\n"
        f"    authors: [Ann Author{chr(97 + paper)}, Bo Writer]\n    year: {2024 + paper % 2}\n    {identity}{isbn}\n"
        f"    quotes:\n      - text: {passage(number)}\n        locator: p. {number + 1}\n"
        f"scope:\n  holds: [adults]\n  not_shown: [children]\n"
        f"relations:\n  - {{type: {relation}, to: {other}, because: It looks at another age.}}\n---\n"
        f"## How it was measured\n\nEach trial ran for months. See also [[{other}#how-it-was-measured]].\n\n"
        "![The curve](curve.png)\n"
    )


def _line(number: int) -> str:
    cited = [number * 4 + place for place in range(4)]
    sentences = "\n\n".join(f"The effect of {SUBJECTS[n]} came to {figure(n)} in all [[{SUBJECTS[n]}]]." for n in cited)
    first = cited[0]
    return (
        f"---\ntitle: How do {SUBJECTS[first]} and {SUBJECTS[cited[1]]} bear on rest?\n"
        f"description: Whether they matter.\n"
        f"answer: They do in part.\nverdict: contested\ndate: 2026-03-01\nreviewed: 2026-05-01\n"
        f"next: [line-{(number + 1) % 6}]\n---\n{sentences}\n\n"
        f"One paper says that “{passage(first)}” [[{SUBJECTS[first]}]].\n"
    )


@dataclass(frozen=True)
class Mutation:
    """One fault: the files with it, and where it must be reported."""

    kind: str
    files: Files
    places: Places


Fault = Callable[[Files, random.Random], tuple[Files, Places]]
FAULTS: dict[str, Fault] = {}


def fault(kind: str) -> Callable[[Fault], Fault]:
    def keep(function: Fault) -> Fault:
        FAULTS[kind] = function
        return function

    return keep


def _pick(files: Files, chance: random.Random, folder: str, holding: str = "") -> tuple[str, str]:
    found = sorted(
        p for p, c in files.items() if p.startswith(folder) and isinstance(c, str) and re.search(holding, c, re.M)
    )
    path = chance.choice(found)
    text = files[path]
    assert isinstance(text, str)
    return path, text


def _at(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def _edit(kind: str, folder: str, pattern: str, replace: Callable[[re.Match[str], random.Random], str]) -> None:
    """A kind of fault that changes one place, and must be reported on its line."""

    def put(files: Files, chance: random.Random) -> tuple[Files, Places]:
        path, text = _pick(files, chance, folder, pattern)
        match = chance.choice(list(re.finditer(pattern, text, re.MULTILINE)))
        changed = text[: match.start()] + replace(match, chance) + text[match.end() :]
        return {**files, path: changed}, {(path, _at(text, match.start()))}

    FAULTS[kind] = put


def _other_digit(match: re.Match[str], chance: random.Random) -> str:
    """One digit changed; not to a nought in front, which would be the same figure with one digit fewer."""
    written = match[0]
    place = chance.choice([at for at, char in enumerate(written) if char.isdigit()])
    others = [digit for digit in "123456789" if digit != written[place]]
    return written[:place] + chance.choice(others) + written[place + 1 :]


def _typo(match: re.Match[str], chance: random.Random) -> str:
    """Two letters of a word swapped, or one doubled."""
    word = match[0]
    place = chance.randrange(1, len(word) - 1)
    if word[place] == word[place + 1 : place + 2]:
        return word[:place] + "x" + word[place:]
    return word[:place] + word[place + 1 : place + 2] + word[place] + word[place + 2 :]


_edit("a digit of a figure in a line", "lines/", r"(?<=came to )\d\d\.\d(?=%)", _other_digit)
_edit("a digit of a figure in a claim", "notes/", r"(?<=by )\d\d\.\d(?=% in one trial)", _other_digit)
_edit("a word of a quotation", "lines/", r"(?<=“)participants|(?<=“participants )exposed|following", _typo)
_edit("a letter of a cited id", "lines/", r"(?<=\[\[)[a-z]{4,}(?=\]\])", _typo)
_edit("a letter of a cited heading", "notes/", r"(?<=#how-it-was-)measured", _typo)
_edit("a letter of a key", "notes/", r"^(?:description|updated|sources|relations)(?=:)", lambda m, c: _typo(m, c))
_edit("quotation marks of an arXiv number", "notes/", r'"(24\d\d\.\d{5})"', lambda m, c: m[1])
_edit("the month of an arXiv number", "notes/", r'(?<="24)\d\d', lambda m, c: c.choice(["00", "13", "27"]))
_edit("a digit of an ISBN", "notes/", r"(?<=isbn: \")978-0-306-40615-7", _other_digit)
_edit("the slash of a DOI", "notes/", r"10\.1000/sleep", lambda m, c: m[0].replace("/", ""))
_edit("the year of a source", "notes/", r"(?<=year: )\d{4}", lambda m, c: str(int(m[0]) + c.choice([-1, 1, 2])))
_edit("a word of a source's title", "notes/", r"(?<=title: )(?:Trial|Survey)", lambda m, c: "Study")
_edit("the question mark of a title", "notes/", r"(?<=\w)\?$", lambda m, c: c.choice([".", "", "?."]))
_edit("a date in the future", "notes/", r"(?<=^updated: )2026-02-\d\d", lambda m, c: f"2027-0{c.randrange(1, 9)}-11")
_edit("a day that is none", "notes/", r"(?<=^date: 2026-)01-\d\d", lambda m, c: c.choice(["02-30", "13-01"]))
_edit("a letter of a next line", "lines/", r"(?<=^next: \[)line", lambda m, c: "lime")
_edit("a letter of a related note", "notes/", r"(?<=, to: )[a-z]{4,}", _typo)
_edit("an unknown kind of relation", "notes/", r"(?<=type: )(?:contradicts|extends)", _typo)
_edit("a letter of a picture's path", "notes/", r"(?<=\()curve(?=\.png)", _typo)
_edit("a verdict against the evidence", "lines/line-0", r"(?<=^verdict: )contested", lambda m, c: "answered")
_edit("an unknown verdict", "lines/", r"(?<=^verdict: )contested", _typo)
_edit("a review before an update", "lines/", r"(?<=^reviewed: 2026-)05-01", lambda m, c: "02-01")
_edit("a bracket that is not closed", "notes/", r"(?<=^tags: \[)(.*)\]$", lambda m, c: m[1])
_edit("a second colon in a value", "notes/", r"(?<=^description: Among) adults", lambda m, c: ": adults")
_edit("a tab in front of a key", "notes/", r"^    year", lambda m, c: "\tyear")
_edit("a fence that is not closed", "notes/", r"^## How it was measured$", lambda m, c: f"```\n{m[0]}")
_edit("a NUL byte", "notes/", r"(?<=^description: Among adults )", lambda m, c: "\0")


@fault("a quote that is dropped")
def _(files: Files, chance: random.Random) -> tuple[Files, Places]:
    path, text = _pick(files, chance, "notes/")
    start, end = text.index("    quotes:"), text.index("scope:")
    return {**files, path: text[:start] + text[end:]}, {(path, _at(text, text.index("  - title")))}


@fault("an id that is renamed")
def _(files: Files, chance: random.Random) -> tuple[Files, Places]:
    path, text = _pick(files, chance, "notes/")
    identifier = path[6:-3]
    changed = {**files, f"notes/{identifier}-anew.md": text}
    del changed[path]
    cites = re.compile(rf"\[\[{identifier}[\]#]|to: {identifier},")
    return changed, {
        (p, _at(c, m.start())) for p, c in changed.items() if isinstance(c, str) for m in cites.finditer(c)
    }


@fault("two DOIs that are swapped")
def _(files: Files, chance: random.Random) -> tuple[Files, Places]:
    (one, first), (two, second) = (
        _pick(files, chance, "notes/", r"sleep\.1$"),
        _pick(files, chance, "notes/", r"sleep\.3$"),
    )
    changed = {one: first.replace("sleep.1\n", "sleep.3\n"), two: second.replace("sleep.3\n", "sleep.1\n")}
    return {**files, **changed}, {(one, _at(first, first.index("doi:"))), (two, _at(second, second.index("doi:")))}


@fault("a key that is removed")
def _(files: Files, chance: random.Random) -> tuple[Files, Places]:
    path, text = _pick(files, chance, "")
    key = chance.choice(["title", "description"])
    return {**files, path: re.sub(rf"^{key}: .*\n", "", text, count=1, flags=re.MULTILINE)}, {(path, 1)}


@fault("a note that was superseded")
def _(files: Files, chance: random.Random) -> tuple[Files, Places]:
    path, text = _pick(files, chance, "notes/")
    status = chance.choice(["superseded", "retracted"])
    places = {
        (p, _at(c, m.start()))
        for p, c in files.items()
        if p.startswith("lines/") and isinstance(c, str)
        for m in re.finditer(rf"\[\[{path[6:-3]}\]\]", c)
    }
    return {**files, path: text.replace("scope:\n", f"status: {status}\nscope:\n")}, places


@fault("a source that was retracted")
def _(files: Files, chance: random.Random) -> tuple[Files, Places]:
    path, text = _pick(files, chance, "notes/")
    return (
        {**files, path: text.replace("    quotes:", "    retracted: true\n    quotes:")},
        {(path, _at(text, text.index("  - title")))},
    )


@fault("a cited note made a draft")
def _(files: Files, chance: random.Random) -> tuple[Files, Places]:
    path, text = _pick(files, chance, "notes/")
    cites = re.compile(rf"\[\[{path[6:-3]}[\]#]")
    others = ((p, c) for p, c in files.items() if isinstance(c, str) and p != path)
    places = {(p, _at(c, m.start())) for p, c in others for m in cites.finditer(c)}
    return {**files, path: text.replace("tags:", "draft: true\ntags:", 1)}, places


@fault("a question that is asked twice")
def _(files: Files, chance: random.Random) -> tuple[Files, Places]:
    _, text = _pick(files, chance, "notes/")
    title = re.search(r"^title: (.*)$", text, re.MULTILINE)
    assert title
    copied = text.replace(title[1], title[1].replace("What does", "What, then, does")).replace("aliases", "")
    line = files["lines/line-0.md"]
    assert isinstance(line, str)
    cited = line.rstrip("\n") + " Once more [[zz-again]].\n"
    return {**files, "notes/zz-again.md": copied, "lines/line-0.md": cited}, {("notes/zz-again.md", 2)}


@fault("notes that supersede one another")
def _(files: Files, chance: random.Random) -> tuple[Files, Places]:
    path, text = _pick(files, chance, "notes/")
    target = re.search(r"to: (\w+)", text)
    assert target
    other = f"notes/{target[1]}.md"
    back = re.sub(r"type: \w+, to: \w+", f"type: supersedes, to: {path[6:-3]}", str(files[other]))
    changed = re.sub(r"type: \w+", "type: supersedes", text)
    return {**files, path: changed, other: back}, {
        (path, _at(changed, changed.index("type: super"))),
        (other, _at(back, back.index("type: super"))),
    }


@fault("an alias that is another's id")
def _(files: Files, chance: random.Random) -> tuple[Files, Places]:
    path, text = _pick(files, chance, "notes/")
    other = chance.choice([subject for subject in SUBJECTS if subject != path[6:-3]])
    return {**files, path: text.replace("sources:\n", f"aliases: [{other}]\nsources:\n", 1)}, {
        (path, _at(text, text.index("sources:")))
    }


@fault("frontmatter that is not closed")
def _(files: Files, chance: random.Random) -> tuple[Files, Places]:
    path, text = _pick(files, chance, "")
    return {**files, path: text[:4] + text[4:].replace("---\n", "", 1)}, {(path, 1)}


@fault("a byte that is not UTF-8")
def _(files: Files, chance: random.Random) -> tuple[Files, Places]:
    path, text = _pick(files, chance, "")
    place = chance.randrange(len(text))
    raw = text.encode()
    offset = len(text[:place].encode())
    return {**files, path: raw[:offset] + b"\xe9" + raw[offset:]}, {(path, _at(text, place))}


def mutations(how_many: int, seed: int) -> Iterator[Mutation]:
    """Yield faults of all kinds in turn; the same arguments yield the same faults."""
    chance = random.Random(seed)
    kinds = list(FAULTS)
    base = clean()
    for number in range(how_many):
        kind = kinds[number % len(kinds)]
        files, places = FAULTS[kind](base, chance)
        yield Mutation(kind, files, places)


def reported(mutation: Mutation) -> bool:
    """Whether each place of a fault has a diagnostic on its line."""
    found = {(d.span.path, line) for d in check(mutation.files, CONFIG).diagnostics for line in (d.span.line,)}
    return mutation.places <= found


def main(how_many: int, seed: int) -> None:
    """Print the table."""
    assert not check(clean(), CONFIG).diagnostics, "the clean base has findings"
    put, hit, missed = Counter[str](), Counter[str](), []
    for mutation in mutations(how_many, seed):
        put[mutation.kind] += 1
        if reported(mutation):
            hit[mutation.kind] += 1
        else:
            missed.append(mutation)
    print(f"{'fault':36}{'put':>5}{'reported at the right line':>30}")
    for kind, count in put.items():
        print(f"{kind:36}{count:>5}{hit[kind]:>30}")
    print(f"{'all':36}{how_many:>5}{hit.total():>30}  {hit.total() / how_many:.1%}")
    for mutation in missed:
        print(f"missed: {mutation.kind} at {sorted(mutation.places)}")
        for found in check(mutation.files, CONFIG).diagnostics[:4]:
            print(f"    found: {found.span} {found.code} {found.message}")
    print("clean base: 0 findings")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200, int(sys.argv[2]) if len(sys.argv) > 2 else 0)
