"""The reading trail: stored in the reader's browser only, and cleared on request."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.knowledge_bases import mkdocs_yml, scrambled, write
from tests.support.sites import build_site, served

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture
def site(scrambled_address: str) -> str:
    return scrambled_address


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def test_read_pages_are_marked_and_listed_on_the_home_page(site: str, page: Page):
    page.goto(site)
    expect(page.locator("#iq-trail")).to_be_hidden()
    page.goto(f"{site}notes/n7/")
    page.goto(f"{site}lines/scrambled/")
    expect(page.locator("#iq-sources .iq-title a.iq-read")).to_have_text(["Is claim 7 true?"])
    page.goto(site)
    expect(page.locator("#iq-trail li").nth(1)).to_have_text("Is claim 7 true?")
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#iq-trail")).to_be_hidden()
    page.reload()
    expect(page.locator("#iq-trail")).to_be_hidden()
    expect(page.locator(".iq-read")).to_have_count(0)


@pytest.mark.parametrize("kept", ["no JSON", "{}", '[1, null, {"path": 3}]', '[{"path": "notes/n7/"}]'])
def test_an_invalid_stored_trail_is_ignored(site: str, page: Page, kept: str):
    errors: list[object] = []
    page.on("pageerror", lambda error: errors.append(error))
    page.goto(site)
    page.evaluate("kept => localStorage.setItem('iq-trail:/', kept)", kept)
    page.goto(f"{site}lines/scrambled/")
    page.goto(site)
    assert errors == []


def test_the_trail_can_be_switched_off(tmp_path: Path, browser: Browser, page: Page):
    settings = mkdocs_yml().replace("inquiry: {", "inquiry: {trail: false, ")
    folder = write(tmp_path, {**scrambled(), "mkdocs.yml": settings, "docs/about.md": "# A\n"})
    with served(build_site(folder)) as address:
        page.goto(f"{address}notes/n7/")
        page.goto(address)
        assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('iq-'))") == []
