"""The command ``inquiry`` as users run it."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from inquiry_site import Build, Config, ConfigError, __version__, build, read_tree
from inquiry_site.adapters.cli import common, main, progress
from inquiry_site.adapters.cli.site_config import read_config
from inquiry_site.build import ProgressCallback
from inquiry_site.config import PLUGIN_OPTIONS
from inquiry_site.file_content import FileContent
from inquiry_site.rules import RULES
from inquiry_site.rules.severity import find_rules
from tests.support.command import inquiry
from tests.support.knowledge_bases import SMALL, line, note, write


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
    assert "Reading 12\n" in result.stderr, "plain lines, because stderr is not a terminal"
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


@pytest.mark.parametrize("command", [[], *([name] for name in main.commands)])
def test_help_has_no_markers_of_click(command: list[str]):
    for option in ("-h", "--help"):
        result = inquiry(*command, option)
        assert result.exit_code == 0
        assert "\\b" not in result.output
        assert "\b" not in result.output
    raw = (main.commands[command[0]] if command else main).help or ""
    assert all(part.strip("\b") == part for part in raw.split("\n\n")), "click wants \\b on a line of its own"


@pytest.mark.parametrize("name", ["lines/l.md", "./lines/l.md", "kb/lines/l.md", "lines\\l.md", "l.md", "l"])
def test_next_accepts_the_path_of_the_file(tmp_path: Path, name: str):
    write(tmp_path, {"notes/a.md": note(), "lines/l.md": line("Where does it lead?")})
    result = inquiry("next", name, "-C", str(tmp_path))
    assert (result.exit_code, result.output) == (0, "Where does it lead?\n\nThere is no other line yet.\n")


def test_next_repeats_a_path_that_leads_nowhere(tmp_path: Path):
    write(tmp_path, {"notes/a.md": note(), "lines/l.md": line()})
    result = inquiry("next", "lines/k.md", "-C", str(tmp_path))
    assert (result.exit_code, result.stderr) == (1, "error: No line is called “lines/k.md”.\n")


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("not-found", "citations/not-found (error, cannot be changed)"),
        ("citations/not-found", "citations/not-found (error, cannot be changed)"),
        ("shape", "shape/uncited-note (info)"),
    ],
)
def test_a_rule_is_explained_by_its_code_or_the_end_of_it(name: str, first: str):
    result = inquiry("rule", name)
    assert (result.exit_code, result.stdout.splitlines()[0]) == (0, first)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("not-fond", "There is no rule “not-fond”. Did you mean “citations/not-found”"),
        ("citations/not-fond", "There is no rule “citations/not-fond”. Did you mean “citations/not-found”"),
        ("shap", "There is no rule “shap”. Did you mean “shape”"),
        ("nothing-of-the-kind", "There is no rule “nothing-of-the-kind”.\n"),
    ],
)
def test_an_unknown_rule_suggests_others(name: str, message: str):
    result = inquiry("rule", name)
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_name_that_several_rules_share_is_not_enough():
    rules = [replace(RULES[0], code=code) for code in ("a/same", "b/same", "b/other")]
    assert find_rules(rules, "other") == {"b/other"}
    with pytest.raises(ConfigError, match=r"Several rules are called “same”\. Did you mean “a/same” or “b/same”\?"):
        find_rules(rules, "same")


def test_wrong_settings_are_sentences_about_the_options_of_the_plugin(tmp_path: Path):
    options = "{nope: 1, next_lines: 20}"
    write(tmp_path, {"mkdocs.yml": f"plugins:\n  - inquiry: {options}\n", "notes/a.md": note()})
    result = inquiry("check", "-C", str(tmp_path))
    assert result.exit_code == 2
    assert result.stderr == (
        f"error: {tmp_path}/mkdocs.yml: 'nope' is not an option of the plugin; its options are "
        f"{', '.join(PLUGIN_OPTIONS)}. 'next_lines' must be a whole number from 0 to 10, not 20.\n"
    )
    rules = "{rules: {nope/x: off, shape: bad}}"
    write(tmp_path, {"mkdocs.yml": f"plugins:\n  - inquiry: {rules}\n"})
    assert inquiry("graph", "-C", str(tmp_path)).stderr == (
        "error: 'rules': there is no rule 'nope/x'. 'rules': the severity of 'shape' must be one of off, info, "
        "warning, error, not 'bad'.\n"
    )
