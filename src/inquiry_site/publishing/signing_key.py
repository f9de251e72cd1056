"""The user's secret key, which signs the cache.

A cache may arrive with a pull request. A checksum would prove that it is complete, but not who wrote it. The key is
stored in the user's home and never in a project, so only this user's builds can write a cache that is accepted.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

_BYTES = 32
_FOLDER, _NAME = "inquiry-site", "key"


def signing_key() -> bytes:
    """Return the user's key of 32 bytes; create it if there is none.

    Raises:
        OSError: there is no key and none can be stored.
    """
    path = _cache_home() / _FOLDER / _NAME
    try:
        key = path.read_bytes()
    except FileNotFoundError:
        key = b""
    return key if len(key) == _BYTES else _create_key(path)


def _cache_home() -> Path:
    folder = os.environ.get("XDG_CACHE_HOME", "")
    if os.path.isabs(folder):  # noqa: PTH117 - it may be empty
        return Path(folder)
    try:
        return Path.home() / ".cache"
    except RuntimeError as error:
        raise OSError("this user has no home folder") from error


def _create_key(path: Path) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{_NAME}-{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(_BYTES))
    try:
        # Unlike a rename, a link fails if another build has just created its key, which is then used.
        os.link(temporary, path)
    except FileExistsError:
        if len(path.read_bytes()) != _BYTES:
            temporary.replace(path)
    except OSError:
        temporary.replace(path)
    temporary.unlink(missing_ok=True)
    return path.read_bytes()
