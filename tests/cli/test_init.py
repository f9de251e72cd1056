"""``inquiry init``."""

from __future__ import annotations

from pathlib import Path

import pytest

from inquiry_site import build, read_tree
from inquiry_site.adapters.cli.site_config import read_config
from tests.support.command import inquiry
from tests.support.knowledge_bases import write
from tests.support.sites import build_site, contents, run


def test_init_creates_a_knowledge_base_that_builds(tmp_path: Path):
    folder = tmp_path / "my-kb"
    result = inquiry("init", str(folder))
    assert result.exit_code == 0
    assert "mkdocs serve" in result.output
    built = build(read_tree(folder))
    assert built.diagnostics == ()
    assert len(built.knowledge.graph.notes) >= 2
    assert any(line.is_open for line in built.knowledge.graph.lines)
    assert "My kb" in (build_site(folder) / "index.html").read_text(encoding="utf-8")


def test_the_examples_show_a_disagreement_a_table_a_formula_and_an_open_question(tmp_path: Path):
    inquiry("init", str(tmp_path))
    built = build(read_tree(tmp_path))
    assert len(built.knowledge.relations.disagreements["when-to-review"]) == 1
    page = (build_site(tmp_path) / "notes/best-gap/index.html").read_text(encoding="utf-8")
    assert '<math xmlns="http://www.w3.org/1998/Math/MathML" display="block">' in page
    assert "<table>" in page


def test_the_examples_may_be_deleted(tmp_path: Path):
    assert "you may delete their files" in inquiry("init", str(tmp_path)).output
    for path in (*tmp_path.glob("notes/*.md"), *tmp_path.glob("lines/*.md")):
        path.unlink()
    checked = inquiry("check", "-C", str(tmp_path))
    assert (checked.exit_code, checked.output) == (0, "0 notes and 0 lines: no findings.\n")
    assert "Nothing is published yet" in (build_site(tmp_path) / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("engine", ["mkdocs", "properdocs"])
def test_a_new_site_prints_no_notice_about_the_future_of_its_engine(tmp_path: Path, engine: str):
    inquiry("init", str(tmp_path))
    silent = dict.fromkeys(("NO_MKDOCS_2_WARNING", "DISABLE_MKDOCS_2_WARNING"), "")
    done = run(engine, "build", "--strict", cwd=tmp_path, **silent)
    assert done.returncode == 0
    lines = [text for text in done.stderr.splitlines() if "properdocs.yml" not in text and "legacy file" not in text]
    assert lines[0].startswith("INFO    -  Cleaning site directory")
    assert done.stdout == ""


def test_init_quotes_a_folder_with_a_space_in_its_instructions(tmp_path: Path):
    folder = tmp_path / "my kb"
    assert f"  cd '{folder}'\n" in inquiry("init", str(folder)).output


def test_init_never_overwrites_a_file(tmp_path: Path):
    write(tmp_path, {"mkdocs.yml": "site_name: Mine\n"})
    before = contents(tmp_path)
    result = inquiry("init", str(tmp_path))
    assert result.exit_code == 2
    assert "mkdocs.yml already exists; nothing was written" in result.stderr
    assert contents(tmp_path) == before


def test_init_accepts_a_folder_with_other_files(tmp_path: Path):
    write(tmp_path, {"README.md": "# Mine\n"})
    assert inquiry("init", str(tmp_path), "--name", 'A "quoted": name').exit_code == 0
    assert read_config(tmp_path).site_name == 'A "quoted": name'


def test_init_writes_code_owners(tmp_path: Path):
    result = inquiry("init", str(tmp_path / "one"), "--owner", "@lab/editors")
    assert "CODEOWNERS" not in result.output
    owners = (tmp_path / "one" / ".github" / "CODEOWNERS").read_text(encoding="utf-8")
    assert "\n*                @lab/editors\n" in owners
    assert "\n/notes/\n" in owners
    assert "replace @OWNER in .github/CODEOWNERS" in inquiry("init", str(tmp_path / "two")).output
    refused = inquiry("init", str(tmp_path / "three"), "--owner", "not an account")
    assert (refused.exit_code, (tmp_path / "three").exists()) == (2, False)


def test_init_refuses_a_file(tmp_path: Path):
    result = inquiry("init", str(write(tmp_path, {"f": ""}) / "f"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "is a file" in result.stderr
