"""Fuzz the whole check, guided by coverage: ``python -m tests.support.fuzz -max_total_time=60`` (needs atheris).

For any bytes ``check`` returns without an exception, and every span of a diagnostic exists. libFuzzer writes an input
that breaks this to a file ``crash-…``.
"""

from __future__ import annotations

import io
import logging
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["inquiry_site"]):
    from inquiry_site.build import check

_HEAD = (
    "---\ntitle: Does it help?\ndescription: It does.\nsources: [{title: T, authors: [A B], year: 2020, doi: 10.1/a}]\n"
)
_SEEDS = (
    f"{_HEAD}---\nIt grew by 91% [[a]]. “Words of six or so, well,” says [b](../notes/a.md#c).\n",
    f'{_HEAD}aliases: [x, "y?"]\nrelations: [{{type: extends, to: a, because: B.}}]\n---\n<!-- inquiry: off a -->\n',
    "---\ntitle: A line?\ndescription: D.\nanswer: A.\nnext: [l]\n---\n## H {#h}\n\n![[a]] > `[[b]]`\n\n```\n[[c]]\n",
    "@misc{key, title={T}, author={A and B}, year=2020, doi={10.1/a}}",
)


def check_bytes(data: bytes) -> None:
    """Check a knowledge base with these bytes in the part that the first byte selects."""
    given = data[1:].decode("utf-8", "surrogateescape")
    text = (given, f"{_HEAD}---\n{given}", f"{_HEAD}{given}\n---\nA body [[a]].\n")[data[0] % 3 if data else 0]
    files = {"notes/a.md": _SEEDS[0], "notes/b.md": text, "lines/l.md": text, "references.bib": given}
    for found in check(files).diagnostics:
        lines = io.StringIO(files.get(found.span.path, "") + "\n", newline=None).readlines()
        if not 1 <= found.span.line <= found.span.end_line <= len(lines) + 1:
            raise AssertionError(f"no such place: {found}")


def main() -> None:
    """Fuzz for as long as libFuzzer's options allow."""
    logging.disable()
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(_SEEDS):
            Path(corpus, str(number)).write_bytes(b"\0" + seed.encode())
        atheris.Setup([*sys.argv, "-len_control=0", "-timeout=10", corpus], check_bytes)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
