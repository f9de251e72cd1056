"""Pickle a build's values field by field, and unpickle them with an allow-list of classes.

The unpickler follows "Restricting Globals" in the documentation of Python's ``pickle``.
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
        "file_content",
        "model",
        "names",
        "body_syntax",
        "attachments",
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
        ("inquiry_site.diagnostics", "Span"),
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
    """Return reducers by class.

    Dataclasses are reduced to their fields, which is several times faster than reducing them to their state.
    """
    table: dict[type, Any] = {**copyreg.dispatch_table}
    table[MappingProxyType] = lambda proxied: (_proxy, (dict(proxied),))
    for name, module in list(sys.modules.items()):
        for cls in vars(module).values() if name.startswith(_OWN_MODULES) else ():
            if isinstance(cls, type) and is_dataclass(cls) and hasattr(cls, "__slots__"):
                table[cls] = partial(
                    _reduce_dataclass, cls, _field_names(cls), any(field.kw_only for field in fields(cls))
                )
    return table


def _reduce_dataclass(cls: type, names: tuple[str, ...], has_keyword_only: bool, value: object) -> tuple[Any, ...]:
    values = tuple([getattr(value, name) for name in names])
    return (_from_fields, (cls, values)) if has_keyword_only else (cls, values)


def _from_fields(cls: type, values: tuple[Any, ...]) -> object:
    return cls(**dict(zip(_field_names(cls), values, strict=True)))


@cache
def _field_names(cls: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(cls))


class FieldPickler(pickle.Pickler):
    """A pickler for values of the core: dataclasses with slots, and read-only mappings."""

    def __init__(self, file: SupportsWrite) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self.dispatch_table = _dispatch_table()


def _proxy(table: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(table)


class RestrictedUnpickler(pickle.Unpickler):
    """An unpickler that creates values of the core and of its libraries only, so that a forged file runs no code."""

    def find_class(self, module: str, name: str) -> Any:
        """Return a class or function by name, if the values that builds write need it.

        Raises:
            UnpicklingError: no value that builds write needs it.
        """
        if (module, name) in _ALLOWED:
            return super().find_class(module, name)
        # A name with dots, or one that a module only imports, could refer to something outside our own classes.
        cls = super().find_class(module, name) if module.startswith(_OWN_MODULES) and "." not in name else None
        if not (isinstance(cls, type) and cls.__module__ == module and cls.__qualname__ == name):
            raise pickle.UnpicklingError(f"{module}.{name}")
        return cls
