"""Apply edits to the bytes of a file without changing anything else."""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator, Sequence

from inquiry_site.diagnostics import Edit

_CRLF = re.compile("\r\n")


def apply_edits(content: bytes, edits: Iterable[Edit]) -> bytes:
    """Return the content of a file with edits applied. Of overlapping edits only the first is applied.

    Args:
        content: the bytes of the file.
        edits: the edits. Their offsets count characters of the parsed text, which has no byte-order mark and in which
            every line ending is one character. Line endings in replacements are converted to those of the file.

    Raises:
        UnicodeDecodeError: the content is not UTF-8.
    """
    raw = content.decode("utf-8")
    raw_offset = _raw_offsets(raw)
    line_end = "\r\n" if "\r\n" in raw else "\r" if "\r" in raw else "\n"
    pieces: list[str] = []
    position = 0
    for edit in _without_overlaps(edits):
        start, end = raw_offset(edit.start), raw_offset(edit.end)
        pieces += [raw[position:start], edit.replacement.replace("\n", line_end)]
        position = end
    pieces.append(raw[position:])
    return "".join(pieces).encode("utf-8")


def compatible_edits(fixes: Iterable[Sequence[Edit]]) -> tuple[list[Edit], int]:
    """Choose fixes that can be applied together.

    Args:
        fixes: the edits of each finding. Part of a fix could leave a file in a worse state than none of it.

    Returns:
        The edits of all fixes that do not overlap earlier ones, and how many fixes these are.
    """
    accepted: list[Edit] = []
    count = 0
    for fix in sorted(filter(None, map(sorted, fixes))):
        if not any(_overlaps_any(edit, accepted) for edit in fix):
            for edit in fix:
                if not _is_in(edit, accepted):
                    insort(accepted, edit)
            count += 1
    return accepted, count


def _is_in(edit: Edit, edits: list[Edit]) -> bool:
    place = bisect_left(edits, edit)
    return place < len(edits) and edits[place] == edit


def _overlaps_any(edit: Edit, edits: list[Edit]) -> bool:
    """Return whether an edit overlaps another one in a sorted list without overlaps. The same edit may occur twice."""
    if _is_in(edit, edits):
        return False
    place = bisect_left(edits, edit)
    before, after = edits[max(0, place - 1) : place], edits[place : place + 1]
    return any(edit.start < other.end or edit.start == edit.end == other.start for other in before) or any(
        other.start < edit.end or edit.start == other.start == other.end for other in after
    )


def _without_overlaps(edits: Iterable[Edit]) -> Iterator[Edit]:
    position = 0
    for edit in sorted(set(edits)):
        if edit.start >= position:
            yield edit
            position = edit.end


def _raw_offsets(raw: str) -> Callable[[int], int]:
    """Return a function that converts an offset in the parsed text to an offset in the raw text of the file."""
    bom = 1 if raw.startswith("\ufeff") else 0
    # Each line ending of two characters shifts the rest of the text by one.
    breaks = [match.start() - bom - index for index, match in enumerate(_CRLF.finditer(raw))]
    return lambda offset: offset + bom + bisect_left(breaks, offset)
