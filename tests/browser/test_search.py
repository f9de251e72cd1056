"""The search in the browser: keyboard, pointer, URLs, results, accessibility."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import SCHEMES, run_axe
from tests.support.knowledge_bases import QUIET, ROOT, line, mkdocs_yml, note, write
from tests.support.sites import build_site, served

pytestmark = pytest.mark.xdist_group("browser")

CASES = yaml.safe_load((ROOT / "tests/cases/search/words.yaml").read_text(encoding="utf-8"))
FILES = {
    "lines/recall.md": line(
        "What makes recall last?",
        "Spacing does [[spacing]].",
        answer="Spacing does.",
        verdict="partly",
        tags="[memory]",
    ),
    "lines/open.md": line("Does recall fade?", "", tags="[ageing]"),
    "notes/spacing.md": note(
        "Does spacing help recall?",
        "Said of Erdős too.",
        description="Spacing raises <b>recall</b> by 12 points.",
        sources="[{title: Distributed practice, authors: [Hermann Ebbinghaus], year: 1885, doi: 10.1000/e}]",
        tags="[memory]",
    ),
    "notes/woven.md": note(
        "Is cloth woven?",
        f"Looms differ. {'Threads cross. ' * 20}\n\nA shuttle crosses the warp. It is a smart tool. Weft follows.",
        description="Cloth has two directions.",
    ),
    "notes/doubt.md": note("Is it in doubt?", status="retracted"),
    "notes/mnemonic.md": note("记忆力会增强吗？"),
    **{f"notes/many-{n}.md": note(f"Is case {n} one of many?") for n in range(30)},
    "docs/method.md": "# How we read\n\nEach paper about recall was read twice.\n",
}
DIALOG = "dialog.iq-search-dialog"
OPTION = f"{DIALOG} [role=option]"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[str]:
    folder = write(tmp_path_factory.mktemp("search"), {**FILES, "mkdocs.yml": mkdocs_yml([QUIET])})
    with served(build_site(folder)) as address:
        yield address


@pytest.fixture
def page(site: str, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(f"{site}notes/spacing/")
    yield page
    context.close()


def look_for(page: Page, query: str) -> None:
    page.keyboard.press("/")
    page.keyboard.type(query)


def titles(page: Page):
    return page.locator(f"{OPTION} .iq-search-title")


def group(page: Page, name: str):
    return page.get_by_role("group", name=name, exact=True)


def test_the_browser_splits_text_into_words_as_the_index_does(site: str, page: Page):
    page.add_script_tag(url=f"{site}assets/inquiry/search-worker.js")
    found: list[list[str]] = page.evaluate("texts => texts.map(cut)", [case["text"] for case in CASES])
    assert found == [case["words"] for case in CASES]


def test_a_long_query_ignores_its_most_common_words(site: str, page: Page):
    page.add_script_tag(url=f"{site}assets/inquiry/search-worker.js")
    telling = "words => telling({common: ['what', 'is', 'the', 'of']}, words)"
    assert page.evaluate(telling, "what is the role of entropy".split()) == ["role", "entropy"]
    assert page.evaluate(telling, "the role of entropy".split()) == ["the", "role", "of", "entropy"]
    assert page.evaluate(telling, "what is the entropy of".split()) == ["what", "is", "the", "entropy", "of"]


def test_a_slash_opens_the_search_and_results_are_grouped(page: Page):
    look_for(page, "recall")
    expect(titles(page)).to_have_text(
        ["Does recall fade?", "What makes recall last?", "Does spacing help recall?", "How we read"]
    )
    assert page.locator(f"{DIALOG} [role=group]").evaluate_all("all => all.map(one => one.ariaLabel)") == [
        "Lines",
        "Notes",
        "Pages",
    ]
    second = page.locator(OPTION).nth(1)
    expect(second).to_contain_text("Spacing does.")
    expect(second.locator(".iq-verdict--partly")).to_have_text("Partly answered")
    expect(group(page, "Notes")).to_contain_text("Spacing raises <b>recall</b> by 12 points.")
    expect(group(page, "Notes").locator("mark")).to_have_text(["recall", "recall"])


def test_a_slash_in_a_text_field_is_typed(site: str, page: Page):
    page.goto(f"{site}notes/")
    page.get_by_label("Contains").press("/")
    expect(page.get_by_label("Contains")).to_have_value("/")
    expect(page.locator(DIALOG)).to_have_count(0)


def test_the_control_in_the_header_opens_the_search_or_a_new_tab(site: str, page: Page):
    control = page.get_by_role("button", name="Search")
    control.click()
    expect(page.get_by_role("combobox", name="Search")).to_be_focused()
    page.keyboard.press("Escape")
    with page.context.expect_page() as opened:
        control.click(modifiers=["ControlOrMeta"])
    expect(opened.value).to_have_url(f"{site}lines/")


def test_escape_closes_the_search_and_restores_the_focus(page: Page):
    link = page.locator("article a").first
    link.focus()
    look_for(page, "recall")
    expect(titles(page)).to_have_count(4)
    page.keyboard.press("Escape")
    expect(page.locator(DIALOG)).to_be_hidden()
    expect(link).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_role("combobox")).to_have_value("recall")


def test_arrows_select_a_result_and_enter_opens_it(page: Page):
    look_for(page, "recall")
    expect(titles(page)).to_have_count(4)
    field = page.get_by_role("combobox", name="Search")
    expect(field).to_have_attribute("aria-expanded", "true")
    chosen = page.locator(f"{OPTION}[aria-selected=true]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(chosen).to_contain_text("What makes recall last?")
    expect(field).to_have_attribute("aria-activedescendant", str(chosen.get_attribute("id")))
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(chosen).to_have_count(0)
    page.keyboard.press("ArrowUp")
    expect(chosen).to_contain_text("How we read")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/method/$"))


def test_enter_opens_the_first_result(page: Page):
    look_for(page, "Ebbinghaus")
    expect(titles(page)).to_have_text(["Does spacing help recall?", "Distributed practice"])
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/notes/spacing/$"))


def test_shortcuts_of_the_theme_are_typed_as_text(site: str, page: Page):
    look_for(page, "pn.,fs/")
    expect(page.get_by_role("combobox")).to_have_value("pn.,fs/")
    page.locator(f"{DIALOG} summary").press("n")
    assert page.url.startswith(f"{site}notes/spacing/")


def test_the_url_contains_the_query_and_opens_the_search(site: str, page: Page):
    look_for(page, "recall fade")
    expect(page).to_have_url(f"{site}notes/spacing/?q=recall+fade")
    page.goto(f"{site}method/?q=spacing&other=1#how-we-read")
    expect(page.get_by_role("combobox")).to_have_value("spacing")
    expect(titles(page).first).to_have_text("What makes recall last?")
    page.keyboard.press("Escape")
    expect(page).to_have_url(f"{site}method/?other=1#how-we-read")


def test_a_url_opens_the_search_on_a_filtered_list(site: str, page: Page):
    page.goto(f"{site}notes/?q=spacing&words=many")
    expect(titles(page).first).to_have_text("What makes recall last?")
    page.keyboard.press("Escape")
    expect(page.locator("[data-iq-filtered] > li:visible")).to_have_count(30)
    expect(page).to_have_url(f"{site}notes/?words=many")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("spcaing help", "Does spacing help recall?"),
        ("Ebinghaus", "Does spacing help recall?"),
        ("distirbuted practice", "Distributed practice"),
        ("xpacing", "What makes recall last?"),
    ],
)
def test_a_typo_is_corrected_and_reported(page: Page, query: str, found: str):
    look_for(page, query)
    expect(page.locator(f"{DIALOG} output")).to_contain_text("No results for “")
    expect(titles(page).filter(has_text=found)).to_have_count(1)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("erdos", "Does spacing help recall?"),
        ("ERDŐS", "Does spacing help recall?"),
        ("记忆", "记忆力会增强吗？"),
        ("力", "记忆力会增强吗？"),
        ("spac", "What makes recall last?"),
        ("one spac", "Does spacing help recall?"),
        ("point recall", "Does spacing help recall?"),
    ],
)
def test_accents_scripts_and_prefixes_are_found(page: Page, query: str, found: str):
    look_for(page, query)
    expect(titles(page).filter(has_text=found)).to_have_count(1)


def test_a_result_shows_the_sentence_that_matched(page: Page):
    look_for(page, "shuttle warp")
    shown = group(page, "Notes").locator(".iq-search-text")
    expect(shown).to_have_text("A shuttle crosses the warp.")
    expect(shown.locator("mark")).to_have_text(["shuttle", "warp"])


def test_function_words_are_marked_only_if_there_are_no_others(page: Page):
    look_for(page, "does recall fade")
    first = titles(page).filter(has_text="Does recall fade?")
    expect(first.locator("mark")).to_have_text(["recall", "fade"])
    page.get_by_role("combobox").fill("does")
    expect(first.locator("mark")).to_have_text(["Does"])


@pytest.mark.parametrize("query", ["smarter", "smart"])
def test_a_form_of_a_word_is_not_a_typo(page: Page, query: str):
    look_for(page, query)
    expect(titles(page)).to_have_text(["Is cloth woven?"])
    expect(page.locator(f"{DIALOG} output")).to_have_text("1 result")
    expect(group(page, "Notes").locator(".iq-search-text mark")).to_have_text(["smart"])


def test_a_plural_finds_the_singular(page: Page):
    look_for(page, "recalls points")
    expect(page.locator(f"{DIALOG} output")).to_have_text("1 result")
    expect(group(page, "Notes").locator(".iq-search-title mark")).to_have_text(["recall"])


def test_results_contain_all_words_or_most_of_many(page: Page):
    look_for(page, "spacing recall")
    expect(titles(page)).to_have_text(["What makes recall last?", "Does spacing help recall?"])
    page.get_by_role("combobox").fill("help recall of twelve points")
    expect(titles(page)).to_have_text(["Does spacing help recall?"])
    page.get_by_role("combobox").fill("does spacing help recall nowhere")
    expect(titles(page)).to_have_text(["What makes recall last?", "Does spacing help recall?"])


def test_filters_narrow_results_and_list_all_matches_without_a_query(page: Page):
    look_for(page, "recall")
    page.locator(f"{DIALOG} summary").click()
    choose = page.locator(DIALOG).get_by_label
    for name, value, found in (
        ("Verdict", "Partly answered (1)", ["What makes recall last?"]),
        ("Kind", "Pages (1)", ["How we read"]),
        ("Topic", "Memory (2)", ["What makes recall last?", "Does spacing help recall?"]),
        ("Year", "1885 (2)", ["Does spacing help recall?"]),
    ):
        choose(name).select_option(value)
        expect(titles(page)).to_have_text(found)
        if name != "Year":
            choose(name).select_option("")
    page.get_by_role("combobox", name="Search").fill("")
    expect(titles(page)).to_have_text(["Does spacing help recall?", "Distributed practice"])


def test_a_long_group_shows_more_on_demand(page: Page):
    look_for(page, "case many")
    notes = group(page, "Notes").get_by_role("option")
    expect(notes).to_have_count(7)
    expect(notes.last).to_have_text("24 more")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(notes).to_have_count(27)
    expect(page.get_by_role("combobox", name="Search")).to_be_focused()
    notes.last.click()
    expect(notes).to_have_count(30)


def test_the_number_of_results_is_announced(page: Page):
    look_for(page, "recall")
    output = page.locator(f"{DIALOG} output[aria-live=polite]")
    expect(output).to_have_text("4 results")
    page.get_by_role("combobox").fill("fade")
    expect(output).to_have_text("1 result")
    page.get_by_role("combobox").fill("qqqq")
    expect(output).to_have_text("No results.")
    expect(page.get_by_role("combobox")).to_have_attribute("aria-expanded", "false")
    page.get_by_role("combobox").fill("")
    expect(output).to_have_text("")


def test_a_result_can_be_opened_in_a_new_tab(site: str, page: Page):
    look_for(page, "fade")
    with page.context.expect_page() as opened:
        page.locator(OPTION).click(modifiers=["ControlOrMeta"])
    expect(opened.value).to_have_url(f"{site}lines/open/")
    expect(page.locator(DIALOG)).to_be_visible()
    with page.context.expect_page() as other:
        page.keyboard.press("Control+Enter")
    expect(other.value).to_have_url(f"{site}lines/open/")


def test_the_search_closes_if_the_theme_opens_a_result_without_loading_it(site: str, page: Page):
    page.evaluate("document.body.addEventListener('click', event => event.preventDefault())")
    look_for(page, "fade")
    page.locator(OPTION).click()
    expect(page.locator(DIALOG)).to_be_hidden()


def test_a_retracted_note_is_marked(page: Page):
    look_for(page, "doubt")
    expect(page.locator(f"{OPTION} .iq-status--retracted")).to_have_text("retracted")


def test_the_index_is_loaded_when_the_search_opens_and_from_the_site_only(site: str, browser: Browser):
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site}lines/recall/")
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if "search" in url] == [f"{site}assets/inquiry/search.js"]
    look_for(page, "spcaing")
    expect(titles(page).first).to_have_text("What makes recall last?")
    assert [url for url in asked if not url.startswith((site, "data:", "blob:"))] == []
    context.close()


def test_a_failed_load_is_reported_and_retried(site: str, page: Page):
    page.context.route("**/search/*.bin", lambda route: route.abort())
    look_for(page, "recall")
    expect(page.locator(f"{DIALOG} output")).to_have_text("The search could not be loaded.")
    page.context.unroute("**/search/*.bin")
    page.get_by_role("combobox").fill("recal")
    expect(titles(page).first).to_have_text("Does recall fade?")


def test_the_control_links_to_the_lines_without_javascript(site: str, browser: Browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}notes/spacing/")
    page.get_by_role("link", name="Search").click()
    expect(page).to_have_url(f"{site}lines/")
    expect(page.get_by_role("link", name="What makes recall last?")).to_be_visible()
    context.close()


def test_the_search_fills_a_phone_without_overflow(site: str, browser: Browser):
    context = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(f"{site}lines/recall/")
    page.get_by_role("button", name="Search").tap()
    page.keyboard.type("recall")
    expect(titles(page)).to_have_count(4)
    assert page.locator(DIALOG).bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 800}
    page.locator(f"{DIALOG} summary").tap()
    expect(page.get_by_label("Kind")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator(DIALOG).evaluate("one => one.scrollWidth") <= 390
    page.get_by_role("button", name="Close").tap()
    expect(page.locator(DIALOG)).to_be_hidden()
    context.close()


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_in_it(site: str, browser: Browser, scheme: str, width: int):
    sizes: Any = {"width": width, "height": 800}
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light", viewport=sizes)
    page = context.new_page()
    page.goto(f"{site}lines/recall/")
    results = run_axe(page, scheme)
    assert results.violations_count == 0, results.generate_report()
    page.keyboard.press("/")
    expect(page.get_by_role("button", name="Close")).to_be_visible()
    page.keyboard.type("case")
    expect(group(page, "Notes")).to_be_visible()
    page.locator(f"{DIALOG} summary").click()
    expect(page.get_by_label("Kind")).to_be_visible()
    page.get_by_role("combobox", name="Search").press("ArrowDown")
    results = run_axe(page, scheme)
    assert results.violations_count == 0, results.generate_report()
    page.get_by_role("combobox", name="Search").fill("doubt recall")
    expect(page.locator(OPTION).first).to_be_visible()
    results = run_axe(page, scheme)
    assert results.violations_count == 0, results.generate_report()
    context.close()
