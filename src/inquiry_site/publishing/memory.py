"""What one build leaves for the next, in ``.cache/inquiry``: it makes that faster, never another."""

from __future__ import annotations

import contextlib
import copyreg
import datetime as dt
import os
import pickle
import shutil
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache, partial
from hashlib import blake2b
from hmac import compare_digest
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any

from inquiry_site.collector import without_collecting
from inquiry_site.files import CACHE_FOLDER, leads_through_link
from inquiry_site.model import FileContent, ParsedFiles
from inquiry_site.publishing.key import cache_key
from inquiry_site.rendering.pages import Page, Redirect

_FORMAT = b"inquiry 2\n"
_EDITION, _KNOWLEDGE = "edition", "knowledge"
_BESIDE = {
    ".gitignore": "*\n",
    "CACHEDIR.TAG": "Signature: 8a477f597d28d172789f06886806bc55\n# This folder can be deleted at any time.\n",
}
"""Files that keep a cache out of repositories and backups (https://bford.info/cachedir/)."""
_LINKED = f"a folder of {CACHE_FOLDER} is a link"
_SUM, _PIECE = 32, 1 << 20
"""Bytes of the digest behind each file, and of what is read at once."""
_ROOMS = tuple(
    f"inquiry_site.{room}"
    for room in ("model", "graph", "knowledge", "nearness", "parsing", "publishing.memory", "rendering.pages")
)
_KNOWN = frozenset(
    [
        *(("inquiry_site.rendering.pages", name) for name in ("Page", "Redirect", "unwritten")),
        *((__name__, name) for name in ("_by_name", "_proxy")),
        *(("builtins", name) for name in ("dict", "frozenset", "list", "set", "tuple")),
        *(("collections", name) for name in ("Counter", "OrderedDict", "defaultdict")),
        ("datetime", "date"),
        *((f"numpy.{core}.multiarray", name) for core in ("core", "_core") for name in ("_reconstruct", "scalar")),
        *((f"numpy.{core}.numeric", "_frombuffer") for core in ("core", "_core")),
        *(("numpy", name) for name in ("dtype", "ndarray")),
        *((f"scipy.sparse._{kind}", f"{kind}_{of}") for kind in ("csr", "csc") for of in ("array", "matrix")),
    ]
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells whether a file is still the one that was written."""

    number: int
    """The system's, which several links to one file share."""
    size: int
    modified: int
    """When its content last changed, in nanoseconds; programs that copy files set this to whatever they like."""
    changed: int
    """When the system last changed anything about it, which no program sets."""

    def has_content_of(self, other: Stamp) -> bool:
        """Whether two stamps are those of one content: links to a file that come and go count as changes of it."""
        return (self.size, self.modified) == (other.size, other.modified)


@dataclass(frozen=True, slots=True)
class Edition:
    """What a build has published."""

    basis: str
    """Fingerprint of program and settings."""
    files: str
    """Fingerprint of the files it was made of."""
    known: str
    """Fingerprint of the files of which everything is known: the same, or those of an earlier edition."""
    astray: frozenset[str]
    """Paths of pages that may read otherwise than they did in that one."""
    day: dt.date | None
    """Of the checks."""
    site: str
    """The folder in which it stands."""
    pages: tuple[Page, ...]
    redirects: tuple[Redirect, ...]
    assets: tuple[str, ...]
    search: str
    """What the search is called in the site's language."""
    warnings: tuple[str, ...]
    """What was said about the files, ready to be said again."""
    shells: Mapping[str, str]
    """Fingerprint of the theme's page around each kind of page; of pages in the navigation each has its own."""
    restless: frozenset[str]
    """Files of which something was said while they were made: they are made each time, so that it is said each time."""
    stamps: Mapping[str, Stamp]
    """Every file of the site."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an earlier build knew."""

    basis: str
    fingerprint: str
    """Of its files."""
    files: Mapping[str, FileContent]
    parsed: ParsedFiles
    knowledge: Any


class Memory:
    """The folder in which a knowledge base keeps what a build leaves.

    Each file in it is whole or not there, is read only if this user's builds wrote it, and can be deleted at any time.
    """

    def __init__(self, root: Path) -> None:
        self._folder = root / CACHE_FOLDER
        # A link in a pull request could lead the next build to delete and write anywhere.
        self._is_linked = leads_through_link(root, CACHE_FOLDER)

    def edition(self) -> Edition | None:
        """What was published last, if that is known."""
        found = self._read(_EDITION)
        return found if isinstance(found, Edition) else None

    def earlier(self, basis: str) -> Earlier | None:
        """What the last build of this program and these settings knew."""
        found = self._read(_KNOWLEDGE)
        return found if isinstance(found, Earlier) and found.basis == basis else None

    @property
    def former(self) -> Path:
        """Where the site stands that was published before the last one."""
        return self._folder / "former"

    def keep_edition(self, edition: Edition) -> str:
        """Keep what a build has published; empty, or why it cannot be kept."""
        return self._keep(_EDITION, edition)

    def keep_knowledge(self, earlier: Earlier) -> str:
        """Keep what a build knows; empty, or why it cannot be kept."""
        return self._keep(_KNOWLEDGE, earlier)

    def _keep(self, name: str, value: object) -> str:
        if self._is_linked:
            return _LINKED
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
            raise OSError(_LINKED)
        shutil.rmtree(self._folder)
        return True

    def _read(self, name: str) -> object:
        if self._is_linked:
            return None
        try:
            with (self._folder / name).open("rb") as file:
                if not _is_own(file):
                    return None
                with without_collecting():
                    return _Reader(file).load()
        except Exception:
            # Whatever another version, a full disk or a bad sector has left: it is as if nothing had been kept.
            return None

    def _write(self, name: str, value: object) -> None:
        descriptor, beside = tempfile.mkstemp(prefix=f".{name}.", dir=self._folder)
        try:
            with os.fdopen(descriptor, "wb") as file, without_collecting():
                signed = _Signed(file)
                signed.write(_FORMAT)
                _Writer(signed).dump(value)
                file.write(signed.digest.digest())
            Path(beside).replace(self._folder / name)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(beside).unlink()
            raise


def _digest() -> blake2b:
    return blake2b(digest_size=_SUM, key=cache_key())


def _is_own(file: IO[bytes]) -> bool:
    """Whether a file is whole and written by a build of this user; then it stands at its beginning."""
    left = file.seek(0, os.SEEK_END) - _SUM
    file.seek(0)
    found = _digest()
    while left > 0:
        piece = file.read(min(left, _PIECE))
        found.update(piece)
        left -= len(piece)
    if left < 0 or not compare_digest(file.read(), found.digest()):
        return False
    file.seek(0)
    return file.read(len(_FORMAT)) == _FORMAT


class _Signed:
    """A file that keeps a digest of what is written into it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = _digest()

    def write(self, data: bytes) -> int:
        """Write bytes."""
        self.digest.update(data)
        return self._file.write(data)


def _reductions() -> dict[type, Any]:
    """How values are written: a dataclass as its fields, which is several times faster than as its state."""
    table: dict[type, Any] = {**copyreg.dispatch_table}
    table[MappingProxyType] = lambda proxied: (_proxy, (dict(proxied),))
    for name, module in list(sys.modules.items()):
        for kind in vars(module).values() if name.startswith(_ROOMS) else ():
            if isinstance(kind, type) and is_dataclass(kind) and hasattr(kind, "__slots__"):
                table[kind] = partial(_reduced, kind, _names(kind), any(field.kw_only for field in fields(kind)))
    return table


def _reduced(kind: type, names: tuple[str, ...], by_name: bool, value: object) -> tuple[Any, ...]:
    values = tuple([getattr(value, name) for name in names])
    return (_by_name, (kind, values)) if by_name else (kind, values)


def _by_name(kind: type, values: tuple[Any, ...]) -> object:
    return kind(**dict(zip(_names(kind), values, strict=True)))


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


class _Writer(pickle.Pickler):
    """Knows how to write what the core's values are made of."""

    def __init__(self, file: _Signed) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self.dispatch_table = _reductions()


def _proxy(table: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(table)


class _Reader(pickle.Unpickler):
    """Makes values of the core and of its libraries only: a file that somebody put there runs nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        """A class or function by its name, if it is one that a build leaves.

        Raises:
            UnpicklingError: it is not.
        """
        if (module, name) in _KNOWN:
            return super().find_class(module, name)
        # A name with dots, or of something that a module only imports, leads out of our own classes.
        found = super().find_class(module, name) if module.startswith(_ROOMS) and "." not in name else None
        if not (isinstance(found, type) and found.__module__ == module and found.__qualname__ == name):
            raise pickle.UnpicklingError(f"{module}.{name}")
        return found
