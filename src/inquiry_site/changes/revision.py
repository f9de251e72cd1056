"""Define a revision of a knowledge base: its files and everything that was derived from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from inquiry_site.diagnostics import Diagnostic
from inquiry_site.file_content import FileContent
from inquiry_site.knowledge import Knowledge
from inquiry_site.model import ParsedFiles


@dataclass(frozen=True, slots=True)
class Revision:
    """A knowledge base as it was, or is, at one point."""

    name: str
    """The name of the revision in messages."""
    files: Mapping[str, FileContent] = field(repr=False)
    parsed: ParsedFiles = field(repr=False)
    knowledge: Knowledge = field(repr=False)
    diagnostics: tuple[Diagnostic, ...] = field(repr=False)
