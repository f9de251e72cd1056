"""The fast path: its pages equal those of the engine, and the engine renders all pages where it is disabled."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from unittest.mock import Mock

import pytest

from bench.knowledge_base import make
from inquiry_site.adapters.mkdocs import page_routes
from inquiry_site.publishing import site_writer, workers
from tests.support.in_process import mkdocs_build
from tests.support.knowledge_bases import line, mkdocs_yml, note, write
from tests.support.sites import build_site, contents, served_by

OWN_PAGE = '{% extends "main.html" %}{% block footer %}<meta name="own">{% endblock %}'
LOOKS = "def on_page_context(context, **_):\n    return context\n"
"""A hook for every page that changes none: with it the engine renders them all."""

THEME = """
  features: [navigation.tabs, navigation.sections, navigation.indexes, navigation.path, navigation.top, toc.follow,
    content.action.edit, content.action.view, navigation.footer, search.highlight]
"""
REST = """
extra:
  analytics:
    provider: google
    property: G-1
    feedback:
      title: Was it of use?
      ratings: [{icon: material/heart, name: Yes, data: 1, note: "{title} {url}"}]
copyright: Ours &amp; “yours”
"""
SITES = {
    "plain": "",
    "with features": THEME,
    "with what a footer has": REST,
    "without folders": "\nuse_directory_urls: false\n",
    "with an address of edits that quotes": "edits",
    "in another language": "\n  language: de\n",
    "with extensions": "\nmarkdown_extensions:\n  - smarty\n  - def_list\n  - footnotes\n  - toc: {permalink: true}\n",
}


def by_both(folder: Path, more: str) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Return the site with pages on the fast path, and with all pages rendered by the engine."""
    config = (folder / "mkdocs.yml").read_text(encoding="utf-8")
    if more == "edits":
        config = config.replace("edit_uri: edit/main/docs/", "edit_uri_template: 'edit/{path!q}'")
    elif more.startswith("\n  "):
        config = config.replace("  font: false\n", f"  font: false{more}" if more.endswith("\n") else more)
    else:
        config = re.sub(r"markdown_extensions: .*\n", "", config) + more if "markdown_ext" in more else config + more
    write(folder, {"mkdocs.yml": config})
    other = Path(shutil.copytree(folder, folder.with_name("engine")))
    write(other, {"mkdocs.yml": f"{config}\nhooks: [hook.py]\n", "hook.py": LOOKS})
    return contents(build_site(folder)), contents(build_site(other))


@pytest.mark.parametrize("name", SITES)
def test_pages_on_the_fast_path_equal_those_of_the_engine(small_copy: Path, name: str):
    write(
        small_copy,
        {
            "notes/hard.md": note(
                "\"Is it <b>bold</b> & 'quoted'?\"",
                "# A heading {#own}\n\nA [link](../docs/method.md), [one](https://example.org/?a=1&b=2) and "
                "[[spacing-helps|it]].\n\n## A heading\n\n| a | b |\n|---|---|\n| 1 | `[[x]]` |\n\nIt says[^1].\n\n"
                "[^1]: A note.\n",
            ),
            "lines/open.md": line("Is it open?", ""),
        },
    )
    printed, built = by_both(small_copy, SITES[name])
    assert printed.keys() == built.keys()
    assert [path for path in printed if printed[path] != built[path]] == []


def test_two_processes_write_the_same_pages_as_the_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for module in (workers, site_writer):
        monkeypatch.setattr(module, "LEAST_OUTPUTS", 50)
    monkeypatch.setattr(workers, "_LEAST_CHUNK", 8)
    fork = Mock(wraps=workers._fork)
    monkeypatch.setattr(workers, "_fork", fork)
    make(tmp_path / "kb", 60, 6)
    write(tmp_path / "kb", {"mkdocs.yml": mkdocs_yml()})
    printed, built = by_both(tmp_path / "kb", "")
    assert fork.called or not workers.can_fork()
    assert len(printed) > 120
    assert printed == built


def test_a_plugin_with_a_page_event_gets_every_page(small_copy: Path):
    hook = "def on_post_page(output, page, **_):\n    return output.replace('</body>', f'<!-- {page.url} --></body>')\n"
    config = (small_copy / "mkdocs.yml").read_text(encoding="utf-8")
    write(small_copy, {"hook.py": hook, "mkdocs.yml": f"{config}hooks: [hook.py]\n"})
    site = build_site(small_copy)
    for page in ("notes/spacing-helps/", "lines/how-to-remember/", "sources/doi-10.1000-spacing/", "topics/memory/"):
        assert f"<!-- {page} -->" in (site / page / "index.html").read_text(encoding="utf-8")


