"""The secret by which a build recognises what its user's earlier builds have cached.

A cache may arrive with a pull request. A checksum proves that it is whole, not who wrote it; this key, which is kept in
the user's home and never in a project, does.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

_BYTES = 32
_FOLDER, _NAME = "inquiry-site", "key"


def signing_key() -> bytes:
    """Return the user's key, created at the first call.

    Raises:
        OSError: there is none and none can be kept.
    """
    path = _cache_home() / _FOLDER / _NAME
    try:
        key = path.read_bytes()
    except FileNotFoundError:
        key = b""
    return key if len(key) == _BYTES else _create_key(path)


def _cache_home() -> Path:
    given = os.environ.get("XDG_CACHE_HOME", "")
    if os.path.isabs(given):  # noqa: PTH117 - it may be empty
        return Path(given)
    try:
        return Path.home() / ".cache"
    except RuntimeError as error:
        raise OSError("this user has no home folder") from error


def _create_key(path: Path) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{_NAME}-{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(_BYTES))
    try:
        # Of two builds that begin at once the first one's key counts.
        os.link(beside, path)
    except FileExistsError:
        if len(path.read_bytes()) != _BYTES:
            beside.replace(path)
    except OSError:
        beside.replace(path)
    beside.unlink(missing_ok=True)
    return path.read_bytes()
