"""Many pages printed by two processes, of which one works already while neighbours are still being found."""

from __future__ import annotations

import gc
import logging
import multiprocessing
import os
import pickle
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from inquiry_site.build import Build
from inquiry_site.rendering.pages import Page

WORTH_IT = 500
"""With fewer pages a second process is not worth its beginning."""
_LEAST, _CHUNKS = 64, 4096
"""Pages are claimed so many at a time: enough for a claim to cost nothing, and no more chunks than a pipe holds."""
_NUMBER = 4
"""Bytes of a chunk's number."""

Print = Callable[[Page], None]


@dataclass(frozen=True, slots=True)
class _Told:
    """What a helper has to say in the end."""

    printed: tuple[int, ...]
    """Numbers of chunks."""
    records: tuple[tuple[str, int, str], ...]
    """What it had to log: the logger's name, the level and the message."""


class Presses:
    """Prints pages: with a helper where there are many and the system can fork, else in this process alone."""

    def __init__(self, pages: Sequence[Page], print_page: Print, built: Build, folder: Path) -> None:
        """Begin.

        Args:
            pages: what to print.
            print_page: writes one page.
            built: what the pages are of; the neighbours of each are not found yet.
            folder: for a file that goes from one process to the other.
        """
        # Sources and topics show no neighbours.
        ordered = sorted(pages, key=lambda page: bool(page.source))
        size = max(_LEAST, len(ordered) // _CHUNKS)
        self._chunks = [ordered[at : at + size] for at in range(0, len(ordered), size)]
        self._print = print_page
        self._knowledge = built.knowledge
        self._shown = (built.config.next_lines, built.config.related_notes)
        self._handover = folder / ".neighbours"
        self._helper = self._fork() if len(pages) >= WORTH_IT and can_fork() else None

    def run(self, meanwhile: Callable[[], None]) -> None:
        """Print all; ``meanwhile`` is done in this process once the neighbours are found.

        Raises:
            Exception: whatever printing a page raises.
        """
        if self._helper is None:
            self._print_chunks(range(len(self._chunks)))
            meanwhile()
            return
        neighbours = self._knowledge.neighbours.first(*self._shown)
        self._handover.write_bytes(pickle.dumps(neighbours, pickle.HIGHEST_PROTOCOL))
        self._helper.tell()
        meanwhile()
        printed = self._print_chunks(self._helper.claim())
        told = self._helper.told()
        self._handover.unlink()
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
            for page in self._chunks[number]:
                self._print(page)
            printed.append(number)
        return printed

    def _fork(self) -> _Helper:
        return _Helper(len(self._chunks), self._help)

    def _help(self, claimed: Iterator[int], wait: Callable[[], None]) -> _Told:
        """What the helper does, in its own process."""
        printed: list[int] = []
        records = _Records()
        for name in (None, *logging.Logger.manager.loggerDict):
            logging.getLogger(name).handlers = [records] if name is None else []
        waited = False
        try:
            for number in claimed:
                if not waited and any(page.source for page in self._chunks[number]):
                    wait()
                    self._knowledge.tell(pickle.loads(self._handover.read_bytes()))  # noqa: S301 - our own process wrote it
                    waited = True
                printed += self._print_chunks([number])
        except Exception:
            # The other process prints this chunk again, and fails where it can say so.
            return _Told(tuple(printed), ())
        return _Told(tuple(printed), tuple(records.found))


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
            found = _Told((), ())
        self._process.join()
        os.close(self._numbers)
        return found

    def stop(self) -> None:
        """End it."""
        self._process.kill()
        self._process.join()
