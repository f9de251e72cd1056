"""The garbage collector stands still while a knowledge base is made, and passes over what was made."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collecting() -> Iterator[None]:
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


def set_aside() -> None:
    """What has been made lives as long as the program: no search for cycles looks through it again."""
    gc.freeze()
