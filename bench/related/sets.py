"""Generate evaluation sets from the documentation of packages on PyPI, at pinned versions.

The section “See Also” of a docstring contains the recommendations; it is removed, and names between backticks in the
rest are the links. In networkx these links are misleading: functions hardly ever recommend what they mention.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

PACKAGES = {
    "scipy": "scipy==1.11.4",
    "networkx": "networkx==3.2.1",
    "numpy": "numpy==1.26.4",
    "pandas": "pandas==2.1.4",
    "sklearn": "scikit-learn==1.3.2",
}

_SECTION = re.compile(r"^(\w[\w ]*)\n-{3,}\s*$", re.MULTILINE)
_LINK = re.compile(r"(?::[\w:]+:)?`~?([\w.]+)`")
_ROLE = re.compile(r":\w+:`~?([\w.]+)`|`")
_SKIPPED = re.compile(r"(^|/)(tests?|_build_utils|conftest|setup)(/|\.py|$)|(^|/)test_[^/]*$")
_MIN_LENGTH = 100

Resolve = Callable[[str, str], "str | None"]
"""Resolves a name used on a page: page id, name → page id, or None."""


@dataclass(frozen=True, slots=True)
class _Docstring:
    name: str
    summary: str
    text: str
    named: list[str]
    recommended: list[str]


def make_sets(folder: Path) -> list[Path]:
    """Download the packages and write a set for each, in JSON Lines format; return the paths of the sets."""
    return [_make_set(name, requirement, folder) for name, requirement in PACKAGES.items()]


def _make_set(package: str, requirement: str, folder: Path) -> Path:
    wheels = folder / package
    wheels.mkdir(parents=True)
    # The code is not run, so a wheel for any Python version and platform can be used.
    command = [
        *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"),
        *("--only-binary=:all:", "--python-version=3.11", "--platform=manylinux_2_17_x86_64", requirement),
    ]
    subprocess.run(command, cwd=wheels, check=True)
    docstrings = list(_docstrings(package, next(wheels.glob("*.whl"))))
    resolve = _resolver({docstring.name for docstring in docstrings})
    path = folder / f"{package}.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for docstring in docstrings:
            row = {
                "id": docstring.name,
                "title": docstring.name.rpartition(".")[2],
                "description": docstring.summary,
                "tags": [],
                "text": docstring.text,
                "links": _others(docstring.name, docstring.named, resolve),
                "targets": _others(docstring.name, docstring.recommended, resolve),
            }
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return path


def _others(page: str, names: Iterable[str], resolve: Resolve) -> list[str]:
    pages = (resolve(page, name) for name in names)
    return list(dict.fromkeys(other for other in pages if other and other != page))


def _docstrings(package: str, wheel: Path) -> Iterator[_Docstring]:
    with zipfile.ZipFile(wheel) as archive:
        for name in sorted(archive.namelist()):
            if name.startswith(f"{package}/") and name.endswith(".py") and not _SKIPPED.search(name):
                module = name.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
                documented = dict(reversed(list(_documented(ast.parse(archive.read(name)).body, module))))
                yield from (_read(page, doc) for page, doc in documented.items() if len(doc) > _MIN_LENGTH)


def _documented(body: list[ast.stmt], prefix: str) -> Iterator[tuple[str, str]]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            doc = ast.get_docstring(node)
            if doc:
                yield f"{prefix}.{node.name}", doc
            if isinstance(node, ast.ClassDef):
                yield from _documented(node.body, f"{prefix}.{node.name}")


def _read(name: str, docstring: str) -> _Docstring:
    parts = _SECTION.split(docstring)
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    recommended = list(_listed(sections.pop("See Also", "")))
    text = parts[0] + "\n".join(f"{heading}\n{body}" for heading, body in sections.items())
    summary = " ".join(parts[0].strip().split("\n\n")[0].split())
    return _Docstring(name, summary, text, _LINK.findall(text), recommended)


def _listed(section: str) -> Iterator[str]:
    """Yield the names before the colons; lines with deeper indentation describe the line above."""
    lines = [line for line in section.splitlines() if line.strip()]
    indent = min((len(line) - len(line.lstrip()) for line in lines), default=0)
    for line in lines:
        if len(line) - len(line.lstrip()) == indent:
            yield from re.findall(r"[\w.]+", _ROLE.sub(r"\1", re.split(r"\s:|:\s|:$", line.strip())[0]))


def _resolver(pages: set[str]) -> Resolve:
    by_name = defaultdict(list)
    for page in sorted(pages):
        by_name[page.rpartition(".")[2]].append(page)

    def resolve(page: str, name: str) -> str | None:
        parts = name.strip(".").split(".")
        candidates = [other for other in by_name[parts[-1]] if len(parts) == 1 or parts[-2] in other.split(".")]
        return min(candidates, key=lambda other: (-_in_common(page, other), len(other), other), default=None)

    return resolve


def _in_common(one: str, other: str) -> int:
    pairs = zip(one.split(".")[:-1], other.split(".")[:-1], strict=False)
    return next((number for number, (a, b) in enumerate(pairs) if a != b), 99)