def test_the_reason_for_the_slow_path_of_a_large_site_is_logged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(page_routes, "_MANY_PAGES", 50)
    make(tmp_path, 30, 4)
    write(tmp_path, {"mkdocs.yml": mkdocs_yml(more="hooks: [hook.py]\n"), "hook.py": LOOKS})
    done = mkdocs_build(tmp_path)
    assert done.returncode == 0
    assert "pages itself, which is slow: a hook may inspect pages (on_page_context)" in done.stderr


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"own/main.html": '{% extends "base.html" %}{% block extrahead %}<meta name="own">{% endblock %}'}, "own"),
        ({"own/partials/footer.html": '<meta name="own">'}, "own"),
        ({"templates/material/page.html": OWN_PAGE}, ""),
    ],
)
def test_every_page_uses_the_overridden_theme(tmp_path: Path, more: dict[str, str], reason: str):
    config = mkdocs_yml().replace("font: false", "font: false, custom_dir: own") if reason else mkdocs_yml()
    files = {"notes/a.md": note(), "lines/l.md": line(body="So [[a]]."), "docs/b.md": "# B\n", **more}
    site = build_site(write(tmp_path, {"mkdocs.yml": config, **files}))
    for page in ("notes/a", "lines/l", "sources/doi-10.1000-x", "notes"):
        assert '<meta name="own">' in (site / page / "index.html").read_text(encoding="utf-8")


def test_links_from_hand_written_pages_to_the_fast_path_work(small_copy: Path):
    write(
        small_copy,
        {"docs/more.md": "# More\n\nSee [it](notes/spacing-helps.md) and [that](lines/how-to-remember.md).\n"},
    )
    html = (build_site(small_copy) / "more/index.html").read_text(encoding="utf-8")
    assert 'href="../notes/spacing-helps/"' in html
    assert 'href="../lines/how-to-remember/"' in html


def test_warnings_of_the_engine_about_a_fast_page_count_in_strict_mode(small_copy: Path):
    write(small_copy, {"notes/b.md": note("Is there one?", "See [there](nowhere.txt).")})
    for _ in range(2):
        done = mkdocs_build(small_copy, "--strict")
        assert done.returncode == 1
        assert "nowhere.txt" in done.stderr


def test_pages_on_the_fast_path_are_in_the_sitemap(small_copy: Path):
    sitemap = (build_site(small_copy) / "sitemap.xml").read_text(encoding="utf-8")
    assert "<loc>https://example.org/kb/notes/spacing-helps/</loc>\n         <lastmod>2026-02-01</lastmod>" in sitemap
    assert sitemap.count("<url>") == sitemap.count("</url>") > 10


def test_a_preview_without_reloading_has_every_page(small_copy: Path):
    with served_by("mkdocs", small_copy, "--no-livereload") as address:
        for page in ("", "notes/", "notes/spacing-helps/", "search/index.json", "graph.json"):
            assert urllib.request.urlopen(f"{address}{page}", timeout=30).status == 200


def test_a_preview_renders_pages_on_demand(small_copy: Path):
    with served_by("mkdocs", small_copy) as address:
        for page in ("", "notes/", "notes/spacing-helps/", "search/index.json", "graph.json", "map/notes.json"):
            assert urllib.request.urlopen(f"{address}{page}", timeout=30).status == 200
        found = urllib.request.urlopen(f"{address}notes/spacing-helps", timeout=30)
        assert found.url == f"{address}notes/spacing-helps/"


def test_a_preview_recovers_from_a_build_that_failed_in_any_event(small_copy: Path):
    hook = (
        "import pathlib\nfrom mkdocs.exceptions import PluginError\n"
        "def fail(event):\n    if pathlib.Path(f'{event}.txt').exists():\n"
        "        pathlib.Path(f'{event}-failed.txt').touch()\n        raise PluginError(event)\n"
        "def on_config(config, **_):\n    fail('config')\n"
        "def on_template_context(context, **_):\n    fail('template')\n    return context\n"
    )
    config = (small_copy / "mkdocs.yml").read_text(encoding="utf-8")
    write(small_copy, {"hook.py": hook, "mkdocs.yml": f"{config}hooks: [hook.py]\n"})
    body = small_copy / "notes/spacing-helps.md"
    with served_by("mkdocs", small_copy) as address:
        for turn, event in enumerate(("config", "template")):
            (small_copy / f"{event}.txt").touch()
            body.write_text(body.read_text(encoding="utf-8") + f"\nBroken {turn}.\n", encoding="utf-8")
            while not (small_copy / f"{event}-failed.txt").exists():
                time.sleep(0.05)
            (small_copy / f"{event}.txt").unlink()
            body.write_text(body.read_text(encoding="utf-8") + f"\nMended {turn}.\n", encoding="utf-8")
            found = ""
            for _ in range(100):
                found = urllib.request.urlopen(f"{address}notes/spacing-helps/", timeout=30).read().decode()
                if f"Mended {turn}." in found:
                    break
                time.sleep(0.1)
            assert f"Mended {turn}." in found


def test_the_plugin_is_imported_without_numpy():
    program = "import sys, inquiry_site.adapters.mkdocs; print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
