"""Write the screenshot in the README, of this repository's own site: ``python -m tests.support.picture``."""

from __future__ import annotations

import base64
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path
from urllib.parse import unquote, urlsplit

import numpy as np
import numpy.typing as npt
from playwright.sync_api import Browser, Page, Route, sync_playwright
from scipy.cluster.vq import kmeans2
from scipy.spatial import KDTree

from tests.conftest import chromium_options

ROOT = Path(__file__).parents[2]
PICTURE = ROOT / "docs" / "pictures" / "preview.png"
LINE = "lines/how-right-must-rewards-be/"
WIDTH, HEIGHT, SCALE = 1280, 840, 2
"""Size in CSS pixels, just high enough for the preview to open below the citation; device pixels per CSS pixel."""
COMMON, RARE = 192, 64
"""Palette entries: the most common colours, which keep flat areas exact, and cluster means of the others."""

Pixels = npt.NDArray[np.uint8]

SCROLL_TO_ANSWER = """
  const top = document.querySelector('.iq-answer').getBoundingClientRect().top;
  scrollTo(0, top + scrollY - document.querySelector('.md-header').offsetHeight - 12);
"""
MIDDLE_OF_FIRST_LINE = """
link => {
  const { x, y, width, height } = link.getClientRects()[0];
  return [x + width / 2, y + height / 2];
}
"""
DECODE = """
async png => {
  const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
  const context = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
  context.drawImage(picture, 0, 0);
  const { data } = context.getImageData(0, 0, picture.width, picture.height);
  let binary = '';
  for (let start = 0; start < data.length; start += 8192)
    binary += String.fromCharCode(...data.subarray(start, start + 8192));
  return btoa(binary);
}
"""


def open_page(site: Path, browser: Browser, path: str, width: int, height: int) -> Page:
    """Open a page of a built site, whose files are served without a server."""

    def answer(route: Route) -> None:
        path = site / unquote(urlsplit(route.request.url).path).lstrip("/")
        file = path / "index.html" if path.is_dir() else path
        route.fulfill(path=file) if file.is_file() else route.fulfill(status=404)

    page = browser.new_page(
        viewport={"width": width, "height": height}, device_scale_factor=SCALE, color_scheme="light"
    )
    page.route("**/*", answer)
    page.goto(f"http://site.test/{path}")
    return page


def take_screenshot(site: Path, browser: Browser) -> bytes:
    """Return a PNG of a line with the preview of the first note it cites, at the pointer."""
    page = open_page(site, browser, LINE, WIDTH, HEIGHT)
    page.evaluate(SCROLL_TO_ANSWER)
    page.mouse.move(*page.locator(".iq-prose a.iq-cite").first.evaluate(MIDDLE_OF_FIRST_LINE))
    page.locator(".iq-preview blockquote").first.wait_for()
    # The header and the preview fade in.
    page.wait_for_timeout(1000)
    return page.screenshot()


def decode(png: bytes, browser: Browser) -> Pixels:
    """Return the RGB pixels of a PNG, decoded by the browser: no image library is installed."""
    found = browser.new_page().evaluate(DECODE, base64.b64encode(png).decode())
    pixels = np.frombuffer(base64.b64decode(found), np.uint8)
    width, height = struct.unpack(">II", png[16:24])
    return pixels.reshape(height, width, 4)[:, :, :3]


def quantise(pixels: Pixels) -> tuple[Pixels, Pixels]:
    """Return a palette of 256 colours and the palette index of each pixel."""
    colours, place, count = np.unique(pixels.reshape(-1, 3), axis=0, return_inverse=True, return_counts=True)
    order = np.argsort(-count, kind="stable")
    common, others = colours[order[:COMMON]], colours[order[COMMON:]]
    palette = common
    if len(others) > RARE:
        means, _ = kmeans2(others.astype(float), RARE, minit="++", seed=1)
        palette = np.vstack([common, means.round().astype(np.uint8)])
    nearest = np.asarray(KDTree(palette).query(colours)[1])
    return palette, nearest[place].astype(np.uint8).reshape(pixels.shape[:2])


def encode(palette: Pixels, indices: Pixels) -> bytes:
    """Return an indexed PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    height, width = indices.shape
    rows = np.hstack([np.zeros((height, 1), np.uint8), indices])
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0))
        + chunk(b"PLTE", palette.tobytes())
        + chunk(b"IDAT", zlib.compress(rows.tobytes(), 9))
        + chunk(b"IEND", b"")
    )


def main() -> None:
    """Build the site, take the screenshot and write it."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        build = ["-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", folder]
        subprocess.run([sys.executable, *build], cwd=ROOT, check=True)
        browser = playwright.chromium.launch(**chromium_options())
        png = encode(*quantise(decode(take_screenshot(Path(folder), browser), browser)))
        browser.close()
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_bytes(png)
    print(f"{PICTURE.relative_to(ROOT)}: {len(png):,} bytes")


if __name__ == "__main__":
    main()
