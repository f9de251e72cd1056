"""The pages of a code host that a contributor meets, over real git repositories on this machine.

They follow the routes and the rights of two families of hosts:

- ``forgejo``: ``_new`` and ``_edit`` answer 404 to those who cannot write (``context.CanWriteToBranch`` and
  ``reqRepoCodeWriter`` in Forgejo's ``routers/web/web.go``); ``/fork`` creates a fork; a commit to the branch that was
  edited leads back to the file; ``/compare/BASE...OWNER:HEAD`` opens a pull request.
- ``github``: ``new`` and ``edit`` offer a fork to those who cannot write and then show the same editor; a commit goes
  to a new branch of the fork and leads to the comparison. Gitea does the same since 1.25 (``editor_fork.go`` there).
"""

from __future__ import annotations

import html
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlsplit

from tests.support.git import git

OWNER = "them"
NAME = "base"


@dataclass
class PullRequest:
    """A proposal: the repository and the branch of its head."""

    repository: Path
    branch: str
    is_merged: bool = False


@dataclass
class Forge:
    """A code host with one public repository, ``them/base``, and the forks of it."""

    kind: str
    """``forgejo`` or ``github``."""
    folder: Path
    """Contains a bare repository for each account."""
    pull_requests: list[PullRequest] = field(default_factory=list)

    def repository(self, account: str) -> Path:
        """Return the folder of the repository of an account."""
        return self.folder / account / f"{NAME}.git"

    def receive(self, source: Path) -> None:
        """Create the public repository from a working tree."""
        git(source, "clone", "-q", "--bare", ".", str(self.repository(OWNER)))

    def fork(self, account: str) -> None:
        """Copy the public repository to an account."""
        git(self.folder, "clone", "-q", "--bare", str(self.repository(OWNER)), str(self.repository(account)))

    def commit(self, account: str, branch: str, path: str, text: str) -> None:
        """Add a commit with one file to a branch, which is created from ``main`` if it is missing."""
        bare = self.repository(account)
        tree = self.folder / f"tree-{account}"
        git(self.folder, "clone", "-q", str(bare), str(tree))
        git(tree, "switch", "-q", "-C", branch)
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_text(text, encoding="utf-8")
        git(tree, "add", path)
        git(tree, "commit", "-q", "-m", f"Add {path}")
        git(tree, "push", "-q", "origin", branch)

    def merge(self, number: int) -> None:
        """Merge a pull request into the main branch, as a maintainer does."""
        request = self.pull_requests[number - 1]
        tree = self.check_out(number, self.folder / f"merge-{number}")
        git(tree, "push", "-q", "origin", "main")
        request.is_merged = True

    def check_out(self, number: int, folder: Path) -> Path:
        """Create the merge commit of a pull request in a new folder."""
        request = self.pull_requests[number - 1]
        git(self.folder, "clone", "-q", str(self.repository(OWNER)), str(folder))
        git(folder, "fetch", "-q", str(request.repository), request.branch)
        git(folder, "merge", "-q", "--no-ff", "-m", "Merge", "FETCH_HEAD")
        return folder


@dataclass(frozen=True)
class _Request:
    account: str
    """Who is logged in; empty for nobody."""
    path: tuple[str, ...]
    query: dict[str, str]
    form: dict[str, str] | None
    """What a form sent; None for a request without a form."""
    url: str


_Answer = tuple[int, str]
"""A status with a page, or with an address for 303."""


def _answer(forge: Forge, request: _Request) -> _Answer:
    if request.path == ("login",):
        return _log_in(request)
    if len(request.path) < 2 or not forge.repository(request.path[0]).exists():
        return 404, "Not found"
    if not request.account:
        return 303, f"/login?redirect_to={quote(request.url, safe='')}"
    match request.path[2:]:
        case ("fork",):
            return _fork(forge, request, f"/{request.account}/{NAME}")
        case ("_new" | "new" as action, branch, *_):
            return _edit(forge, request, action, branch)
        case ("compare", comparison):
            return _compare(forge, request, comparison)
        case ("pulls", number):
            return 200, f"<h1>Pull request {number}</h1><p>Open</p>"
    return 200, f"<h1>{html.escape('/'.join(request.path))}</h1>"


def _log_in(request: _Request) -> _Answer:
    if request.form is None:
        return 200, _form("Sign in", '<label>User name <input name="account"></label>')
    return 303, request.query.get("redirect_to", "/")


def _fork(forge: Forge, request: _Request, then: str) -> _Answer:
    if request.form is None:
        return 200, _form("Fork repository", "")
    forge.fork(request.account)
    return 303, then


def _edit(forge: Forge, request: _Request, action: str, branch: str) -> _Answer:
    owner = request.path[0]
    if action != ("_new" if forge.kind == "forgejo" else "new"):
        return 404, "Not found"
    if forge.kind == "forgejo" and owner != request.account:
        return 404, "Not found"
    if not forge.repository(request.account).exists():
        return _fork(forge, request, request.url)
    if request.form is None:
        path, text = request.query.get("filename", ""), request.query.get("value", "")
        fields = (
            f'<label>File name <input name="path" value="{html.escape(path)}"></label>'
            f'<label>Text <textarea name="text">\n{html.escape(text)}</textarea></label>'
        )
        return 200, _form("Commit changes", fields)
    target = branch if forge.kind == "forgejo" else "patch-1"
    # Browsers end the lines of a form with a carriage return, which hosts remove.
    forge.commit(request.account, target, request.form["path"], request.form["text"].replace("\r", ""))
    if forge.kind == "forgejo":
        return 303, f"/{owner}/{NAME}/src/branch/{branch}/{request.form['path']}"
    return 303, f"/{owner}/{NAME}/compare/{branch}...{request.account}:{target}"


def _compare(forge: Forge, request: _Request, comparison: str) -> _Answer:
    account, _, branch = comparison.partition("...")[2].partition(":")
    if request.form is None:
        return 200, _form("Create pull request", "")
    forge.pull_requests.append(PullRequest(forge.repository(account), branch))
    return 303, f"/{OWNER}/{NAME}/pulls/{len(forge.pull_requests)}"


def _form(button: str, fields: str) -> str:
    return f'<form method="post">{fields}<button>{button}</button></form>'


@contextmanager
def serving(forge: Forge) -> Iterator[str]:
    """Serve the pages while the block runs; yield the URL of the public repository."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            address = urlsplit(self.path)
            form = None
            if self.command == "POST":
                text = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
                form = {key: values[0] for key, values in parse_qs(text, keep_blank_values=True).items()}
            account = (self.headers.get("Cookie") or "").partition("account=")[2]
            path = tuple(unquote(part) for part in address.path.split("/") if part)
            query = {key: values[0] for key, values in parse_qs(address.query).items()}
            status, text = _answer(forge, _Request(account, path, query, form, self.path))
            self.send_response(status)
            if path == ("login",) and form:
                self.send_header("Set-Cookie", f"account={form['account']}; Path=/")
            self.send_header(*(("Location", text) if status == 303 else ("Content-Type", "text/html; charset=utf-8")))
            self.end_headers()
            self.wfile.write(b"" if status == 303 else text.encode())

        do_GET = do_POST = answer  # noqa: N815 - the base class's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/{OWNER}/{NAME}"
    finally:
        server.shutdown()
        server.server_close()
