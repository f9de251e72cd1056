"""Values of a build, pickled by fields and read with an allow-list."""

from __future__ import annotations

import datetime as dt
import os
import pickle
from collections import Counter, OrderedDict, defaultdict
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
from scipy import sparse

from inquiry_site import Config, build
from inquiry_site.model import CitationStyle
from inquiry_site.parsing.parser import parse_document
from inquiry_site.publishing.manifest import FileStat
from inquiry_site.publishing.pickling import FieldPickler, RestrictedUnpickler
from tests.support.knowledge_bases import line, note


def pickled(value: object) -> bytes:
    file = BytesIO()
    FieldPickler(file).dump(value)
    return file.getvalue()


def unpickled(data: bytes) -> Any:
    return RestrictedUnpickler(BytesIO(data)).load()


@pytest.mark.parametrize(
    "value",
    [
        None,
        {"a": [1, 2.5, "x", b"y", (True,)]},
        {1, 2},
        frozenset("ab"),
        Counter("aab"),
        OrderedDict(a=1),
        defaultdict(list, a=[1]),
        dt.date(2026, 5, 1),
        MappingProxyType({"a": 1}),
        FileStat(1, 2, 3, 4),
        CitationStyle.WIKI,
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_is_read_back_with_its_type(value: object):
    read = unpickled(pickled(value))
    assert read == value
    assert type(read) is type(value)


def test_arrays_and_sparse_matrices_are_read_back():
    array = np.arange(6, dtype=np.float32).reshape(2, 3)
    found, matrix, scalar = unpickled(pickled([array, sparse.csr_array(array), array[1, 2]]))
    assert (found == array).all()
    assert found.dtype == array.dtype
    assert (matrix.toarray() == array).all()
    assert scalar == array[1, 2]


def test_a_whole_build_is_read_back():
    built = build({"notes/a.md": note(tags="[memory]"), "lines/l.md": line(body="It is so [[a]].")})
    parsed, pages, knowledge = unpickled(pickled((built.parsed, built.pages, built.knowledge)))
    assert parsed == built.parsed
    assert pages == built.pages
    assert knowledge.graph.documents == built.knowledge.graph.documents


def opcodes(module: str, name: str, argument: str) -> bytes:
    """Return a pickle that calls a function by name."""

    def text(value: str) -> bytes:
        return b"\x8c" + bytes([len(value)]) + value.encode()

    return b"\x80\x04" + text(module) + text(name) + b"\x93" + text(argument) + b"\x85R."


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("os", "system"),
        ("builtins", "eval"),
        ("inquiry_site.parsing.parallel", "os.system"),
        ("inquiry_site.parsing.parallel", "os"),
        ("inquiry_site.parsing.parallel", "pickle"),
        ("inquiry_site.parsing.parallel", "Path"),
        ("inquiry_site.parsing.parallel", "parse_in_processes"),
        ("inquiry_site.publishing.cache", "BuildCache"),
        ("numpy", "load"),
    ],
)
def test_only_classes_of_values_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, name: str):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(pickle.UnpicklingError):
        unpickled(opcodes(module, name, "touch harmed"))
    assert list(tmp_path.iterdir()) == []


class _Harm:
    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, ("true",)


def test_the_allow_list_applies_to_any_pickle():
    assert unpickled(pickle.dumps(FileStat(1, 2, 3, 4))) == FileStat(1, 2, 3, 4)
    with pytest.raises(pickle.UnpicklingError):
        unpickled(pickle.dumps(_Harm()))


def test_a_parsed_file_with_faults_survives():
    parsed = parse_document("notes/a.md", note(unknown="x"))
    assert parsed.faults
    assert unpickled(pickled(parsed)) == parsed


def test_settings_are_no_part_of_a_cache():
    with pytest.raises(pickle.UnpicklingError):
        unpickled(pickled(Config()))
