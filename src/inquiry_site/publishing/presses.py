"""Many files made by two processes, of which one works already while the neighbours of pages are being found."""

from __future__ import annotations

import contextlib
import gc
import logging
import multiprocessing
import os
import pickle
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from inquiry_site.publishing.memory import Stamp
from inquiry_site.publishing.work import Work

WORTH_IT = 500
"""With fewer files a second process is not worth its beginning."""
_LEAST, _CHUNKS = 64, 4096
"""Pages are claimed so many at a time: enough for a claim to cost nothing, and no more chunks than a pipe holds."""
_NUMBER = 4
"""Bytes of a chunk's number."""

Make = Callable[[], str | bytes]


@dataclass(frozen=True, slots=True)
class Job:
    """A file of the site that is to be made."""

    file: str
    """Its path in the site's folder."""
    make: Make
    late: bool = True
    """Whether it can only be made once the neighbours of every page are found."""


@dataclass(frozen=True, slots=True)
class _Told:
    """What a helper has to say in the end."""

    printed: tuple[int, ...]
    """Numbers of chunks."""
    made: Mapping[str, Stamp]
    restless: frozenset[str]
    """Files of which something was logged while they were made."""
    records: tuple[tuple[str, int, str], ...]
    """What it had to log: the logger's name, the level and the message."""


