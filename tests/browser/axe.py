"""axe over a page: everything in the light scheme, colours alone in the dark one, whose elements are the same."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe, AxeResults
from playwright.sync_api import Page

SCHEMES = ("light", "dark")
_VIOLATIONS = {"resultTypes": ["violations"]}
_COLOURS = {**_VIOLATIONS, "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


def run_axe(page: Page, scheme: str, context: str | None = None) -> AxeResults:
    """Run the rules that a colour scheme can break."""
    options: dict[str, Any] = _COLOURS if scheme == "dark" else _VIOLATIONS
    return Axe().run(page, context=context, options=options)
