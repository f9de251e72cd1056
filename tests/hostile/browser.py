"""What Chromium is asked about a page: what ran, and what in it could."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Error, Page, Request

LISTEN = """
window.ran = [];
window.hostile = (mark) => { window.ran.push(String(mark)); };
for (const name of ["alert", "confirm", "prompt", "print", "open"]) window[name] = () => window.hostile(name);
"""

JUDGE = (Path(__file__).parent / "judge.js").read_text()


@dataclass
class Judged:
    """What was seen of many pages."""

    pages: int = 0
    problems: list[str] = field(default_factory=list)
    elsewhere: set[str] = field(default_factory=set)
    """Addresses of other hosts that were asked for anything but a picture or a sound."""


@contextmanager
def watched(browser: Browser, judged: Judged, **options: object) -> Iterator[Page]:
    """A page of a browser without a policy of the site's own, so that nothing but the HTML keeps it safe.

    No other host is found (``chromium_options``); a route that aborts requests would switch the cache off.
    """
    context = browser.new_context(**{"bypass_csp": True, **options})  # type: ignore[arg-type]
    context.add_init_script(LISTEN)

    def ask(request: Request) -> None:
        host = urlsplit(request.url).hostname
        if host not in {"127.0.0.1", None} and request.resource_type not in {"image", "media"}:
            judged.elsewhere.add(f"{request.resource_type} {request.url}")

    context.on("request", ask)
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.dismiss())
    try:
        yield page
    finally:
        context.close()


def judge(page: Page, judged: Judged, name: str) -> None:
    """Look at the page as it is now."""
    judged.pages += 1
    try:
        seen = page.evaluate(JUDGE)
    except Error as error:
        judged.problems.append(f"{name}: left for another page ({error.message.splitlines()[0]})")
        return
    judged.problems += [f"{name}: ran {mark}" for mark in seen["ran"]]
    judged.problems += [f"{name}: {found}" for found in seen["found"]]
