"""``inquiry host``, and the files for a code host that ``inquiry init`` writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from inquiry_site.adapters.cli.host_files import HOSTS, host_files, owners_file
from tests.support.command import inquiry
from tests.support.knowledge_bases import note, write
from tests.support.sites import contents


@pytest.mark.parametrize("host", HOSTS)
def test_init_writes_the_files_for_a_host_and_the_base_has_no_findings(tmp_path: Path, host: str):
    result = inquiry("init", str(tmp_path / "kb"), "--host", host, "--owner", "@lab/editors")
    assert (result.exit_code, "@OWNER" in result.output) == (0, False)
    written = contents(tmp_path / "kb")
    assert host_files(host, "@lab/editors").items() <= written.items()
    assert b"@lab/editors" in written[owners_file(host)]
    assert {path.split("/")[0] for path in written if path.startswith(".")} <= {
        f".{host}",
        ".gitignore",
        ".gitlab-ci.yml",
    }
    assert inquiry("check", "-C", str(tmp_path / "kb")).exit_code == 0


@pytest.mark.parametrize("host", HOSTS)
def test_no_placeholder_remains(host: str):
    for path, content in host_files(host, "@lab").items():
        assert b"{{ owner" not in content, path
        assert b"{{ version" not in content, path


def test_host_adds_what_is_missing_and_overwrites_nothing(tmp_path: Path):
    write(tmp_path, {"notes/a.md": note(), "requirements.txt": "mine\n", ".github/CODEOWNERS": "* @me\n"})
    result = inquiry("host", "github", "-C", str(tmp_path))
    assert result.exit_code == 0
    assert "  exists   .github/CODEOWNERS\n" in result.output
    assert "  written  .github/workflows/check.yml\n" in result.output
    assert "@OWNER" not in result.output
    assert (tmp_path / "requirements.txt").read_text() == "mine\n"
    before = contents(tmp_path)
    assert "written" not in inquiry("host", "github", "-C", str(tmp_path)).output
    assert contents(tmp_path) == before


def test_host_reminds_of_the_owner_and_refuses_what_is_no_account(tmp_path: Path):
    write(tmp_path, {"notes/a.md": note()})
    refused = inquiry("host", "gitlab", "-C", str(tmp_path), "--owner", "not an account")
    assert (refused.exit_code, list(contents(tmp_path))) == (2, ["notes/a.md"])
    assert "replace @OWNER in .gitlab/CODEOWNERS" in inquiry("host", "gitlab", "-C", str(tmp_path)).output


def test_host_writes_nothing_through_a_link(tmp_path: Path):
    write(tmp_path, {"kb/notes/a.md": note(), "elsewhere/x": ""})
    (tmp_path / "kb/.github").symlink_to(tmp_path / "elsewhere")
    result = inquiry("host", "github", "-C", str(tmp_path / "kb"))
    assert (result.exit_code, "symbolic link" in result.stderr) == (2, True)
    assert list(contents(tmp_path / "elsewhere")) == ["x"]


def test_host_needs_a_knowledge_base(tmp_path: Path):
    result = inquiry("host", "github", "-C", str(tmp_path))
    assert (result.exit_code, contents(tmp_path)) == (2, {})


def test_init_keeps_the_files_for_a_host_that_exist(tmp_path: Path):
    write(tmp_path, {"requirements.txt": "mine\n"})
    result = inquiry("init", str(tmp_path))
    assert result.exit_code == 0
    assert "requirements.txt already existed and was kept.\n" in result.output
    assert (tmp_path / "requirements.txt").read_text() == "mine\n"
