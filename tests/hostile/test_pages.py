"""Every page of the hostile base, opened in Chromium without a policy: no script runs, and none could."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.hostile.base import EXTENSIONS, HostileBase, hostile_base
from tests.hostile.browser import Findings, inspect_page, watched
from tests.hostile.payloads import payloads
from tests.support.in_process import mkdocs_build
from tests.support.knowledge_bases import mkdocs_yml, note, write
from tests.support.sites import served

pytestmark = pytest.mark.xdist_group("hostile")

HURRY = "const wait = window.setTimeout; window.setTimeout = (f, ms, ...more) => wait(f, Math.min(ms, 5), ...more);"
"""Shortens the delay before a preview opens, because the test opens many."""


@dataclass(frozen=True)
class Site:
    """The hostile base as a published site."""

    base: HostileBase
    folder: Path
    address: str

    def urls(self, kind: str) -> list[str]:
        """Return the URLs of the pages in a folder; those at the top for an empty kind."""
        paths = self.folder.glob(f"{kind}/*/index.html") if kind else [*self.folder.glob("*/index.html")]
        return sorted(path.relative_to(self.folder).as_posix().removesuffix("index.html") for path in paths)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    base = hostile_base()
    files = {**base.files, "docs/about.md": "# A\n", "mkdocs.yml": mkdocs_yml(more=EXTENSIONS)}
    folder = write(tmp_path_factory.mktemp("hostile"), files)
    done = mkdocs_build(folder, "-q")
    assert done.returncode == 0, done.stderr
    with served(folder / "site") as address:
        yield Site(base, folder / "site", address)


def test_most_payloads_are_published(site: Site):
    published = [path for path in site.base.files if path.startswith("notes/h")]
    assert len(published) >= 300
    assert len(published) + len([path for path in site.base.refused if path.startswith("notes/h")]) == len(payloads())


@pytest.mark.parametrize("kind", ["notes", "lines", "sources", "topics", ""])
def test_nothing_runs(site: Site, browser: Browser, kind: str):
    findings = Findings()
    with watched(browser, findings) as page:
        for url in site.urls(kind):
            page.goto(site.address + url)
            inspect_page(page, findings, url)
    assert (findings.problems, findings.elsewhere) == ([], set())
    assert findings.pages >= len(site.urls(kind)) > 5
    print(f"{findings.pages} pages of {kind or 'lists'}")


@pytest.mark.parametrize("query", ["hostile", "onerror", "script", "elsewhere", "config", "subclasses"])
def test_nothing_runs_in_search_results(site: Site, browser: Browser, query: str):
    findings = Findings()
    with watched(browser, findings) as page:
        page.goto(site.address)
        page.keyboard.press("/")
        page.locator(".iq-search-dialog input").fill(query)
        expect(page.locator("#iq-found [role=option]").first).to_be_visible()
        for _ in range(5):
            inspect_page(page, findings, f"search for {query}")
            # Clicked by a script, because each click renders the list again.
            page.evaluate("document.querySelector('#iq-found button')?.click()")
            page.wait_for_timeout(100)
    assert (findings.problems, findings.elsewhere) == ([], set())


def test_nothing_runs_in_previews(site: Site, browser: Browser):
    findings = Findings()
    with watched(browser, findings) as page:
        page.add_init_script(HURRY)
        page.goto(f"{site.address}lines/all/")
        cited = page.locator(".iq-prose a.iq-cite")
        page.keyboard.press("Tab")
        for number in range(cited.count()):
            _preview(page, number)
            inspect_page(page, findings, f"preview {number}")
            page.keyboard.press("Escape")
    assert (findings.problems, findings.elsewhere) == ([], set())
    print(f"{findings.pages} previews")
    assert findings.pages > 40


def _preview(page: Page, number: int) -> None:
    page.locator(".iq-prose a.iq-cite").nth(number).focus()
    expect(page.locator(".iq-preview [data-iq-preview]").first).to_be_visible()


def test_nothing_runs_on_the_map(site: Site, browser: Browser):
    findings = Findings()
    with watched(browser, findings) as page:
        page.goto(f"{site.address}map/")
        page.locator(".iq-map input").fill("hostile")
        expect(page.locator(".iq-map-results a").first).to_be_visible()
        for ring in page.locator(".iq-map svg a").all()[:30]:
            ring.focus()
        inspect_page(page, findings, "map")
    assert (findings.problems, findings.elsewhere) == ([], set())


def test_no_script_of_an_author_is_in_the_policy(tmp_path: Path):
    """Also on the engine's own path, which an author can force by the name of a folder."""
    body = "<h2 id='x\"><script>hostile(1)</script>'>Head</h2>\n\n## Second\n"
    files = {"notes/f%d/a.md": note("Is it calm?", body), "notes/b.md": note("Is it calm too?", body)}
    folder = write(tmp_path, {**files, "docs/about.md": "# A\n", "mkdocs.yml": mkdocs_yml(more=EXTENSIONS)})
    assert mkdocs_build(folder, "-q").returncode == 0
    site = folder / "site"
    allowed = set(re.findall("'sha256-[^']+'", (site / "about" / "index.html").read_text()))
    for name in ("a", "b"):
        html = (site / "notes" / name / "index.html").read_text()
        assert "<script>hostile" not in html
        assert len(set(re.findall("'sha256-[^']+'", html))) == len(allowed)


