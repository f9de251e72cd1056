"""Sites that several files open, each built and served once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.support.knowledge_bases import mkdocs_yml, scrambled, write
from tests.support.sites import build_site, served


@pytest.fixture(scope="session")
def small_address(small_site: Path, browser: Browser) -> Iterator[str]:
    """The address of the small knowledge base."""
    with served(small_site) as address:
        yield address


@pytest.fixture(scope="session")
def scrambled_address(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[str]:
    """The address of a line that cites eight notes."""
    files = {**scrambled(), "mkdocs.yml": mkdocs_yml(), "docs/about.md": "# About\n"}
    with served(build_site(write(tmp_path_factory.mktemp("scrambled"), files))) as address:
        yield address
