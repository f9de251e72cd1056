"""A note that is being typed: at no save does its page lose its text without showing what is wrong."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from inquiry_site import Build, Config, build
from tests.support.knowledge_bases import line, mkdocs_yml, note, write
from tests.support.previews import previewed

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NOTE = note(
    "Does typing a note keep its page?",
    "The first paragraph of the body, with a citation: [[other]].\n\n## A heading\n\n"
    "- one `item`\n- another **item**\n\n"
    "The last words of the body.\n",
    description="Its page is shown while it is typed.",
    tags="[typing, previews]",
    scope="{holds: [everywhere], not_shown: [nowhere]}",
    relations="[{type: supports, to: other, because: Both hold.}]",
)
OTHER = note("Is there another note?", "Another body.")
PREVIEW = Config(drafts=True)
STEP = 10
"""Characters between two saves."""
_SHOWN = """
addEventListener("DOMContentLoaded", () => shown({
    article: document.querySelector("article")?.innerText ?? "",
    problems: document.querySelectorAll(".iq-problems").length,
}))
"""
_PATIENCE = 20
"""Seconds until the browser has reloaded after a save."""


def cuts(text: str, step: int) -> Iterator[str]:
    """Yield a text as it is typed."""
    yield from (text[:end] for end in range(0, len(text), step))
    yield text


class Tab:
    """A tab that records what each document shows that the browser loads."""

    def __init__(self, page: Page) -> None:
        self.documents: list[dict[str, Any]] = []
        self._page = page
        page.expose_function("shown", lambda document: self.documents.append(document))
        page.add_init_script(_SHOWN)

    def open(self, address: str) -> None:
        """Load a page."""
        self._page.goto(address)
        self._wait_for(1)

    def after(self, path: Path, text: str) -> dict[str, Any]:
        """Save a file, and return what the browser shows once it has reloaded."""
        count = len(self.documents)
        path.write_text(text, encoding="utf-8")
        self._wait_for(count + 1)
        return self.documents[-1]

    def _wait_for(self, count: int) -> None:
        end = time.monotonic() + _PATIENCE
        while len(self.documents) < count:
            assert time.monotonic() < end, "the page did not reload"
            self._page.wait_for_timeout(10)


def test_a_page_in_a_browser_keeps_its_text_or_shows_the_problems_while_it_is_typed(tmp_path: Path, browser: Browser):
    files = {"mkdocs.yml": mkdocs_yml(), "docs/about.md": "# About\n", "notes/other.md": OTHER}
    base = write(tmp_path / "kb", {**files, "lines/l.md": line(body="It is so [[other]].")})
    path = base / "notes/typed.md"
    page = browser.new_page()
    try:
        with previewed(base) as preview:
            tab = Tab(page)
            tab.open(f"{preview.address}notes/typed/")
            assert "No file has this address now." in tab.documents[0]["article"]
            for text in cuts(NOTE, STEP):
                shown = tab.after(path, text)
            assert "The last words of the body." in shown["article"]
            assert shown["problems"] == 0
            for text in ("", *cuts(NOTE[: NOTE.index("first")], 4 * STEP)):
                shown = tab.after(path, text)
                assert "Does typing a note keep its page?" in shown["article"] or "\n---\n" in text
            assert "The last words of the body." not in shown["article"], "a valid version is shown at once"
            shown = tab.after(path, NOTE)
            assert "The last words of the body." in shown["article"]
            assert shown["problems"] == 0
    finally:
        page.close()
    assert len(tab.documents) > len(NOTE) / STEP
    for number, document in enumerate(tab.documents):
        assert document["problems"] or "Does typing" in document["article"], (number, document)
        assert not re.fullmatch(r"\s*404 - Not found\s*", document["article"]), number


def shown(built: Build, path: str) -> str:
    """Return a page without the problems of its file."""
    page = next(page for page in built.pages if page.path == path)
    return built.html(page)


def test_two_files_typed_at_once_keep_their_text_or_show_the_problems():
    built = build({"notes/one.md": NOTE, "notes/other.md": OTHER}, PREVIEW)
    first = list(cuts(NOTE, 7))
    second = list(cuts(NOTE.replace("Does", "How does"), 7))[::-1]
    for one, two in zip(first, second, strict=False):
        built = build({"notes/one.md": one, "notes/two.md": two, "notes/other.md": OTHER}, PREVIEW, before=built)
        for path in ("notes/one.md", "notes/two.md"):
            html = shown(built, path)
            has_errors = any(error.span.path == path for error in built.errors)
            assert ("This file has errors" in html) >= has_errors or "oes typing a note" in html
            assert "oes typing a note keep its page?" in html, "both were valid once"
        assert "Another body." in shown(built, "notes/other.md")


@pytest.mark.parametrize("ending", [b"\xff", b""])
def test_a_file_that_grows_to_a_megabyte_keeps_its_last_valid_text(ending: bytes):
    body = "".join(f"A sentence number {number} of the body.\n\n" for number in range(30_000))
    text = NOTE.replace("The last words of the body.\n", body)
    assert len(text) > 1_000_000
    files = {"notes/other.md": OTHER}
    built = build({**files, "notes/a.md": NOTE}, PREVIEW)
    for end in range(0, len(text), len(text) // 12):
        content = text[:end].encode() + (ending if end else b"")
        built = build({**files, "notes/a.md": content}, PREVIEW, before=built)
        page = next(page for page in built.pages if page.path == "notes/a.md")
        context = built.context(page)
        assert page.title == "Does typing a note keep its page?"
        assert "The first paragraph of the body" in context.markdown
        has_errors = any(error.span.path == "notes/a.md" for error in built.errors)
        assert (context.notice is not None) == has_errors
    assert has_errors
    assert len(built.last_valid) == 1
