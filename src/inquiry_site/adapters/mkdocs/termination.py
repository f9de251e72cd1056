"""How a build ends early: warnings under ``--strict``, and signals."""

from __future__ import annotations

import logging
import signal
import threading
from types import FrameType
from typing import NoReturn

from mkdocs.utils import CountHandler

_Frame = FrameType | None


def counted_warnings(logger: logging.Logger) -> int:
    """How many warnings the engine has counted so far, which it does under ``--strict`` alone.

    It looks at the number after ``on_post_build``, when the site would be published already.

    Args:
        logger: one below the engine's.
    """
    count, current = 0, logger
    while current.parent is not None:
        current = current.parent
        count += sum(sum(h.counts.values()) for h in current.handlers if isinstance(h, CountHandler))
    return count


class Termination:
    """Turns SIGTERM into an exception while a build runs, so that its staging folder is removed."""

    def __init__(self) -> None:
        self._is_caught = False

    def catch(self) -> None:
        """Begin, unless the program has a handler of its own or this is not its main thread."""
        in_main_thread = threading.current_thread() is threading.main_thread()
        if in_main_thread and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            signal.signal(signal.SIGTERM, _exit)
            self._is_caught = True

    def release(self) -> None:
        """End."""
        if self._is_caught:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            self._is_caught = False


def _exit(number: int, frame: _Frame) -> NoReturn:
    # As a shell reports a program that a signal ended.
    raise SystemExit(128 + number)
