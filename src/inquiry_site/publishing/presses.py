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

from inquiry_site.publishing.files import Content, put
from inquiry_site.publishing.memory import Stamp
from inquiry_site.publishing.work import Work

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess
    from typing import Any

    _End = Connection[Any, Any]

WORTH_IT = 500
"""With fewer files a second process is not worth its beginning."""
_LEAST, _CHUNKS = 64, 4096
"""Pages are claimed so many at a time: enough for a claim to cost nothing, and no more chunks than a pipe holds."""
_Found = TypeVar("_Found")

Make = Callable[[], Content]


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
        # This process begins with the late ones, once they can be made; a helper at the other end, at once.
        ordered = sorted(jobs, key=lambda job: not job.late)
        size = max(_LEAST, len(ordered) // _CHUNKS)
        self._chunks = [ordered[at : at + size] for at in range(0, len(ordered), size)]
        self._folder = folder
        self.made: dict[str, Stamp] = {}
        self.restless: set[str] = set()
        self._listener = _Records()
        self._work = work
        self._handover = folder / ".neighbours"
        self._helper = _Helper(len(self._chunks), self._help) if len(ordered) >= WORTH_IT and can_fork() else None

    def run(self, meanwhile: Callable[[], _Found], also: Callable[[], None]) -> _Found:
        """Make all.

        Args:
            meanwhile: something that another process can do, and tell this one what it gives.
            also: something else, for this process.

        Raises:
            Exception: whatever making a file raises.
        """
        logging.getLogger().addHandler(self._listener)
        try:
            if self._helper is not None:
                return self._run_with(self._helper, meanwhile, also)
            if len(self._work.pages) < WORTH_IT:
                self._make_all(also)
                return meanwhile()
            return beside(meanwhile, lambda: self._make_all(also))
        finally:
            logging.getLogger().removeHandler(self._listener)

    def _make_all(self, also: Callable[[], None]) -> None:
        self._print_chunks(range(len(self._chunks)))
        also()

    def _run_with(self, helper: _Helper, meanwhile: Callable[[], _Found], also: Callable[[], None]) -> _Found:
        neighbours = self._work.built.knowledge.neighbours.first(*self._work.shown)
        self._handover.write_bytes(pickle.dumps(neighbours, pickle.HIGHEST_PROTOCOL))
        helper.tell()
        found = meanwhile()
        also()
        printed = self._print_chunks(helper.claim(range(len(self._chunks))))
        told = helper.told()
        self._handover.unlink()
        self.made.update(told.made)
        self.restless |= told.restless
        for name, level, message in told.records:
            logging.getLogger(name).log(level, "%s", message)
        # What a helper claimed and did not finish, because it failed or was killed.
        self._print_chunks(sorted({*range(len(self._chunks))} - {*printed} - {*told.printed}))
        return found

    def stop(self) -> None:
        """Give up, whatever is printed."""
        if self._helper is not None:
            self._helper.stop()

    def _print_chunks(self, numbers: Iterable[int]) -> list[int]:
        printed = []
        for number in numbers:
            for job in self._chunks[number]:
                before = len(self._listener.found)
                self.made[job.file] = put(self._folder, job.file, job.make())
                if len(self._listener.found) > before:
                    self.restless.add(job.file)
            printed.append(number)
        return printed

    def _help(self, helper: _Helper, end: _End) -> _Told:
        """What the helper does, in its own process."""
        printed: list[int] = []
        for name in (None, *logging.Logger.manager.loggerDict):
            logging.getLogger(name).handlers = [self._listener] if name is None else []
        waits = True
        # The other process makes a chunk again at which this one fails, and fails where it can say so.
        with contextlib.suppress(Exception):
            for number in helper.claim(reversed(range(len(self._chunks)))):
                if waits and any(job.late for job in self._chunks[number]):
                    end.recv()
                    told = pickle.loads(self._handover.read_bytes())  # noqa: S301 - our own process wrote it
                    self._work.built.knowledge.tell(told)
                    waits = False
                printed += self._print_chunks([number])
        return _Told(tuple(printed), self.made, frozenset(self.restless), tuple(self._listener.found))


def beside(task: Callable[[], _Found], work: Callable[[], None]) -> _Found:
    """Do two things at a time, the first in a copy of this process if there can be one; what it gives.

    Raises:
        Exception: whatever either raises.
    """
    if not can_fork():
        found = task()
        work()
        return found
    ours, theirs = multiprocessing.get_context("fork").Pipe()
    process = _copy(lambda: _answer(task, theirs))
    theirs.close()
    try:
        work()
        told: tuple[_Found, ...] = ours.recv()
    except EOFError:
        told = ()
    finally:
        process.kill()
        process.join()
    # Where the copy failed or was killed this process does it, and fails where it can say so.
    return told[0] if told else task()


def _answer(task: Callable[[], object], end: _End) -> None:
    gc.disable()
    with contextlib.suppress(Exception):
        end.send((task(),))
    end.close()


def _copy(work: Callable[[], None]) -> BaseProcess:
    """A copy of this process at work."""
    process = multiprocessing.get_context("fork").Process(target=partial(_alone, work), daemon=True)
    with warnings.catch_warnings():
        # Python warns of threads that another library has begun; the copy does not use it.
        warnings.simplefilter("ignore", DeprecationWarning)
        process.start()
    return process


def _alone(work: Callable[[], None]) -> None:
    """Do the work of a copy, which leaves it to the other process what a signal to both means."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    work()


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
    """A copy of this process that shares a number of chunks with it: each begins at another end."""

    def __init__(self, chunks: int, work: Callable[[_Helper, _End], _Told]) -> None:
        # A pipe hands each byte to one reader, without a lock that a killed process would keep.
        self._claims, claims = os.pipe()
        os.write(claims, bytes(chunks))
        os.close(claims)
        self._end, other = multiprocessing.get_context("fork").Pipe()
        self._parent = os.getpid()
        self._process = _copy(lambda: self._work(work, other))
        other.close()

    def _work(self, work: Callable[[_Helper, _End], _Told], end: _End) -> None:
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

    def tell(self) -> None:
        """Let it read the file."""
        with contextlib.suppress(OSError):
            self._end.send(True)

    def told(self) -> _Told:
        """What it has to say once it has ended; nothing where it was killed."""
        try:
            found: _Told = self._end.recv()
        except (EOFError, OSError):
            found = _Told((), {}, frozenset(), ())
        self._process.join()
        os.close(self._claims)
        return found

    def stop(self) -> None:
        """End it."""
        self._process.kill()
        self._process.join()
