"""The files of the search index, read as a browser reads them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass
class Index:
    """An index as a browser reads it."""

    manifest: dict[str, Any]
    postings: dict[str, dict[int, int]]
    """The level of each page that contains a term, by term and page number."""
    rows: list[list[str]]

    def urls(self, word: str) -> list[str]:
        """Return the URLs of the pages that contain a word, the best first."""
        levels = self.postings.get(word, {})
        return [self.rows[number][1] for number in sorted(levels, key=lambda number: (-levels[number], number))]


def read_index(files: Mapping[str, bytes]) -> Index:
    manifest = json.loads(files["search/index.json"])
    postings: dict[str, dict[int, int]] = {}
    order = []
    for name, first in zip(_names(manifest["terms"]), manifest["first"], strict=True):
        head, _, packed = files[f"search/{name}.bin"].partition(b"\0")
        listed = [entry.rsplit(" ", 1) for entry in head.decode().split("\n")]
        assert listed[0][0] == first
        for term, size in listed:
            order.append(term)
            postings[term], packed = dict(unpack(packed[: int(size)])), packed[int(size) :]
        assert packed == b""
    assert order == sorted(order, key=lambda term: term.encode("utf-16-be")), (
        "in the order in which JavaScript compares strings"
    )
    rows = [row for name in _names(manifest["results"]) for row in json.loads(files[f"search/{name}.json"])]
    assert len(rows) == sum(manifest["kinds"].values())
    return Index(manifest, postings, rows)


def _names(joined: str) -> list[str]:
    return [joined[start : start + 10] for start in range(0, len(joined), 10)]


def unpack(packed: bytes):
    number = value = shift = 0
    for byte in packed:
        value |= (byte & 127) << 7 * shift
        shift += 1
        if byte < 128:
            number += value >> 3
            yield number, value & 7
            value = shift = 0
    assert shift == 0
