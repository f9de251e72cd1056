"""Files that nobody should write and that a check must survive: ``python -m tests.hard_inputs`` times each of them."""

from __future__ import annotations

import time

from inquiry_site.build import Checkup, check
from tests.knowledge_bases import note

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


def check_hard(name: str) -> Checkup:
    """Check a small knowledge base in which one note is the hard one."""
    return check({"notes/a.md": note("A?"), "notes/hard.md": HARD[name]})


def main() -> None:
    """Print for each file its size and the processor time that checking it takes."""
    for name, text in HARD.items():
        began = time.process_time()
        found = check_hard(name).diagnostics
        seconds = time.process_time() - began
        print(f"{name:<50}{len(text) / 1e6:>6.2f} MB{seconds:>7.2f} s{len(found):>7} findings", flush=True)


if __name__ == "__main__":
    main()
