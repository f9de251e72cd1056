"""Hashes of the sources, the settings and the program: equal hashes mean that a build would return the same site."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from hashlib import blake2b
from pathlib import Path

from inquiry_site.file_content import FileContent
from inquiry_site.rendering.template_folder import template_folder

_PACKAGE = Path(__file__).parents[1]


def hash_files(files: Mapping[str, FileContent]) -> str:
    """Return a hash of the paths and contents of files."""
    digest = blake2b(digest_size=16)
    for path in sorted(files):
        content = files[path]
        data = content.encode(errors="surrogatepass") if isinstance(content, str) else content
        encoded = data if isinstance(data, bytes) else repr(data).encode(errors="surrogatepass")
        digest.update(f"{path}\0{type(content).__name__}\0{len(encoded)}\0".encode(errors="surrogatepass"))
        digest.update(encoded)
    return digest.hexdigest()


def hash_values(*values: object) -> str:
    """Return a hash of settings or other values.

    It differs in every process for values without a stable name, such as lambdas.
    """
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
    """Return a hash of this program and of all installed packages, since each may affect the output."""
    sources = (*_PACKAGE.rglob("*.py"), *(path for path in template_folder().rglob("*") if path.is_file()))
    # Modification times prove nothing: installers set them to values from the package.
    contents = blake2b(digest_size=16)
    for path in sorted(sources):
        data = path.read_bytes()
        contents.update(f"{path.name}\0{len(data)}\0".encode())
        contents.update(data)
    return hash_values(sys.version, contents.hexdigest(), sorted(_installed_packages(sys.path)))


def _installed_packages(folders: Iterable[str]) -> set[str]:
    """Return the names of the metadata folders of installed packages, which include the versions."""
    names: set[str] = set()
    for folder in folders:
        try:
            with os.scandir(folder) as entries:
                names.update(entry.name for entry in entries if entry.name.endswith((".dist-info", ".egg-info")))
        except OSError:
            continue
    return names
