"""Pages comply with their own Content-Security-Policy, which blocks scripts that sanitising would miss."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.support.in_process import mkdocs_build
from tests.support.knowledge_bases import SMALL, mkdocs_yml, note, write
from tests.support.sites import build_site, served

pytestmark = pytest.mark.xdist_group("hostile")

PAGES = ("", "lines/", "notes/", "sources/", "topics/", "map/", "health/", "lines/how-to-remember/", "404.html")
BROKEN = """
window.broken = [];
addEventListener("securitypolicyviolation", (event) => {
  window.broken.push(`${event.violatedDirective} ${event.blockedURI}`);
});
"""


@pytest.fixture(scope="module")
def small_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    folder = Path(shutil.copytree(SMALL, tmp_path_factory.mktemp("policy") / "kb"))
    settings = (folder / "mkdocs.yml").read_text()
    # In 404.html URLs start at the root of the server.
    (folder / "mkdocs.yml").write_text(re.sub("site_url:.*", "site_url: http://127.0.0.1/", settings))
    with served(build_site(folder)) as address:
        yield folder / "site", address


@pytest.mark.parametrize("path", PAGES)
def test_a_page_complies_with_its_policy(small_site: tuple[Path, str], browser: Browser, path: str):
    _, address = small_site
    page = browser.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.add_init_script(BROKEN)
    page.goto(address + path)
    expect(page.locator(".md-header .iq-search[role=button]")).to_be_attached()
    page.keyboard.press("/")
    page.locator(".iq-search-dialog input").fill("memory")
    expect(page.locator("#iq-found [role=option]").first).to_be_visible()
    assert page.evaluate("window.broken") == []
    page.close()
    assert errors == []


def test_a_preview_and_a_filter_comply_with_the_policy(small_site: tuple[Path, str], browser: Browser):
    _, address = small_site
    page = browser.new_page()
    page.add_init_script(BROKEN)
    page.goto(f"{address}lines/how-to-remember/")
    page.locator(".iq-prose a.iq-cite").first.hover()
    expect(page.locator(".iq-preview [data-iq-preview]").first).to_be_visible()
    page.goto(f"{address}notes/")
    page.locator(".iq-filters input").fill("sleep")
    assert page.evaluate("window.broken") == []
    page.close()


def test_injected_scripts_do_not_run(small_site: tuple[Path, str], browser: Browser):
    _, address = small_site
    page = browser.new_page()
    page.goto(address)
    page.evaluate(
        """() => {
          const put = (html) => document.body.insertAdjacentHTML("beforeend", html);
          put("<img src=x onerror=\\"window.ran = 1\\">");
          const inline = document.createElement("script");
          inline.textContent = "window.ran = 2";
          document.body.append(inline);
          const other = document.createElement("script");
          other.src = "https://elsewhere.invalid/x.js";
          document.body.append(other);
        }"""
    )
    page.wait_for_timeout(200)
    assert page.evaluate("window.ran") is None
    page.close()


def test_the_headers_allow_what_each_page_needs_and_no_more(small_site: tuple[Path, str]):
    folder, _ = small_site
    headers = (folder / "_headers").read_text()
    allowed = set(re.findall(r"'sha256-[^']+'", headers))
    used: set[str] = set()
    for path in folder.rglob("*.html"):
        html = path.read_text()
        policies = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', html)
        assert len(policies) == 1, path
        assert html.index("Content-Security-Policy") < (html.index("<script") if "<script" in html else len(html))
        used |= set(re.findall(r"'sha256-[^']+'", policies[0]))
        assert "unsafe-inline" not in policies[0].partition("script-src")[2].partition(";")[0]
        assert "unsafe-eval" not in policies[0]
    assert used == allowed
    assert max(map(len, headers.splitlines())) < 2000


def test_settings_add_sources_or_disable_the_policy(tmp_path: Path):
    plugin = 'inquiry: {csp: {script-src: "https://example.org", frame-src: "https://tube.example"}}'
    folder = write(tmp_path, {"notes/a.md": note(), "docs/about.md": "# A\n", "mkdocs.yml": mkdocs_yml([plugin])})
    assert mkdocs_build(folder, "-q").returncode == 0
    html = (folder / "site" / "notes" / "a" / "index.html").read_text()
    assert "https://example.org;" in html
    assert "frame-src https://tube.example" in html
    (folder / "mkdocs.yml").write_text(mkdocs_yml(["inquiry: {csp: false}"]))
    assert mkdocs_build(folder, "-q").returncode == 0
    assert "Content-Security-Policy" not in (folder / "site" / "notes" / "a" / "index.html").read_text()
    assert not (folder / "site" / "_headers").exists()


def test_a_sites_own_headers_file_is_kept(tmp_path: Path):
    files = {
        "notes/a.md": note(),
        "docs/about.md": "# A\n",
        "docs/_headers": "/*\n  X: y\n",
        "mkdocs.yml": mkdocs_yml(),
    }
    assert (build_site(write(tmp_path, files)) / "_headers").read_text() == "/*\n  X: y\n"


def test_a_hand_written_page_may_load_its_scripts(tmp_path: Path):
    about = '# A\n\n<script src="https://cdn.example/x.js"></script>\n<script>go()</script>\n'
    files = {"notes/a.md": note(), "docs/about.md": about, "mkdocs.yml": mkdocs_yml()}
    site = build_site(write(tmp_path, files))
    assert "https://cdn.example" in (site / "about" / "index.html").read_text().partition("</head>")[0]
    assert "https://cdn.example" not in (site / "notes" / "a" / "index.html").read_text()
