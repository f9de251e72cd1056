"""A code host's API for pull requests and comments, in memory and on this machine."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

BOT = "github-actions[bot]"


@dataclass
class CodeHost:
    """The state of one repository."""

    pulls: list[dict[str, Any]] = field(default_factory=list)
    comments: list[dict[str, Any]] = field(default_factory=list)
    writes: list[str] = field(default_factory=list)

    def open_pull_request(self, number: int, head: str, repository: str | None) -> None:
        """Add one; the repository of its head is None if it was deleted."""
        source = {"full_name": repository} if repository else None
        self.pulls.append({"number": number, "head": {"sha": head, "repo": source}})

    def comment(self, number: int, body: str, login: str = BOT) -> None:
        """Add a comment to a pull request."""
        self.comments.append({"id": len(self.comments) + 1, "number": number, "body": body, "user": {"login": login}})

    def answer(self, method: str, path: str, query: dict[str, list[str]], data: dict[str, Any]) -> Any:
        """Return the answer to a request, and note what it writes."""
        if method != "GET":
            self.writes.append(f"{method} {path}")
        if path == "/repos/us/kb/pulls":
            return _page(self.pulls, query)
        if found := re.fullmatch(r"/repos/us/kb/issues/(\d+)/comments", path):
            if method == "POST":
                self.comment(int(found[1]), data["body"])
                return self.comments[-1]
            return _page([c for c in self.comments if c["number"] == int(found[1])], query)
        if (found := re.fullmatch(r"/repos/us/kb/issues/comments/(\d+)", path)) and method == "PATCH":
            self.comments[int(found[1]) - 1]["body"] = data["body"]
            return self.comments[int(found[1]) - 1]
        raise AssertionError(f"{method} {path}")


def _page(items: list[dict[str, Any]], query: dict[str, list[str]]) -> list[dict[str, Any]]:
    size, page = int(query["per_page"][0]), int(query["page"][0])
    return items[size * (page - 1) : size * page]


@contextmanager
def serving(host: CodeHost, token: str) -> Iterator[str]:
    """Serve the API to requests with a token while the block runs; yield its address."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            assert self.headers["Authorization"] == f"Bearer {token}"
            address = urlsplit(self.path)
            text = self.rfile.read(int(self.headers["Content-Length"] or 0))
            result = host.answer(self.command, address.path, parse_qs(address.query), json.loads(text) if text else {})
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(result).encode())

        do_GET = do_POST = do_PATCH = answer  # noqa: N815 - the base class's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
