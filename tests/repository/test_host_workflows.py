"""The workflows that ``inquiry init`` writes, run by a shell on the branch of a hostile fork."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from inquiry_site.adapters.cli import main
from tests.support.code_host import CodeHost, serving
from tests.support.command import inquiry
from tests.support.git import commit_all, git
from tests.support.knowledge_bases import ROOT, write
from tests.support.workflow_steps import Job, supply_tools

GOLDEN = ROOT / "tests" / "cases" / "workflows"
PUBLISHED = ROOT / "src" / "inquiry_site" / "adapters" / "hosts"

needs_diff = pytest.mark.skipif("diff" not in main.commands, reason="the command diff is missing")

GOOD = {
    "notes/sleep-helps.md": """---
title: Does sleep after study help memory?
description: Students who slept after study recalled 8 more words than those who stayed awake.
tags: [spacing, memory]
sources:
  - title: Sleep after Study
    authors: [Ada Example]
    year: 2020
    doi: 10.1000/sleep
    quotes: [{text: "Students who slept recalled 8 more words.", locator: abstract}]
---
What was measured.
""",
    "lines/what-helps.md": """---
title: What helps memory after study?
description: What a student can do after a session.
answer: Sleep, and a review later.
---
Those who slept recalled more [[sleep-helps]]. The best time of a review depends on the test [[best-gap]].
""",
}
TITLE = "::error::x @everyone?"
COMMANDS = "`touch pwned` $(touch pwned) ${IFS}; touch pwned"
HOSTILE = {
    **GOOD,
    "notes/$(touch pwned).md": GOOD["notes/sleep-helps.md"],
    "notes/`touch pwned`;touch pwned.md": "---\ntitle: a\n---\n",
    "notes/quoted.md": f"---\ntitle: '{COMMANDS} {TITLE}'\ndescription: '{COMMANDS}'\nsources: []\n---\n{COMMANDS}",
    "docs/'\"; touch pwned; '.md": "# A page\n",
}


@dataclass
class PullRequest:
    """A pull request from a fork, checked out as its merge commit."""

    folder: Path
    base: str
    head: str
    job: Job


def pull_request(tmp_path: Path, host: str, files: dict[str, str]) -> PullRequest:
    """Create a knowledge base for a code host, and a fork of it with a branch that adds files."""
    upstream, fork, merged = tmp_path / "upstream", tmp_path / "fork", tmp_path / "merged"
    inquiry("init", str(upstream), "--host", host, "--owner", "@us")
    git(upstream, "init", "-q", "-b", "main")
    commit_all(upstream)
    git(tmp_path, "clone", "-q", str(upstream), str(fork))
    git(fork, "switch", "-q", "-c", "x`touch${IFS}pwned`")
    write(fork, files)
    commit_all(fork)
    write(upstream, {"docs/later.md": "# Later\n"})
    commit_all(upstream)
    base, head = git(upstream, "rev-parse", "HEAD"), git(fork, "rev-parse", "HEAD")
    git(tmp_path, "clone", "-q", str(upstream), str(merged))
    git(merged, "fetch", "-q", str(fork), head)
    git(merged, "merge", "-q", "--no-ff", "-m", "Merge", head)
    (tmp_path / "temporary").mkdir()
    values = {
        "github.event_name": "pull_request",
        "github.event.pull_request.base.sha": base,
        "github.event.pull_request.head.sha": head,
        "github.event.pull_request.number": "7",
        "github.server_url": "https://host.test",
        "github.repository": "us/kb",
        "github.run_id": "99",
    }
    job = Job(merged, tmp_path / "temporary", values, supply_tools(tmp_path / "tools"))
    return PullRequest(merged, base, head, job)


def expect(name: str, text: str) -> None:
    """Compare a text with a file; ``UPDATE_CASES=1`` writes it."""
    if os.environ.get("UPDATE_CASES"):
        GOLDEN.mkdir(exist_ok=True)
        (GOLDEN / name).write_text(text, encoding="utf-8")
    assert text == (GOLDEN / name).read_text(encoding="utf-8"), f"{name} has drifted: run make cases"


def ran_nothing(folder: Path) -> bool:
    return not [path for path in folder.rglob("*") if path.name.startswith("pwned")]


def test_a_hostile_branch_is_annotated_and_runs_nothing(tmp_path: Path):
    request = pull_request(tmp_path, "github", HOSTILE)
    assert not request.job.run(request.folder / ".github/workflows/check.yml", "content")
    assert ran_nothing(tmp_path)
    assert request.job.outcomes["check"] == request.job.outcomes["Build the site"] == "failure"
    assert all(line.startswith("::") for line in request.job.output["check"].splitlines())
    expect("annotations.txt", request.job.output["check"])
    expect("summary.md", request.job.summary())


@needs_diff
def test_the_comment_on_a_hostile_branch_shows_its_texts_as_text(tmp_path: Path):
    request = pull_request(tmp_path, "github", HOSTILE)
    request.job.run(request.folder / ".github/workflows/check.yml", "content")
    comment = tmp_path / "temporary" / "comment"
    assert sorted(path.name for path in comment.iterdir()) == ["comment.md", "number"]
    assert (comment / "number").read_text() == "7\n"
    text = (comment / "comment.md").read_text(encoding="utf-8")
    expect("comment-hostile.md", text.replace(request.head, "HEAD"))


@needs_diff
def test_a_note_is_checked_compared_and_built(tmp_path: Path):
    request = pull_request(tmp_path, "github", GOOD)
    passed = request.job.run(request.folder / ".github/workflows/check.yml", "content")
    assert request.job.output["install"] == "pip install --disable-pip-version-check --requirement requirements.txt\n"
    assert (passed, set(request.job.outcomes.values())) == (True, {"success"}), request.job.output
    expect("comment.md", (tmp_path / "temporary/comment/comment.md").read_text(encoding="utf-8"))
    assert (request.folder / "site/notes/sleep-helps/index.html").is_file()


def test_revisions_that_cannot_be_compared_fail_and_the_comment_says_so(tmp_path: Path):
    request = pull_request(tmp_path, "github", GOOD)
    job = request.job
    job.values = {**job.values, "github.event.pull_request.base.sha": "0" * 40}
    assert not job.run(request.folder / ".github/workflows/check.yml", "content")
    assert job.outcomes["Compare"] == "failure"
    assert "Nothing was compared" in (tmp_path / "temporary/comment/comment.md").read_text(encoding="utf-8")


def test_without_a_pull_request_nothing_is_compared(tmp_path: Path):
    request = pull_request(tmp_path, "github", {})
    request.job.values = {**request.job.values, "github.event_name": "push"}
    assert request.job.run(request.folder / ".github/workflows/check.yml", "content"), request.job.output
    assert request.job.outcomes["Compare"] == "skipped"


class Poster:
    """Runs the workflow that comments, with an artifact and a code host that a test supplies."""

    def __init__(self, folder: Path, host: CodeHost) -> None:
        self.folder, self.host = folder, host
        (folder / "comment").mkdir()

    def post(self, text: str, number: str = "7\n") -> tuple[bool, str]:
        """Return whether the job succeeded, and what it printed."""
        (self.folder / "comment" / "number").write_text(number, encoding="utf-8")
        (self.folder / "comment" / "comment.md").write_text(text, encoding="utf-8")
        values = {
            "github.token": "t0ken",
            "github.event.workflow_run.head_sha": "a" * 40,
            "github.event.workflow_run.head_repository.full_name": "stranger/kb",
        }
        with serving(self.host, "t0ken") as address:
            environment = {"GITHUB_API_URL": address, "GITHUB_REPOSITORY": "us/kb", "NO_PROXY": "127.0.0.1"}
            job = Job(self.folder, self.folder, values, environment)
            passed = job.run(PUBLISHED / "github/workflows/comment.yml", "comment")
        return passed, "".join(job.output.values())


@pytest.fixture
def host() -> CodeHost:
    """A host with 150 pull requests, of which number 7 is the stranger's and the last."""
    host = CodeHost()
    for number in range(1000, 1149):
        host.open_pull_request(number, "b" * 40, None if number % 2 else "us/kb")
    host.open_pull_request(7, "a" * 40, "stranger/kb")
    return host


