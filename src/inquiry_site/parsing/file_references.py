"""Recognise references to files: ``![[figure.png]]``, ``[[data.csv]]`` and the sources of media in raw HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from inquiry_site.body_syntax import FileReference, FileReferenceStyle, Tag
from inquiry_site.html.syntax import written_value_span
from inquiry_site.parsing.sentences import FIRST_PLACEHOLDER

_FILE = re.compile(
    r"(?P<path>[^#]+\.(?:avif|bib|bmp|csv|docx?|flac|gif|gz|ipynb|jpe?g|json|m4a|mov|mp3|mp4|odp|ods|odt|ogg|ogv|pdf|png"
    r"|pptx?|svg|tar|tiff?|tsv|txt|wav|webm|webp|xlsx?|zip))(?:#(?P<fragment>.*))?",
    re.IGNORECASE,
)
"""A target that is the name of a file rather than an id or a title."""
_PICTURES = (".avif", ".bmp", ".gif", ".jpeg", ".jpg", ".png", ".svg", ".webp")
_SIZE = re.compile(r"\s*(?P<width>[0-9]{1,4})(?:x(?P<height>[0-9]{1,4}))?\s*")
_MEDIA = frozenset({"audio", "img", "source", "video"})
_REMOVED = chr(FIRST_PLACEHOLDER)
"""A private character, which never becomes part of a sentence."""


def is_picture(name: str) -> bool:
    """Return whether a file is shown as a picture, from its name."""
    return name.lower().endswith(_PICTURES)


def picture_label(label: str) -> tuple[str, str, str]:
    """Return the words, the width and the height in the label of a picture; what is not given is empty."""
    words, _, last = label.rpartition("|")
    size = _SIZE.fullmatch(last)
    if size is None:
        return " ".join(label.split()), "", ""
    return " ".join(words.rstrip("\\").split()), size["width"], size["height"] or ""


def file_reference(start: int, end: int, target: str, label: str, is_shown: bool) -> FileReference | None:
    """Return ``[[…]]`` as a reference to a file, or None if its target is not the name of one."""
    match = _FILE.fullmatch(target) if "." in target else None
    if match is None:
        return None
    style = FileReferenceStyle.SHOWN if is_shown else FileReferenceStyle.LINKED
    return FileReference(start, end, match["path"], label, style, match["fragment"] or "")


def find_sources(tags: Iterable[Tag], body: str, offset: int) -> Iterator[FileReference]:
    """Yield the value of ``src`` of each picture, sound and video in raw HTML; offsets are those of the file."""
    for tag in tags:
        if tag.name in _MEDIA and tag.attributes.get("src"):
            span = written_value_span(body[tag.start - offset : tag.end - offset], "src")
            if span:
                path, _, fragment = tag.attributes["src"].partition("#")
                start, end = tag.start + span[0], tag.start + span[1]
                yield FileReference(start, end, path, "", FileReferenceStyle.SOURCE, fragment)


def hide_file_references(prose: str, references: Iterable[FileReference]) -> str:
    """Return the prose of a block, of the same length, in which only the words of references to files are left."""
    pieces: list[str] = []
    position = 0
    for reference in references:
        written = prose[reference.start : reference.end]
        bar = max(written.find("|"), 1) + 1
        words = "" if reference.style is FileReferenceStyle.SHOWN else written[bar:-2]
        pieces += [prose[position : reference.start], _REMOVED * (len(written) - 2 - len(words)), words, _REMOVED * 2]
        position = reference.end
    return "".join((*pieces, prose[position:]))
