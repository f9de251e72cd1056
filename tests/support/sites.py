"""Build sites with an engine, serve them, and read their files."""

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
    """Let Ctrl-C end a new process: shells make background processes ignore it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def build_site(folder: Path, engine: str = "mkdocs", **environment: str) -> Path:
    """Build a site without errors, in this process, or in a separate one with another engine; return its folder."""
    if engine == "mkdocs":
        done = mkdocs_build(folder, "--strict", **environment)
    else:
        done = run(engine, "build", "--strict", cwd=folder, **environment)
    assert done.returncode == 0, done.stderr
    return folder / "site"


def contents(folder: Path) -> dict[str, bytes]:
    """Return the content of every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def left_over(folder: Path) -> list[str]:
    """Return the names of staging folders in a folder."""
    return [path.name for path in folder.iterdir() if ".building-" in path.name]


class Quiet(SimpleHTTPRequestHandler):
    """Serves files without a log."""

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
        """Ignore a browser that has left the page."""


@contextmanager
def served(folder: Path, handler: type[Quiet] = _Cached) -> Iterator[str]:
    """Serve a folder while the block runs; yield its URL."""
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
    """Preview a site with an engine while the block runs; yield its URL once it answers within ``patience`` seconds."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", engine, "serve", "-q", "-a", f"127.0.0.1:{port}", *options]
    server = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    # A site with a URL is served below the path of that URL.
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
