"""Many files made by two processes, of which one works already while the neighbours of pages are being found."""

from __future__ import annotations

import contextlib
import gc
import logging
import multiprocessing
import os
import pickle
import signal
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from inquiry_site.publishing.file_tree import Content, write_file
from inquiry_site.publishing.manifest import FileStat
from inquiry_site.publishing.session import BuildSession

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess
    from typing import Any

    _End = Connection[Any, Any]

LEAST_OUTPUTS = 500
"""With fewer files a second process is not worth its beginning."""
_CHUNK, _MOST_CHUNKS = 64, 4096
"""Pages are claimed so many at a time: enough for a claim to cost nothing, and no more chunks than a pipe holds."""
_Result = TypeVar("_Result")

Render = Callable[[], Content]


@dataclass(frozen=True, slots=True)
class Output:
    """A file of the site that is to be made."""

    path: str
    """Its path in the site's folder."""
    render: Render
    needs_ranking: bool = True
    """Whether it can only be made once the neighbours of every page are found."""


@dataclass(frozen=True, slots=True)
class _WorkerResult:
    """What a helper has to say in the end."""

    chunks: tuple[int, ...]
    """Numbers of chunks."""
    written: Mapping[str, FileStat]
    with_warnings: frozenset[str]
    """Files of which something was logged while they were made."""
    records: tuple[tuple[str, int, str], ...]
    """What it had to log: the logger's name, the level and the message."""


