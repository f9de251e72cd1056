"""Parse comments in which an author keeps relying on something: ``<!-- rests-on: ID because REASON -->``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from inquiry_site.model import Body

PREFIX = "rests-on:"
"""The prefix of an acknowledgement."""
_OPENING, _CLOSING = "<!--", "-->"


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """A comment that gives the reason for relying on a page or a source; offsets count from the start of the file."""

    start: int
    end: int
    name: str
    """The id, title, alias, source key or identifier as written; empty if there is none."""
    name_start: int
    """Offset of the name in the file."""
    reason: str


def find_acknowledgements(body: Body) -> Iterator[Acknowledgement]:
    """Yield all acknowledgements of a body. Their content is not validated here; the rules do that."""
    if PREFIX not in body.text:
        return
    for start, end in body.comments:
        comment = body.text[start - body.offset : end - body.offset]
        inside = comment.removeprefix(_OPENING)
        if comment == inside or not inside.lstrip().startswith(PREFIX):
            continue
        content = inside.lstrip()[len(PREFIX) :].removesuffix(_CLOSING)
        words = content.split()
        divider = words.index("because") if "because" in words else len(words)
        name_start = end - len(_CLOSING) - len(content.lstrip())
        yield Acknowledgement(start, end, " ".join(words[:divider]), name_start, " ".join(words[divider + 1 :]))
