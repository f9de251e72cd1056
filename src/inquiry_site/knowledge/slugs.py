"""URL parts made from names: unique, and short enough for any file system."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

LONGEST = 80
"""Bytes before a digest is added. File systems allow 255 bytes per name, whichever encoding they use."""


def shorten(slug: str, name: str) -> str:
    """Return a slug that fits into a file name; if truncated, it ends with a digest of the name to keep it unique."""
    encoded = slug.encode()
    if len(encoded) <= LONGEST:
        return slug
    return f"{encoded[:LONGEST].decode(errors='ignore')}-{_digest(name)}"


def distinct(wanted: Mapping[str, str]) -> dict[str, str]:
    """Return a unique slug for each name.

    If several names share a slug, the first in sorted order gets it and the others get it with a digest, so that a
    new name changes as few existing URLs as possible.

    Args:
        wanted: the preferred slug of each name; empty if no character of the name is allowed in a slug.
    """
    slugs: dict[str, str] = {}
    used: set[str] = set()
    for name in sorted(wanted):
        slug = wanted[name]
        if not slug or slug in used:
            slug = f"{slug}-{_digest(name)}".removeprefix("-")
        used.add(slug)
        slugs[name] = slug
    return slugs


def _digest(name: str) -> str:
    # YAML escapes can produce lone surrogates, which the digest has to cover as well.
    return hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()[:8]
