"""A page of a preview reloads in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.sites import served_by

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def test_an_open_page_reloads_after_an_edit(small_copy: Path, browser: Browser):
    body = small_copy / "notes/spacing-helps.md"
    with served_by("mkdocs", small_copy) as address:
        tab = browser.new_page()
        try:
            tab.goto(f"{address}notes/spacing-helps/")
            body.write_text(body.read_text(encoding="utf-8") + "\nIt says more now.\n", encoding="utf-8")
            tab.get_by_text("It says more now.").wait_for(timeout=30_000)
        finally:
            tab.close()
