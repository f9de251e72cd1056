"""The command ``inquiry`` as users run it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from inquiry_site import Build, Config, __version__, build, read_tree
from inquiry_site.adapters.cli import common, progress
from inquiry_site.adapters.cli.site_config import read_config
from inquiry_site.build import ProgressCallback
from inquiry_site.file_content import FileContent
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
