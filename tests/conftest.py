"""What several test files share."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

from inquiry_site import Build, build, read_tree
from tests.support.knowledge_bases import SMALL

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Machines differ, so time is no reason to fail; HYPOTHESIS_EXAMPLES=5000 looks further than usual.
settings.register_profile(
    "inquiry",
    deadline=None,
    max_examples=int(os.environ.get("HYPOTHESIS_EXAMPLES", "100")),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("inquiry")

# The theme's notice would bury what tests print.
os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
os.environ.setdefault("DISABLE_MKDOCS_2_WARNING", "true")


@pytest.fixture(scope="session")
def small() -> Build:
    """The small knowledge base of ``tests/fixtures``, built without an engine."""
    return build(read_tree(SMALL))


@pytest.fixture
def small_copy(tmp_path: Path) -> Path:
    """A copy of its files to change."""
    return Path(shutil.copytree(SMALL, tmp_path / "kb"))


def chromium_options() -> dict[str, Any]:
    """How Chromium is started, from wherever the system has it; empty where it has none."""
    executable = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    return {"executable_path": executable, "args": [*arguments, "--disable-sync"]} if executable else {}


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
