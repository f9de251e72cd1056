"""Hide what a theme or an engine prints about its own future before each command."""

from __future__ import annotations

import os

_SWITCHES = {"NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}
"""Environment variables by which Material, and ProperDocs in plugins for it, are told not to print a notice."""


def hide() -> bool:
    """Hide the notices for the rest of this process, by its environment; return True.

    ``mkdocs.yml`` calls this function while it is read: a plugin is imported only after the theme has printed.
    """
    for name, value in _SWITCHES.items():
        os.environ[name] = os.environ.get(name) or value
    return True
