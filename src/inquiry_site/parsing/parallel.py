"""Documents parsed by several processes: each file is parsed by itself, so the result is the same."""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from inquiry_site.config import Limits
from inquiry_site.model import ParsedDocument
from inquiry_site.parsing.parser import Readable, parse_documents

WORTH_IT = 2_000
"""With fewer documents a second process is not up before the first is done."""
_CHUNK = 250
_MOST_PROCESSES = 8
_WAY = "fork" if sys.platform == "linux" else "spawn"
"""A copy of this process has all that it needs at once; not every system lets one be made safely."""

_Contents = Sequence[tuple[str, Readable]]


def parse_in_processes(contents: _Contents, limits: Limits) -> list[ParsedDocument]:
    """Parse many documents on all processors; few, or on one processor, in this process.

    But on Linux the caller must be a program whose main module may be imported (``if __name__ == "__main__"``): new
    processes do.
    """
    helpers = min(os.cpu_count() or 1, _MOST_PROCESSES) - 1
    if len(contents) < WORTH_IT or helpers < 1:
        return parse_documents(contents, limits)
    try:
        # Results come by files: through a pipe each would wait until this process has a moment to read it.
        with tempfile.TemporaryDirectory() as folder:
            return _parse_in_chunks(contents, Path(folder), helpers, limits)
    except OSError:
        # A full disk has no room for a folder.
        return parse_documents(contents, limits)


def _parse_in_chunks(contents: _Contents, folder: Path, helpers: int, limits: Limits) -> list[ParsedDocument]:
    chunks = [contents[start : start + _CHUNK] for start in range(0, len(contents), _CHUNK)]
    found: dict[int, list[ParsedDocument]] = {}
    with ProcessPoolExecutor(helpers, multiprocessing.get_context(_WAY), initializer=gc.disable) as pool:
        paths = [folder / str(at) for at in range(len(chunks))]
        futures = [pool.submit(_parse_into, path, chunk, limits) for path, chunk in zip(paths, chunks, strict=True)]
        # This process parses from the end what no other has begun, until they meet.
        for at in reversed(range(len(chunks))):
            if futures[at].cancel():
                found[at] = parse_documents(chunks[at], limits)
        for at, future in enumerate(futures):
            if at not in found:
                try:
                    future.result()
                    found[at] = pickle.loads(paths[at].read_bytes())  # noqa: S301 - written by our own process
                except (BrokenProcessPool, OSError):
                    found[at] = parse_documents(chunks[at], limits)
    return [document for at in range(len(chunks)) for document in found[at]]


def _parse_into(path: Path, chunk: _Contents, limits: Limits) -> None:
    path.write_bytes(pickle.dumps(parse_documents(chunk, limits), pickle.HIGHEST_PROTOCOL))
