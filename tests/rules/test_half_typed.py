"""Files that are only half typed, very large, or faulty in pairs: each check reports them and none fails."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from inquiry_site.build import CheckResult, check
from inquiry_site.config import Config
from inquiry_site.diagnostics.edits import apply_edits
from inquiry_site.file_content import Asset, FileContent

FILES: dict[str, str] = {
    "notes/naps.md": """---
title: Do naps help memory?
description: "Plihal: 20 people recalled 12 words more after a nap."
date: 2026-01-14
tags: [memory, naps]
sources:
  - title: Naps and Memory
    authors: ["Plihal, W.", "Born, J."]
    year: 2021
    doi: 10.1000/naps
    quotes:
      - text: "20 people recalled 12 words more after a nap"
        locator: abstract
    checked: {on: 2026-01-10, as: text, version: v2}
  - "@rasch2007"
scope: {holds: [word lists], not_shown: [motor skills]}
relations:
  - {type: qualifies, to: sleep, because: A nap is short.}
---
> [!note]- Only in one laboratory
> This holds for word lists, see [[sleep#How it was measured|the other note]].

%% ask Ada about this %%

==Marked==, ~~struck~~[^1] and ![[naps.png|300]] in `[[code]]`.

- [ ] repeat it

[^1]: A footnote with [[#After a nap]].

## After a nap
""",
    "notes/sleep.md": """---
title: Does sleep help memory?
description: Sleep helps.
sources: [{title: Sleep, authors: [Ada Example], year: 2020, doi: 10.1000/sleep}]
---
## How it was measured
""",
    "lines/memory.md": """---
title: What helps memory?
description: Which habits help.
answer: Naps and sleep do.
verdict: partly
reviewed: 2026-02-01
next: [open-line]
---
After a nap 20 people recalled 12 words more [[naps]]; sleep helps [[notes/sleep]] in REM (rapid eye movement).

![[sleep]]
""",
    "lines/open-line.md": "---\ntitle: What is missing?\ndescription: What nobody measured.\n---\n",
    "topics/naps.md": """---
title: Naps
description: Sleep by day.
aliases: [siesta]
---
An introduction that cites [[naps]].
""",
    "docs/about.md": "---\nhide: [toc]\n---\n# About\n\nSee [[naps|the nap]] and ![[sleep]].\n",
    "docs/glossary.md": "# Glossary\n\nNap\n:   A nap is short: [[naps]].\n\nRapid eye movement (REM)\n:   A stage.\n",
    "references.bib": "@article{rasch2007, title = {Odour Cues}, author = {Rasch, B. and Born, J.}, year = 2007,\n"
    "  doi = {10.1000/odour}}\n",
}
LARGE = Config.from_mapping({"limits": {"file_size": 3_000_000, "complexity": 100_000_000}})


def cuts(text: str) -> Iterator[str]:
    yield from (text[:length] for length in range(0, len(text), 10))


def errors(result: CheckResult) -> dict[str, int]:
    return {d.span.path: d.span.line for d in result.diagnostics if d.severity.value == "error"}


def test_the_whole_files_have_no_errors():
    assert errors(check(FILES | {"notes/naps.png": Asset()})) == {}


@pytest.mark.parametrize("path", FILES)
def test_a_file_cut_at_every_tenth_character_is_checked_and_its_fixes_do_no_harm(path: str):
    for cut in cuts(FILES[path]):
        result = check({**FILES, path: cut})
        assert all(diagnostic.message and diagnostic.why for diagnostic in result.diagnostics)
        own = [diagnostic for diagnostic in result.diagnostics if diagnostic.span.path == path]
        if own and any(diagnostic.edits for diagnostic in own):
            fixed = apply_edits(cut.encode(), (edit for diagnostic in own for edit in diagnostic.edits))
            again = check({**FILES, path: fixed})
            before = sum(diagnostic.severity.value == "error" for diagnostic in own)
            assert sum(d.severity.value == "error" for d in again.diagnostics if d.span.path == path) <= before


def test_a_document_cut_in_its_frontmatter_always_has_an_error_of_its_own():
    for path in ("notes/naps.md", "lines/memory.md"):
        end = FILES[path].index("\n---\n", 4)
        for length in range(0, end, 10):
            assert path in errors(check({**FILES, path: FILES[path][:length]}))


def test_two_files_that_are_half_typed_are_each_reported():
    paths = ("notes/naps.md", "lines/memory.md")
    for share in range(1, 10):
        cut = {path: FILES[path][: FILES[path].index("\n---\n", 4) * share // 10] for path in paths}
        assert {*paths} <= errors(check({**FILES, **cut})).keys()


FAULTS = {
    "a citation of nothing": ("[[sleep#How", "[[slep#How", "citations/not-found"),
    "a misspelt key": ("tags: [memory", "tag: [memory", "frontmatter/unknown-key"),
    "initials after the family name": ('["Plihal, W.", "Born, J."]', "[Plihal W, Born J]", "authors/initials"),
    "an unquoted colon": (
        '"Plihal: 20 people recalled 12 words more after a nap."',
        "Plihal: 20",
        "frontmatter/bad-yaml",
    ),
    "a list as text": ("[memory, naps]", "memory, naps", "frontmatter/wrong-type"),
    "a quote as text": ("- text: ", "- ", "frontmatter/bad-yaml"),
    "a comment that is not closed": ("Ada about this %%", "Ada about this", "shape/unclosed-comment"),
    "a footnote without a text": ("[^1]: A", "A", "shape/foreign-syntax"),
    "a picture that does not exist": ("naps.png", "nap.png", "links/missing-file"),
    "a heading that does not exist": ("#After a nap", "#After the nap", "citations/missing-heading"),
}


@pytest.mark.parametrize(("old", "new", "code"), FAULTS.values(), ids=FAULTS)
def test_each_fault_is_found_in_a_file_of_a_megabyte_and_in_two_files_at_once(old: str, new: str, code: str):
    text = FILES["notes/naps.md"].replace(old, new, 1)
    assert text != FILES["notes/naps.md"]
    filler = "\n" + "A sentence that fills the file with words of no interest.\n\n" * 18_000
    large: dict[str, FileContent] = {**FILES, "notes/naps.png": Asset(), "notes/naps.md": text + filler}
    assert code in {d.code for d in check(large, LARGE).diagnostics if d.span.path == "notes/naps.md"}
    both: dict[str, FileContent] = {**FILES, "notes/naps.png": Asset(), "notes/naps.md": text, "notes/dozing.md": text}
    found = {d.span.path for d in check(both).diagnostics if d.code == code}
    assert {"notes/naps.md", "notes/dozing.md"} <= found


def test_a_file_above_the_limit_is_named_with_its_size():
    result = check({**FILES, "notes/naps.md": FILES["notes/naps.md"] + "x " * 500_000})
    assert any(d.code == "files/too-large" and d.span.path == "notes/naps.md" for d in result.diagnostics)
