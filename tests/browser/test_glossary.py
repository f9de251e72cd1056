"""Terms of the glossary in a browser: their previews, and the way to their meaning without a script."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import SCHEMES, run_axe

pytestmark = pytest.mark.xdist_group("browser")

LINE = "lines/how-to-remember/"
TERM = ".iq-prose a.iq-term"
BOX = ".iq-preview"


@pytest.fixture
def page(small_address: str, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(small_address + LINE)
    yield page
    context.close()


def test_pointing_at_a_term_shows_its_meaning(page: Page):
    page.locator(TERM, has_text="recall").hover()
    box = page.locator(BOX)
    expect(box.locator(".iq-title")).to_have_text("Recall")
    expect(box).to_contain_text("What is remembered without a hint.")
    expect(box).not_to_contain_text("Practice with time")
    box.locator("a", has_text="What makes people remember longest?").hover()
    page.wait_for_timeout(600)
    expect(box).to_have_count(1)
    page.keyboard.press("Escape")
    expect(box).to_have_count(0)


def test_names_of_one_term_share_its_meaning(page: Page):
    page.locator(TERM, has_text="Spacing").focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(page.locator(f"{BOX} .iq-title")).to_have_text("Spaced practice (SP)")
    expect(page.locator(BOX)).to_contain_text("Practice with time between sessions.")
    described = page.locator(":focus").get_attribute("aria-describedby")
    expect(page.locator(f"#{described}")).to_contain_text("Practice with time")


def test_the_first_tap_shows_the_meaning_and_the_second_opens_the_glossary(small_address: str, browser: Browser):
    context = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(small_address + LINE)
    page.locator(TERM).first.tap()
    expect(page.locator(BOX)).to_be_visible()
    page.locator(TERM).first.tap()
    expect(page).to_have_url(re.compile("/glossary/#sp$"))
    context.close()


def test_a_term_is_a_link_to_its_meaning_without_javascript(small_address: str, browser: Browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(small_address + LINE)
    page.locator(TERM, has_text="recall").click()
    expect(page).to_have_url(re.compile("/glossary/#recall$"))
    expect(page.locator("dt:target")).to_have_text("Recall")
    context.close()


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("path", [LINE, "topics/memory/", "glossary/"])
def test_pages_with_terms_are_accessible(page: Page, small_address: str, path: str, scheme: str):
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(small_address + path)
    results = run_axe(page, scheme)
    assert results.violations_count == 0, results.generate_report()


def test_an_open_meaning_is_accessible(page: Page):
    page.locator(TERM).first.hover()
    expect(page.locator(BOX)).to_be_visible()
    results = run_axe(page, SCHEMES[0], context=".iq")
    assert results.violations_count == 0, results.generate_report()