def test_tooltips_of_the_theme_show_no_html_of_an_author(tmp_path: Path, browser: Browser):
    title = "Very long " * 30 + "<img src=x onerror=hostile(1)>?"
    body = '<span title="&lt;img src=x onerror=hostile(2)&gt;">hover</span>'
    settings = mkdocs_yml().replace("font: false", "font: false, features: [content.tooltips]")
    folder = write(tmp_path, {"notes/a.md": note(title, body), "docs/about.md": "# A\n", "mkdocs.yml": settings})
    done = mkdocs_build(folder)
    assert "content.tooltips is switched off" in done.stderr
    findings = Findings()
    with served(folder / "site") as address, watched(browser, findings) as page:
        page.goto(f"{address}notes/a/")
        page.get_by_text("hover").hover()
        page.mouse.wheel(0, 400)
        page.locator(".md-header__topic").last.hover(force=True)
        page.wait_for_timeout(500)
        inspect_page(page, findings, "tooltips")
    assert findings.problems == []


def test_exported_files_can_be_parsed(site: Site):
    graph = json.loads((site.folder / "graph.json").read_text())["graph"]
    assert len(graph["nodes"]) > 300
    json.loads((site.folder / "map" / "notes.json").read_text())
    ElementTree.parse(site.folder / "sitemap.xml")


def test_nothing_runs_in_the_themes_own_search(tmp_path: Path, browser: Browser):
    base = hostile_base()
    files = {path: text for number, (path, text) in enumerate(base.files.items()) if number % 10 == 0 or "calm" in path}
    files = {path: text for path, text in files.items() if path.startswith("notes/") and "@b" not in text}
    plugins = ["search", "inquiry: {search: false, rules: {evidence: off, shape: off, sources: off}}"]
    folder = write(tmp_path, {**files, "docs/about.md": "# A\n", "mkdocs.yml": mkdocs_yml(plugins, EXTENSIONS)})
    assert mkdocs_build(folder, "-q").returncode == 0
    findings = Findings()
    with served(folder / "site") as address, watched(browser, findings) as page:
        page.goto(address)
        page.keyboard.press("/")
        for query in ("calm", "claim", "evidence"):
            page.locator(".md-search__input").fill("")
            page.locator(".md-search__input").press_sequentially(query)
            expect(page.locator(".md-search-result__item").first).to_be_visible(timeout=30_000)
            ran = page.evaluate("window.ran")
            assert ran == []
            assert page.locator(".md-search-result [onerror], .md-search-result script").count() == 0
    assert findings.elsewhere == set()
