"""Decode the content of a file to text."""

from __future__ import annotations

from inquiry_site.config import LARGEST_FILE
from inquiry_site.diagnostics import Span
from inquiry_site.file_content import TextFile, TooLarge, Unreadable
from inquiry_site.model import Fault, FaultKind

DocumentContent = str | bytes | Unreadable | TooLarge
"""The content of a document, or the reason why it was not read."""


def read_text(path: str, content: DocumentContent, largest: int = LARGEST_FILE) -> TextFile | Fault:
    """Return a file's content as text without byte-order mark and with line feeds, or the fault that prevents it.

    Args:
        path: the file's path.
        content: its content, or the reason why it was not read.
        largest: the maximum size, in bytes.
    """
    if isinstance(content, Unreadable):
        return Fault(FaultKind.UNREADABLE, Span(path), detail=content.reason)
    size = content.size if isinstance(content, TooLarge) else len(content)
    if size > largest:
        return Fault(FaultKind.TOO_LARGE, Span(path), detail=str(largest), found=str(size))
    if isinstance(content, TooLarge):
        return Fault(FaultKind.UNREADABLE, Span(path), detail="it was too large when it was read")
    try:
        if isinstance(content, str):
            content.encode("utf-8")
            return TextFile(path, _with_line_feeds(content))
        return TextFile(path, _with_line_feeds(content.decode("utf-8")))
    except UnicodeDecodeError as error:
        before = _with_line_feeds(error.object[: error.start].decode("utf-8"))
        found = f"byte 0x{error.object[error.start]:02x}"
    except UnicodeEncodeError as error:
        before = _with_line_feeds(error.object[: error.start])
        found = f"lone surrogate U+{ord(error.object[error.start]):04X}"
    return Fault(FaultKind.NOT_UTF8, Span.of(path, before + "?", len(before), len(before) + 1), found=found)


def _with_line_feeds(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
