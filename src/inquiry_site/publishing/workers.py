"""Write files in two processes; the child starts while the parent still computes what some of them need.

Global effects: the pool forks this process, adds a handler to the root logger while it runs, and turns the garbage
collector and all other log handlers off in the child.
"""

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

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess
    from typing import Any

    _Pipe = Connection[Any, Any]

LEAST_OUTPUTS = 500
"""With fewer files, this process finishes before a second one has started."""
_LEAST_CHUNK, _MOST_CHUNKS = 64, 4096
"""Minimum files per chunk, so that claiming one costs little; maximum chunks, so that all claims fit into a pipe."""
_Result = TypeVar("_Result")

Render = Callable[[], Content]


@dataclass(frozen=True, slots=True)
class Output:
    """A file of the site and what renders it."""

    path: str
    """Relative to the site's folder."""
    render: Render
    needs_ranking: bool = True
    """Whether it can only be rendered once the ranking is computed."""


@dataclass(frozen=True, slots=True)
class LateInput:
    """A value that the parent computes while the child already renders outputs that do not need it."""

    compute: Callable[[], object]
    """Called in the parent; the value is pickled."""
    receive: Callable[[Any], None]
    """Called in the child with the value, before the first output that needs it."""


@dataclass(frozen=True, slots=True)
class _WorkerResult:
    """What a child reports when it ends."""

    chunks: tuple[int, ...] = ()
    """Numbers of the chunks that it wrote."""
    written: Mapping[str, FileStat] | None = None
    with_warnings: frozenset[str] = frozenset()
    """Files whose rendering logged something."""
    records: tuple[tuple[str, int, str], ...] = ()
    """What it logged: the logger's name, the level and the message."""


