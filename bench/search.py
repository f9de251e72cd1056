"""Compare the site's own search with Material's over the same pages.

    python -m bench.search [NOTES]

Both sites are served as plain files, uncompressed, and searched in Chromium, each time with an empty cache. Prints for
each the bytes loaded for the search until the first results appear, the milliseconds from the first key to these
results, and the longest task of the page in between (all medians of five), with the ratios; then the cost of building
the index.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from bench.knowledge_base import make
from bench.whole_site import CONFIG, measure, plain_copy
from inquiry_site import build, read_tree
from tests.support.sites import Quiet, served

TIMES = 5
QUERIES = {"first key": "r", "three words": "reward model entropy", "a typo": "difficutly"}
NOT_FOUND = {("Material", "a typo")}
RESULTS = {"inquiry": "#iq-found [role=option]", "Material": ".md-search-result__item"}
WATCH = """(results) => {
  window.tasks = [0];
  new PerformanceObserver((list) => tasks.push(...list.getEntries().map((one) => one.duration)))
    .observe({ type: "longtask" });
  addEventListener("keydown", () => (window.began ??= performance.now()), true);
  new MutationObserver(() => {
    if (document.querySelector(results)) window.ended ??= performance.now();
  }).observe(document, { childList: true, subtree: true });
}"""


class Counting(Quiet):
    """A handler that serves files uncompressed and adds up the bytes of those that a search loads."""

    bytes_for_search = 0

    def do_GET(self) -> None:  # noqa: N802 - the base class's name
        """Send a file."""
        path = Path(self.translate_path(self.path))
        if "search" in self.path and path.is_file():
            Counting.bytes_for_search += path.stat().st_size
        super().do_GET()


def search(browser: Browser, address: str, results: str, query: str) -> tuple[float, float, float]:
    """Type a query and wait for its first results.

    Returns:
        The bytes loaded for the search, the milliseconds from the last key of the query to the results, and the
        longest task in milliseconds.
    """
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(180_000)
    Counting.bytes_for_search = 0
    page.goto(f"{address}about/")
    page.keyboard.press("/")
    page.evaluate(WATCH, results)
    page.keyboard.insert_text(query[:-1])
    page.keyboard.press(query[-1])
    page.wait_for_function("window.ended")
    page.wait_for_timeout(300)
    milliseconds, longest = page.evaluate("[ended - began, Math.max(...tasks)]")
    context.close()
    return Counting.bytes_for_search, milliseconds, longest


def cost(base: Path) -> tuple[float, float, int, int]:
    """Return the CPU seconds and the peak memory (MiB) of building the index, its number of files and their bytes."""
    built = build(read_tree(base))
    start = time.process_time()
    files = built.search()
    seconds = time.process_time() - start
    tracemalloc.start()
    built.search()
    memory = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    return seconds, memory, len(files), sum(map(len, files.values()))


def main(notes: int) -> None:
    """Measure both and print a table."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        base, peer = Path(name, "base"), Path(name, "peer")
        make(base, notes, max(1, notes // 10))
        plain_copy(base, peer)
        (base / "mkdocs.yml").write_text(CONFIG + "plugins: [inquiry]\n", encoding="utf-8")
        config = (peer / "mkdocs.yml").read_text(encoding="utf-8")
        (peer / "mkdocs.yml").write_text(config.replace("plugins: []", "plugins: [search]"), encoding="utf-8")
        for folder in (base, peer):
            measure(folder)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        print(f"{'':26}{'KB':>10}{'ms':>10}{'longest task':>14}")
        for label, query in QUERIES.items():
            medians = []
            for folder, site in ((base, "inquiry"), (peer, "Material")):
                if (site, label) in NOT_FOUND:
                    print(f"{label:<16}{site:<10} finds nothing")
                    continue
                with served(folder / "site", Counting) as address:
                    runs = [search(browser, address, RESULTS[site], query) for _ in range(TIMES)]
                medians.append([median(column) for column in zip(*runs, strict=True)])
                print(
                    f"{label:<16}{site:<10}{medians[-1][0] / 1000:>10.0f}{medians[-1][1]:>10.0f}{medians[-1][2]:>14.0f}"
                )
            if len(medians) > 1:
                sizes, times, _ = zip(*medians, strict=True)
                print(f"{'':<16}{'ratio':<10}{sizes[0] / sizes[1]:>10.3f}{times[0] / times[1]:>10.3f}")
        browser.close()
        seconds, memory, count, size = cost(base)
    print(f"the index: {seconds:.2f} s, {memory:.0f} MiB at most, {count} files, {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
