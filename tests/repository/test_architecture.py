"""The architecture: import contracts hold and can break, sizes are limited, names are unique."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.knowledge_bases import ROOT

FAMILIES = (
    "rules/*.py",
    "exports/*.py",
    "diagnostics/json.py",
    "diagnostics/github.py",
    "diagnostics/sarif.py",
    "diagnostics/text.py",
)
"""Files named after a family of rules or a format, which other modules may be named after too."""
SOURCES = sorted((ROOT / "src").rglob("*.py"))


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    script = "import sys; sys.path.insert(0, 'src'); from importlinter.cli import lint_imports_command as run; run()"
    command = [sys.executable, "-c", script, "--no-cache"]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=120)


def test_the_contracts_hold():
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("module", "planted", "contract"),
    [
        ("model.py", "from inquiry_site.graph import KnowledgeGraph", "Imports point downwards"),
        (
            "parsing/markdown.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from inquiry_site.rules import RULES",
            "Imports point downwards",
        ),
        ("rules/citations.py", "def _late():\n    from inquiry_site.rendering import pages", "Imports point downwards"),
        ("knowledge/sources.py", "import inquiry_site.knowledge.relations", "do not know each other"),
        (
            "knowledge/ranking/types.py",
            "if TYPE_CHECKING:\n    from inquiry_site.knowledge.ranking.items import line_items",
            "import each other in a circle",
        ),
        ("build.py", "import mkdocs", "Only its adapter knows MkDocs"),
        ("graph.py", "import click", "Only the commands know click"),
        ("newcomer.py", "", "Imports point downwards"),
    ],
)
def test_a_forbidden_import_breaks_a_contract(tmp_path: Path, module: str, planted: str, contract: str):
    shutil.copytree(ROOT / "src", tmp_path / "src")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    path = tmp_path / "src" / "inquiry_site" / module
    path.write_text((path.read_text() if path.exists() else "") + f"\n{planted}\n")
    done = lint_imports(tmp_path)
    assert done.returncode != 0
    broken = [line for line in done.stdout.splitlines() if "BROKEN" in line] or done.stdout.splitlines()
    assert any(contract in line or "newcomer" in line for line in broken), done.stdout


def test_no_module_is_longer_than_400_lines():
    assert [path.name for path in SOURCES if len(path.read_text().splitlines()) > 400] == []


def test_no_class_is_longer_than_130_lines():
    long = [f"{path.name}:{node.lineno} {node.name}" for path, node in classes() if _lines(node) > 130]
    assert long == []


def test_no_function_is_longer_than_40_lines():
    long = [
        f"{path.name}:{node.lineno} {node.name}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and _length(node) > 40
    ]
    assert long == []


def test_no_two_modules_have_one_name():
    found: dict[str, list[str]] = {}
    for path in SOURCES:
        if path.stem not in {"__init__", "__main__"} and not any(map(path.match, FAMILIES)):
            found.setdefault(path.stem, []).append(path.relative_to(ROOT).as_posix())
    assert {stem: paths for stem, paths in found.items() if len(paths) > 1} == {}


def test_no_two_classes_have_one_name():
    found: dict[str, list[str]] = {}
    for path, node in classes():
        found.setdefault(node.name.lstrip("_"), []).append(f"{path.relative_to(ROOT).as_posix()}:{node.lineno}")
    assert {name: places for name, places in found.items() if len(places) > 1} == {}


def classes() -> Iterator[tuple[Path, ast.ClassDef]]:
    """Yield every class of the package with its file."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef):
                yield path, node


def _lines(node: ast.ClassDef) -> int:
    return (node.end_lineno or 0) - node.lineno + 1


def _length(function: ast.FunctionDef) -> int:
    """Count the lines of a body without docstrings of rules, which are pages of the reference."""
    lines = (function.end_lineno or 0) - function.body[0].lineno
    rules = [
        n for n in ast.walk(function) if isinstance(n, ast.FunctionDef) and any(map(_makes_rule, n.decorator_list))
    ]
    return lines - sum((rule.body[0].end_lineno or 0) - rule.body[0].lineno for rule in rules)


def _makes_rule(decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Name) and decorator.func.id == "rule"


WITHOUT_MKDOCS = """
import importlib, pkgutil, sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"mkdocs", "material", "properdocs"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Missing())
import inquiry_site
for module in pkgutil.walk_packages(inquiry_site.__path__, "inquiry_site."):
    if not module.name.startswith("inquiry_site.adapters.mkdocs"):
        importlib.import_module(module.name)
config = inquiry_site.Config(rules={"shape": False})
built = inquiry_site.build({"lines/l.md": "---\\ntitle: L?\\ndescription: D\\nanswer: A\\n---\\nText."}, config)
assert built.diagnostics == () and any("Text." in built.html(page) for page in built.pages)
try:
    import mkdocs
except ModuleNotFoundError:
    print("works without MkDocs")
"""


def test_everything_but_the_adapter_works_without_mkdocs():
    done = subprocess.run([sys.executable, "-c", WITHOUT_MKDOCS], capture_output=True, text=True, timeout=60)
    assert done.stdout == "works without MkDocs\n", done.stderr
