"""Pages in a browser: from a sentence to its evidence and back, layout, accessibility, filters."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import SCHEMES, run_axe

KINDS = {
    "home": "",
    "line": "lines/how-to-remember/",
    "open question": "lines/what-of-skills/",
    "note": "notes/spacing-helps/",
    "source": "sources/doi-10.1000-spacing/",
    "topic": "topics/memory/",
    "lines": "lines/",
    "notes": "notes/",
    "sources": "sources/",
    "topics": "topics/",
    "health": "health/",
    "map": "map/",
    "form": "propose/",
}
pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()


def test_readers_get_from_a_sentence_to_its_note_and_on_to_the_next_line(scrambled_address: str, page: Page):
    page.goto(f"{scrambled_address}lines/scrambled/")
    page.locator(".iq-prose a.iq-cite", has_text="Is claim 7 true?").first.click()
    expect(page).to_have_url(f"{scrambled_address}notes/n7/")
    expect(page.locator("h1")).to_have_text("Is claim 7 true?")
    expect(page.locator(".iq-answer")).to_contain_text("Claim 7 is true of set 7.")

    page.locator("#iq-cited-by a", has_text="Again 7 bears it out").click()
    expect(page).to_have_url(re.compile(r"lines/scrambled/#iq-c\d+$"))
    target = page.locator(":target")
    expect(target).to_have_text("Is claim 7 true?")
    expect(target).to_be_in_viewport()
    assert "Again 7 bears it out" in target.evaluate("element => element.previousSibling.textContent")

    page.locator("#iq-next a", has_text="What comes after eight notes?").click()
    expect(page).to_have_url(f"{scrambled_address}lines/onwards/")


def test_eight_sources_in_order_each_with_its_claim_and_both_sentences(scrambled_address: str, page: Page):
    page.goto(f"{scrambled_address}lines/scrambled/")
    expect(page.locator("#iq-sources h2")).to_have_text("Sources · 8 notes")
    entries = page.locator("#iq-sources ol.iq-sources > li")
    expect(entries).to_have_count(8)
    for entry, n in zip(entries.all(), [5, 2, 8, 1, 7, 3, 6, 4], strict=True):
        expect(entry.locator(".iq-title a")).to_have_text(f"Is claim {n} true?")
        expect(entry.locator(".iq-text")).to_have_text(f"Claim {n} is true of set {n}.")
        expect(entry.locator(".iq-sentences li")).to_have_text(
            [re.compile(f"Sentence {n} rests"), re.compile(f"Again {n} bears")]
        )


def open_support(page: Page, sentence: str) -> None:
    """Open what supports the source that a sentence cites."""
    page.locator("#iq-sources details", has_text=sentence).locator("summary").click()


def test_a_claim_is_whole_when_its_support_is_opened(scrambled_address: str, page: Page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{scrambled_address}lines/scrambled/")
    entry = page.locator("#iq-sources ol.iq-sources > li").first
    claim = entry.locator(".iq-text")
    claim.evaluate("claim => { claim.textContent = 'A claim of many words. '.repeat(40) }")
    cut = claim.evaluate("claim => claim.clientHeight < claim.scrollHeight")
    summary = entry.locator("summary")
    expect(summary).to_have_text(re.compile("cited in 2 sentences$"))
    summary.press("Enter")
    assert cut
    assert claim.evaluate("claim => claim.clientHeight >= claim.scrollHeight")


def test_a_folded_sentence_is_found_by_the_browser_and_printed(scrambled_address: str, page: Page):
    page.goto(f"{scrambled_address}lines/scrambled/")
    quote = page.locator("#iq-sources details > .iq-quote, #iq-sources details > .iq-sentences").first
    assert quote.evaluate("one => one.checkVisibility({contentVisibilityAuto: true})") is False
    page.emulate_media(media="print")
    fold = page.locator("#iq-sources details").first
    assert fold.evaluate("one => getComputedStyle(one, '::details-content').contentVisibility") == "visible"


def test_a_sentence_in_sources_links_to_the_text(scrambled_address: str, page: Page):
    page.goto(f"{scrambled_address}lines/scrambled/")
    open_support(page, "Sentence 6 rests")
    page.locator("#iq-sources .iq-sentences a", has_text="Sentence 6 rests").click()
    expect(page.locator(":target")).to_be_in_viewport()
    assert page.locator(":target").evaluate("e => getComputedStyle(e).backgroundColor") != "rgba(0, 0, 0, 0)"


def test_the_skip_link_focuses_the_question(small_address: str, page: Page):
    page.goto(f"{small_address}lines/how-to-remember/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{small_address}lines/how-to-remember/#iq-question")


def test_headings_in_prose_are_larger_and_bolder_than_text(small_address: str, page: Page):
    page.goto(f"{small_address}lines/how-to-remember/")
    styles = page.locator(".iq-prose").evaluate(
        """prose => ["p", "h4", "h3", "h2"].map(name => {
            const style = getComputedStyle(prose.appendChild(document.createElement(name)))
            return [parseFloat(style.fontSize), parseInt(style.fontWeight)]
        })"""
    )
    sizes = [size for size, _ in styles]
    assert sizes == sorted(set(sizes))
    assert all(weight >= 600 for _, weight in styles[1:])


@pytest.mark.parametrize("width", [820, 1280, 1920])
def test_a_line_of_prose_has_sixty_to_seventy_five_characters(scrambled_address: str, browser: Browser, width: int):
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(f"{scrambled_address}lines/scrambled/")
    characters = page.locator(".iq-prose").evaluate(
        """prose => {
            const text = "Plain and exact prose of usual words, enough of them to fill ten lines. ".repeat(12)
            const p = prose.appendChild(document.createElement("p"))
            p.textContent = text
            const lines = p.getClientRects().length && p.offsetHeight / parseFloat(getComputedStyle(p).lineHeight)
            return text.length / lines
        }"""
    )
    assert 60 <= characters <= 75
    page.close()


def test_printed_pages_have_sources_and_passages_but_no_navigation(small_address: str, page: Page):
    page.emulate_media(media="print")
    page.goto(f"{small_address}lines/how-to-remember/")
    expect(page.locator("#iq-sources")).to_be_visible()
    for gone in (".md-header", ".md-sidebar--primary", "#iq-next"):
        expect(page.locator(gone)).to_be_hidden()
    page.goto(f"{small_address}notes/spacing-helps/")
    expect(page.locator(".iq-quote").first).to_be_visible()


def test_a_former_url_redirects_to_the_page(small_address: str, page: Page):
    page.goto(f"{small_address}notes/spaced-practice/")
    expect(page).to_have_url(f"{small_address}notes/spacing-helps/")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_scrolls_sideways_or_logs_an_error(small_address: str, browser: Browser, width: int, scheme: str):
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on(
        "request",
        lambda request: (
            said.append(request.url) if not request.url.startswith((small_address, "data:", "blob:")) else None
        ),
    )
    for path in KINDS.values():
        page.goto(small_address + path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    context.close()
    assert said == []


def test_pages_are_complete_without_javascript(small_address: str, browser: Browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{small_address}lines/how-to-remember/")
    for name in ("Sources · 3 notes", "Where the sources disagree", "Next inquiring lines"):
        expect(page.get_by_role("heading", name=name)).to_be_visible()
    page.locator(".iq-prose a.iq-cite").first.click()
    expect(page).to_have_url(f"{small_address}notes/spacing-helps/")
    context.close()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_on_any_kind_of_page(small_address: str, browser: Browser, scheme: str):
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light")
    page = context.new_page()
    for kind, path in {**KINDS, "page by hand": "method/"}.items():
        page.goto(small_address + path)
        assert page.evaluate("document.body.dataset.mdColorScheme") == ("slate" if scheme == "dark" else "default")
        results = run_axe(page, scheme)
        assert results.violations_count == 0, f"{kind}: {results.generate_report()}"
    context.close()


def test_filters_narrow_a_list_and_are_in_the_url(scrambled_address: str, page: Page):
    page.goto(f"{scrambled_address}notes/")
    entries = page.locator("[data-iq-filtered] > li:visible")
    everything = entries.count()
    page.get_by_label("Contains").focus()
    page.keyboard.type("claim 7")
    expect(entries).to_have_count(1)
    expect(page.locator(".iq-filters output")).to_have_text(f"1 of {everything}")
    expect(page).to_have_url(re.compile(r"\?words=claim\+7$"))
    page.reload()
    expect(entries).to_have_count(1)
    page.get_by_role("button", name="Clear").press("Enter")
    expect(entries).to_have_count(everything)
    expect(page).to_have_url(f"{scrambled_address}notes/")


def test_filters_without_a_match_give_a_way_out(scrambled_address: str, page: Page):
    page.goto(f"{scrambled_address}notes/")
    clear = page.get_by_role("button", name="Clear")
    expect(page.locator(".iq-filters output")).not_to_be_empty()
    expect(clear).to_be_hidden()
    page.get_by_label("Contains").fill("no such claim")
    expect(page.get_by_text("No matches: change or clear the filters.")).to_be_visible()
    clear.click()
    expect(page.locator("[data-iq-filtered] > li:visible").first).to_be_visible()


def test_filters_are_folded_on_a_phone(scrambled_address: str, browser: Browser):
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{scrambled_address}notes/")
    year = page.get_by_label("Year")
    expect(year).to_be_hidden()
    page.get_by_role("button", name="Filters").click()
    expect(year).to_be_visible()
    year.select_option("2005")
    page.reload()
    expect(year).to_be_visible()
    expect(page.locator("[data-iq-filtered] > li:visible")).to_have_count(1)
    context.close()


def test_long_claims_are_cut_in_an_index_and_whole_in_their_preview(small_address: str, page: Page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{small_address}notes/")
    heights = page.locator(".iq-cut > li > .iq-text").evaluate_all(
        "texts => texts.map(text => text.clientHeight / parseFloat(getComputedStyle(text).lineHeight))"
    )
    assert max(heights) < 2.5
    page.locator(".iq-cut .iq-title a").first.hover()
    expect(page.locator(".iq-preview")).to_be_visible()


def test_a_filter_narrows_a_list_by_verdict(small_address: str, page: Page):
    page.goto(f"{small_address}lines/")
    verdict = page.get_by_label("Verdict")
    verdict.select_option("Open question")
    expect(page.locator("[data-iq-filtered] > li:visible").first).to_have_attribute("data-verdict", "Open question")
    expect(page.locator("[data-iq-filtered] > li:visible .iq-verdict--answered")).to_have_count(0)


def test_a_list_is_complete_and_has_no_filters_without_javascript(small_address: str, browser: Browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{small_address}notes/")
    expect(page.locator(".iq-filters")).to_be_hidden()
    expect(page.locator("[data-iq-filtered] > li").first).to_be_visible()
    context.close()
