"""Where the templates that ship stand, and what it means that a site's own cannot be used."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).parents[1]


@cache
def template_folder() -> Path:
    """Inside an installed package, at the top of a checkout."""
    installed = _PACKAGE / "templates"
    return installed if installed.is_dir() else _PACKAGE.parents[1] / "templates"


class BrokenTemplateError(Exception):
    """A template, or a file of words beside it, cannot be used.

    Attributes:
        name: its path relative to ``templates/``.
        line: where, counted from 1.
    """

    def __init__(self, name: str, line: int, message: str) -> None:
        super().__init__(message)
        self.name = name
        self.line = line
