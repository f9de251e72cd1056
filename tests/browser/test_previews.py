"""Previews of cited notes by pointer, keyboard and touch, and links from sources back to sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import SCHEMES, run_axe

pytestmark = pytest.mark.xdist_group("browser")

LINE = "lines/scrambled/"
BOX = ".iq-preview"


@pytest.fixture
def site(scrambled_address: str) -> str:
    return scrambled_address


@pytest.fixture
def page(site: str, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(site + LINE)
    yield page
    context.close()


def citation(page: Page, number: int = 0):
    return page.locator(".iq-prose a.iq-cite").nth(number)


def test_hovering_opens_a_preview_that_the_pointer_can_enter(page: Page):
    before = page.locator(".iq-prose").bounding_box()
    citation(page).hover()
    box = page.locator(BOX)
    expect(box).to_be_visible()
    expect(box.locator(".iq-title").first).to_have_text("Is claim 5 true?")
    expect(box).to_contain_text("Claim 5 is true of set 5.")
    assert page.locator(".iq-prose").bounding_box() == before, "nothing shifts"
    box.locator(".iq-title").first.hover()
    page.wait_for_timeout(600)
    expect(box).to_be_visible()
    page.mouse.move(5, 500)
    expect(box).to_have_count(0)


def test_a_passing_pointer_opens_no_preview(page: Page):
    citation(page).hover()
    page.mouse.move(5, 500)
    page.wait_for_timeout(600)
    expect(page.locator(BOX)).to_have_count(0)


def test_focus_opens_a_preview_that_tab_enters_and_escape_closes(page: Page):
    page.locator("#iq-question").evaluate("e => { e.tabIndex = -1; e.focus() }")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.iq-prose a.iq-cite')"):
            break
    expect(page.locator(BOX)).to_be_visible()
    described = page.locator(":focus").get_attribute("aria-describedby")
    expect(page.locator(f"#{described}")).to_contain_text("Claim 5 is true of set 5.")
    page.keyboard.press("Tab")
    expect(page.locator(f"{BOX} a:focus")).to_have_text("Is claim 5 true?")
    page.keyboard.press("Escape")
    expect(page.locator(BOX)).to_have_count(0)
    expect(citation(page)).to_be_focused()
    page.wait_for_timeout(600)
    expect(page.locator(BOX)).to_have_count(0)


def test_escape_closes_a_preview_under_the_pointer(page: Page):
    citation(page).hover()
    expect(page.locator(BOX)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(BOX)).to_have_count(0)


def test_previews_nest_and_close_from_the_inside(page: Page):
    citation(page).hover()
    page.locator(f"{BOX} .iq-evidence .iq-title a").hover()
    expect(page.locator(BOX)).to_have_count(2)
    expect(page.locator(BOX).nth(1)).to_contain_text("Read at")
    page.keyboard.press("Escape")
    expect(page.locator(BOX)).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(BOX)).to_have_count(0)


def test_a_link_in_a_preview_opens_its_page(page: Page):
    citation(page).hover()
    page.locator(f"{BOX} .iq-title a").first.click()
    expect(page).to_have_url(re.compile("/notes/n5/$"))


def test_the_first_tap_opens_the_preview_and_the_second_the_page(site: str, browser: Browser):
    context = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(site + LINE)
    citation(page).tap()
    expect(page.locator(BOX)).to_be_visible()
    assert page.url == site + LINE
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("h1").tap()
    expect(page.locator(BOX)).to_have_count(0)
    citation(page).tap()
    expect(page.locator(BOX)).to_be_visible()
    citation(page).tap()
    expect(page).to_have_url(re.compile("/notes/n5/$"))
    context.close()


@pytest.mark.parametrize("number", [0, 3, -1])
def test_a_preview_on_a_phone_leaves_the_tapped_link_in_view(site: str, browser: Browser, number: int):
    context = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(site + LINE)
    # At the lower edge, where the preview appears.
    citation(page, number).evaluate("link => link.scrollIntoView({ block: 'end' })")
    citation(page, number).tap()
    box = page.locator(BOX)
    expect(box).to_be_visible()
    shown, link = box.bounding_box(), citation(page, number).bounding_box()
    assert shown
    assert link
    assert 0 <= link["y"] <= 800 - link["height"]
    assert link["y"] + link["height"] <= shown["y"] or link["y"] >= shown["y"] + shown["height"]
    context.close()


def test_a_preview_on_a_phone_has_buttons_that_open_and_close_it(site: str, browser: Browser):
    context = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(site + LINE)
    citation(page).tap()
    box = page.locator(BOX)
    expect(box.get_by_role("link", name="Open note")).to_be_in_viewport()
    results = run_axe(page, SCHEMES[0], context=".iq")
    assert results.violations_count == 0, results.generate_report()
    box.get_by_role("button", name="Close").tap()
    expect(box).to_have_count(0)
    assert page.url == site + LINE
    citation(page).tap()
    box.get_by_role("link", name="Open note").tap()
    expect(page).to_have_url(re.compile("/notes/n5/$"))
    context.close()


def test_a_citation_is_a_numbered_link_without_javascript(site: str, browser: Browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site + LINE)
    for link in page.locator(".iq-prose a.iq-cite").all()[:8]:
        number = link.get_attribute("data-n")
        entry = page.locator(f"#iq-s{number} .iq-title a")
        assert entry.text_content() == link.text_content()
    citation(page).click()
    expect(page).to_have_url(re.compile("/notes/n5/$"))
    context.close()


def test_a_link_from_a_source_highlights_the_sentence(site: str, page: Page):
    marked = "[...(CSS.highlights.get('iq-sentence') ?? [])].map(range => range.toString()).join('|').trim()"
    for sentence in ("Again 7 bears", "Sentence 6 rests"):
        page.locator("#iq-sources details", has_text=sentence).evaluate("fold => { fold.open = true }")
        page.locator("#iq-sources .iq-sentences a", has_text=sentence).click()
        # Playwright's own waiting evaluates strings in the page, which the page's policy forbids.
        for _ in range(50):
            if page.evaluate(marked).startswith(sentence):
                break
            page.wait_for_timeout(100)
        assert page.evaluate(marked).startswith(sentence)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_in_an_open_preview(site: str, browser: Browser, scheme: str):
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light")
    page = context.new_page()
    page.goto(site + LINE)
    citation(page).hover()
    expect(page.locator(BOX)).to_be_visible()
    page.wait_for_timeout(200)
    results = run_axe(page, scheme, context=".iq")
    assert results.violations_count == 0, results.generate_report()
    context.close()


def test_a_citation_is_still_a_link_if_its_page_cannot_be_loaded(site: str, page: Page):
    page.route("**/notes/n5/", lambda route: route.abort())
    citation(page).hover()
    page.wait_for_timeout(700)
    expect(page.locator(BOX)).to_have_count(0)
    expect(citation(page)).to_have_attribute("href", "../../notes/n5/")


SWITCH = "Sources beside the text"


def test_sources_can_be_shown_beside_the_text_and_follow_the_pointer(site: str, page: Page):
    before = page.locator(".iq-prose").bounding_box()
    page.get_by_role("button", name=SWITCH).click()
    beside = page.get_by_role("complementary", name="Is claim 5 true?")
    expect(beside).to_contain_text("Claim 5 is true of set 5.")
    assert page.locator(".iq-prose").bounding_box() == before, "nothing shifts"
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    citation(page, 2).hover()
    expect(page.get_by_role("complementary", name="Is claim 8 true?")).to_be_visible()
    expect(page.locator(BOX)).to_have_count(0)
    expect(citation(page, 2)).to_have_class(re.compile("iq-at-hand"))
    page.goto(site + LINE)
    expect(page.locator(".iq-beside")).to_be_visible()
    page.set_viewport_size({"width": 820, "height": 900})
    expect(page.locator(".iq-beside")).to_have_count(0)
    expect(page.get_by_role("button", name=SWITCH)).to_be_hidden()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("button", name=SWITCH).click()
    expect(page.locator(".iq-beside")).to_have_count(0)
    expect(page.locator(".iq-at-hand")).to_have_count(0)
    page.goto(site + LINE)
    expect(page.locator(".iq-beside")).to_have_count(0)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_with_sources_beside_the_text(site: str, browser: Browser, scheme: str):
    context = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light", viewport={"width": 1440, "height": 900}
    )
    page = context.new_page()
    page.goto(site + LINE)
    page.get_by_role("button", name=SWITCH).click()
    expect(page.locator(".iq-beside")).to_contain_text("Claim 5")
    results = run_axe(page, scheme)
    assert results.violations_count == 0, results.generate_report()
    context.close()
