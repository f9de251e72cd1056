"""What tells whether a site would be built again as it was: of files, settings and the program itself."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from hashlib import blake2b
from pathlib import Path

from inquiry_site.model import FileContent
from inquiry_site.rendering.template_folder import template_folder

_PACKAGE = Path(__file__).parents[1]


def hash_files(files: Mapping[str, FileContent]) -> str:
    """A fingerprint of the contents of files and of their paths."""
    digest = blake2b(digest_size=16)
    for path in sorted(files):
        content = files[path]
        data = content.encode(errors="surrogatepass") if isinstance(content, str) else content
        written = data if isinstance(data, bytes) else repr(data).encode(errors="surrogatepass")
        digest.update(f"{path}\0{type(content).__name__}\0{len(written)}\0".encode(errors="surrogatepass"))
        digest.update(written)
    return digest.hexdigest()


def hash_settings(*values: object) -> str:
    """A fingerprint of settings; of what has no name that outlives this run it is another each time."""
    return blake2b("\0".join(map(_stable_str, values)).encode(errors="surrogatepass"), digest_size=16).hexdigest()


def _stable_str(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{_stable_str(key)}:{_stable_str(value[key])}" for key in sorted(value, key=str)) + "}"
    if isinstance(value, list | tuple):
        return f"[{','.join(map(_stable_str, value))}]"
    if isinstance(value, functools.partial):
        return f"{_stable_str(value.func)}({_stable_str(value.args)}{_stable_str(value.keywords)})"
    if is_dataclass(value) and not isinstance(value, type):
        return _stable_str({field.name: getattr(value, field.name) for field in fields(value) if field.compare})
    if callable(value) and hasattr(value, "__qualname__") and "<" not in value.__qualname__:
        return f"{value.__module__}.{value.__qualname__}"
    return repr(value)


@functools.cache
def hash_program() -> str:
    """A fingerprint of this program and everything that is installed beside it: each may change what is built."""
    own = (*_PACKAGE.rglob("*.py"), *(path for path in template_folder().rglob("*") if path.is_file()))
    # Times are no evidence: installers give files the time that their package names.
    contents = blake2b(digest_size=16)
    for path in sorted(own):
        data = path.read_bytes()
        contents.update(f"{path.name}\0{len(data)}\0".encode())
        contents.update(data)
    return hash_settings(sys.version, contents.hexdigest(), sorted(_installed(sys.path)))


def _installed(folders: Iterable[str]) -> set[str]:
    """The names of installed packages with their versions, as their folders bear them."""
    names: set[str] = set()
    for folder in folders:
        try:
            with os.scandir(folder) as entries:
                names.update(entry.name for entry in entries if entry.name.endswith((".dist-info", ".egg-info")))
        except OSError:
            continue
    return names