class Presses:
    """Makes files: with a helper where there are many and the system can fork, else in this process alone.

    Attributes:
        made: what was made.
        restless: files of which something was logged while they were made.
    """

    def __init__(self, jobs: Iterable[Job], work: Work, folder: Path) -> None:
        """Begin.

        Args:
            jobs: what to make, the largest first.
            work: what they are made of; the neighbours of each page need not be found yet.
            folder: where the files go.
        """
        ordered = sorted(jobs, key=lambda job: job.late)
        size = max(_LEAST, len(ordered) // _CHUNKS)
        self._chunks = [ordered[at : at + size] for at in range(0, len(ordered), size)]
        self._folder = folder
        self.made: dict[str, Stamp] = {}
        self.restless: set[str] = set()
        self._listener = _Records()
        self._work = work
        self._handover = folder / ".neighbours"
        self._helper = self._fork() if len(ordered) >= WORTH_IT and can_fork() else None

    def run(self, meanwhile: Callable[[], None]) -> None:
        """Make all; ``meanwhile`` is done in this process once the neighbours are found.

        Raises:
            Exception: whatever making a file raises.
        """
        logging.getLogger().addHandler(self._listener)
        try:
            self._run(meanwhile)
        finally:
            logging.getLogger().removeHandler(self._listener)

    def _run(self, meanwhile: Callable[[], None]) -> None:
        if self._helper is None:
            self._print_chunks(range(len(self._chunks)))
            meanwhile()
            return
        neighbours = self._work.built.knowledge.neighbours.first(*self._work.shown)
        self._handover.write_bytes(pickle.dumps(neighbours, pickle.HIGHEST_PROTOCOL))
        self._helper.tell()
        meanwhile()
        printed = self._print_chunks(self._helper.claim())
        told = self._helper.told()
        self._handover.unlink()
        self.made.update(told.made)
        self.restless |= told.restless
        for name, level, message in told.records:
            logging.getLogger(name).log(level, "%s", message)
        # What a helper claimed and did not finish, because it failed or was killed.
        self._print_chunks(sorted({*range(len(self._chunks))} - {*printed} - {*told.printed}))

    def stop(self) -> None:
        """Give up, whatever is printed."""
        if self._helper is not None:
            self._helper.stop()

    def _print_chunks(self, numbers: Iterator[int] | Sequence[int]) -> list[int]:
        printed = []
        for number in numbers:
            for job in self._chunks[number]:
                before = len(self._listener.found)
                self.made[job.file] = put(self._folder, job.file, job.make())
                if len(self._listener.found) > before:
                    self.restless.add(job.file)
            printed.append(number)
        return printed

    def _fork(self) -> _Helper:
        return _Helper(len(self._chunks), self._help)

    def _help(self, claimed: Iterator[int], wait: Callable[[], None]) -> _Told:
        """What the helper does, in its own process."""
        printed: list[int] = []
        for name in (None, *logging.Logger.manager.loggerDict):
            logging.getLogger(name).handlers = [self._listener] if name is None else []
        waited = False
        # The other process makes a chunk again at which this one fails, and fails where it can say so.
        with contextlib.suppress(Exception):
            for number in claimed:
                if not waited and any(job.late for job in self._chunks[number]):
                    wait()
                    told = pickle.loads(self._handover.read_bytes())  # noqa: S301 - our own process wrote it
                    self._work.built.knowledge.tell(told)
                    waited = True
                printed += self._print_chunks([number])
        return _Told(tuple(printed), self.made, frozenset(self.restless), tuple(self._listener.found))


def put(folder: Path, name: str, content: str | bytes) -> Stamp:
    """Write a file of a site.

    Raises:
        OSError: it cannot be written.
    """
    if isinstance(content, str):
        content = content.encode(errors="xmlcharrefreplace")
    path = f"{folder}/{name}"
    parent = os.path.dirname(path)  # noqa: PTH120 - there are thousands of files
    try:
        # Most pages have a folder of their own.
        os.mkdir(parent)  # noqa: PTH102
    except FileExistsError:
        pass
    except FileNotFoundError:
        os.makedirs(parent, exist_ok=True)  # noqa: PTH103
    with open(path, "wb") as file:  # noqa: PTH123
        file.write(content)
        file.flush()
        stat = os.fstat(file.fileno())
    return Stamp(stat.st_size, stat.st_mtime_ns)


class _Records(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, int, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.found.append((record.name, record.levelno, record.getMessage()))


def can_fork() -> bool:
    """Whether a copy of this process can be made and there is a second processor for it.

    On macOS copies of a process may not use some of the system's libraries.
    """
    return sys.platform == "linux" and (os.cpu_count() or 1) > 1


class _Helper:
    """A copy of this process that shares a count of chunks with it."""

    def __init__(self, chunks: int, work: Callable[[Iterator[int], Callable[[], None]], _Told]) -> None:
        context = multiprocessing.get_context("fork")
        # A pipe hands each number to one reader, without a lock that a killed process would keep.
        self._numbers, numbers = os.pipe()
        os.write(numbers, b"".join(number.to_bytes(_NUMBER, "big") for number in range(chunks)))
        os.close(numbers)
        self._end, other = context.Pipe()
        self._process = context.Process(target=self._work, args=(work, other), daemon=True)
        with warnings.catch_warnings():
            # Python warns of threads that another library has begun; the copy does not use it.
            warnings.simplefilter("ignore", DeprecationWarning)
            self._process.start()
        other.close()

    def _work(self, work: Callable[[Iterator[int], Callable[[], None]], _Told], end: Connection[Any, Any]) -> None:
        gc.disable()
        self._end.close()
        try:
            end.send(work(self.claim(), lambda: end.recv()))
        except (EOFError, OSError):
            # The other process is gone, and nobody needs this one.
            os._exit(1)

    def claim(self) -> Iterator[int]:
        """Numbers of chunks that no other process has taken."""
        while number := os.read(self._numbers, _NUMBER):
            yield int.from_bytes(number, "big")

    def tell(self) -> None:
        """Let it read the file."""
        try:
            self._end.send(True)
        except OSError:
            return

    def told(self) -> _Told:
        """What it has to say once it has ended; nothing where it was killed."""
        try:
            found: _Told = self._end.recv()
        except (EOFError, OSError):
            found = _Told((), {}, frozenset(), ())
        self._process.join()
        os.close(self._numbers)
        return found

    def stop(self) -> None:
        """End it."""
        self._process.kill()
        self._process.join()
