"""Very long, very large and empty pages are usable."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.support.knowledge_bases import line, mkdocs_yml, note, write
from tests.support.sites import build_site, served

pytestmark = pytest.mark.xdist_group("browser")

LONG = "Why " + "must a question be so long " * 10 + "that nobody reads it?"
UNBROKEN = "A" + "bcdefghij" * 33 + "?"
HARD = {
    "notes/long.md": note(LONG, body="Text [[unbroken]].", tags="[memory]"),
    "notes/unbroken.md": note(
        UNBROKEN, body=f"`{'code' * 80}`\n\n| {' | '.join('abcdefgh' * 3 for _ in range(12))} |\n"
    ),
    **{f"notes/n{i}.md": note(f"Is it {i}?") for i in range(80)},
    "lines/eighty.md": line("What of eighty?", "".join(f"It is {i} [[n{i}]]. " for i in range(80)) + "And [[long]]."),
    **{f"lines/l{i}.md": line(f"Line {i}?", "It is so [[long]].", next="[eighty]") for i in range(200)},
}
PAGES = ("", "lines/eighty/", "notes/long/", "notes/unbroken/", "notes/", "lines/", "map/", "health/", "propose/")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[str]:
    folder = write(tmp_path_factory.mktemp("hard"), {**HARD, "mkdocs.yml": mkdocs_yml(), "docs/about.md": "# A\n"})
    with served(build_site(folder)) as address:
        yield address


@pytest.mark.parametrize("width", [390, 820, 1440])
def test_nothing_overflows(site: str, browser: Browser, width: int):
    page = browser.new_page(viewport={"width": width, "height": 900})
    for path in PAGES:
        page.goto(site + path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    page.close()


def test_a_note_with_hundreds_of_citations_shows_some_and_folds_the_rest(site: str, browser: Browser):
    page = browser.new_page()
    page.goto(f"{site}notes/long/")
    expect(page.locator("#iq-cited-by .iq-sentences")).to_have_count(50)
    rest = page.locator("#iq-cited-by details")
    expect(rest.locator("summary")).to_have_text("196 more")
    rest.locator("summary").press("Enter")
    expect(rest.locator("li").first).to_be_visible()
    expect(rest.locator(".iq-plain > li")).to_have_count(151)
    page.close()


@pytest.mark.parametrize(
    "files",
    [{}, {"notes/a.md": note()}, {"lines/l.md": line()}, {"lines/o.md": "---\ntitle: Open?\ndescription: D.\n---\n"}],
    ids=["nothing", "one note", "one line", "one open question"],
)
def test_the_smallest_bases_have_every_page(tmp_path: Path, browser: Browser, files: dict[str, str]):
    folder = write(tmp_path, {**files, "mkdocs.yml": mkdocs_yml(), "docs/about.md": "# A\n"})
    page = browser.new_page(viewport={"width": 390, "height": 800})
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    with served(build_site(folder)) as address:
        for path in ("", "lines/", "notes/", "sources/", "topics/", "map/", "health/"):
            page.goto(address + path)
            expect(page.locator("h1")).to_be_visible()
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    page.close()
    assert said == []
