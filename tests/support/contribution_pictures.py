"""Write the screenshots in CONTRIBUTING.md: ``python -m tests.support.contribution_pictures``."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.conftest import chromium_options
from tests.support.picture import PICTURE, ROOT, decode, encode, open_page, quantise

WIDTH = 860
"""Pixels: too narrow for the theme's columns at the sides, so that the text is large in a picture."""
PAGES = {
    # Height, path, and the link that is scrolled into view and framed.
    "suggest-an-edit": (440, "notes/answers-seldom-seen/", re.compile("Suggest an edit")),
    "propose-a-note": (700, "propose/", None),
}
FRAME = """
link => {
  link.style.outline = '3px solid #d81b60';
  link.style.outlineOffset = '4px';
  scrollTo(0, link.getBoundingClientRect().top + scrollY - innerHeight / 2);
}
"""


def build_copy(folder: Path) -> Path:
    """Build the site of this repository with the address of a repository, which switches on the links."""
    for name in ("docs", "lines", "notes", "topics"):
        shutil.copytree(ROOT / name, folder / name)
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    settings = re.sub(r"^(repo_url|edit_uri):.*\n", "", settings, flags=re.MULTILINE)
    settings += "\nrepo_url: https://github.com/OWNER/NAME\nedit_uri: edit/main/docs/\n"
    (folder / "mkdocs.yml").write_text(settings, encoding="utf-8")
    subprocess.run([sys.executable, "-m", "mkdocs", "build", "--quiet"], cwd=folder, check=True)
    return folder / "site"


def take_picture(site: Path, browser: Browser, path: str, height: int, marked: re.Pattern[str] | None) -> bytes:
    """Return a PNG of a page, at its top or at the marked link."""
    page = open_page(site, browser, path, WIDTH, height)
    if marked:
        page.get_by_role("link", name=marked).first.evaluate(FRAME)
    page.wait_for_timeout(1000)
    return page.screenshot()


def main() -> None:
    """Build the site, and write every picture."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = build_copy(Path(folder))
        browser = playwright.chromium.launch(**chromium_options())
        for name, (height, path, marked) in PAGES.items():
            png = encode(*quantise(decode(take_picture(site, browser, path, height, marked), browser)))
            (PICTURE.parent / f"{name}.png").write_bytes(png)
            print(f"docs/pictures/{name}.png: {len(png):,} bytes")
        browser.close()


if __name__ == "__main__":
    main()
