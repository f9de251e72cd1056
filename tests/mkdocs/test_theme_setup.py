"""The theme of a site, other than Material."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.in_process import mkdocs_build
from tests.support.knowledge_bases import line, mkdocs_yml, note, write
from tests.support.sites import Links, build_site

MATERIAL = "theme: {name: material, font: false}\n"


def site(folder: Path, theme: str) -> Path:
    files = {
        "docs/about.md": "# About\n",
        "notes/a.md": note(),
        "lines/l.md": line(body="It is so [[a]]."),
        "own/main.html": '{% extends "base.html" %}',
    }
    config = mkdocs_yml()
    assert MATERIAL in config
    return write(folder, {**files, "mkdocs.yml": config.replace(MATERIAL, theme)})


@pytest.mark.parametrize(("theme", "name"), [("", "mkdocs"), ("theme: readthedocs\n", "readthedocs")])
def test_a_theme_of_the_engine_is_reported_once(tmp_path: Path, theme: str, name: str):
    folder = site(tmp_path, theme)
    done = mkdocs_build(folder)
    assert done.returncode == 0
    assert done.stderr.count(f"The theme is “{name}”; pages are designed for Material.") == 1
    assert "Set “theme: {name: material, font: false}” in mkdocs.yml." in done.stderr
    assert mkdocs_build(folder, "--strict").returncode == 1


@pytest.mark.parametrize("theme", [MATERIAL, "theme: {name: mkdocs, custom_dir: own}\n"])
def test_material_and_own_themes_are_not_reported(tmp_path: Path, theme: str):
    done = mkdocs_build(site(tmp_path, theme), "--strict")
    assert done.returncode == 0, done.stderr
    assert "designed for Material" not in done.stderr


def test_a_missing_page_leads_to_the_search_and_the_indexes(tmp_path: Path):
    folder = site(tmp_path, MATERIAL)
    with (folder / "mkdocs.yml").open("a", encoding="utf-8") as config:
        config.write("site_url: https://example.org/kb/\n")
    page = (build_site(folder) / "404.html").read_text(encoding="utf-8")
    assert "404 - Not found" not in page
    article = page[page.index("<article") : page.index("</article>")]
    assert "<h1>Page not found</h1>" in article
    assert '<a class="iq-search" href="/kb/lines/">Search</a>' in article
    assert [href for href in Links(article).hrefs if href != "/kb/lines/"] == [
        "/kb/",
        "/kb/notes/",
        "/kb/sources/",
        "/kb/topics/",
    ]
    assert (build_site(folder) / "404.html").read_text(encoding="utf-8") == page, "also if nothing is parsed again"


def test_a_site_replaces_the_text_of_a_missing_page(tmp_path: Path):
    folder = write(
        site(tmp_path, MATERIAL), {"templates/not_found.html": "<h1>Gone</h1><a href='{{ site.home }}'>on</a>"}
    )
    assert "<h1>Gone</h1><a href='/'>on</a>" in (build_site(folder) / "404.html").read_text(encoding="utf-8")
    write(folder, {"templates/not_found.html": "{{ site.nothing }}"})
    assert "templates/not_found.html:1:1" in mkdocs_build(folder).stderr