@pytest.fixture
def poster(tmp_path: Path, host: CodeHost) -> Poster:
    return Poster(tmp_path, host)


def test_a_pull_request_has_one_comment_that_is_updated(poster: Poster, host: CodeHost):
    host.comment(7, "<!-- inquiry diff --> Not from the bot.", login="stranger")
    assert poster.post("First.") == (True, "")
    assert poster.post("Second.") == (True, "")
    assert host.writes == ["POST /repos/us/kb/issues/7/comments", "PATCH /repos/us/kb/issues/comments/2"]
    expect("posted.md", host.comments[-1]["body"])


@pytest.mark.parametrize("number", ["", "7x", "7\n8", "../8", "$(touch pwned)", "٧", "1000", "8"])
def test_a_number_that_is_not_the_pull_request_of_the_run_is_refused(poster: Poster, host: CodeHost, number: str):
    passed, output = poster.post("Text.", number)
    assert (passed, host.writes) == (False, [])
    assert "Traceback" not in output
    assert ran_nothing(poster.folder)


def test_a_pull_request_of_another_fork_with_the_same_commit_is_refused(poster: Poster, host: CodeHost):
    host.open_pull_request(8, "a" * 40, "other/kb")
    assert poster.post("Text.", "8\n")[0] is False
    assert host.writes == []


