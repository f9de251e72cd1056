"""The parts of addresses that are made from names: short enough for any disk, and never two alike."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

LONGEST = 80
"""Bytes, before a digest is added. A name of a file may have 255 of them, whatever letters they make."""


def shorten(slug: str, name: str) -> str:
    """A slug that fits into the name of a file; where it is cut, a digest of the whole name tells it from others."""
    encoded = slug.encode()
    if len(encoded) <= LONGEST:
        return slug
    return f"{encoded[:LONGEST].decode(errors='ignore')}-{_digest(name)}"


def distinct(wanted: Mapping[str, str]) -> dict[str, str]:
    """A slug of its own for each name.

    Where names want the same, the first in sorted order gets it and the others get it with a digest: a name that
    comes later moves as few addresses as it can.

    Args:
        wanted: the slug that each name would have by itself; empty where nothing in it can stand in an address.
    """
    slugs: dict[str, str] = {}
    taken: set[str] = set()
    for name in sorted(wanted):
        slug = wanted[name]
        if not slug or slug in taken:
            slug = f"{slug}-{_digest(name)}".removeprefix("-")
        taken.add(slug)
        slugs[name] = slug
    return slugs


def _digest(name: str) -> str:
    # YAML can write half of a character; it is part of the name like any other.
    return hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()[:8]
