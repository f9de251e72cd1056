"""The repository that holds the files of a knowledge base, and the URLs of its code host’s editor and issues."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

LONGEST_URL = 8190
"""Maximum length of a URL in bytes; code hosts answer longer ones with an error, and the text would be lost."""

_EDIT_URI = re.compile(r"/?(?:-/)?(?:_?edit|blob|raw|(?:_?src)(?:/branch)?)/(?P<branch>[^/?#{}]++)/(?P<docs>[^?#{}]*+)")
"""``edit_uri`` as hosts write it: what is done to a file, the branch, and the folder of the hand-written pages."""
_GITEA_HOSTS = re.compile(r"(?:^|\.)(?:codeberg|gitea|forgejo)\.")
_GITLAB_HOSTS = re.compile(r"(?:^|\.)gitlab\.")

_NAMES = {"github": "GitHub", "gitea": "Gitea", "forgejo": "Forgejo", "codeberg": "Codeberg", "gitlab": "GitLab"}


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository on a code host in whose editor a browser can propose a change.

    URLs with the placeholders ``{path}``, ``{title}``, ``{text}`` and ``{account}`` are completed by a script, with
    percent-encoded values.
    """

    kind: str
    """``github``, ``gitea`` (also Forgejo and Codeberg) or ``gitlab``."""
    url: str
    """Without a final slash."""
    branch: str
    folder: str = ""
    """The folder of the knowledge base in the repository; empty for its root."""

    @classmethod
    def from_settings(cls, repo_url: str, edit_uri: str, docs_dir: str = "docs") -> Repository | None:
        """Return the repository that two settings of the site describe; None if they lead to no known editor.

        Args:
            repo_url: the URL of the repository.
            edit_uri: where a page is edited, relative to ``repo_url`` or as a whole URL: ``edit/main/docs/``.
            docs_dir: the folder of the hand-written pages, relative to the knowledge base.
        """
        url = repo_url.strip().rstrip("/")
        location = _EDIT_URI.match(edit_uri.strip().removeprefix(url))
        kind = _host_kind(url, edit_uri)
        if not kind or not location or not url.startswith(("https://", "http://")):
            return None
        up = posixpath.normpath(posixpath.join(location["docs"], *(".." for part in docs_dir.split("/") if part)))
        folder = "" if up == "." or up.startswith("..") else up
        return cls(kind, quote(url, safe=":/@~"), quote(location["branch"], safe="%"), folder)

    @property
    def host(self) -> str:
        """The name of the code host, for readers."""
        name = urlsplit(self.url).hostname or ""
        return next((_NAMES[part] for part in name.split(".") if part in _NAMES), name)

    @property
    def new_file(self) -> str:
        """The editor with a new file, whose path and text are filled in if the host can do that."""
        if self.kind == "gitlab":
            return f"{self.url}/-/new/{self.branch}?file_name={{path}}"
        # The whole path is part of the query: GitHub drops a folder in the URL's path, Gitea takes the name for one.
        action, slash = ("_new", "/") if self.kind == "gitea" else ("new", "")
        return f"{self.url}/{action}/{self.branch}{slash}?filename={{path}}&value={{text}}"

    @property
    def edit_file(self) -> str:
        """The editor with an existing file."""
        action = {"github": "edit", "gitea": "_edit", "gitlab": "-/edit"}[self.kind]
        return f"{self.url}/{action}/{self.branch}/{{path}}"

    @property
    def fork_form(self) -> str:
        """The form that creates a fork, if contributors need one before the editor opens; else empty.

        Forgejo, and Gitea before 1.25, answer 404 to those who cannot write; the other hosts offer a fork themselves.
        """
        return f"{self.url}/fork" if self.kind == "gitea" else ""

    @property
    def fork(self) -> str:
        """The fork of the repository in a contributor’s account."""
        owner, _, name = self.url.rpartition("/")
        return f"{owner.rpartition('/')[0]}/{{account}}/{name}"

    @property
    def new_pull_request(self) -> str:
        """The form for a pull request from the main branch of a contributor’s fork."""
        return f"{self.url}/compare/{self.branch}...{{account}}:{self.branch}"

    @property
    def new_issue(self) -> str:
        """The form for an issue, with its title and text filled in."""
        if self.kind == "gitlab":
            return f"{self.url}/-/issues/new?issue[title]={{title}}&issue[description]={{text}}"
        return f"{self.url}/issues/new?title={{title}}&body={{text}}"

    def path_of(self, path: str) -> str:
        """Return the path in the repository of a file of the knowledge base."""
        return posixpath.join(self.folder, path)

    def existing_file(self, path: str) -> str:
        """Return the URL of a file of the knowledge base: in the editor, or its page if the editor needs a fork."""
        form = f"{self.url}/src/branch/{self.branch}/{{path}}" if self.fork_form else self.edit_file
        return form.format(path=quote(self.path_of(path)))

    def editor_with(self, path: str, text: str) -> str:
        """Return the URL of the editor with a new file of the knowledge base."""
        return self.new_file.format(path=quote(self.path_of(path), safe=""), text=quote(text, safe=""))

    def issue_about(self, title: str) -> str:
        """Return the URL of the form for an issue with a title."""
        return self.new_issue.format(title=quote(title, safe=""), text="")


def _host_kind(url: str, edit_uri: str) -> str:
    host = urlsplit(url).hostname or ""
    if host == "github.com":
        return "github"
    if _GITEA_HOSTS.search(host) or "_edit/" in edit_uri or "src/branch/" in edit_uri:
        return "gitea"
    if _GITLAB_HOSTS.search(host) or "-/edit/" in edit_uri:
        return "gitlab"
    return "github" if edit_uri.removeprefix(url).lstrip("/").startswith("edit/") else ""
