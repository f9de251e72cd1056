"""List the assertions of each test, and compare two revisions, to show that moving tests loses none.

    python -m tests.support.assertions                 every test with the number of its assertions
    python -m tests.support.assertions --since REV     what each test asserted at REV and no longer does

An assertion is an ``assert`` statement or a block that expects an exception, in a test or in the helpers of tests.
Functions of one name are compared by how many assertions they have; renamed identifiers change no count. A function
whose name is gone counts as renamed if a new one asserts the same but for names and texts.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
Assertions = dict[str, Counter[str]]


def sources(revision: str = "") -> Iterator[str]:
    """Yield the text of each Python file below ``tests/``, of the working tree or of a revision."""
    if not revision:
        yield from (path.read_text(encoding="utf-8") for path in sorted(ROOT.joinpath("tests").rglob("*.py")))
        return
    for name in git("ls-tree", "-r", "--name-only", revision, "tests").splitlines():
        if name.endswith(".py"):
            yield git("show", f"{revision}:{name}")


def git(*arguments: str) -> str:
    """Return the output of git."""
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout


def assertions(texts: Iterator[str]) -> Assertions:
    """Return the assertions of each function by its name; functions of one name are counted together."""
    found: Assertions = {}
    for text in texts:
        for function in ast.walk(ast.parse(text)):
            if isinstance(function, ast.FunctionDef):
                found.setdefault(function.name, Counter()).update(of_function(function))
    return {name: counted for name, counted in found.items() if counted or name.startswith("test_")}


def of_function(function: ast.FunctionDef) -> Iterator[str]:
    """Yield the assertions of a function without those of functions inside it."""
    todo: list[ast.AST] = [*function.body]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            continue
        if isinstance(node, ast.Assert):
            yield ast.unparse(node.test)
        elif isinstance(node, ast.With) and "raises(" in ast.unparse(node.items[0]):
            yield ast.unparse(node.items[0])
        todo += ast.iter_child_nodes(node)


def lost(before: Mapping[str, Counter[str]], after: Mapping[str, Counter[str]]) -> Iterator[tuple[str, str]]:
    """Yield each function with fewer assertions than before, and those that are gone."""
    renamed = renames(before, after)
    for name, counted in sorted(before.items()):
        if name in renamed:
            continue
        now = after.get(name, Counter())
        if name not in after or now.total() < counted.total():
            yield name, "; ".join((counted - now).elements()) or "a test without assertions of its own"


def renames(before: Mapping[str, Counter[str]], after: Mapping[str, Counter[str]]) -> dict[str, str]:
    """Return the new names of functions that assert the same under another name."""
    new: dict[tuple[bool, tuple[str, ...]], list[str]] = {}
    for name in sorted(after.keys() - before.keys()):
        new.setdefault((name.startswith("test_"), shape(after[name])), []).append(name)
    found = {}
    for name in sorted(before.keys() - after.keys()):
        if candidates := new.get((name.startswith("test_"), shape(before[name]))):
            found[name] = candidates.pop()
    return found


def shape(counted: Counter[str]) -> tuple[str, ...]:
    """Return assertions without the names and texts in them."""
    return tuple(sorted(re.sub(r"f?'[^']*'|f?\"[^\"]*\"|\w+", "x", text) for text in counted.elements()))


def main(arguments: list[str]) -> int:
    """Print the list, or the assertions lost since a revision; return 1 if there are any."""
    now = assertions(sources())
    if arguments[:1] != ["--since"]:
        for name, counted in sorted(now.items()):
            print(f"{counted.total():4}  {name}")
        print(f"{sum(c.total() for c in now.values())} assertions in {len(now)} functions")
        return 0
    before = assertions(sources(arguments[1]))
    missing = list(lost(before, now))
    for name, texts in missing:
        print(f"{name}: {texts}")
    for label, found in ((arguments[1], before), ("now", now)):
        print(f"{label}: {sum(c.total() for c in found.values())} assertions in {len(found)} functions")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
