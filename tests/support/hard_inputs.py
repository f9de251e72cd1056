"""Extreme files that a build must survive: ``python -m tests.support.hard_inputs`` times each.

Each kind of ``tests/support/hard_bodies.py`` is checked and built twice, in the largest size that the limits accept and
far above it, by ``mkdocs build`` with this repository's extensions and the usual others. Times are processor times.
The exit status is 1 if any takes more than two seconds above a build without it, or ends in a traceback. Arguments
select kinds by a part of their names.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from inquiry_site.build import CheckResult, check
from tests.support.hard_bodies import BODIES, just_below
from tests.support.knowledge_bases import note, write

_COMMENT = "<!-- inquiry: off evidence because a 1 -->"

HARD = {
    "a megabyte of figures and quotes that nobody has": note(
        body="It grew by 91% [[a]] “and so on for ever and ever”. " * 20_000
    ),
    "a megabyte of prose in one line": note(body="Coffee cuts sleep, says a trial of older adults [[a]]. " * 18_000),
    "a megabyte of findings and comments about them": note(body=f"It grew by 91% [[a]]. {_COMMENT}\n\n" * 14_000),
    "a megabyte of brackets": note(body="[[" * 500_000),
    "a megabyte of quotation marks": note(body="“" * 300_000),
    "a megabyte of quotations with brackets": note(
        body="“[one two] three four five six [seven] eight” [[a]]. " * 20_000
    ),
    "a megabyte of digits": note(body="9" * 1_000_000 + " [[a]]"),
    "a megabyte of comments": note(body="<!-- inquiry: off x -->" * 40_000),
    "a megabyte of emphasis": note(body="*a **b _c " * 100_000),
    "a megabyte of backticks": note(body="` `` ``` " * 110_000),
    "a megabyte of links": note(body="[words](../notes/a.md) " * 45_000),
    "a megabyte of frontmatter": note(tags="[" + "x, " * 330_000 + "x]"),
    "ten thousand sources": "---\ntitle: A?\ndescription: B.\nsources:\n" + '  - "@key"\n' * 10_000 + "---\n",
    "a megabyte of almost closed frontmatter": "---\n" + "---x\n" * 200_000 + "---\nA.\n",
    "lists a hundred deep": note(tags="[" * 100 + "]" * 100),
    "quotations a hundred deep": note(body="> " * 100 + "deep [[a]].\n" + ">" * 5_000),
    "anchors that explode": note(
        tags="[&a [x,x,x,x,x,x,x,x,x], &b [*a,*a,*a,*a,*a,*a,*a,*a], &c [*b,*b,*b,*b,*b,*b,*b,*b], "
        "&d [*c,*c,*c,*c,*c,*c,*c,*c], &e [*d,*d,*d,*d,*d,*d,*d,*d], [*e,*e,*e,*e,*e,*e,*e,*e]]"
    ),
    "NUL bytes": "\0" * 1000,
    "half a character": note(body="\ud800"),
    "marks of another direction": note(body="\u202e[[a]]\u202c \u200f[[\u200fa]] \u2067[[b]]\u2069"),
}


def check_hard(name: str) -> CheckResult:
    """Check a small knowledge base with one hard note."""
    return check({"notes/a.md": note("A?"), "notes/hard.md": HARD[name]})


MOST_SECONDS = 2.0
_PATIENCE = 60
_FAR_ABOVE = 500_000
_SITE = """
site_name: Hard
theme: {name: material, font: false}
plugins: [inquiry]
markdown_extensions:
  - admonition
  - attr_list
  - def_list
  - abbr
  - footnotes
  - md_in_html
  - nl2br
  - sane_lists
  - smarty
  - tables
  - toc: {permalink: true}
  - pymdownx.arithmatex: {generic: true}
  - pymdownx.betterem
  - pymdownx.caret
  - pymdownx.critic
  - pymdownx.details
  - pymdownx.emoji
  - pymdownx.highlight
  - pymdownx.inlinehilite
  - pymdownx.keys
  - pymdownx.magiclink: {repo_url_shorthand: true, social_url_shorthand: true, user: a, repo: b}
  - pymdownx.mark
  - pymdownx.smartsymbols
  - pymdownx.superfences
  - pymdownx.tabbed: {alternate_style: true}
  - pymdownx.tasklist
  - pymdownx.tilde
  - pymdownx.blocks.admonition
  - pymdownx.blocks.details
  - pymdownx.blocks.tab
"""
_BUILD = """
import json, sys, time, traceback
from pathlib import Path
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort, BuildError

def timed():
    began, error = time.process_time(), ""
    try:
        build(load_config("mkdocs.yml"))
    except (Abort, BuildError) as refused:
        error = str(refused)
    except BaseException:
        error = "Traceback: " + traceback.format_exc()[-300:]
    return time.process_time() - began, error

hard = Path("notes/hard.md")
text = hard.read_bytes()
hard.unlink()
timed()
base, _ = timed()
hard.write_bytes(text)
seconds, error = timed()
print(json.dumps([seconds - base, error]))
"""


def build_hard(text: str) -> tuple[float, str]:
    """Return the seconds that a note adds to a build in a separate process, and the error that ends it, if any."""
    with tempfile.TemporaryDirectory() as name:
        folder = write(Path(name), {"notes/a.md": note("A?"), "mkdocs.yml": _SITE, "docs/about.md": "# About\n"})
        (folder / "notes" / "hard.md").write_bytes(text.encode(errors="surrogatepass"))
        command = [sys.executable, "-c", _BUILD]
        silent = {"NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true", **os.environ}
        try:
            done = subprocess.run(command, cwd=folder, env=silent, capture_output=True, text=True, timeout=_PATIENCE)
        except subprocess.TimeoutExpired:
            return _PATIENCE, "Traceback: no end"
        if done.returncode or not done.stdout:
            return 0.0, f"Traceback: {done.stderr[-300:]}"
        seconds, error = json.loads(done.stdout.splitlines()[-1])
        return seconds, error or ("Traceback" if "Traceback" in done.stderr else "")


def _texts(selected: list[str]) -> Iterator[tuple[str, str]]:
    for name, body in BODIES.items():
        if not selected or any(part in name for part in selected):
            yield f"{name}, just below", note(body=just_below(body))
            yield f"{name}, far above", note(body=body(_FAR_ABOVE))
    for name, text in HARD.items():
        if not selected or any(part in name for part in selected):
            yield name, text


def main() -> None:
    """Print the size of each text, the seconds of its check and of its build, and the result."""
    failed = 0
    for name, text in _texts(sys.argv[1:]):
        began = time.process_time()
        found = check({"notes/a.md": note("A?"), "notes/hard.md": text}).diagnostics
        checked = time.process_time() - began
        seconds, error = build_hard(text)
        refusing = next((d.code for d in found if d.severity.value == "error" and d.span.path == "notes/hard.md"), "")
        result = "TRACEBACK" if "Traceback" in error else f"refused: {refusing}" if error else "built"
        is_bad = max(seconds, checked) > MOST_SECONDS or result == "TRACEBACK"
        failed += is_bad
        print(
            f"{name:<58}{len(text) / 1e3:>8.1f} KB{checked:>6.2f} s{seconds:>7.2f} s  {result}{'  <<<' * is_bad}",
            flush=True,
        )
        if result == "TRACEBACK":
            print(error, flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
