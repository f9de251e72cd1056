"""Run programs and measure their time, the memory of all their processes, and the response time of servers."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

QUIET = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}
_INTERVAL = 0.2
"""Seconds between measurements of memory."""


@dataclass(frozen=True)
class Run:
    """The time and memory of a program."""

    seconds: float
    mebibytes: float
    """Peak memory of the process and its children together, with shared memory counted once (PSS)."""


def run(command: Sequence[str], folder: Path) -> Run:
    """Run a program until it exits, and measure it."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, env=QUIET, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    peak = [0.0]
    is_done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(process.pid, peak, is_done))
    watcher.start()
    _, errors = process.communicate()
    seconds = time.perf_counter() - start
    is_done.set()
    watcher.join()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed in {folder}:\n{errors.decode(errors='replace')[-2000:]}")
    return Run(seconds, peak[0])


def _watch(process: int, peak: list[float], is_done: threading.Event) -> None:
    while not is_done.wait(_INTERVAL):
        peak[0] = max(peak[0], sum(map(_proportional, _family(process))) / 1024)


def _family(process: int) -> Iterator[int]:
    yield process
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{process}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _family(int(child))


def _proportional(process: int) -> int:
    """Return the proportional set size of a process in KiB; 0 if the system does not report it."""
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), 0)


def free_port() -> int:
    """Return an unused port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serving(command: Sequence[str], folder: Path, address: str, patience: float = 300) -> Iterator[None]:
    """Run a server; enter the block once it responds, and kill it afterwards."""
    process = subprocess.Popen(
        command, cwd=folder, env=QUIET, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        wait_for_answer(address, "", patience)
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def follow(note: Path, address: str, word: str, patience: float = 300) -> float:
    """Save a note with a new word, and return the seconds until the server responds with it."""
    text = note.read_text(encoding="utf-8")
    note.write_text(f"{text}\n\n{word} it says.\n", encoding="utf-8")
    return wait_for_answer(address, word, patience)


def wait_for_answer(address: str, word: str, patience: float = 300) -> float:
    """Fetch a page until it contains a word, and return the seconds it took.

    Raises:
        SystemExit: the page did not contain the word within ``patience`` seconds.
    """
    start = time.perf_counter()
    while time.perf_counter() < start + patience:
        with (
            contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError),
            urllib.request.urlopen(address, timeout=patience) as answer,
        ):
            if word in answer.read().decode():
                return time.perf_counter() - start
        time.sleep(0.02)
    raise SystemExit(f"{address} did not answer with “{word}” within {patience:.0f} s")
