"""Python's garbage collector around builds: paused while values are made, and kept off those that live long."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_REBUILDS = 50
"""Rebuilds between two full collections. What waits for one is the engine's settings, some hundred objects a rebuild;
to look through 10,000 notes takes as long as a rebuild."""


@contextmanager
def gc_paused() -> Iterator[None]:
    """Make many small values without a search for cycles after every few of them.

    Values of a knowledge base refer to one another in one direction, so none is found; yet looking through millions of
    them over and over is a fifth of the time.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def freeze_heap() -> None:
    """Exempt every object there is from later collections.

    The objects of a knowledge base hold no cycles and live as long as the build. ``gc.freeze`` makes no difference
    between them and others: in a process that builds repeatedly, ``Rebuilds`` collects the rest.
    """
    gc.freeze()


class RebuildCollector:
    """Garbage collection in a process that builds again and again.

    ``freeze`` also exempts what the engine made before it, which soon is garbage and holds cycles.
    """

    def __init__(self) -> None:
        self._count = 0

    def collect(self) -> None:
        """Collect the garbage of the former builds, the frozen part of it at intervals. To be called before a build."""
        self._count += 1
        if self._count % _REBUILDS == 0:
            gc.unfreeze()
        gc.collect()
