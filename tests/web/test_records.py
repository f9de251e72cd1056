"""Records are fetched from servers, here local ones that play recorded answers."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from inquiry_site.adapters.web import records
from inquiry_site.adapters.web.records import RecordUnavailableError, Registries, fetch_record
from tests.authoring.test_fetched_records import ARXIV, crossref


class _Registry(BaseHTTPRequestHandler):
    seen: list[tuple[str, str]] = []  # noqa: RUF012 - shared by the handlers of one test

    def do_GET(self) -> None:
        self.seen.append((self.path, self.headers["User-Agent"]))
        status, headers, answer = self._answer()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            if "drip" in self.path:
                for _ in range(20):
                    self.wfile.write(b" ")
                    time.sleep(0.1)
            self.wfile.write(answer)
        except OSError:
            return

    def _answer(self) -> tuple[int, dict[str, str], bytes]:
        for sign, answer in {
            "gone": (404, {}, b""),
            "busy": (503, {}, b""),
            "moved": (302, {"Location": "/works/10.1000%2Fspacing"}, b""),
            "file": (302, {"Location": "file:///etc/passwd"}, b""),
            "elsewhere": (
                302,
                {"Location": f"http://localhost:{self.headers['Host'].rpartition(':')[2]}/works/x"},
                b"",
            ),
            "loop": (302, {"Location": self.path}, b""),
            "large": (200, {}, b" " * (records.LARGEST_ANSWER + 1)),
            "html": (200, {}, b"<html>"),
        }.items():
            if sign in self.path:
                return answer
        return 200, {}, ARXIV.encode() if self.path.startswith("/api/query") else crossref()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def registries() -> Iterator[Registries]:
    _Registry.seen.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Registry)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    yield Registries(address, address)
    server.shutdown()
    server.server_close()


def test_records_are_requested_by_their_identifiers(registries: Registries):
    assert fetch_record("doi", "https://doi.org/10.1000/Spacing", registries).year == 2021
    assert fetch_record("arxiv", "arXiv:2510.07364v2", registries).year == 2025
    paths, agents = zip(*_Registry.seen, strict=True)
    assert paths == ("/works/10.1000%2Fspacing", "/api/query?max_results=1&id_list=2510.07364")
    assert all(agent.startswith("inquiry-site/") for agent in agents)


def test_a_redirect_on_the_same_server_is_followed(registries: Registries):
    assert fetch_record("doi", "10.1000/moved", registries).year == 2021


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("gone", "has no such record"),
        ("busy", "responds with status 503"),
        ("file", "responds with status 302"),
        ("elsewhere", "redirects to another server"),
        ("loop", "responds with status 302"),
        ("large", "is too large"),
        ("html", "the answer is not a record"),
        ("drip", "does not respond in time"),
        ("../../x", ""),
    ],
)
def test_an_answer_that_cannot_be_used_is_described(registries: Registries, name: str, reason: str):
    if reason:
        with pytest.raises(RecordUnavailableError, match=reason):
            fetch_record("doi", f"10.1000/{name}", registries, time_out=0.5)
    else:
        fetch_record("doi", f"10.1000/{name}", registries)
        assert _Registry.seen[0][0] == "/works/10.1000%2F..%2F..%2Fx"


def test_a_server_that_cannot_be_reached_is_described(monkeypatch: pytest.MonkeyPatch):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{closed.getsockname()[1]}"
        with pytest.raises(RecordUnavailableError, match=r"127\.0\.0\.1:\d+: .*refused"):
            fetch_record("doi", "10.1000/x", Registries(address, address), time_out=2)

    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(RecordUnavailableError, match=r"api\.crossref\.org cannot be found: is there a network\?"):
        fetch_record("doi", "10.1000/x")


def test_the_registries_are_asked_by_https_alone():
    assert {Registries().crossref[:8], Registries().arxiv[:8]} == {"https://"}