class WriterPool:
    """Writes outputs, with a second process where there are many and the system can fork.

    Attributes:
        written: the files written so far.
        with_warnings: files whose rendering logged something.
    """

    def __init__(self, outputs: Iterable[Output], folder: Path, late_input: LateInput) -> None:
        """Start the second process.

        Args:
            outputs: what to write, the largest first.
            folder: where to write them.
            late_input: the value that ``needs_ranking`` refers to.
        """
        # The parent starts with outputs that need the ranking, the child at the other end with those that do not.
        ordered = sorted(outputs, key=lambda output: not output.needs_ranking)
        size = max(_LEAST_CHUNK, len(ordered) // _MOST_CHUNKS)
        self._chunks = [ordered[start : start + size] for start in range(0, len(ordered), size)]
        self._folder = folder
        self._late_input = late_input
        self._late_input_file = folder / ".late-input"
        self._log = LogCollector()
        self.written: dict[str, FileStat] = {}
        self.with_warnings: set[str] = set()
        is_large = len(ordered) >= LEAST_OUTPUTS and can_fork()
        self._worker = _Worker(len(self._chunks), self._work) if is_large else None

    def run(self, in_child: Callable[[], _Result], in_parent: Callable[[], None], is_large: bool) -> _Result:
        """Write all outputs and run two further tasks.

        Args:
            in_child: a task that may run in another process; its result is returned.
            in_parent: a task for this process.
            is_large: whether ``in_child`` is worth a process of its own even if the outputs are not.

        Raises:
            Exception: whatever rendering an output or a task raises.
        """
        logging.getLogger().addHandler(self._log)
        try:
            if self._worker is not None:
                return self._run_with_worker(self._worker, in_child, in_parent)
            if not is_large:
                self._write_all(in_parent)
                return in_child()
            return run_in_child(in_child, lambda: self._write_all(in_parent))
        finally:
            logging.getLogger().removeHandler(self._log)

    def stop(self) -> None:
        """Kill the second process, whatever it has written so far."""
        if self._worker is not None:
            self._worker.stop()

    def _write_all(self, then: Callable[[], None]) -> None:
        self._write_chunks(range(len(self._chunks)))
        then()

    def _run_with_worker(
        self, worker: _Worker, in_child: Callable[[], _Result], in_parent: Callable[[], None]
    ) -> _Result:
        late_input = self._late_input.compute()
        self._late_input_file.write_bytes(pickle.dumps(late_input, pickle.HIGHEST_PROTOCOL))
        worker.notify()
        result = in_child()
        in_parent()
        chunks = self._write_chunks(worker.claim(range(len(self._chunks))))
        reported = worker.result()
        self._late_input_file.unlink()
        self.written.update(reported.written or {})
        self.with_warnings |= reported.with_warnings
        for name, level, message in reported.records:
            logging.getLogger(name).log(level, "%s", message)
        # Chunks that the child claimed and did not finish, because it failed or was killed.
        self._write_chunks(sorted({*range(len(self._chunks))} - {*chunks} - {*reported.chunks}))
        return result

    def _write_chunks(self, numbers: Iterable[int]) -> list[int]:
        written = []
        for number in numbers:
            for output in self._chunks[number]:
                logged = len(self._log.records)
                self.written[output.path] = write_file(self._folder, output.path, output.render())
                if len(self._log.records) > logged:
                    self.with_warnings.add(output.path)
            written.append(number)
        return written

    def _work(self, worker: _Worker, pipe: _Pipe) -> _WorkerResult:
        """Write chunks in the child process."""
        chunks: list[int] = []
        for name in (None, *logging.Logger.manager.loggerDict):
            logging.getLogger(name).handlers = [self._log] if name is None else []
        has_late_input = False
        # If a chunk fails here, the parent retries it and reports the error.
        with contextlib.suppress(Exception):
            for number in worker.claim(reversed(range(len(self._chunks)))):
                if not has_late_input and any(output.needs_ranking for output in self._chunks[number]):
                    pipe.recv()
                    value = pickle.loads(self._late_input_file.read_bytes())  # noqa: S301 - our own process wrote it
                    self._late_input.receive(value)
                    has_late_input = True
                chunks += self._write_chunks([number])
        return _WorkerResult(tuple(chunks), self.written, frozenset(self.with_warnings), tuple(self._log.records))


def run_in_child(task: Callable[[], _Result], meanwhile: Callable[[], None]) -> _Result:
    """Run a task in a forked process, if possible, and another one here; return the first one's result.

    Raises:
        Exception: whatever either task raises.
    """
    if not can_fork():
        result = task()
        meanwhile()
        return result
    ours, theirs = multiprocessing.get_context("fork").Pipe()
    process = _fork(lambda: _send_result(task, theirs))
    theirs.close()
    try:
        meanwhile()
        results: tuple[_Result, ...] = ours.recv()
    except EOFError:
        results = ()
    finally:
        process.kill()
        process.join()
    # If the child failed or was killed, the parent retries and reports the error.
    return results[0] if results else task()


def _send_result(task: Callable[[], object], pipe: _Pipe) -> None:
    gc.disable()
    with contextlib.suppress(Exception):
        pipe.send((task(),))
    pipe.close()


def _fork(work: Callable[[], None]) -> BaseProcess:
    """Start a copy of this process that calls a function."""
    process = multiprocessing.get_context("fork").Process(target=partial(_run_forked, work), daemon=True)
    with warnings.catch_warnings():
        # Python warns about threads that another library has started; the child does not use that library.
        warnings.simplefilter("ignore", DeprecationWarning)
        process.start()
    return process


def _run_forked(work: Callable[[], None]) -> None:
    # Ctrl-C reaches both processes: the parent decides what to do and kills the child.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    work()


class LogCollector(logging.Handler):
    """Collects log records as (logger's name, level, message)."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[tuple[str, int, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Store a record."""
        self.records.append((record.name, record.levelno, record.getMessage()))


def can_fork() -> bool:
    """Whether this process can be forked and a second processor is available for the child.

    On macOS a forked process must not use some of the system's libraries.
    """
    return sys.platform == "linux" and (os.cpu_count() or 1) > 1


class _Worker:
    """A forked process that shares numbered chunks with its parent: the two start at opposite ends."""

    def __init__(self, chunks: int, work: Callable[[_Worker, _Pipe], _WorkerResult]) -> None:
        # A pipe delivers each byte to one reader, without a lock that a killed process would still hold.
        self._claims, claims = os.pipe()
        os.write(claims, bytes(chunks))
        os.close(claims)
        self._pipe, child_pipe = multiprocessing.get_context("fork").Pipe()
        self._parent = os.getpid()
        self._process = _fork(lambda: self._run(work, child_pipe))
        child_pipe.close()

    def _run(self, work: Callable[[_Worker, _Pipe], _WorkerResult], pipe: _Pipe) -> None:
        gc.disable()
        self._pipe.close()
        # Without a parent nothing waits for the result.
        with contextlib.suppress(EOFError, OSError):
            pipe.send(work(self, pipe))

    def claim(self, numbers: Iterable[int]) -> Iterator[int]:
        """Yield numbers from one end until the other process has claimed the rest."""
        for number in numbers:
            if not os.read(self._claims, 1) or self._parent not in {os.getpid(), os.getppid()}:
                return
            yield number

    def notify(self) -> None:
        """Notify the child that the late input is written."""
        with contextlib.suppress(OSError):
            self._pipe.send(True)

    def result(self) -> _WorkerResult:
        """Wait for the child and return its result; an empty one if it was killed."""
        try:
            result: _WorkerResult = self._pipe.recv()
        except (EOFError, OSError):
            result = _WorkerResult()
        self._process.join()
        os.close(self._claims)
        return result

    def stop(self) -> None:
        """Kill the child."""
        self._process.kill()
        self._process.join()
