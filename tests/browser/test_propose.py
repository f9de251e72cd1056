"""The form for proposals in a browser: from the first word to the file in the code host's editor."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.axe import SCHEMES, run_axe
from tests.support.in_process import inquiry
from tests.support.knowledge_bases import SMALL
from tests.support.sites import build_site, served

pytestmark = pytest.mark.xdist_group("browser")

HOSTS = {
    "github": "repo_url: https://github.com/them/base\nedit_uri: edit/main/docs/\n",
    "codeberg": "repo_url: https://codeberg.org/them/base\nedit_uri: _edit/main/docs/\n",
    "gitlab": "repo_url: https://gitlab.com/them/base\nedit_uri: -/edit/main/docs/\n",
    "none": "",
}
OWN_HOST = "repo_url: https://example.org/ours/kb\nedit_uri: edit/main/docs/\n"
SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
QUESTION = "Does sleep help people remember what they practised?"
CLAIM = 'Sleep after practice helps: people who slept recalled "more" words than those who stayed awake.'
PASSAGE = "people who slept recalled more words"


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[dict[str, str]]:
    addresses, servers = {}, []
    for host, settings in HOSTS.items():
        folder = Path(shutil.copytree(SMALL, tmp_path_factory.mktemp(host) / "kb"))
        text = (folder / "mkdocs.yml").read_text(encoding="utf-8")
        (folder / "mkdocs.yml").write_text(text.replace(OWN_HOST, settings), encoding="utf-8")
        servers.append(served(build_site(folder)))
        addresses[host] = servers[-1].__enter__()
    yield addresses
    for server in servers:
        server.__exit__(None, None, None)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    context.route(re.compile("https://"), lambda route: route.fulfill(body="the host's editor"))
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def field(page: Page, name: str) -> Locator:
    """Return the last field with a name that belongs to the chosen kind."""
    return page.locator(f"[data-iq-kind]:not([hidden]) [name={name}]").last


def fill(page: Page, question: str = QUESTION) -> None:
    """Fill in the fields of a note that must be."""
    page.get_by_label("The one question").fill(question)
    values = {"description": CLAIM, "authors": "Ada Lovelace\nHopper, Grace", "year": "2021"}
    for name, value in {**values, "identity": "https://doi.org/10.1000/sleep"}.items():
        field(page, name).fill(value)
    page.locator("[data-iq-rows=sources] [name=title]").fill("Sleep: what is it for?")


def opened(page: Page, button: str = "Open in the editor") -> dict[str, str]:
    """Return the address that a button opens in a new tab, and the values in it."""
    with page.context.expect_page() as tab:
        page.get_by_role("button", name=button).click()
    url = tab.value.url
    tab.value.close()
    return {"url": url.split("?")[0], **{key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}}


def check(folder: Path, files: dict[str, str]) -> str:
    """Return the findings of ``inquiry check`` in a copy of the small knowledge base with these files."""
    base = Path(shutil.copytree(SMALL, folder / "kb"))
    for path, text in files.items():
        (base / path).write_text(text, encoding="utf-8")
    done = inquiry(base, "check", *files)
    return done.stdout + done.stderr


def clipboard(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


@pytest.mark.parametrize("size", SIZES)
def test_a_newcomer_gets_from_the_form_to_a_file_that_passes_the_check(
    sites: dict[str, str], page: Page, size: str, tmp_path: Path
):
    page.set_viewport_size(SIZES[size])  # type: ignore[arg-type]
    page.goto(sites["github"] + "notes/")
    page.get_by_role("link", name="Add a note").click()
    expect(page).to_have_url(re.compile(r"/propose/\?kind=note$"))
    fill(page)
    page.get_by_role("button", name="Add a quote").click()
    field(page, "text").fill(PASSAGE)
    field(page, "locator").fill("abstract")
    field(page, "not_shown").fill("naps\nchildren")
    page.get_by_role("button", name="Add a topic").click()
    field(page, "tag").fill("memory")
    page.get_by_role("button", name="Add a relation").click()
    field(page, "to").fill("spacing-helps")
    field(page, "because").fill("Both are about practice: it is spread over time.")
    field(page, "body").fill("It agrees with [[spacing-helps]].")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = opened(page)
    assert found["url"] == "https://github.com/them/base/new/main"
    assert found["filename"] == "notes/does-sleep-help-people-remember-what-they-practised.md"
    assert check(tmp_path, {found["filename"]: found["value"]}) == "1 note: no findings.\n"
