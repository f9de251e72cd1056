"""Links to the web are requested, and the answers cached."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from inquiry_site.adapters.web.link_check import find_dead_links
from inquiry_site.build import check
from inquiry_site.files import read_tree
from tests.support.knowledge_bases import line, write


class _Web(BaseHTTPRequestHandler):
    requested: list[str] = []  # noqa: RUF012 - shared by the handlers of one test

    def do_HEAD(self) -> None:
        self.requested.append(self.path)
        if self.path == "/slow":
            time.sleep(0.8)
        status = {"/gone": 404, "/shy": 405, "/angry": 503}.get(self.path, 200)
        self.send_response(200 if self.command == "GET" and self.path == "/shy" else status)
        self.end_headers()

    do_GET = do_HEAD  # noqa: N815 - the base class looks for this name

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def web() -> Iterator[str]:
    _Web.requested.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Web)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_working_links_are_cached_and_dead_ones_are_requested_again(tmp_path: Path, web: str) -> None:
    links = " ".join(f"[{name}]({web}/{name})" for name in ("there", "gone", "shy", "angry", "slow"))
    write(tmp_path, {"lines/l.md": line(body=f"See {links}, <{web}/there> and <http://[bad/>.\n")})
    result = check(read_tree(tmp_path))
    diagnostics = find_dead_links(result, tmp_path / ".cache", time_out=0.3)
    assert sorted((d.code, d.message.removeprefix(web)) for d in diagnostics) == [
        ("links/dead-address", "/gone: the server responds with status 404."),
        ("links/unsure-address", "/angry: the server responds with status 503."),
        ("links/unsure-address", "/slow: the server does not respond in time."),
    ]
    _Web.requested.clear()
    find_dead_links(result, tmp_path / ".cache", time_out=0.3)
    assert "/there" not in _Web.requested
    assert "/gone" in _Web.requested
