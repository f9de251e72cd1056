"""Run axe: all rules in the light scheme, colour rules in the dark one, which has the same elements."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe, AxeResults
from playwright.sync_api import Page

SCHEMES = ("light", "dark")
_VIOLATIONS = {"resultTypes": ["violations"]}
_COLOURS = {**_VIOLATIONS, "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


def run_axe(page: Page, scheme: str, context: str | None = None) -> AxeResults:
    """Return the violations of the rules for a colour scheme."""
    options: dict[str, Any] = _COLOURS if scheme == "dark" else _VIOLATIONS
    return Axe().run(page, context=context, options=options)
