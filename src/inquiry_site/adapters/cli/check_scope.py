"""Restrict a check to the paths that a user named, and count the files that were checked."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from inquiry_site.adapters.cli.output import fail
from inquiry_site.build import CheckResult
from inquiry_site.diagnostics import Diagnostic
from inquiry_site.diagnostics.text import counted
from inquiry_site.file_content import BIBLIOGRAPHY
from inquiry_site.model import Kind, ParsedFiles
from inquiry_site.rules.rule import join_names


class CheckScope:
    """The paths that a user named; the whole knowledge base if there are none.

    Attributes:
        folder: the folder of the knowledge base.
    """

    def __init__(self, folder: Path, paths: Sequence[Path]) -> None:
        """Resolve the paths; end the command if one does not exist or is not part of the knowledge base."""
        self.folder = folder
        self._named = {str(path): _relative(path, folder) for path in paths}

    def _contains(self, path: str) -> bool:
        return not self._named or any(Path(path).is_relative_to(parent) for parent in self._named.values())

    def within(self, diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
        """Return the findings in the named paths."""
        return [diagnostic for diagnostic in diagnostics if self._contains(diagnostic.span.path)]

    def refuse_unread(self, result: CheckResult) -> None:
        """Name each path that contains no checked file; end the command if that applies to all of them."""
        read = [Path(path) for path in _read_files(result)]
        unread = [name for name, path in self._named.items() if not any(file.is_relative_to(path) for file in read)]
        for name in unread:
            click.echo(f"{name} was not checked: {_CHECKED}", err=True)
        if unread and len(unread) == len(self._named):
            fail("No file was checked.", "Name a Markdown file of the knowledge base, or a folder that contains one.")

    def count_files(self, parsed: ParsedFiles) -> str:
        """Return how many files of each kind were checked, as a phrase."""
        entries = [entry for entry in parsed.documents if self._contains(entry.path)]
        drafts = sum(1 for entry in entries if entry.document and entry.document.draft)
        counts = [
            *((sum(1 for entry in entries if entry.kind is kind), kind.noun, True) for kind in Kind),
            (sum(1 for topic in parsed.topics if self._contains(topic.path)), "topic", False),
            (sum(1 for page in parsed.pages if self._contains(page.path)), "hand-written page", False),
        ]
        shown = [
            counted(count, noun)
            for count, noun, is_always_shown in counts
            if count or (is_always_shown and not self._named)
        ]
        phrase = join_names(shown, "and") or "Other files"
        return f"{phrase}, including {counted(drafts, 'draft')}" if drafts else phrase


_CHECKED = (
    "only Markdown files of notes, lines, topics and hand-written pages (except README.md), references.bib and "
    "templates are"
)


def _relative(path: Path, folder: Path) -> Path:
    if not os.path.lexists(path):
        fail(f"{path} does not exist.")
    try:
        return path.resolve().relative_to(folder.resolve())
    except ValueError:
        fail(f"{path} is not part of the knowledge base in {folder}.")


def _read_files(result: CheckResult) -> Iterator[str]:
    """Yield the files that were parsed, and those with a finding, which may be that they cannot be read."""
    yield from result.parsed.texts
    yield from (f"templates/{template.path}" for template in result.parsed.templates)
    yield BIBLIOGRAPHY
    yield from (diagnostic.span.path for diagnostic in result.diagnostics)
