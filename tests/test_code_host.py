"""The repository that two settings describe, and the URLs of its code host."""

from __future__ import annotations

import pytest

from inquiry_site.code_host import Repository

GITHUB = "https://github.com/them/base"


@pytest.mark.parametrize(
    ("repo_url", "edit_uri", "docs_dir", "expected"),
    [
        (GITHUB, "edit/main/docs/", "docs", Repository("github", GITHUB, "main")),
        (f"{GITHUB}/", f"{GITHUB}/edit/main/docs/", "docs", Repository("github", GITHUB, "main")),
        (GITHUB, "edit/main/docs/{path}", "docs", Repository("github", GITHUB, "main")),
        (GITHUB, "blob/trunk/kb/docs/", "docs", Repository("github", GITHUB, "trunk", "kb")),
        (GITHUB, "edit/main/a/b/docs/en/", "docs/en", Repository("github", GITHUB, "main", "a/b")),
        (GITHUB, "edit/main/docs/", "content/pages", Repository("github", GITHUB, "main")),
        ("https://git.uni.edu/x/y", "edit/main/docs/", "docs", Repository("github", "https://git.uni.edu/x/y", "main")),
        ("https://git.uni.edu/x", "_edit/main/docs/", "docs", Repository("gitea", "https://git.uni.edu/x", "main")),
        (
            "https://codeberg.org/x/y",
            "src/branch/main/docs/",
            "docs",
            Repository("gitea", "https://codeberg.org/x/y", "main"),
        ),
        (
            "https://gitlab.com/a/b/c",
            "edit/main/docs/",
            "docs",
            Repository("gitlab", "https://gitlab.com/a/b/c", "main"),
        ),
        ("https://bitbucket.org/x/y", "src/default/docs/", "docs", None),
        (GITHUB, "", "docs", None),
        ("", "edit/main/docs/", "docs", None),
        ("javascript:alert(1)//github.com", "edit/main/docs/", "docs", None),
    ],
)
def test_a_repository_from_settings(repo_url: str, edit_uri: str, docs_dir: str, expected: Repository | None):
    assert Repository.from_settings(repo_url, edit_uri, docs_dir) == expected


@pytest.mark.parametrize(
    ("kind", "url", "host", "new", "edit", "issue"),
    [
        (
            "github",
            "https://github.com/x/y",
            "GitHub",
            "/new/main?filename=kb%2Fnotes%2Fa.md&value=%C3%A9%26",
            "/edit/main/kb/notes/a.md",
            "/issues/new?title=a%20b&body=",
        ),
        (
            "gitea",
            "https://codeberg.org/x/y",
            "Codeberg",
            "/_new/main/?filename=kb%2Fnotes%2Fa.md&value=%C3%A9%26",
            "/src/branch/main/kb/notes/a.md",
            "/issues/new?title=a%20b&body=",
        ),
        (
            "gitlab",
            "https://gitlab.uni.edu/x/y",
            "GitLab",
            "/-/new/main?file_name=kb%2Fnotes%2Fa.md",
            "/-/edit/main/kb/notes/a.md",
            "/-/issues/new?issue[title]=a%20b&issue[description]=",
        ),
    ],
)
def test_urls_of_a_code_host(kind: str, url: str, host: str, new: str, edit: str, issue: str):
    repository = Repository(kind, url, "main", "kb")
    assert repository.host == host
    assert repository.editor_with("notes/a.md", "é&") == url + new
    assert repository.existing_file("notes/a.md") == url + edit
    assert repository.issue_about("a b") == url + issue


def test_the_host_of_an_unknown_address_is_its_name():
    assert Repository("github", "https://git.uni.edu/x", "main").host == "git.uni.edu"
