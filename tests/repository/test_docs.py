"""The documentation is complete, and its examples run."""

from __future__ import annotations

import contextlib
import dataclasses
import inspect
import io
import os
import re
import shlex
import textwrap
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import inquiry_site
from inquiry_site import build, read_tree
from inquiry_site.adapters.cli import main
from inquiry_site.adapters.cli.new import new
from inquiry_site.adapters.mkdocs.options import InquiryOptions
from inquiry_site.html import sanitize as safe_html
from inquiry_site.rendering.views import builder as parts
from inquiry_site.rendering.views import collections, disagreements, documents, doubts, health, propose
from inquiry_site.rendering.views import map as map_views
from tests.support.git import new_repository
from tests.support.knowledge_bases import ROOT

DOCS = ROOT / "docs"
FENCE = re.compile(r"^```(\w+)(?: title=\"([^\"]+)\")?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(path: Path) -> list[tuple[str, str, str]]:
    """Return language, title and text of each fenced block."""
    return [(m[1], m[2] or "", m[3]) for m in FENCE.finditer(path.read_text(encoding="utf-8"))]


def generated(path: Path, name: str, text: str) -> None:
    """Compare the generated part of a page with its text; ``UPDATE_CASES=1`` writes it."""
    page = path.read_text(encoding="utf-8")
    pattern = re.compile(rf"(<!-- {name}: begin [^\n]*-->\n).*?(<!-- {name}: end -->)", re.DOTALL)
    wanted = pattern.sub(lambda match: f"{match[1]}\n{text}\n{match[2]}", page)
    if os.environ.get("UPDATE_CASES"):
        path.write_text(wanted, encoding="utf-8")
        return
    assert page == wanted, f"{path.name} has drifted: run make cases"


def test_the_example_in_the_readme_prints_the_shown_output():
    found = blocks(ROOT / "README.md")
    at = next(place for place, (language, _, _) in enumerate(found) if language == "python")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(found[at][2], {})
    assert printed.getvalue() == found[at + 1][2]


def test_the_examples_for_authors_are_a_knowledge_base_without_diagnostics():
    files = {title: text for _, title, text in blocks(DOCS / "authors.md") if title}
    assert len(files) == 7
    built = build(files)
    assert built.diagnostics == ()
    assert len(built.knowledge.sources["remember-longest"]) == 2
    assert len(built.knowledge.relations.disagreements["remember-longest"]) == 1


def test_the_note_and_line_in_the_readme_build_without_diagnostics_beside_the_examples(tmp_path: Path):
    note, line = (text for language, _, text in blocks(ROOT / "README.md") if language == "markdown")
    runner = CliRunner()
    runner.invoke(main, ["init", str(tmp_path)])
    assert build({**read_tree(tmp_path), "notes/spacing-helps.md": note, "lines/remember.md": line}).diagnostics == ()


@pytest.mark.parametrize("path", ["README.md", "docs/authors.md"])
def test_errors_shown_in_the_docs_are_reported_as_shown(path: str):
    shown = next(text for _, _, text in blocks(ROOT / path) if "error:" in text)
    message = re.findall(r"error: (.*) \[([\w/-]+)\]", shown)[0]
    files = {title: text for _, title, text in blocks(DOCS / "authors.md") if title}
    files["lines/remember-longest.md"] = files["lines/remember-longest.md"].replace("spacing-helps]]", "spacing-help]]")
    (found,) = build(files).diagnostics
    assert (found.message, found.code) == message
    assert f"  why:  {found.why}\n  help: {found.hint}\n" in shown


@pytest.mark.parametrize("name", ["next", "reach", "rename", "new"])
def test_the_example_of_a_command_prints_the_shown_output(tmp_path: Path, name: str):
    shown = next(text for _, _, text in blocks(DOCS / "commands.md") if text.startswith(f"$ inquiry {name} "))
    command, _, printed = shown.partition("\n")
    runner = CliRunner()
    runner.invoke(main, ["init", str(tmp_path / "kb")])
    result = runner.invoke(main, [*shlex.split(command)[2:], "-C", str(tmp_path / "kb")])
    assert result.output == printed


def test_the_example_of_diff_prints_the_shown_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    shown = next(text for _, _, text in blocks(DOCS / "commands.md") if text.startswith("$ inquiry diff "))
    command, _, printed = shown.partition("\n")
    runner = CliRunner()
    runner.invoke(main, ["init", str(tmp_path / "kb")])
    note = new_repository(tmp_path / "kb", {}) / "notes" / "equal-intervals.md"
    note.write_text(note.read_text().replace("title:", "status: retracted\ntitle:", 1))
    monkeypatch.chdir(tmp_path / "kb")
    assert runner.invoke(main, command.split()[2:]).output == printed


@pytest.mark.parametrize("page", ["commands.md", "maintaining.md"])
def test_the_example_of_host_prints_the_shown_output(tmp_path: Path, page: str):
    shown = next(text for _, _, text in blocks(DOCS / page) if text.startswith("$ inquiry host "))
    command, _, printed = shown.partition("\n")
    runner = CliRunner()
    runner.invoke(main, ["init", str(tmp_path / "kb")])
    assert runner.invoke(main, [*command.split()[2:], "-C", str(tmp_path / "kb")]).output == printed


def test_every_command_and_option_is_documented():
    text = (DOCS / "commands.md").read_text(encoding="utf-8") + (ROOT / "README.md").read_text(encoding="utf-8")
    grouped = {f"new {name}": command for name, command in new.commands.items()}
    for name, command in {**main.commands, **grouped}.items():
        assert f"`inquiry {name}" in text, name
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert all(option in text for option in parameter.opts), parameter.opts


def test_every_option_of_the_plugin_is_documented():
    text = (DOCS / "commands.md").read_text(encoding="utf-8")
    assert all(f"{name}:" in text for name, _ in InquiryOptions._schema)


def test_every_allowed_html_element_is_documented():
    written = textwrap.fill(", ".join(f"`{name}`" for name in sorted(safe_html.ELEMENTS, key=str.lower)), 118)
    generated(DOCS / "authors.md", "html", f"{written}.\n")


def _first_paragraph(text: str) -> str:
    return " ".join(text.split("\n\n")[0].split()).replace("``", "`").replace("|", "\\|")


def test_every_value_in_the_template_context_is_documented():
    sections = []
    for module in (documents, disagreements, doubts, collections, health, map_views, propose, parts):
        for name, view in inspect.getmembers(module, inspect.isclass):
            if view.__module__ == module.__name__ and name.endswith(("View", "Hrefs")):
                fields = ", ".join(f"`{field.name}`" for field in dataclasses.fields(view))  # type: ignore[arg-type]
                sections.append(f"- **{name}**: {_first_paragraph(inspect.getdoc(view) or '')} {fields}.")
    generated(DOCS / "templates.md", "views", "\n".join(sections) + "\n")


def test_every_public_name_has_a_docstring():
    for name in inquiry_site.__all__:
        if name != "__version__":
            assert inspect.getdoc(getattr(inquiry_site, name)), name


def test_links_between_pages_of_the_docs_have_targets():
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *DOCS.rglob("*.md")):
        for target in re.findall(
            r"\]\((?!https?:|#)([^)#]+)", re.sub(r"```.*?```|`[^`]*`", "", page.read_text(), flags=re.DOTALL)
        ):
            assert (page.parent / target).exists(), (page.name, target)
