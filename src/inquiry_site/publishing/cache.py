"""The build cache in ``.cache/inquiry``, which speeds up the next build without affecting its result."""

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
_MARKERS = {
    ".gitignore": "*\n",
    "CACHEDIR.TAG": "Signature: 8a477f597d28d172789f06886806bc55\n# This folder can be deleted at any time.\n",
}
"""Files that keep a cache out of repositories and backups (https://bford.info/cachedir/)."""
_LINKED_REASON = f"a folder of {CACHE_FOLDER} is a link"
_DIGEST_SIZE, _CHUNK = 32, 1 << 20
"""Bytes of the digest at the end of each file, and of the pieces in which a file is read."""


class BuildCache:
    """The cache folder of a knowledge base.

    Files are replaced atomically, are read only if this user's builds signed them, and can be deleted at any time.
    """

    def __init__(self, root: Path) -> None:
        self._folder = root / CACHE_FOLDER
        # With a link in a pull request the next build would delete and write files anywhere.
        self._is_linked = contains_link(root, CACHE_FOLDER)

    def load_manifest(self) -> BuildManifest | None:
        """Return the manifest of the published site; None if the cache has none."""
        manifest = self._read(_MANIFEST)
        return manifest if isinstance(manifest, BuildManifest) else None

    def load_state(self, config_hash: str) -> CachedState | None:
        """Return the cached state of a build with this program and these settings; None if the cache has none."""
        state = self._read(_STATE)
        return state if isinstance(state, CachedState) and state.config_hash == config_hash else None

    @property
    def spare(self) -> Path:
        """The folder of the spare site: the one published before the last, from which the next site is built."""
        return self._folder / _SPARE

    def save_manifest(self, manifest: BuildManifest) -> str:
        """Save the manifest of the published site; return why this failed, or an empty string."""
        return self._save(_MANIFEST, manifest)

    def save_state(self, state: CachedState) -> str:
        """Save what a build has read and derived; return why this failed, or an empty string."""
        return self._save(_STATE, state)

    def _save(self, name: str, value: object) -> str:
        if self._is_linked:
            return _LINKED_REASON
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            for marker, content in _MARKERS.items():
                with contextlib.suppress(FileExistsError), (self._folder / marker).open("x") as file:
                    file.write(content)
            self._write(name, value)
        except (OSError, pickle.PicklingError, TypeError, AttributeError, RecursionError) as error:
            return str(error)
        return ""

    def clear(self) -> bool:
        """Delete the folder; return whether it existed.

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
            # A file of another version or a damaged one counts as missing.
            return None

    def _write(self, name: str, value: object) -> None:
        descriptor, temporary = tempfile.mkstemp(prefix=f".{name}.", dir=self._folder)
        try:
            with os.fdopen(descriptor, "wb") as file, gc_paused():
                signed = _SignedFile(file)
                signed.write(_FORMAT)
                FieldPickler(signed).dump(value)
                file.write(signed.digest.digest())
            Path(temporary).replace(self._folder / name)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
            raise


def _digest() -> blake2b:
    return blake2b(digest_size=_DIGEST_SIZE, key=signing_key())


def _is_signed(file: IO[bytes]) -> bool:
    """Whether a file is complete and signed with the user's key; if so, its position is after the format line."""
    remaining = file.seek(0, os.SEEK_END) - _DIGEST_SIZE
    file.seek(0)
    digest = _digest()
    while remaining > 0:
        piece = file.read(min(remaining, _CHUNK))
        digest.update(piece)
        remaining -= len(piece)
    if remaining < 0 or not compare_digest(file.read(), digest.digest()):
        return False
    file.seek(0)
    return file.read(len(_FORMAT)) == _FORMAT


class _SignedFile:
    """A file together with the keyed digest of everything written to it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = _digest()

    def write(self, data: bytes) -> int:
        """Write bytes and return how many."""
        self.digest.update(data)
        return self._file.write(data)
