"""Print the height of every line's page, and their median as a share of what it was when the goal was set.

    python -m bench.page_heights [WIDTH]

Builds the repository's own site, and needs Chromium. WIDTH is that of the window in CSS pixels, 1280 if omitted.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.conftest import chromium_options
from tests.support.sites import served

ROOT = Path(__file__).parents[1]
WIDTH = 1280
BEFORE = 9538
"""The median at 1280 pixels at commit ecbfdce."""


def measure(site: Path, width: int) -> dict[str, int]:
    """Return the height of each line's page in CSS pixels, by id."""
    heights = {}
    with served(site) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium_options())
        page = browser.new_page(viewport={"width": width, "height": 900})
        for folder in sorted((site / "lines").iterdir()):
            if folder.is_dir():
                page.goto(f"{address}lines/{folder.name}/")
                page.wait_for_load_state("networkidle")
                heights[folder.name] = int(page.evaluate("document.documentElement.scrollHeight"))
        browser.close()
    return heights


def main() -> None:
    """Build the site, measure its lines, and print the table."""
    width = int(sys.argv[1]) if len(sys.argv) > 1 else WIDTH
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(site)]
        subprocess.run(command, cwd=ROOT, check=True)
        heights = measure(site, width)
    for name, height in heights.items():
        print(f"{height:6}  {name}")
    median = statistics.median(heights.values())
    share = f", {median / BEFORE:.2f} of {BEFORE}" if width == WIDTH else ""
    print(f"{median:6.0f}  median of {len(heights)}{share}")


if __name__ == "__main__":
    main()
