"""The theme's page around one of ours."""

from __future__ import annotations

from pathlib import Path

from tests.support.in_process import mkdocs_build
from tests.support.knowledge_bases import line, mkdocs_yml, note, write
from tests.support.sites import build_site

FILES = {"docs/about.md": "# About\n", "notes/a.md": note(), "lines/l.md": line(body="It is so [[a]].")}


def built_page(folder: Path, page: str = "lines/l", **files: str) -> str:
    write(folder, {"mkdocs.yml": mkdocs_yml(), **FILES, **files})
    return (build_site(folder) / page / "index.html").read_text(encoding="utf-8")


def test_scripts_of_our_pages_are_deferred(tmp_path: Path):
    more = "extra_javascript: [own.js]\n"
    page = built_page(tmp_path, **{"mkdocs.yml": mkdocs_yml(more=more), "docs/own.js": ""})
    scripts = [tag.partition(">")[0] for tag in page.split("<script ")[1:] if "src=" in tag.partition(">")[0]]
    assert len(scripts) == 5
    assert all(script.endswith(" defer") for script in scripts)
    order = [page.index(name) for name in ("javascripts/bundle.", "inquiry.js", "search.js", "trail.js", "own.js")]
    assert order == sorted(order)


def test_the_navigation_of_our_pages_is_shortened(tmp_path: Path):
    more = "nav:\n  - Home: index.md\n  - More:\n      - Deeper:\n          - About us: about.md\n"
    page = built_page(tmp_path, **{"mkdocs.yml": mkdocs_yml(more=more)})
    assert '<a href="../../about/" class="md-nav__link">More</a>' in page
    assert '<a href="#iq-sources" class="md-nav__link">Sources · 1 note</a>' in page
    assert "md-ellipsis" in built_page(tmp_path, ""), "a page in the navigation has the theme's full navigation"


def test_our_pages_use_a_sites_own_templates_and_tabs(tmp_path: Path):
    own = mkdocs_yml().replace("font: false", "font: false, custom_dir: own")
    main = '{% extends "base.html" %}{% block site_nav %}<p>Our own way about</p>{% endblock %}'
    assert "Our own way about" in built_page(tmp_path / "a", **{"mkdocs.yml": own, "own/main.html": main})
    nav = {"mkdocs.yml": own, "own/partials/nav.html": "<p>Our own way about</p>"}
    assert "Our own way about" in built_page(tmp_path / "b", **nav)
    tabs = mkdocs_yml().replace("font: false", "font: false, features: [navigation.tabs]")
    assert "md-ellipsis" in built_page(tmp_path / "c", **{"mkdocs.yml": tabs}).partition("<article")[0]


def test_a_site_can_override_the_page_template_and_errors_in_it_are_reported(tmp_path: Path):
    own = '{% extends "main.html" %}{% block footer %}<footer>Ours</footer>{% endblock %}'
    assert "<footer>Ours</footer>" in built_page(tmp_path, **{"templates/material/page.html": own})
    write(tmp_path, {"templates/material/page.html": "{% extends 'main.html' %}\n{% block %}"})
    done = mkdocs_build(tmp_path)
    assert done.returncode == 1
    assert "templates/material/page.html:2:" in done.stderr
    assert "Traceback" not in done.stderr


def test_pages_work_with_other_themes(tmp_path: Path):
    config = mkdocs_yml().replace("{name: material, font: false}", "{name: mkdocs, custom_dir: own}")
    page = built_page(tmp_path, **{"mkdocs.yml": config, "own/img/mark.txt": ""})
    assert "Sources · 1 note" in page


def test_the_description_for_search_engines_is_shortened(tmp_path: Path):
    answer = "A long answer of many words. " * 20
    page = built_page(tmp_path, **{"lines/l.md": line(body="It is so [[a]].", answer=answer.strip())})
    summary = page.partition('<meta name="description" content="')[2].partition('"')[0]
    assert 100 < len(summary) <= 160
    assert summary.endswith("…")
