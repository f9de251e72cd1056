"""End a build cleanly on SIGTERM."""

from __future__ import annotations

import signal
import threading
from types import FrameType
from typing import NoReturn

_Frame = FrameType | None


class Termination:
    """Turns SIGTERM into ``SystemExit`` during a build, so that its staging directory is removed."""

    def __init__(self) -> None:
        self._is_caught = False

    def catch(self) -> None:
        """Install the handler, unless the program has its own or this is not its main thread."""
        in_main_thread = threading.current_thread() is threading.main_thread()
        if in_main_thread and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            signal.signal(signal.SIGTERM, _exit)
            self._is_caught = True

    def release(self) -> None:
        """Restore the default handler."""
        if self._is_caught:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            self._is_caught = False


def _exit(number: int, frame: _Frame) -> NoReturn:
    # The exit status that shells report for a program killed by this signal.
    raise SystemExit(128 + number)
