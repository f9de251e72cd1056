"""``inquiry diff`` as reviewers run it: revisions, folders, failures, exit status, hostile names."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tests.support.command import inquiry
from tests.support.git import commit_all, git, new_repository
from tests.support.knowledge_bases import line, note, write
from tests.support.rule_examples import BASE

QUIET = "plugins: [{inquiry: {rules: {evidence: off, shape: off, sources: off}}}]"
FORMATS = ("text", "markdown", "json")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = new_repository(tmp_path / "kb", BASE)
    monkeypatch.chdir(folder)
    return folder


def kinds(*arguments: str) -> list[str]:
    return [change["kind"] for change in changes(*arguments)]


def changes(*arguments: str) -> list[dict[str, Any]]:
    result = inquiry("diff", "--format", "json", *arguments)
    assert result.exit_code == 0, result.output
    loaded: list[dict[str, Any]] = json.loads(result.stdout)
    return loaded


def reword(folder: Path, old: str = "by 41", new: str = "by 47", path: str = "notes/coffee.md") -> None:
    text = (folder / path).read_text(encoding="utf-8")
    assert old in text
    (folder / path).write_text(text.replace(old, new), encoding="utf-8")


# --- what is compared -------------------------------------------------------------------------------------------------


def test_nothing_changed_in_an_untouched_working_tree(repository: Path) -> None:
    result = inquiry("diff", "HEAD")
    assert (result.exit_code, result.stdout) == (0, "Nothing changed.\n")


def test_a_revision_is_compared_with_the_working_tree_including_new_files(repository: Path) -> None:
    write(repository, {"notes/cocoa.md": note("Does cocoa keep people awake?")})
    assert "note-added" in kinds("HEAD")


def test_two_revisions_and_two_dots(repository: Path) -> None:
    reword(repository)
    commit_all(repository)
    write(repository, {"notes/cocoa.md": note("Does cocoa keep people awake?")})
    expected = kinds("HEAD~1", "HEAD")
    assert "figures-changed" in expected
    assert "note-added" not in expected
    assert kinds("HEAD~1..HEAD") == kinds("HEAD~1..") == expected


def test_three_dots_leave_out_what_changed_on_the_base_since(repository: Path) -> None:
    git(repository, "switch", "-q", "-c", "topic")
    write(repository, {"notes/cocoa.md": note("Does cocoa keep people awake?")})
    commit_all(repository)
    git(repository, "switch", "-q", "main")
    reword(repository)
    commit_all(repository)
    assert "figures-changed" in kinds("main", "topic")
    assert "figures-changed" not in kinds("main...topic")
    assert "note-added" in kinds("main...topic")


def test_two_folders_without_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = write(tmp_path / "old", BASE), write(tmp_path / "new", BASE)
    reword(new)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "figures-changed" in kinds(str(old), str(new))


def test_a_knowledge_base_in_a_sub_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {f"deep er/kb/{path}": text for path, text in BASE.items()}
    folder = new_repository(tmp_path / "repo", {**files, "notes/other.md": note("Is it elsewhere?")})
    monkeypatch.chdir(folder / "deep er" / "kb")
    assert kinds("HEAD") == []
    reword(folder / "deep er" / "kb")
    assert {change["path"] for change in changes("HEAD") if change["id"] == "coffee"} == {"notes/coffee.md"}


def test_a_revision_without_the_sub_folder_has_no_documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = new_repository(tmp_path / "repo", {"README.md": "Nothing yet."})
    write(folder / "kb", BASE)
    commit_all(folder)
    monkeypatch.chdir(folder / "kb")
    assert kinds("HEAD~1").count("note-added") == 2


def test_variables_of_a_hook_do_not_mislead_git(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", "elsewhere")
    monkeypatch.setenv("GIT_WORK_TREE", "/")
    assert kinds("HEAD") == []


def test_settings_are_those_of_the_working_tree_for_both_sides(repository: Path) -> None:
    write(repository, {"mkdocs.yml": "site_name: S\nplugins: [{inquiry: {editorial: {note_words: [500, 900]}}}]"})
    assert kinds("HEAD") == [], "findings that only the settings add are not changes of the content"


# --- files of a revision are read as those of a folder ----------------------------------------------------------------


def test_links_oversized_files_and_assets_are_read_as_in_a_folder(repository: Path, tmp_path: Path) -> None:
    outside = write(tmp_path, {"secret.md": note("Is it secret?")}) / "secret.md"
    write(
        repository,
        {
            "mkdocs.yml": f"site_name: S\n{QUIET.replace('{rules', '{limits: {file_size: 3000}, rules')}",
            "notes/large.md": note("Is it large?", "word " * 2_000),
            "notes/folder.md/inner.md": note("Is it inside?"),
            "notes/.hidden/inner.md": note("Is it hidden?"),
            "notes/drawing.svg": "<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
            "notes/plain.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
            "notes/page.html": "<p>",
            "docs/index.md": "See [[coffee]] and [[cofee]].",
            "references.bib": "@book{b, title = {B}",
            "templates/note.html": "{{ x",
            ".git-not/x": "",
        },
    )
    for name, target in {
        "notes/inside.md": "coffee.md",
        "notes/up.md": "../notes/tea.md",
        "notes/away.md": os.fspath(outside),
        "notes/out.md": "../../secret.md",
        "notes/gone.md": "missing.md",
        "notes/loop.md": "loop.md",
        "notes/folder-link": "../lines",
        "notes/config.md": "../.git/config",
        "docs/cycle": "..",
        "docs/linked.md": "../notes/coffee.md",
        "templates/out.html": "../../secret.md",
    }.items():
        (repository / name).symlink_to(target)
    commit_all(repository)
    found = changes("HEAD")
    assert {change["kind"] for change in found} <= {"not-compared"}, found
    assert "secret" not in json.dumps(found)


def test_a_content_folder_that_is_a_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write(tmp_path / "kb", {f"content/{path}": text for path, text in BASE.items()})
    (folder / "notes").symlink_to("content/notes")
    (folder / "lines").symlink_to("/etc")
    new_repository(folder, {})
    monkeypatch.chdir(folder)
    assert set(kinds("HEAD")) <= {"not-compared"}
    reword(folder)
    assert "figures-changed" in kinds("HEAD")


def test_hooks_and_filters_do_not_run(repository: Path, tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    write(repository, {".gitattributes": "*.md filter=evil diff=evil\n"})
    commit_all(repository)
    for key in ("filter.evil.smudge", "filter.evil.clean", "diff.evil.textconv", "core.fsmonitor", "core.pager"):
        git(repository, "config", key, f"touch {marker}")
    hook = write(repository, {".git/hooks/post-checkout": f"#!/bin/sh\ntouch {marker}\n"}) / ".git/hooks/post-checkout"
    hook.chmod(0o755)
    assert kinds("HEAD") == []
    assert not marker.exists()


@pytest.mark.parametrize("name", ["$(touch pwned)", "`touch pwned`", "--output=pwned", "a;b|c", "…\u202e", "a b"])
def test_hostile_file_names(repository: Path, name: str) -> None:
    write(repository, {f"notes/{name}.md": note("Is the name hostile?"), f"lines/{name}.png": b"x"})
    commit_all(repository)
    assert "not-compared" in kinds("HEAD~1")
    for form in FORMATS:
        assert inquiry("diff", "HEAD~1", "--format", form).exit_code == 0
    assert not (repository / "pwned").exists()


def test_names_that_are_not_utf_8(repository: Path) -> None:
    path = os.fsencode(repository) + b"/notes/caf\xe9.md"
    with open(path, "wb") as file:  # noqa: PTH123 - a name that is not text
        file.write(note("Is the name text?").encode())
    commit_all(repository)
    assert kinds("HEAD") == []
    assert any("\udce9" in change["path"] for change in changes("HEAD~1"))
    for form in ("text", "markdown"):
        assert inquiry("diff", "HEAD~1", "--format", form).exit_code == 0


# --- failures ---------------------------------------------------------------------------------------------------------


def failure(*arguments: str) -> str:
    """Return standard error of a comparison that fails, after checking that no format reads as clean."""
    stderr = ""
    for form in FORMATS:
        result = inquiry("diff", "--format", form, *arguments)
        assert result.exit_code == 2, result.output
        assert "Nothing was compared, because the comparison failed" in result.stdout
        stderr = result.stderr
        if form == "json":
            (row,) = json.loads(result.stdout)
            assert (row["kind"], row["severity"]) == ("failed", "critical")
    return stderr


def test_an_unknown_revision(repository: Path) -> None:
    stderr = failure("mian")
    assert "There is no revision “mian” in this repository." in stderr
    assert "help: “git branch --all”" in stderr


@pytest.mark.parametrize("name", ["--output=pwned", "-h", "--all", ":/x", "HEAD:notes", "HEAD^{tree}", "x\ny", ""])
def test_names_that_are_options_or_no_commits(repository: Path, name: str) -> None:
    stderr = failure("--", name)
    assert "There is no revision" in stderr
    assert not (repository / "pwned").exists()


def test_a_shallow_clone(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reword(repository)
    commit_all(repository)
    git(repository, "branch", "topic", "HEAD~1")
    git(tmp_path, "clone", "-q", "--depth", "1", "--no-single-branch", repository.as_uri(), "shallow")
    monkeypatch.chdir(tmp_path / "shallow")
    assert "git fetch --unshallow" in failure("HEAD~1")
    assert "git fetch --unshallow" in failure("origin/topic...HEAD")
    assert "figures-changed" in kinds("origin/topic", "HEAD")


def test_unrelated_histories(repository: Path) -> None:
    git(repository, "checkout", "-q", "--orphan", "other")
    reword(repository)
    commit_all(repository)
    stderr = failure("main...other")
    assert "“main” and “other” have no common history." in stderr
    assert "inquiry diff main other" in stderr
    assert "figures-changed" in kinds("main", "other")


def test_a_folder_outside_any_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.chdir(write(tmp_path / "kb", BASE))
    assert "is not in a Git repository" in failure("HEAD")


def test_git_is_not_installed(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repository))
    assert "Git is not installed" in failure("HEAD")


def test_a_repository_without_commits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write(tmp_path / "kb", BASE)
    git(folder, "init", "-q")
    monkeypatch.chdir(folder)
    assert "There is no revision “HEAD”" in failure("HEAD")


def test_missing_objects_of_a_partial_clone(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(repository, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "-q", "--bare", "--filter=blob:none", repository.as_uri(), "partial.git")
    write(tmp_path / "partial.git", BASE)
    monkeypatch.chdir(tmp_path / "partial.git")
    assert "not part of this clone" in failure("HEAD")


def test_folders_that_do_not_exist_or_are_no_knowledge_bases(repository: Path, tmp_path: Path) -> None:
    assert "The folder “./missing” does not exist." in failure("./missing")
    (tmp_path / "empty").mkdir()
    assert "it has neither notes/ nor lines/" in failure(str(tmp_path / "empty"))


def test_a_name_that_is_a_folder_and_a_revision(repository: Path) -> None:
    write(repository / "main", BASE)
    stderr = failure("main")
    assert "“main” is a folder and a revision." in stderr
    assert "refs/heads/main" in stderr
    assert inquiry("diff", "./main").exit_code == 0
    assert inquiry("diff", "refs/heads/main").exit_code == 0


def test_a_range_and_another_revision(repository: Path) -> None:
    assert "“HEAD” is one too many" in failure("HEAD...main", "HEAD")


def test_settings_that_cannot_be_used_and_no_knowledge_base(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(repository, {"mkdocs.yml": "plugins: [{inquiry: {rules: {evidenze: off}}}]"})
    assert "there is no rule 'evidenze'" in failure("HEAD")
    write(repository, {"mkdocs.yml": "plugins: [{inquiry: {rulez: {}}}]"})
    assert "'rulez' is not an option" in failure("HEAD")
    monkeypatch.chdir(tmp_path)
    assert "There is no knowledge base" in failure("HEAD")


def test_an_address_that_is_no_web_address(repository: Path) -> None:
    assert "is not a web address" in failure("HEAD", "--full-url", "javascript:alert(1)")


# --- incomplete comparisons -------------------------------------------------------------------------------------------


def test_files_with_errors_are_named_and_never_read_as_clean(repository: Path) -> None:
    for name in ("notes/coffee.md", "notes/tea.md"):
        reword(repository, "title: ", "title: : ", name)
    commit_all(repository)
    result = inquiry("diff", "HEAD~1", "HEAD")
    assert "2 files of HEAD could not be parsed: notes/coffee.md, notes/tea.md." in result.stdout
    assert "page-removed" not in result.stdout
    assert "citation" not in result.stdout.replace("citations/", "")
    assert inquiry("diff", "HEAD~1", "HEAD", "--exit-code").exit_code == 1
    assert "1 file of HEAD~1 could not be parsed" in _swapped(repository).stdout


def _swapped(repository: Path) -> Result:
    reword(repository, "title: : ", "title: ")
    commit_all(repository)
    return inquiry("diff", "HEAD~1", "HEAD")


def test_a_file_with_another_encoding_is_not_compared(repository: Path) -> None:
    for text in ("Café one", "Café two"):
        (repository / "notes/coffee.md").write_bytes(note("What?", text).encode("latin-1"))
        commit_all(repository)
    (row,) = changes("HEAD~1", "HEAD")
    assert (row["kind"], row["path"]) == ("not-compared", "notes/coffee.md")


# --- exit status and formats ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("option", "when_reviewed", "when_clean"),
    [((), 0, 0), (("--exit-code",), 1, 0), (("--fail-on", "review"), 1, 0), (("--fail-on", "critical"), 0, 0)],
)
def test_exit_status(repository: Path, option: tuple[str, ...], when_reviewed: int, when_clean: int) -> None:
    assert inquiry("diff", "HEAD", *option).exit_code == when_clean
    reword(repository, "title: Does tea", "title: Does black tea", "notes/tea.md")
    assert inquiry("diff", "HEAD", *option).exit_code == when_reviewed


def test_json_is_a_list_of_objects_with_documented_keys(repository: Path) -> None:
    reword(repository)
    for change in changes("HEAD"):
        assert list(change) == ["kind", "severity", "path", "id", "message", "before", "after", "reaches"]
        assert change["severity"] in {"critical", "review", "info"}
        for place in change["reaches"]:
            assert list(place) == ["path", "id", "sentence", "distance"]


def test_next_lines_are_compared_on_request(repository: Path) -> None:
    more = {f"lines/l{n}.md": line(f"Which drink is number {n}?", "It is [[coffee]] and [[tea]].") for n in range(4)}
    write(repository, more)
    commit_all(repository)
    *_, last = json.loads(inquiry("next", "l0", "--json").stdout)
    reword(repository, "title: ", f"next: [{last['id']}]\ntitle: ", "lines/l0.md")
    assert "next-moved" not in kinds("HEAD")
    assert "next-moved" in kinds("HEAD", "--ranking")


def test_standard_output_is_the_same_in_every_run(repository: Path) -> None:
    reword(repository)
    script = ["inquiry_site.adapters.cli", "diff", "HEAD", "--format", "markdown"]
    runs = {
        subprocess.run(
            [sys.executable, "-m", *script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1
