"""Building sites with an engine, and reading what it built."""

from __future__ import annotations

import functools
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.support.in_process import mkdocs_build


def run(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a module of this interpreter: ``run("mkdocs", "build", cwd=folder)``."""
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )


def heed_interrupts() -> None:
    """Let a new process be ended by Ctrl-C: shells let those that run in the background ignore it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def build_site(folder: Path, engine: str = "mkdocs", **environment: str) -> Path:
    """Build a site in this process, or with another engine in one of its own; it must succeed. Returns its folder."""
    if engine == "mkdocs":
        done = mkdocs_build(folder, "--strict", **environment)
    else:
        done = run(engine, "build", "--strict", cwd=folder, **environment)
    assert done.returncode == 0, done.stderr
    return folder / "site"


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def left_over(folder: Path) -> list[str]:
    """Staging folders that builds have left in a folder."""
    return [path.name for path in folder.iterdir() if ".building-" in path.name]


class Quiet(SimpleHTTPRequestHandler):
    """Sends files and says nothing."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        pass


class _Cached(Quiet):
    """Lets browsers keep what every page loads."""

    def end_headers(self) -> None:
        """Add a header."""
        if "/assets/" in self.path:
            self.send_header("Cache-Control", "max-age=3600")
        super().end_headers()


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that has gone on to another page wants no more of this one."""


@contextmanager
def served(folder: Path, handler: type[Quiet] = _Cached) -> Iterator[str]:
    """The address under which a folder is served while the block runs."""
    server = _Server(("127.0.0.1", 0), functools.partial(handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


class Links(HTMLParser):
    """The links and ids of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.hrefs: list[str] = []
        self.ids: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.ids += [value for name, value in attrs if name == "id" and value]
        target = values.get("href") if tag in {"a", "link"} else values.get("src")
        if target:
            self.hrefs.append(target)


@contextmanager
def served_by(engine: str, folder: Path, *options: str, patience: float = 60) -> Iterator[str]:
    """The address at which an engine previews a site while the block runs; it must answer within so many seconds."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", engine, "serve", "-q", "-a", f"127.0.0.1:{port}", *options]
    server = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    # A site with an address is served below that address's path.
    found = re.search(r"^site_url: https?://[^/\s]+(/\S*)?", (folder / "mkdocs.yml").read_text(), re.MULTILINE)
    address = f"http://127.0.0.1:{port}{(found[1] if found else None) or '/'}"
    try:
        end = time.monotonic() + patience
        while True:
            try:
                urllib.request.urlopen(address, timeout=30).close()
                break
            except OSError:
                assert time.monotonic() < end, "no answer"
                time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait()
