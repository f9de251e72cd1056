"""Parse documents in several processes. The result is the same, because each file is parsed independently."""

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
from inquiry_site.parsing.parser import parse_documents
from inquiry_site.parsing.text_file import DocumentContent

WORTH_IT = 2_000
"""The minimum number of documents: with fewer, this process finishes before a second one has started."""
_CHUNK = 250
_MOST_PROCESSES = 8
_START_METHOD = "fork" if sys.platform == "linux" else "spawn"
"""A forked process needs no imports, but forking is not safe on every system."""

_Contents = Sequence[tuple[str, DocumentContent]]


def parse_in_processes(contents: _Contents, limits: Limits) -> list[ParsedDocument]:
    """Parse many documents on all processors, or in this process if they are few or there is only one processor.

    Except on Linux, the caller's main module must be importable without side effects (``if __name__ == "__main__"``),
    because new processes import it.

    Args:
        contents: path and content of each document.
        limits: the limits on each file.

    Returns:
        The parsed documents in the order of ``contents``.
    """
    workers = min(os.cpu_count() or 1, _MOST_PROCESSES) - 1
    if len(contents) < WORTH_IT or workers < 1:
        return parse_documents(contents, limits)
    try:
        # Workers return results in files, because a pipe would block each until this process reads from it.
        with tempfile.TemporaryDirectory() as folder:
            return _parse_in_chunks(contents, Path(folder), workers, limits)
    except OSError:
        # No temporary folder can be created on a full disk.
        return parse_documents(contents, limits)


def _parse_in_chunks(contents: _Contents, folder: Path, workers: int, limits: Limits) -> list[ParsedDocument]:
    chunks = [contents[start : start + _CHUNK] for start in range(0, len(contents), _CHUNK)]
    results: dict[int, list[ParsedDocument]] = {}
    with ProcessPoolExecutor(workers, multiprocessing.get_context(_START_METHOD), initializer=gc.disable) as pool:
        paths = [folder / str(index) for index in range(len(chunks))]
        futures = [pool.submit(_parse_into, path, chunk, limits) for path, chunk in zip(paths, chunks, strict=True)]
        # This process starts at the end and parses chunks that no worker has begun, until both meet.
        for index in reversed(range(len(chunks))):
            if futures[index].cancel():
                results[index] = parse_documents(chunks[index], limits)
        for index, future in enumerate(futures):
            if index not in results:
                try:
                    future.result()
                    results[index] = pickle.loads(paths[index].read_bytes())  # noqa: S301 - written by our own process
                except (BrokenProcessPool, OSError):
                    results[index] = parse_documents(chunks[index], limits)
    return [document for index in range(len(chunks)) for document in results[index]]


def _parse_into(path: Path, chunk: _Contents, limits: Limits) -> None:
    path.write_bytes(pickle.dumps(parse_documents(chunk, limits), pickle.HIGHEST_PROTOCOL))
