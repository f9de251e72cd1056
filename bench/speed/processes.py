"""Running programs and watching them: seconds, memory of all their processes, and how soon a server follows."""

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
_LOOK = 0.2


@dataclass(frozen=True)
class Run:
    """What a program took."""

    seconds: float
    mebibytes: float
    """At most, of it and its children together, shared memory counted once (PSS)."""


def run(command: Sequence[str], folder: Path) -> Run:
    """Run a program to its end."""
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, env=QUIET, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    peak = [0.0]
    over = threading.Event()
    watcher = threading.Thread(target=_watch, args=(process.pid, peak, over))
    watcher.start()
    _, errors = process.communicate()
    seconds = time.perf_counter() - began
    over.set()
    watcher.join()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed in {folder}:\n{errors.decode(errors='replace')[-2000:]}")
    return Run(seconds, peak[0])


def _watch(process: int, peak: list[float], over: threading.Event) -> None:
    while not over.wait(_LOOK):
        peak[0] = max(peak[0], sum(map(_proportional, _family(process))) / 1024)


def _family(process: int) -> Iterator[int]:
    yield process
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{process}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _family(int(child))


def _proportional(process: int) -> int:
    """Kibibytes of a process, each shared page divided by those who share it; 0 where the system does not tell."""
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), 0)


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serving(command: Sequence[str], folder: Path, address: str, patience: float = 300) -> Iterator[None]:
    """A server, from when it answers until the block ends."""
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
    """Seconds from saving a note with a new word to the server answering with it."""
    text = note.read_text(encoding="utf-8")
    note.write_text(f"{text}\n\n{word} it says.\n", encoding="utf-8")
    return wait_for_answer(address, word, patience)


def wait_for_answer(address: str, word: str, patience: float = 300) -> float:
    """Fetch a page until it holds a word; returns the seconds that took.

    Raises:
        SystemExit: it did not within ``patience`` seconds.
    """
    began = time.perf_counter()
    while time.perf_counter() < began + patience:
        with (
            contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError),
            urllib.request.urlopen(address, timeout=patience) as answer,
        ):
            if word in answer.read().decode():
                return time.perf_counter() - began
        time.sleep(0.02)
    raise SystemExit(f"{address} did not answer with “{word}” within {patience:.0f} s")
