"""Run Lighthouse on a site served like on a static host, and print the sizes of its pages.

    python -m bench.lighthouse [NOTES]

Measures the repository's own site, or that of a generated knowledge base with NOTES notes and a tenth as many lines.
Needs ``lighthouse`` (from npm) and Chromium on the path; set CHROME_PATH to use another browser.
"""

from __future__ import annotations

import functools
import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from bench.knowledge_base import make

ROOT = Path(__file__).parents[1]
PAGES = {
    "home": "",
    "line": "lines/baseline-ceiling/",
    "note": "notes/base-wins-at-large-k/",
    "map": "map/",
}
MADE = {"home": "", "line": "lines/line-0/", "note": "notes/note-0/", "map": "map/"}
CONFIG = (
    "site_name: Bench\nsite_description: A knowledge base of any size\n"
    "theme: {name: material, font: false}\nplugins: [search, inquiry]\n"
)
PACKED = {".html", ".css", ".js", ".json", ".svg", ".xml"}


class Host(SimpleHTTPRequestHandler):
    """A handler that compresses text and allows caching, as hosts of static sites do."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Send a file, compressed if it is text."""
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        content = path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Cache-Control", "public, max-age=31536000")
        if path.suffix in PACKED:
            content = gzip.compress(content, 6)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        """Suppress the log."""


def examine(address: str, *options: str) -> dict[str, Any]:
    """Return the Lighthouse report of a page."""
    command = [
        *("lighthouse", address, "--quiet", "--output=json", "--output-path=stdout"),
        *("--chrome-flags=--headless=new --no-sandbox", *options),
    ]
    browser = os.environ.get("CHROME_PATH") or shutil.which("chromium") or ""
    process = subprocess.run(
        command, capture_output=True, text=True, check=True, env={**os.environ, "CHROME_PATH": browser}
    )
    report: dict[str, Any] = json.loads(process.stdout)
    return report


def build(notes: int, folder: Path) -> Path:
    """Build the repository's site, or that of a generated knowledge base if ``notes`` is not 0; return its folder."""
    source, site = ROOT, folder / "site"
    if notes:
        source = folder / "base"
        make(source, notes, max(1, notes // 10))
        (source / "mkdocs.yml").write_text(CONFIG, encoding="utf-8")
    command = [sys.executable, "-m", "mkdocs", "build", "-q", "-d", str(site)]
    subprocess.run(command, cwd=source, check=True, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"})
    return site


def print_sizes(site: Path) -> None:
    """Print the sizes of the pages of each kind in bytes, and how many exceed the limit."""
    print(f"{'pages':<8}{'number':>8}{'median':>10}{'largest':>10}{'limit':>10}{'above':>8}")
    for kind, limit in (("lines", 40_000), ("notes", 25_000)):
        sizes = sorted(path.stat().st_size for path in site.glob(f"{kind}/*/index.html"))
        above = sum(size > limit for size in sizes)
        middle, largest = f"{sizes[len(sizes) // 2]:,}", f"{sizes[-1]:,}"
        print(f"{kind:<8}{len(sizes):>8}{middle:>10}{largest:>10}{limit:>10,}{above:>8}")
    compressed = [gzip.compress(path.read_bytes(), 9) for path in sorted((site / "assets/inquiry").glob("*.*s"))]
    print(f"style and scripts of ours, compressed: {sum(map(len, compressed)):,} bytes\n")


def main(notes: int) -> None:
    """Build and serve a site, and print the scores of each kind of page on a phone and on a desktop."""
    if not shutil.which("lighthouse"):
        sys.exit("lighthouse is not on the path: npm install -g lighthouse")
    with tempfile.TemporaryDirectory() as name:
        site = build(notes, Path(name))
        print_sizes(site)
        server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Host, directory=str(site)))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(f"{'page':<6}{'as':<9}{'perf':>5}{'a11y':>5}{'best':>5}{'seo':>5}{'CLS':>7}{'HTML':>9}")
        for name, path in (MADE if notes else PAGES).items():
            size = (site / path / "index.html").stat().st_size
            for device, options in (("phone", ()), ("desktop", ("--preset=desktop",))):
                report = examine(f"http://127.0.0.1:{server.server_port}/{path}", *options)
                scores = [round((category["score"] or 0) * 100) for category in report["categories"].values()]
                shift = report["audits"]["cumulative-layout-shift"]["numericValue"]
                print(
                    f"{name:<6}{device:<9}{''.join(f'{s:>5}' for s in scores[:4])}{shift:>7.3f}{size / 1000:>6.1f} KB"
                )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
