"""Report the progress of a command on standard error."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable

import click

_PATIENCE = 1.0
"""Seconds before anything is reported."""
_TICK = 0.5
"""Seconds between two reports."""


class Progress:
    """Reports the current stage of a command on standard error, once it has run for more than a second.

    A terminal shows one line that is overwritten, and cleared at the end; otherwise each stage is a line.
    """

    def __init__(self) -> None:
        self._stage = ("", 0)
        self._reported = ("", 0)
        self._is_done = threading.Event()
        self._is_terminal = sys.stderr.isatty()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Callable[[str, int], None]:
        self._thread.start()
        return self._set_stage

    def __exit__(self, *_: object) -> None:
        self._is_done.set()
        self._thread.join()
        if self._is_terminal and self._reported != ("", 0):
            click.echo("\r\x1b[K", nl=False, err=True)

    def _set_stage(self, stage: str, count: int) -> None:
        self._stage = (stage, count)

    def _run(self) -> None:
        start = time.monotonic()
        patience = _PATIENCE
        while not self._is_done.wait(patience):
            patience = _TICK
            stage, count = self._stage
            if self._is_terminal:
                click.echo(f"\r\x1b[K{stage} {count:,} … {time.monotonic() - start:.0f} s", nl=False, err=True)
            elif self._stage != self._reported:
                click.echo(f"{stage} {count}", err=True)
            self._reported = self._stage
