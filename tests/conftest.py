"""Fixtures for several test files."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from inquiry_site import Build, build, read_tree
from tests.support.contributions import contributions, day, with_contributions
from tests.support.knowledge_bases import ROOT, SMALL, write
from tests.support.profiles import USUAL
from tests.support.sites import build_site

if TYPE_CHECKING:
    from playwright.sync_api import Browser

settings.register_profile("inquiry", USUAL)
settings.load_profile("inquiry")

# The theme's notice would hide the output of tests.
os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
os.environ.setdefault("DISABLE_MKDOCS_2_WARNING", "true")


@pytest.fixture(scope="session")
def small() -> Build:
    """The small knowledge base of ``tests/fixtures``, built without an engine."""
    return build(read_tree(SMALL))


@pytest.fixture(scope="session")
def small_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the small knowledge base, built once: only to be read."""
    return build_site(Path(shutil.copytree(SMALL, tmp_path_factory.mktemp("small") / "kb")))


@pytest.fixture(scope="session")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of this repository with all good contributions: only to be read.

    Its tests share a group, so that one worker builds it.
    """
    folder = tmp_path_factory.mktemp("own") / "kb"
    for name in ("docs", "lines", "notes"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "mkdocs.yml", folder)
    files = with_contributions(contributions("good"))
    write(
        folder, {path: text for path, text in files.items() if path.endswith(".md") and isinstance(text, str | bytes)}
    )
    midnight = dt.datetime.combine(day(), dt.time(), dt.UTC)
    return build_site(folder, SOURCE_DATE_EPOCH=f"{midnight.timestamp():.0f}")


@pytest.fixture
def small_copy(tmp_path: Path) -> Path:
    """A copy of its files, to be changed."""
    return Path(shutil.copytree(SMALL, tmp_path / "kb"))


def chromium_options() -> dict[str, Any]:
    """Return the launch options of the system's Chromium; empty if there is none."""
    executable = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    # Only the servers of the tests can be reached, with or without a network.
    arguments += ["--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
    return {"executable_path": executable, "args": arguments} if executable else {}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium."""
    options = chromium_options()
    if not options:
        message = "no Chromium on PATH: install it (on Debian, the package “chromium”) to run the page tests"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(**options)
        yield chromium
        chromium.close()
