"""Run ``mkdocs build`` with a fault at one of its system calls, chosen by environment variables.

``FAULT`` is ``full`` (nothing can be written from that call on), ``kill``, ``kill-late`` (counted from when the site is
whole), ``clock`` (time runs backwards), or what happens to ``FAULT_FILE``: ``delete``, ``cut``, ``change``, ``folder``.
``FAULT_AT`` is the number of the call, of those that write, or that open a file of the knowledge base.
"""

from __future__ import annotations

import errno
import os
import shutil
import signal
import sys
import time
from itertools import count
from pathlib import Path

_WRITES = frozenset({"os.mkdir", "os.rename", "os.link", "shutil.copyfile", "tempfile.mkstemp", "tempfile.mkdtemp"})
_REMOVALS = frozenset({"os.remove", "os.rmdir", "shutil.rmtree"})
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def main() -> None:
    """Install the fault and build."""
    kind, at, here = os.environ["FAULT"], int(os.environ["FAULT_AT"]), str(Path.cwd())
    if kind == "clock":
        steps = count()
        began = time.time()
        time.time = lambda: began - 100.0 * next(steps)
    else:
        _install(kind, at, here)
    from mkdocs.__main__ import cli

    cli(["build"])


def _install(kind: str, at: int, here: str) -> None:
    calls, is_late, parent = count(1), False, os.getpid()

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal is_late
        writes = event in _WRITES or (
            event == "open" and isinstance(arguments[2], int) and bool(arguments[2] & _WRITING)
        )
        path = os.fspath(arguments[0]) if arguments and isinstance(arguments[0], str | os.PathLike) else ""
        if kind in {"full", "kill", "kill-late"}:
            # The site is complete once the last folder is assembled: the graph is among the last files.
            is_late = is_late or str(path).endswith("graph.json")
            counted = writes or (kind != "full" and event in _REMOVALS)
            if counted and (is_late or kind != "kill-late") and next(calls) >= at:
                if kind == "full":
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)
                os.kill(os.getpid(), signal.SIGKILL)
        elif (
            event == "open"
            and not writes
            and _is_source(str(path), here)
            and os.getpid() == parent
            and next(calls) == at
        ):
            _change(Path(here, os.environ["FAULT_FILE"]), kind)

    sys.addaudithook(hook)


def _is_source(path: str, here: str) -> bool:
    return path.startswith((f"{here}/notes", f"{here}/lines", f"{here}/docs", "notes", "lines", "docs"))


def _change(path: Path, kind: str) -> None:
    if not path.is_file():
        return
    if kind == "cut":
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    elif kind == "change":
        path.write_text(path.read_text(encoding="utf-8") + "\n\nChanged meanwhile.\n", encoding="utf-8")
    elif kind == "delete":
        path.unlink()
    else:
        path.unlink()
        path.mkdir()
        shutil.copy(Path(path.parents[1], "mkdocs.yml"), path / "inner.txt")


if __name__ == "__main__":
    main()
