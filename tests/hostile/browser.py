"""Inspect pages in Chromium: which scripts ran, and which elements could run one."""

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

INSPECT = (Path(__file__).parent / "judge.js").read_text()


@dataclass
class Findings:
    """The problems found on many pages."""

    pages: int = 0
    problems: list[str] = field(default_factory=list)
    elsewhere: set[str] = field(default_factory=set)
    """URLs that were requested from other hosts, except images and media."""


@contextmanager
def watched(browser: Browser, findings: Findings, **options: object) -> Iterator[Page]:
    """Yield a page of a browser that ignores Content-Security-Policies, so that only the HTML protects it.

    Names of other hosts do not resolve (``chromium_options``); a route that aborts requests would disable the cache.
    """
    # A small window: painting is most of the time of a page, and scripts run all the same.
    small = {"width": 800, "height": 300}
    context = browser.new_context(**{"bypass_csp": True, "viewport": small, **options})  # type: ignore[arg-type]
    context.add_init_script(LISTEN)

    def record_request(request: Request) -> None:
        host = urlsplit(request.url).hostname
        if host not in {"127.0.0.1", None} and request.resource_type not in {"image", "media"}:
            findings.elsewhere.add(f"{request.resource_type} {request.url}")

    context.on("request", record_request)
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.dismiss())
    try:
        yield page
    finally:
        context.close()


def inspect_page(page: Page, findings: Findings, name: str) -> None:
    """Record the problems of a page in its current state."""
    findings.pages += 1
    try:
        result = page.evaluate(INSPECT)
    except Error as error:
        findings.problems.append(f"{name}: left for another page ({error.message.splitlines()[0]})")
        return
    findings.problems += [f"{name}: ran {mark}" for mark in result["ran"]]
    findings.problems += [f"{name}: {problem}" for problem in result["found"]]
