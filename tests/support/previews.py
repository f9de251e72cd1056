"""Run a preview as a separate process, and read its pages and its log."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.speed.processes import QUIET, free_port
from tests.support.sites import heed_interrupts

_PATIENCE = 30
"""Seconds."""
_QUIET = 0.5
"""Seconds."""


class Preview:
    """A running preview."""

    def __init__(self, address: str, log: Path) -> None:
        self.address = address
        self._log = log

    def get(self, path: str) -> tuple[int, str]:
        """Return the status and the text of a page."""
        try:
            with urllib.request.urlopen(f"{self.address}{path}", timeout=_PATIENCE) as answer:
                return answer.status, str(answer.read(), "utf-8")
        except urllib.error.HTTPError as answer:
            with answer:
                return answer.code, str(answer.read(), "utf-8")

    def until(self, path: str, wanted: Callable[[str], bool]) -> str:
        """Poll a page until it meets a condition, and return it."""
        return self._poll(lambda: self.get(path)[1], wanted)

    def log(self) -> str:
        """Return what was logged so far."""
        return self._log.read_text(encoding="utf-8")

    def logged(self, change: Callable[[], object]) -> str:
        """Change files, and return what is logged until the browsers have been reloaded."""
        start = len(self.log())
        change()
        return self._poll(lambda: self.log()[start:], lambda text: "Reloading browsers" in text)

    def wait_until_quiet(self) -> None:
        """Wait until no build has been logged for longer than the engine waits before one."""
        size = -1
        while size != (size := len(self.log())):
            time.sleep(_QUIET)

    def _poll(self, read: Callable[[], str], wanted: Callable[[str], bool]) -> str:
        end = time.monotonic() + _PATIENCE
        while not wanted(text := read()):
            assert time.monotonic() < end, f"never as wanted; last: {text[-2000:]}"
            time.sleep(0.05)
        return text


@contextmanager
def previewed(folder: Path, *options: str) -> Iterator[Preview]:
    """Serve a folder while the block runs."""
    log, port = folder.with_name(f"{folder.name}.log"), free_port()
    command = [sys.executable, "-m", "mkdocs", "serve", "-a", f"127.0.0.1:{port}", *options]
    environment = {**os.environ, **QUIET}
    with log.open("w") as file:
        process = subprocess.Popen(
            command, cwd=folder, stdout=file, stderr=file, env=environment, preexec_fn=heed_interrupts
        )
    preview = Preview(f"http://127.0.0.1:{port}/", log)
    try:
        end = time.monotonic() + _PATIENCE
        while "Serving on" not in preview.log():
            assert process.poll() is None, preview.log()
            assert time.monotonic() < end, preview.log()
            time.sleep(0.05)
        yield preview
        assert process.poll() is None, preview.log()
        assert "Traceback" not in preview.log()
    finally:
        # Unlike SIGTERM, an interrupt lets the engine delete its temporary folders.
        process.send_signal(signal.SIGINT)
        process.wait(timeout=_PATIENCE)
