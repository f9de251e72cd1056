"""``inquiry graph``."""

from __future__ import annotations

from pathlib import Path

from inquiry_site import build, read_tree
from inquiry_site.adapters.cli.site_config import read_config
from tests.support.command import inquiry
from tests.support.knowledge_bases import SMALL, line, mkdocs_yml, note, write
from tests.support.sites import build_site


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


def test_errors_in_the_files_are_shown_and_no_graph_is_printed(tmp_path: Path):
    write(tmp_path, {"lines/l.md": line(body="So [[nothing]].")})
    result = inquiry("graph", "-C", str(tmp_path))
    assert (result.exit_code, result.stdout) == (1, "")
    assert "lines/l.md:6:4: error:" in result.stderr
    assert "1 error in 1 file" in result.stderr
