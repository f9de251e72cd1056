"""The command ``inquiry`` as users run it."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from inquiry_site import Build, Config, __version__, build, read_tree
from inquiry_site.adapters.cli import common, main, progress
from inquiry_site.adapters.cli.site_config import read_config
from inquiry_site.build import ProgressCallback
from inquiry_site.model import FileContent
from tests.support.knowledge_bases import SMALL, line, mkdocs_yml, note, write
from tests.support.sites import build_site, contents


def inquiry(*arguments: str) -> Result:
    result = CliRunner().invoke(main, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


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


def test_graph_prints_graph_json():
    result = inquiry("graph", "--root", str(SMALL))
    assert result.exit_code == 0
    assert result.stdout_bytes == build(read_tree(SMALL), read_config(SMALL)).graph_json().encode()


def test_the_command_and_the_site_have_the_same_graph(tmp_path: Path):
    config = mkdocs_yml(more="site_url: https://example.org/kb\nuse_directory_urls: false\n")
    write(
        tmp_path,
        {"mkdocs.yml": config, "docs/a.md": "# A\n", "notes/a.md": note(), "lines/l.md": line(body="So [[a]].")},
    )
    assert (build_site(tmp_path) / "graph.json").read_bytes() == inquiry("graph", "-C", str(tmp_path)).stdout_bytes


def test_next_prints_scores_and_reasons():
    result = inquiry("next", "how-to-remember", "-C", str(SMALL))
    assert result.exit_code == 0
    assert result.output == (
        "What makes people remember longest?\n"
        "\n"
        "  1  0.41  Does any of this hold for motor skills?\n"
        "           what-of-skills\n"
        "           chosen by the author; asks about what was not shown here: motor skills; goes on to sleep; "
        "both about memory\n"
        "  2  0.54  Does being tested help?\n"
        "           does-testing-help\n"
        "           shares 1 note; both about memory\n"
    )


def test_next_prints_what_each_kind_of_evidence_adds():
    result = inquiry("next", "how-to-remember", "--explain", "-C", str(SMALL))
    head, first, second, most = result.output.split("\n\n")[2].splitlines()
    assert head.split()[-1] == "score"
    assert {"notes", "text", "topics"} <= set(head.split())
    assert first.split()[-1] == "what-of-skills"
    assert second.split()[-1] == "does-testing-help"
    *parts, score = map(float, second.split()[1:-1])
    assert sum(parts) == pytest.approx(score, abs=0.001)
    assert most.startswith("most")
    assert "docs/ranking.md" in result.output


def test_next_as_json_and_by_title():
    result = inquiry("next", "Does being tested help?", "--json", "-n", "1", "-C", str(SMALL))
    (row,) = json.loads(result.stdout)
    assert (row["rank"], row["id"]) == (1, "how-to-remember")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("how-to-rember", "Did you mean how-to-remember?"),
        ("how-to", "Did you mean how-to-remember?"),
        ("spacing-helps", "“spacing-helps” is a note; only lines have next lines."),
        ("unfinished", "“unfinished” is a draft"),
    ],
)
def test_next_refuses_names_that_are_not_lines(name: str, message: str):
    result = inquiry("next", name, "-C", str(SMALL))
    assert (result.exit_code, result.stdout) == (1, "")
    assert message in result.stderr


def test_errors_in_the_files_are_shown_and_no_graph_is_printed(tmp_path: Path):
    write(tmp_path, {"lines/l.md": line(body="So [[nothing]].")})
    result = inquiry("graph", "-C", str(tmp_path))
    assert (result.exit_code, result.stdout) == (1, "")
    assert "lines/l.md:6:4: error:" in result.stderr
    assert "1 error in 1 file" in result.stderr


def test_a_folder_without_a_knowledge_base_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    result = inquiry("graph")
    assert result.exit_code == 2
    assert "neither notes/ nor lines/" in result.stderr


def test_the_knowledge_base_is_found_from_a_subfolder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write(tmp_path, {"notes/a.md": note(), "lines/l.md": line()})
    monkeypatch.chdir(tmp_path / "notes")
    assert inquiry("graph").exit_code == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("site_name: [", "cannot be read"),
        ("plugins:\n  - inquiry: {next_lines: many}\n", "'next_lines' must be a whole number"),
        ("plugins:\n  - inquiry: {nxt: 1}\n", "'nxt' is not an option of the plugin"),
        ("use_directory_urls: !ENV [X, false]\nextra: !!python/name:os.path\n", ""),
    ],
)
def test_settings_in_mkdocs_yml(tmp_path: Path, text: str, message: str):
    write(tmp_path, {"mkdocs.yml": text, "notes/a.md": note()})
    result = inquiry("graph", "-C", str(tmp_path))
    assert result.exit_code == (2 if message else 0)
    assert message in result.stderr


def test_slow_commands_report_progress(monkeypatch: pytest.MonkeyPatch):
    assert inquiry("graph", "-C", str(SMALL)).stderr == "", "quick commands report no progress"

    def slow_build(files: dict[str, FileContent], config: Config, report: ProgressCallback) -> Build:
        report("Reading", len(files))
        time.sleep(0.3)
        return build(files, config, report)

    monkeypatch.setattr(progress, "_PATIENCE", 0.02)
    monkeypatch.setattr(progress, "_TICK", 0.02)
    monkeypatch.setattr(common, "build", slow_build)
    result = inquiry("graph", "-C", str(SMALL))
    assert "Reading 10\n" in result.stderr, "plain lines, because stderr is not a terminal"
    assert result.stdout_bytes == build(read_tree(SMALL), read_config(SMALL)).graph_json().encode()


def test_version_and_help():
    assert __version__ in inquiry("--version").output
    overview = inquiry("--help").output
    assert "\\b" not in overview, "click's marker, escaped by a raw docstring"
    for command in ("init", "check", "graph", "next"):
        assert command in overview
        result = inquiry(command, "--help")
        assert result.exit_code == 0
        assert "\\b" not in result.output
