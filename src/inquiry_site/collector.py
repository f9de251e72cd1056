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


def clear_up() -> None:
    """Search for cycles once, where others have left some, before many values are made and set aside."""
    gc.collect()


def set_aside() -> None:
    """No search for cycles looks through what has been made: there are none, and it lives long."""
    gc.freeze()
