"""What one build leaves for the next, in ``.cache/inquiry``: it makes that faster, never another."""

from __future__ import annotations

import contextlib
import os
import pickle
import shutil
import tempfile
from hashlib import blake2b
from hmac import compare_digest
from pathlib import Path
from typing import IO

from inquiry_site.files import CACHE_FOLDER, contains_link
from inquiry_site.gc_control import gc_paused
from inquiry_site.publishing.manifest import BuildManifest, CachedState
from inquiry_site.publishing.pickling import FieldPickler, RestrictedUnpickler
from inquiry_site.publishing.signing_key import signing_key

_FORMAT = b"inquiry 3\n"
_MANIFEST, _STATE, _SPARE = "manifest", "state", "spare"
_BESIDE = {
    ".gitignore": "*\n",
    "CACHEDIR.TAG": "Signature: 8a477f597d28d172789f06886806bc55\n# This folder can be deleted at any time.\n",
}
"""Files that keep a cache out of repositories and backups (https://bford.info/cachedir/)."""
_LINKED_REASON = f"a folder of {CACHE_FOLDER} is a link"
_DIGEST_SIZE, _CHUNK = 32, 1 << 20
"""Bytes of the digest behind each file, and of what is read at once."""


class BuildCache:
    """The folder in which a knowledge base keeps what a build leaves.

    Each file in it is whole or not there, is read only if this user's builds wrote it, and can be deleted at any time.
    """

    def __init__(self, root: Path) -> None:
        self._folder = root / CACHE_FOLDER
        # A link in a pull request could lead the next build to delete and write anywhere.
        self._is_linked = contains_link(root, CACHE_FOLDER)

    def load_manifest(self) -> BuildManifest | None:
        """What was published last, if that is known."""
        found = self._read(_MANIFEST)
        return found if isinstance(found, BuildManifest) else None

    def load_state(self, basis: str) -> CachedState | None:
        """What the last build of this program and these settings knew."""
        found = self._read(_STATE)
        return found if isinstance(found, CachedState) and found.config_hash == basis else None

    @property
    def spare(self) -> Path:
        """Where the site stands that was published before the last one."""
        return self._folder / _SPARE

    def save_manifest(self, edition: BuildManifest) -> str:
        """Keep what a build has published; empty, or why it cannot be kept."""
        return self._save(_MANIFEST, edition)

    def save_state(self, earlier: CachedState) -> str:
        """Keep what a build knows; empty, or why it cannot be kept."""
        return self._save(_STATE, earlier)

    def _save(self, name: str, value: object) -> str:
        if self._is_linked:
            return _LINKED_REASON
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            for name_beside, content in _BESIDE.items():
                with contextlib.suppress(FileExistsError), (self._folder / name_beside).open("x") as file:
                    file.write(content)
            self._write(name, value)
        except (OSError, pickle.PicklingError, TypeError, AttributeError, RecursionError) as error:
            return str(error)
        return ""

    def clear(self) -> bool:
        """Delete all of it; whether there was any.

        Raises:
            OSError: it cannot be deleted.
        """
        if not self._folder.exists():
            return False
        if self._is_linked:
            raise OSError(_LINKED_REASON)
        shutil.rmtree(self._folder)
        return True

    def _read(self, name: str) -> object:
        if self._is_linked:
            return None
        try:
            with (self._folder / name).open("rb") as file:
                if not _is_signed(file):
                    return None
                with gc_paused():
                    return RestrictedUnpickler(file).load()
        except Exception:
            # Whatever another version, a full disk or a bad sector has left: it is as if nothing had been kept.
            return None

    def _write(self, name: str, value: object) -> None:
        descriptor, beside = tempfile.mkstemp(prefix=f".{name}.", dir=self._folder)
        try:
            with os.fdopen(descriptor, "wb") as file, gc_paused():
                signed = _SignedFile(file)
                signed.write(_FORMAT)
                FieldPickler(signed).dump(value)
                file.write(signed.digest.digest())
            Path(beside).replace(self._folder / name)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(beside).unlink()
            raise


def _digest() -> blake2b:
    return blake2b(digest_size=_DIGEST_SIZE, key=signing_key())


def _is_signed(file: IO[bytes]) -> bool:
    """Whether a file is whole and written by a build of this user; then it stands at its beginning."""
    left = file.seek(0, os.SEEK_END) - _DIGEST_SIZE
    file.seek(0)
    found = _digest()
    while left > 0:
        piece = file.read(min(left, _CHUNK))
        found.update(piece)
        left -= len(piece)
    if left < 0 or not compare_digest(file.read(), found.digest()):
        return False
    file.seek(0)
    return file.read(len(_FORMAT)) == _FORMAT


class _SignedFile:
    """A file that keeps a digest of what is written into it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = _digest()

    def write(self, data: bytes) -> int:
        """Write bytes."""
        self.digest.update(data)
        return self._file.write(data)