class WriterPool:
    """Makes files: with a helper where there are many and the system can fork, else in this process alone.

    Attributes:
        made: what was made.
        restless: files of which something was logged while they were made.
    """

    def __init__(self, jobs: Iterable[Output], work: BuildSession, folder: Path) -> None:
        """Begin.

        Args:
            jobs: what to make, the largest first.
            work: what they are made of; the neighbours of each page need not be found yet.
            folder: where the files go.
        """
        # This process begins with the late ones, once they can be made; a helper at the other end, at once.
        ordered = sorted(jobs, key=lambda job: not job.needs_ranking)
        size = max(_CHUNK, len(ordered) // _MOST_CHUNKS)
        self._chunks = [ordered[at : at + size] for at in range(0, len(ordered), size)]
        self._folder = folder
        self.written: dict[str, FileStat] = {}
        self.with_warnings: set[str] = set()
        self._log = LogCollector()
        self._session = work
        self._neighbours_file = folder / ".neighbours"
        self._worker = _Worker(len(self._chunks), self._work) if len(ordered) >= LEAST_OUTPUTS and can_fork() else None

    def run(self, meanwhile: Callable[[], _Result], also: Callable[[], None]) -> _Result:
        """Make all.

        Args:
            meanwhile: something that another process can do, and tell this one what it gives.
            also: something else, for this process.

        Raises:
            Exception: whatever making a file raises.
        """
        logging.getLogger().addHandler(self._log)
        try:
            if self._worker is not None:
                return self._run_with_worker(self._worker, meanwhile, also)
            if len(self._session.pages) < LEAST_OUTPUTS:
                self._write_all(also)
                return meanwhile()
            return run_in_child(meanwhile, lambda: self._write_all(also))
        finally:
            logging.getLogger().removeHandler(self._log)

    def _write_all(self, also: Callable[[], None]) -> None:
        self._write_chunks(range(len(self._chunks)))
        also()

    def _run_with_worker(self, helper: _Worker, meanwhile: Callable[[], _Result], also: Callable[[], None]) -> _Result:
        neighbours = self._session.build.knowledge.neighbours.first(*self._session.list_limits)
        self._neighbours_file.write_bytes(pickle.dumps(neighbours, pickle.HIGHEST_PROTOCOL))
        helper.notify()
        found = meanwhile()
        also()
        printed = self._write_chunks(helper.claim(range(len(self._chunks))))
        told = helper.result()
        self._neighbours_file.unlink()
        self.written.update(told.written)
        self.with_warnings |= told.with_warnings
        for name, level, message in told.records:
            logging.getLogger(name).log(level, "%s", message)
        # What a helper claimed and did not finish, because it failed or was killed.
        self._write_chunks(sorted({*range(len(self._chunks))} - {*printed} - {*told.chunks}))
        return found

    def stop(self) -> None:
        """Give up, whatever is printed."""
        if self._worker is not None:
            self._worker.stop()

    def _write_chunks(self, numbers: Iterable[int]) -> list[int]:
        printed = []
        for number in numbers:
            for job in self._chunks[number]:
                before = len(self._log.records)
                self.written[job.path] = write_file(self._folder, job.path, job.render())
                if len(self._log.records) > before:
                    self.with_warnings.add(job.path)
            printed.append(number)
        return printed

    def _work(self, helper: _Worker, end: _End) -> _WorkerResult:
        """What the helper does, in its own process."""
        printed: list[int] = []
        for name in (None, *logging.Logger.manager.loggerDict):
            logging.getLogger(name).handlers = [self._log] if name is None else []
        waits = True
        # The other process makes a chunk again at which this one fails, and fails where it can say so.
        with contextlib.suppress(Exception):
            for number in helper.claim(reversed(range(len(self._chunks)))):
                if waits and any(job.needs_ranking for job in self._chunks[number]):
                    end.recv()
                    told = pickle.loads(self._neighbours_file.read_bytes())  # noqa: S301 - our own process wrote it
                    self._session.build.knowledge.use_neighbours(told)
                    waits = False
                printed += self._write_chunks([number])
        return _WorkerResult(tuple(printed), self.written, frozenset(self.with_warnings), tuple(self._log.records))


def run_in_child(task: Callable[[], _Result], work: Callable[[], None]) -> _Result:
    """Do two things at a time, the first in a copy of this process if there can be one; what it gives.

    Raises:
        Exception: whatever either raises.
    """
    if not can_fork():
        found = task()
        work()
        return found
    ours, theirs = multiprocessing.get_context("fork").Pipe()
    process = _fork(lambda: _send_result(task, theirs))
    theirs.close()
    try:
        work()
        told: tuple[_Result, ...] = ours.recv()
    except EOFError:
        told = ()
    finally:
        process.kill()
        process.join()
    # Where the copy failed or was killed this process does it, and fails where it can say so.
    return told[0] if told else task()


def _send_result(task: Callable[[], object], end: _End) -> None:
    gc.disable()
    with contextlib.suppress(Exception):
        end.send((task(),))
    end.close()


def _fork(work: Callable[[], None]) -> BaseProcess:
    """A copy of this process at work."""
    process = multiprocessing.get_context("fork").Process(target=partial(_run_forked, work), daemon=True)
    with warnings.catch_warnings():
        # Python warns of threads that another library has begun; the copy does not use it.
        warnings.simplefilter("ignore", DeprecationWarning)
        process.start()
    return process


def _run_forked(work: Callable[[], None]) -> None:
    """Do the work of a copy, which leaves it to the other process what a signal to both means."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    work()


class LogCollector(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[tuple[str, int, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Store the logger's name, the level and the message."""
        self.records.append((record.name, record.levelno, record.getMessage()))


def can_fork() -> bool:
    """Whether a copy of this process can be made and there is a second processor for it.

    On macOS copies of a process may not use some of the system's libraries.
    """
    return sys.platform == "linux" and (os.cpu_count() or 1) > 1


class _Worker:
    """A copy of this process that shares a number of chunks with it: each begins at another end."""

    def __init__(self, chunks: int, work: Callable[[_Worker, _End], _WorkerResult]) -> None:
        # A pipe hands each byte to one reader, without a lock that a killed process would keep.
        self._claims, claims = os.pipe()
        os.write(claims, bytes(chunks))
        os.close(claims)
        self._end, other = multiprocessing.get_context("fork").Pipe()
        self._parent = os.getpid()
        self._process = _fork(lambda: self._work(work, other))
        other.close()

    def _work(self, work: Callable[[_Worker, _End], _WorkerResult], end: _End) -> None:
        gc.disable()
        self._end.close()
        # If the other process is gone, nobody needs this one.
        with contextlib.suppress(EOFError, OSError):
            end.send(work(self, end))

    def claim(self, numbers: Iterable[int]) -> Iterator[int]:
        """These numbers, from one end, as long as the other process has not come so far from the other."""
        for number in numbers:
            if not os.read(self._claims, 1) or self._parent not in {os.getpid(), os.getppid()}:
                return
            yield number

    def notify(self) -> None:
        """Let it read the file."""
        with contextlib.suppress(OSError):
            self._end.send(True)

    def result(self) -> _WorkerResult:
        """What it has to say once it has ended; nothing where it was killed."""
        try:
            found: _WorkerResult = self._end.recv()
        except (EOFError, OSError):
            found = _WorkerResult((), {}, frozenset(), ())
        self._process.join()
        os.close(self._claims)
        return found

    def stop(self) -> None:
        """End it."""
        self._process.kill()
        self._process.join()
