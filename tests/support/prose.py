"""Print the sentences of docstrings, comments and documentation with their places, for a reader's pass.

python -m tests.support.prose src          docstrings and comments below src/
python -m tests.support.prose docs         README, CHANGELOG, SECURITY and docs/ without generated pages
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SENTENCE = re.compile(r"(?<=[.!?:])\s+(?=[A-Z`*\[“])|\n\s*\n")
FENCE = re.compile(r"^(```|~~~).*?^\1\s*$|<!--.*?-->|^\|[ :|-]+\|$", re.DOTALL | re.MULTILINE)


def of_code(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line and text of each docstring, attribute docstring and comment."""
    text = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.lineno, FENCE.sub("", re.sub(r"^ +", "", node.value.value, flags=re.MULTILINE))
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT and not token.string.startswith(("# noqa", "# type")):
            yield token.start[0], token.string.lstrip("# ")


def of_page(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line and text of each paragraph of a Markdown page, without code."""
    text = FENCE.sub(lambda match: "\n" * match[0].count("\n"), path.read_text(encoding="utf-8"))
    line = 1
    for paragraph in re.split(r"(\n\s*\n|\n(?=[|#*-]))", text):
        if paragraph.strip():
            yield line + paragraph[: len(paragraph) - len(paragraph.lstrip())].count("\n"), paragraph.strip()
        line += paragraph.count("\n")


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a text."""
    for sentence in SENTENCE.split(text):
        if len(sentence.split()) > 2:
            yield " ".join(sentence.split())


def main(what: str) -> None:
    """Print every sentence, and how many there are."""
    pages = [
        *(ROOT / name for name in ("README.md", "CHANGELOG.md", "SECURITY.md")),
        *sorted((ROOT / "docs").glob("*.md")),
    ]
    sources = sorted((ROOT / "src").rglob("*.py"))
    count = 0
    for path in sources if what == "src" else pages:
        for line, text in sorted(of_code(path) if what == "src" else of_page(path)):
            for sentence in sentences(text):
                print(f"{path.relative_to(ROOT)}:{line}: {sentence}")
                count += 1
    print(f"{count} sentences")


if __name__ == "__main__":
    main(*sys.argv[1:])
