"""The linters of the workflows report what would give a pull request more rights than to be checked."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.support.knowledge_bases import ROOT

WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
ZIZMOR = [str(Path(sys.executable).with_name("zizmor")), "--offline", "--persona", "pedantic", "--strict-collection"]


def linted(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*ZIZMOR, str(folder / ".github")], capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize(
    ("name", "before", "after", "audit"),
    [
        pytest.param("check.yml", "  pull_request:\n", "  pull_request_target:\n", "dangerous-triggers", id="trigger"),
        pytest.param("check.yml", "persist-credentials: false", "fetch-depth: 1", "artipacked", id="credentials"),
        pytest.param("check.yml", "permissions: {}\n", "permissions: write-all\n", "excessive-permissions", id="token"),
        pytest.param("check.yml", "checkout@[0-9a-f]{40} # v", "checkout@v", "unpinned-uses", id="pin"),
        pytest.param(
            "check.yml", r"run: \.ci/run", "run: echo ${{ github.head_ref }}", "template-injection", id="shell"
        ),
        pytest.param("release.yml", "pypi-publish@[0-9a-f]{40} # v", "pypi-publish@v", "unpinned-uses", id="action"),
    ],
)
def test_a_planted_fault_is_found(name: str, before: str, after: str, audit: str, tmp_path: Path):
    shutil.copytree(ROOT / ".github", tmp_path / ".github")
    assert linted(tmp_path).returncode == 0
    path = tmp_path / ".github/workflows" / name
    text, count = re.subn(before, lambda _: after, path.read_text(encoding="utf-8"), count=1)
    assert count == 1
    path.write_text(text, encoding="utf-8")
    found = linted(tmp_path)
    assert found.returncode != 0
    assert f"[{audit}]" in found.stdout


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_only_jobs_without_code_of_this_repository_have_write_permissions(path: Path):
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert workflow["permissions"] == {}
    assert not re.search(r"secrets\s*[.:\[]", path.read_text(encoding="utf-8"))
    for job in workflow["jobs"].values():
        if "write" in job["permissions"].values():
            assert all("run" not in step for step in job["steps"])
            assert all("checkout" not in step["uses"] for step in job["steps"])
        else:
            assert job["permissions"] == {"contents": "read"}


def test_the_locks_contain_no_registry_and_no_local_path():
    for path in (ROOT / "requirements").iterdir():
        assert not re.search(
            r"https?:|file:|index-url \S*\.|^-e|/(?:home|opt|root|tmp|usr)/", path.read_text(encoding="utf-8")
        )