def test_a_comment_is_short_enough_and_mentions_nobody(poster: Poster, host: CodeHost):
    assert poster.post("@everyone $(touch pwned) `touch pwned` " * 20_000)[0]
    body = host.comments[-1]["body"]
    assert len(body) <= 65_000
    assert "@everyone" not in body
    assert body.endswith("</sub>\n")
    assert ran_nothing(poster.folder)


def gitlab_job(folder: Path, name: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the script of a job as GitLab's runner does."""
    settings = yaml.safe_load((folder / ".gitlab-ci.yml").read_text(encoding="utf-8"))
    script = "\n".join([*settings["default"]["before_script"], *settings[name]["script"]])
    return subprocess.run(
        ["bash", "-c", f"set -eo pipefail\n{script}"],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )


def test_gitlab_receives_a_report_and_runs_nothing_of_a_hostile_branch(tmp_path: Path):
    request = pull_request(tmp_path, "gitlab", HOSTILE)
    variables = {"CI_MERGE_REQUEST_DIFF_BASE_SHA": request.base, "CI_COMMIT_SHA": request.head}
    environment = {**request.job.environment, **variables}
    done = {name: gitlab_job(request.folder, name, environment) for name in ("check", "changes", "site", "pages")}
    assert (done["check"].returncode, done["pages"].returncode) == (1, 1)
    assert ran_nothing(tmp_path)
    expect("gitlab-findings.json", (request.folder / "findings.json").read_text(encoding="utf-8"))
    if "diff" in main.commands:
        assert done["changes"].returncode == 0, done["changes"].stderr
        assert "Changes of the knowledge base" in (request.folder / "changes.md").read_text(encoding="utf-8")


def test_gitlab_publishes_a_knowledge_base_without_findings(tmp_path: Path):
    request = pull_request(tmp_path, "gitlab", {})
    for name in ("check", "site", "pages"):
        done = gitlab_job(request.folder, name, dict(request.job.environment))
        assert done.returncode == 0, done.stdout + done.stderr
    assert (request.folder / "public/lines/index.html").is_file()


def test_forgejo_checks_and_publishes(tmp_path: Path):
    request = pull_request(tmp_path, "forgejo", {})
    workflow, pages = request.folder / ".forgejo/workflows/site.yml", tmp_path / "us" / "kb.git"
    request.job.values = {
        **request.job.values,
        "github.event_name": "push",
        "github.server_url": f"file://{tmp_path}",
        "github.token": "t0ken",
    }
    git(tmp_path, "init", "-q", "--bare", str(pages))
    request.job.environment = {**request.job.environment, "GITHUB_SHA": request.head}
    assert request.job.run(workflow, "check"), request.job.output
    assert request.job.run(workflow, "publish"), request.job.output
    assert "lines/index.html" in git(pages, "ls-tree", "-r", "--name-only", "pages").splitlines()


@needs_diff
def test_forgejo_runs_nothing_of_a_hostile_branch(tmp_path: Path):
    request = pull_request(tmp_path, "forgejo", HOSTILE)
    assert not request.job.run(request.folder / ".forgejo/workflows/site.yml", "check")
    assert ran_nothing(tmp_path)
    assert (tmp_path / "temporary/changes/changes.md").stat().st_size > 100
