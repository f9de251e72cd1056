"""The files with which a code host checks, publishes and discusses a knowledge base."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from inquiry_site import __version__

OWNER_PLACEHOLDER = "@OWNER"
"""Placeholder for the account of the maintainer if none is given."""
_SOURCES = Path(__file__).parents[1] / "hosts"
_FORMS = ("config.yml", "note.yml", "problem.yml")
_FILES: Mapping[str, Mapping[str, str]] = {
    "github": {
        ".github/CODEOWNERS": "shared/CODEOWNERS",
        **{f".github/ISSUE_TEMPLATE/{name}": f"shared/forms/{name}" for name in _FORMS},
        ".github/PULL_REQUEST_TEMPLATE.md": "shared/pull_request.md",
        ".github/dependabot.yml": "github/dependabot.yml",
        ".github/workflows/check.yml": "github/workflows/check.yml",
        ".github/workflows/comment.yml": "github/workflows/comment.yml",
        ".github/workflows/publish.yml": "github/workflows/publish.yml",
    },
    "gitlab": {
        ".gitlab-ci.yml": "gitlab/gitlab-ci.yml",
        ".gitlab/CODEOWNERS": "shared/CODEOWNERS",
        ".gitlab/issue_templates/note.md": "gitlab/issue_templates/note.md",
        ".gitlab/issue_templates/problem.md": "gitlab/issue_templates/problem.md",
        ".gitlab/merge_request_templates/Default.md": "shared/pull_request.md",
    },
    "forgejo": {
        ".forgejo/CODEOWNERS": "forgejo/CODEOWNERS",
        **{f".forgejo/ISSUE_TEMPLATE/{name}": f"shared/forms/{name}" for name in _FORMS},
        ".forgejo/PULL_REQUEST_TEMPLATE.md": "shared/pull_request.md",
        ".forgejo/workflows/site.yml": "forgejo/site.yml",
    },
}
"""Where a file is written, and its source. Sources have other names, because build tools omit hidden files."""
HOSTS = tuple(_FILES)


def host_files(host: str, owner: str) -> dict[str, bytes]:
    """Return the files for a code host, by path relative to the root of the repository.

    Args:
        host: one of ``HOSTS``.
        owner: the account or team that reviews changes to settings and templates.
    """
    paths = {**_FILES[host], "requirements.txt": "shared/requirements.txt"}
    return {path: _read(source, owner) for path, source in sorted(paths.items())}


def owners_file(host: str) -> str:
    """Return the path of the file that contains the account of the maintainer."""
    return f".{host}/CODEOWNERS"


def _read(source: str, owner: str) -> bytes:
    text = (_SOURCES / source).read_text(encoding="utf-8")
    return text.replace("{{ owner }}", owner).replace("{{ version }}", __version__).encode("utf-8")
