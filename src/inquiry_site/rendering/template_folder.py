"""The folder of the shipped templates, and the error for templates that cannot be used."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).parents[1]


@cache
def template_folder() -> Path:
    """Return the folder of the shipped templates: inside an installed package, or at the top of a checkout."""
    installed = _PACKAGE / "templates"
    return installed if installed.is_dir() else _PACKAGE.parents[1] / "templates"


class BrokenTemplateError(Exception):
    """A template or a file of translations cannot be used.

    Attributes:
        name: the file's path relative to ``templates/``.
        line: the line of the error, counted from 1.
    """

    def __init__(self, name: str, line: int, message: str) -> None:
        super().__init__(message)
        self.name = name
        self.line = line
