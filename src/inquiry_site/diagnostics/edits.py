"""Edits applied to the bytes of a file: nothing outside them changes."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator

from inquiry_site.diagnostics import Edit

_DOUBLED = re.compile("\r\n")


def apply_edits(content: bytes, edits: Iterable[Edit]) -> bytes:
    """The content with edits made whose offsets count characters of its text as it was read.

    A text is read without its byte-order mark and with every line end as one character; line ends that an edit brings
    in are those of the file. Of edits that overlap only the first is made.

    Raises:
        UnicodeDecodeError: the content is not UTF-8.
    """
    raw = content.decode("utf-8")
    stored = _offset_in(raw)
    line_end = "\r\n" if "\r\n" in raw else "\r" if "\r" in raw else "\n"
    pieces: list[str] = []
    position = 0
    for edit in _without_overlaps(edits):
        start, end = stored(edit.start), stored(edit.end)
        pieces += [raw[position:start], edit.replacement.replace("\n", line_end)]
        position = end
    pieces.append(raw[position:])
    return "".join(pieces).encode("utf-8")


def _without_overlaps(edits: Iterable[Edit]) -> Iterator[Edit]:
    reached = 0
    for edit in sorted(set(edits)):
        if edit.start >= reached:
            yield edit
            reached = edit.end


def _offset_in(raw: str) -> Callable[[int], int]:
    """From an offset of a text as it was read to that of the text as it is stored."""
    mark = 1 if raw.startswith("\ufeff") else 0
    # Each line end of two characters moves what follows by one.
    doubled = [match.start() - mark - place for place, match in enumerate(_DOUBLED.finditer(raw))]
    return lambda offset: offset + mark + bisect_left(doubled, offset)
