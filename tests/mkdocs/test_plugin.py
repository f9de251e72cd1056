"""The plugin in its engines: what it writes and reports."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from tests.support.contributions import without_authors_prose
from tests.support.in_process import mkdocs_build
from tests.support.knowledge_bases import SMALL, line, mkdocs_yml, note, write
from tests.support.sites import Links, build_site, contents, heed_interrupts


def minimal(folder: Path, **more: str) -> Path:
    (folder / "docs").mkdir(parents=True)
    return write(
        folder,
        {"mkdocs.yml": mkdocs_yml(), "notes/a.md": note(), "lines/l.md": line(body="It is so [[a]]."), **more},
    )


def test_a_site_needs_only_the_plugin_and_empty_docs(tmp_path: Path):
    folder = minimal(tmp_path / "kb")
    before = contents(folder)
    site = build_site(folder)
    shutil.move(site, tmp_path / "site")
    left = {name: content for name, content in contents(folder).items() if not name.startswith(".cache/inquiry/")}
    assert left == before, "no generated file lands in the source tree"
    page = (tmp_path / "site/lines/l/index.html").read_text(encoding="utf-8")
    assert '<a class="iq-cite" id="iq-c1" href="../../notes/a/" data-n="1">Does it hold?</a>' in page
    assert "Sources · 1 note" in page


@pytest.mark.xdist_group("own site")
def test_every_internal_link_and_anchor_has_a_target(own_site: Path):
    pages = {
        path.relative_to(own_site).as_posix(): path.read_text(encoding="utf-8") for path in own_site.rglob("*.html")
    }
    ids = {name: Links(html).ids for name, html in pages.items()}
    broken = []
    for name, html in pages.items():
        if name == "404.html":
            continue
        links = Links(without_authors_prose(name, html))
        assert len(links.ids) == len(set(links.ids)), f"{name} has an id twice"
        for href in links.hrefs:
            target = urlsplit(urljoin(f"http://site/{name}", href))
            if target.netloc != "site":
                continue
            path = unquote(target.path).lstrip("/")
            path = f"{path}index.html" if path.endswith("/") or not path else path
            anchors = ids.get(path, [])
            if not (own_site / path).is_file() or (target.fragment and unquote(target.fragment) not in anchors):
                broken.append((name, href))
    assert broken == []


@pytest.mark.xdist_group("own site")
def test_no_page_loads_anything_from_another_host(own_site: Path):
    for path in own_site.rglob("*.html"):
        page = path.relative_to(own_site).as_posix()
        html = without_authors_prose(page, path.read_text(encoding="utf-8"))
        assert not re.search(r'<(?:script|img|iframe)[^>]+src="https?://', html), path
        assert not re.search(r'<link[^>]+rel="(?:stylesheet|preconnect|preload|icon)"[^>]+href="https?://', html), path


def test_the_same_files_give_the_same_bytes_on_another_day(tmp_path: Path):
    sites = []
    for name, day in (("one", "1700000000"), ("two", "1800000000")):
        folder = Path(shutil.copytree(SMALL, tmp_path / name))
        sites.append(contents(build_site(folder, SOURCE_DATE_EPOCH=day)))
    assert sites[0] == sites[1]


def test_properdocs_gives_the_same_pages_but_for_the_generator_tag(small_site: Path, tmp_path: Path):
    folder = Path(shutil.copytree(SMALL, tmp_path / "kb"))
    generator = re.compile(rb'<meta name="generator" content="[^"]*">')

    def pages(site: Path) -> dict[str, bytes]:
        return {name: generator.sub(b"", content) for name, content in contents(site).items()}

    assert pages(build_site(folder, engine="properdocs")) == pages(small_site)


def test_the_edit_link_refers_to_the_source_file(small_site: Path):
    def edit(page: str) -> str:
        html = (small_site / page / "index.html").read_text(encoding="utf-8")
        found = re.search(r'href="(https://example.org/ours/kb/edit/[^"]*)"', html)
        return found[1] if found else ""

    folder = Path(shutil.copytree(SMALL, small_site.parent.parent / "edit"))
    config = folder / "mkdocs.yml"
    config.write_text(config.read_text().replace("font: false", "font: false\n  features: [content.action.edit]"))
    small_site = build_site(folder)
    assert edit("notes/cramming-suffices") == "https://example.org/ours/kb/edit/main/notes/memory/cramming-suffices.md"
    assert edit("lines/how-to-remember") == "https://example.org/ours/kb/edit/main/lines/how-to-remember.md"
    assert edit("method") == "https://example.org/ours/kb/edit/main/docs/method.md"
    assert edit("sources/doi-10.1000-cram") == "", "no author wrote this page"


def test_the_themes_search_plugin_indexes_our_pages(tmp_path: Path):
    folder = Path(shutil.copytree(SMALL, tmp_path / "kb"))
    config = folder / "mkdocs.yml"
    config.write_text(config.read_text().replace("inquiry: {", "inquiry: {search: false, "))
    index = json.loads((build_site(folder) / "search/search_index.json").read_text(encoding="utf-8"))
    found = {entry["location"]: entry for entry in index["docs"]}
    assert "Spacing raised recall by 12 points" in found["lines/how-to-remember/"]["text"]
    assert found["notes/spacing-helps/"]["title"] == "Does spacing practice help memory?"
    assert "spaced practice raised recall by 12 points" in found["notes/spacing-helps/"]["text"]
    assert "Part of the gain of spacing" not in found["notes/spacing-helps/"]["text"], (
        "what other pages say is found there"
    )


def test_hooks_see_and_change_the_authors_markdown(tmp_path: Path):
    folder = minimal(
        tmp_path, **{"hook.py": "def on_page_markdown(markdown, **_):\n    return markdown.replace('so', '**so**')\n"}
    )
    write(folder, {"mkdocs.yml": mkdocs_yml(more="hooks: [hook.py]\n")})
    assert "It is <strong>so</strong>" in (build_site(folder) / "lines/l/index.html").read_text(encoding="utf-8")


def test_notes_and_lines_are_not_in_the_navigation(small_site: Path):
    html = (small_site / "index.html").read_text(encoding="utf-8")
    nav = html[html.index('data-md-type="navigation"') : html.index('data-md-type="toc"')]
    assert "notes/" in nav
    assert "spacing-helps" not in nav
    assert "how-to-remember" not in nav


def test_the_navigation_can_rename_the_indexes(tmp_path: Path):
    folder = minimal(tmp_path)
    write(
        folder,
        {
            "mkdocs.yml": mkdocs_yml(
                more="nav:\n  - Start: index.md\n  - More:\n      - Big questions: lines/index.md\n"
            )
        },
    )
    html = (build_site(folder) / "index.html").read_text(encoding="utf-8")
    assert "Big questions" in html
    assert "Start" in html


@pytest.mark.parametrize("path", ["index.md", "README.md", "lines/index.md", "lines/README.md", "topics/index.html"])
@pytest.mark.parametrize("directories", [True, False])
def test_a_hand_written_page_replaces_a_generated_one(tmp_path: Path, path: str, directories: bool):
    folder = minimal(tmp_path, **{f"docs/{path}": "# My own\n"})
    write(folder, {"mkdocs.yml": mkdocs_yml(more=f"use_directory_urls: {directories}\n")})
    html = (build_site(folder) / Path(path).parent / "index.html").read_text(encoding="utf-8")
    assert "My own" in html
    assert "iq-question" not in html


def test_an_excluded_page_replaces_no_generated_one(tmp_path: Path):
    folder = minimal(tmp_path, **{"docs/lines/index.md": "# My own\n", "docs/notes/a.md": "# Mine\n"})
    write(folder, {"mkdocs.yml": mkdocs_yml(more="exclude_docs: |\n  lines/index.md\n  notes/\n")})
    assert "My own" not in (build_site(folder) / "lines/index.html").read_text(encoding="utf-8")


def test_a_hand_written_page_replaces_a_redirect(tmp_path: Path):
    folder = minimal(tmp_path, **{"docs/notes/old.md": "# Mine\n", "notes/b.md": note("B?", aliases="[old]")})
    assert "Mine" in (build_site(folder) / "notes/old/index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", ["docs/notes/a.md", "docs/notes/a/index.md", "docs/notes/a/README.md"])
def test_a_hand_written_page_at_the_url_of_a_note_is_an_error(tmp_path: Path, path: str):
    folder = minimal(tmp_path, **{path: "# Mine\n"})
    done = mkdocs_build(folder)
    assert done.returncode == 1
    assert "notes/a.md:1:1: error: A hand-written page has the same address" in done.stderr
    assert path.removeprefix("docs/") in done.stderr


def test_an_html_file_beside_notes_replaces_no_page(tmp_path: Path):
    folder = minimal(tmp_path, **{"notes/a/index.html": "# Mine\n", "notes/x.js": "go()"})
    done = mkdocs_build(folder)
    assert (done.returncode, done.stderr.count("files/active-file")) == (0, 2)
    assert "# Mine" not in (folder / "site/notes/a/index.html").read_text(encoding="utf-8")
    assert not (folder / "site/notes/x.js").exists()


def test_a_linked_folder_of_the_docs_publishes_nothing_from_outside_the_project(tmp_path: Path):
    folder = minimal(tmp_path / "project", **{"shared/real.md": "# Real\n"})
    write(tmp_path, {"outside/leak.md": "# Leak\n", "outside/leak.txt": "leak"})
    (folder / "docs" / "shared").symlink_to("../shared")
    (folder / "shared" / "leak.md").symlink_to(tmp_path / "outside" / "leak.md")
    (folder / "shared" / "leak.txt").symlink_to(tmp_path / "outside" / "leak.txt")
    done = mkdocs_build(folder)
    assert done.returncode == 0
    assert "shared/leak.txt is not published: it is reached through a link that leads out of the project" in done.stderr
    assert (folder / "site/shared/real/index.html").exists()
    assert not list((folder / "site/shared").glob("leak*"))


def test_files_beside_notes_and_former_ids_are_published(small_site: Path):
    assert (small_site / "notes/memory/curve.svg").is_file()
    html = (small_site / "notes/cramming-suffices/index.html").read_text(encoding="utf-8")
    assert 'src="../memory/curve.svg"' in html
    assert 'href="../../method/"' in html
    assert 'url=../../notes/spacing-helps/"' in (small_site / "notes/spaced-practice/index.html").read_text(
        encoding="utf-8"
    )


def test_graph_json_is_published_with_the_sites_address(small_site: Path):
    graph = json.loads((small_site / "graph.json").read_text(encoding="utf-8"))["graph"]
    assert graph["metadata"]["site_url"] == "https://example.org/kb/"


def test_links_work_without_directory_urls(tmp_path: Path):
    folder = Path(shutil.copytree(SMALL, tmp_path / "kb"))
    write(folder, {"mkdocs.yml": (SMALL / "mkdocs.yml").read_text() + "use_directory_urls: false\n"})
    site = build_site(folder)
    for page in site.rglob("*.html"):
        for href in Links(page.read_text(encoding="utf-8")).hrefs if page.name != "404.html" else ():
            target = urlsplit(href)
            if not target.netloc and target.path and not target.path.startswith("/"):
                assert (page.parent / unquote(target.path)).exists(), (page, href)


BAD: dict[str, str | bytes] = {
    "notes/a.md": "no frontmatter\n",
    "notes/b.md": "---\ntitle: A: B?\n---\n",
    "notes/c.md": "---\ntitle: 7\n---\n",
    "notes/d.md": b"---\ntitle: Caf\xe9?\n---\n",
    "notes/e.md": "",
    "notes/f.md/inside.txt": "a folder named like a file",
    "lines/g.md": line(body="Text [[nothing]]."),
    "notes/sub/g.md": note(),
}


def test_errors_are_reported_together_and_the_site_does_not_change(tmp_path: Path):
    folder = minimal(tmp_path)
    before = contents(build_site(folder))
    done = mkdocs_build(write(folder, BAD))
    assert done.returncode == 1
    assert contents(folder / "site") == before
    assert "Traceback" not in done.stderr
    places = re.findall(r"^(\S+:\d+:\d+): error: ", done.stderr, re.MULTILINE)
    assert places == [
        "lines/g.md:6:6",
        "notes/a.md:1:1",
        "notes/b.md:2:9",
        "notes/c.md:1:1",
        "notes/c.md:1:1",
        "notes/c.md:2:8",
        "notes/d.md:2:11",
        "notes/e.md:1:1",
        "notes/f.md:1:1",
        "notes/sub/g.md:1:1",
    ]


def test_a_setting_out_of_range_is_reported_without_a_traceback(tmp_path: Path):
    folder = minimal(tmp_path)
    write(folder, {"mkdocs.yml": mkdocs_yml(plugins=["inquiry: {next_lines: 99}"])})
    done = mkdocs_build(folder)
    assert done.returncode == 1
    assert "'next_lines' must be a whole number from 0 to 10, not 99" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("engine", ["mkdocs", "properdocs"])
def test_a_preview_shows_errors_and_continues(tmp_path: Path, engine: str):
    folder = minimal(tmp_path, **{"lines/bad.md": line("Bad?", "Text [[nothing]].")})
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = (tmp_path / "log.txt").open("w+", encoding="utf-8")
    command = [sys.executable, "-m", engine, "serve", "-a", f"127.0.0.1:{port}"]
    server = subprocess.Popen(
        command, cwd=folder, stdout=log, stderr=log, env=dict(os.environ), preexec_fn=heed_interrupts
    )
    try:
        address = f"http://127.0.0.1:{port}/lines/bad/"
        shown = until(address, lambda page: "lines/bad.md:6:6" in page)
        assert "No note or line is called" in shown
        write(folder, {"lines/bad.md": line("Bad?", "Text [[a]].", draft="true")})
        mended = until(address, lambda page: "lines/bad.md:6:6" not in page)
        assert "Sources · 1 note" in mended
        write(folder, {"lines/bad.md": "---\ntitle: [Bad?\n---\nText.\n"})
        refused = until(address, lambda page: "This file has errors" in page)
        assert "Line 2:" in refused
        write(folder, {"lines/bad.md": line("Bad?", "Text [[a]].")})
        until(address, lambda page: "Sources · 1 note" in page)
        write(folder, {"notes/new.md": note("Is it new?")})
        assert "Is it new?" in until(f"http://127.0.0.1:{port}/notes/new/", lambda page: "Is it new?" in page)
        write(folder, {"templates/note.html": "<h1>One</h1>", "notes/new.md": note("Is it old?")})
        until(f"http://127.0.0.1:{port}/notes/new/", lambda page: "<h1>One</h1>" in page)
        write(folder, {"templates/note.html": "<h1>Two</h1>"})
        until(f"http://127.0.0.1:{port}/notes/new/", lambda page: "<h1>Two</h1>" in page)
        shutil.rmtree(folder / "templates")
        shutil.rmtree(folder / "notes")
        time.sleep(1.5)  # until the preview has built the site without them
        write(folder, {"notes/a.md": note(), "notes/back.md": note("Is it back?"), "lines/l.md": line(body="So.")})
        until(f"http://127.0.0.1:{port}/notes/back/", lambda page: "Is it back?" in page)
        write(folder, {"notes/back.md": note("Is it followed?")})
        until(f"http://127.0.0.1:{port}/notes/back/", lambda page: "Is it followed?" in page)
        assert server.poll() is None
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=20)
        log.seek(0)
        output = log.read()
        log.close()
    assert "Traceback" not in output


def until(address: str, wanted: Callable[[str], bool]) -> str:
    """Poll a page until it meets a condition, and return it."""
    page = ""
    for _ in range(300):
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                page = str(answer.read(), "utf-8")
            if wanted(page):
                return page
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"{address} never was as wanted; last: {page[:500]}")
