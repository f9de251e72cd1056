"""The map: zoomed, moved and searched in the browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.rendering.views.test_map import FILES
from tests.support.knowledge_bases import mkdocs_yml, write
from tests.support.sites import build_site, served


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[str]:
    folder = write(tmp_path_factory.mktemp("map"), {**FILES, "mkdocs.yml": mkdocs_yml(), "docs/about.md": "# A\n"})
    with served(build_site(Path(folder))) as address:
        yield f"{address}map/"


@pytest.fixture
def page(site: str, browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    page.goto(site)
    yield page
    page.close()


def view_box(page: Page) -> list[float]:
    return [float(number) for number in (page.locator(".iq-map svg").get_attribute("viewBox") or "").split()]


@pytest.mark.xdist_group("browser")
def test_the_keyboard_zooms_moves_and_resets_the_map(page: Page):
    whole = view_box(page)
    page.locator(".iq-map svg").focus()
    page.keyboard.press("+")
    closer = view_box(page)
    assert closer[2] < whole[2]
    page.keyboard.press("ArrowRight")
    assert view_box(page)[0] > closer[0]
    page.keyboard.press("0")
    assert view_box(page) == whole


@pytest.mark.xdist_group("browser")
def test_the_pointer_drags_without_following_a_link(page: Page, site: str):
    page.get_by_role("button", name="Zoom in").click()
    before = view_box(page)
    ring = page.get_by_role("link", name="One?").first.bounding_box()
    assert ring
    page.mouse.move(ring["x"] + ring["width"] / 2, ring["y"] + ring["height"] / 2)
    page.mouse.down()
    page.mouse.move(ring["x"] + 80, ring["y"] + 60, steps=4)
    page.mouse.up()
    assert view_box(page) != before
    assert page.url == site


@pytest.mark.xdist_group("browser")
def test_a_search_finds_a_ring_and_opens_its_line(page: Page):
    page.get_by_label("Contains").fill("two")
    expect(page.locator(".iq-map .iq-found")).to_have_count(1)
    page.locator(".iq-map a.iq-found").focus()
    expect(page.locator(".iq-map-named")).to_have_text("Two?")
    page.get_by_label("Contains").press("Enter")
    expect(page.locator(".iq-map-results a")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/lines/two/$"))


@pytest.mark.xdist_group("browser")
def test_a_search_finds_notes_too_and_lists_what_it_finds(page: Page):
    page.get_by_label("Contains").fill("is it")
    results = page.locator(".iq-map-results a")
    expect(results).to_have_count(7)
    expect(results.first).to_have_text("Is it open?")
    expect(page.locator(".iq-map output")).to_have_text("7 of 10")
    assert (page.locator(".iq-map-marked").get_attribute("d") or "").count("M") == 6
    page.get_by_label("Contains").fill("is it 4")
    expect(results).to_have_count(1)
    page.keyboard.press("Enter")
    expect(results).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/notes/n4/$"))


@pytest.mark.xdist_group("browser")
def test_a_dot_under_the_pointer_shows_its_title_and_opens_its_note(page: Page):
    place = page.evaluate(
        """() => {
            const svg = document.querySelector(".iq-map svg");
            const [x, y] = svg.querySelector(".iq-map-notes").getAttribute("d").split("M")[2].split(/[ h]/).map(Number);
            const point = new DOMPoint(x, y).matrixTransform(svg.getScreenCTM());
            return [point.x, point.y];
        }"""
    )
    page.mouse.move(place[0] - 200, place[1])
    page.mouse.move(*place)
    page.wait_for_load_state("networkidle")
    page.mouse.move(place[0] + 1, place[1])
    expect(page.locator(".iq-map-named")).to_have_text(re.compile(r"Is it \d\?"))
    name = page.locator(".iq-map-named").text_content() or ""
    expect(page.locator(".iq-preview .iq-title").first).to_have_text(name)
    page.mouse.click(*place)
    expect(page).to_have_url(re.compile(f"/notes/n{name[6]}/$"))


@pytest.mark.xdist_group("browser")
def test_a_ring_under_the_pointer_is_previewed(page: Page):
    ring = page.get_by_role("link", name="Is it open?").first.bounding_box()
    assert ring
    page.mouse.move(ring["x"] + ring["width"] / 2, ring["y"] + ring["height"] / 2)
    expect(page.locator(".iq-preview .iq-title").first).to_have_text("Is it open?")


@pytest.mark.xdist_group("browser")
def test_the_first_tap_on_a_ring_previews_its_line(site: str, browser: Browser):
    context = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(site)
    page.locator('.iq-map a[aria-label="One?"] circle').tap()
    expect(page.locator(".iq-preview .iq-title").first).to_have_text("One?")
    assert page.url == site
    page.get_by_role("link", name="Open line").tap()
    expect(page).to_have_url(re.compile("/lines/one/$"))
    context.close()


@pytest.mark.xdist_group("browser")
def test_rings_are_named_from_the_second_step_of_the_zoom(page: Page):
    titles = page.locator(".iq-map-titles text")
    page.get_by_role("button", name="Zoom in").click()
    expect(titles).to_have_count(0)
    page.get_by_role("button", name="Zoom in").click()
    expect(titles.filter(has_text="One?")).to_have_count(1)
    page.get_by_role("button", name="Reset").click()
    expect(titles).to_have_count(0)


@pytest.mark.xdist_group("browser")
def test_the_list_contains_what_the_picture_shows(page: Page):
    rings = [link.get_attribute("aria-label") or "" for link in page.locator(".iq-map a").all()]
    listed = page.locator("#iq-list li > a:first-child").all_text_contents()
    assert sorted(rings) == sorted(listed) == ["Is it open?", "One?", "Two?"]
