"""Pickling of a build's values: written field by field, read with an allow-list of classes.

The reader follows "Restricting Globals" in the documentation of Python's ``pickle``.
"""

from __future__ import annotations

import copyreg
import pickle
import sys
from dataclasses import fields, is_dataclass
from functools import cache, partial
from types import MappingProxyType
from typing import Any, Protocol

_OWN_MODULES = tuple(
    f"inquiry_site.{module}"
    for module in (
        "model",
        "graph",
        "knowledge",
        "parsing",
        "publishing.manifest",
        "rendering.pages",
        "similarity",
        "text",
    )
)
_ALLOWED = frozenset(
    [
        *(("inquiry_site.rendering.pages", name) for name in ("Page", "Redirect")),
        *((__name__, name) for name in ("_from_fields", "_proxy")),
        *(("builtins", name) for name in ("dict", "frozenset", "list", "set", "tuple")),
        *(("collections", name) for name in ("Counter", "OrderedDict", "defaultdict")),
        ("datetime", "date"),
        *((f"numpy.{core}.multiarray", name) for core in ("core", "_core") for name in ("_reconstruct", "scalar")),
        *((f"numpy.{core}.numeric", "_frombuffer") for core in ("core", "_core")),
        *(("numpy", name) for name in ("dtype", "ndarray")),
        *((f"scipy.sparse._{kind}", f"{kind}_{of}") for kind in ("csr", "csc") for of in ("array", "matrix")),
    ]
)


class SupportsWrite(Protocol):
    """A file open for writing bytes."""

    def write(self, data: bytes, /) -> int:
        """Write bytes and return how many."""


def _dispatch_table() -> dict[type, Any]:
    """How values are written: a dataclass as its fields, which is several times faster than as its state."""
    table: dict[type, Any] = {**copyreg.dispatch_table}
    table[MappingProxyType] = lambda proxied: (_proxy, (dict(proxied),))
    for name, module in list(sys.modules.items()):
        for kind in vars(module).values() if name.startswith(_OWN_MODULES) else ():
            if isinstance(kind, type) and is_dataclass(kind) and hasattr(kind, "__slots__"):
                table[kind] = partial(
                    _reduce_dataclass, kind, _field_names(kind), any(field.kw_only for field in fields(kind))
                )
    return table


def _reduce_dataclass(kind: type, names: tuple[str, ...], by_name: bool, value: object) -> tuple[Any, ...]:
    values = tuple([getattr(value, name) for name in names])
    return (_from_fields, (kind, values)) if by_name else (kind, values)


def _from_fields(kind: type, values: tuple[Any, ...]) -> object:
    return kind(**dict(zip(_field_names(kind), values, strict=True)))


@cache
def _field_names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


class FieldPickler(pickle.Pickler):
    """Knows how to write what the core's values are made of."""

    def __init__(self, file: SupportsWrite) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self.dispatch_table = _dispatch_table()


def _proxy(table: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(table)


class RestrictedUnpickler(pickle.Unpickler):
    """Makes values of the core and of its libraries only: a file that somebody put there runs nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        """A class or function by its name, if it is one that a build leaves.

        Raises:
            UnpicklingError: it is not.
        """
        if (module, name) in _ALLOWED:
            return super().find_class(module, name)
        # A name with dots, or of something that a module only imports, leads out of our own classes.
        found = super().find_class(module, name) if module.startswith(_OWN_MODULES) and "." not in name else None
        if not (isinstance(found, type) and found.__module__ == module and found.__qualname__ == name):
            raise pickle.UnpicklingError(f"{module}.{name}")
        return found
