"""A build reads and publishes nothing from outside the project, whatever a file contains."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from inquiry_site import Config, build, read_tree
from tests.hostile.base import EXTENSIONS
from tests.support.in_process import inquiry, mkdocs_build
from tests.support.knowledge_bases import line, mkdocs_yml, note, write
from tests.support.sites import contents

CANARY = "canary-5f3a9c"
CONTENT = {
    "canary.txt": CANARY,
    "canary.md": f"---\ntitle: {CANARY}?\ndescription: {CANARY}\n---\n{CANARY}\n",
    "canary.bib": f"@article{{c, title = {{{CANARY}}}, author = {{C}}, year = {{2020}}, doi = {{10.1/c}}}}\n",
    "canary.html": f"<p>{CANARY}</p>{{{{ '{CANARY}' }}}}",
    "canary.svg": f"<svg xmlns='http://www.w3.org/2000/svg'><text>{CANARY}</text></svg>",
    "canary.png": CANARY,
    "canary.toml": f'notes = "{CANARY}"',
    "canary.yaml": f"{CANARY}: [",
}
LINKS = {
    "notes/leak.md": "canary.md",
    "notes/leak.txt": "canary.txt",
    "notes/leak.png": "canary.png",
    "notes/leak.svg": "canary.svg",
    "notes/inner/leak.csv": "canary.txt",
    "notes/folder": ".",
    "lines/leak.md": "canary.md",
    "lines/unreadable.md": "canary.yaml",
    "docs/leak.md": "canary.md",
    "docs/leak.txt": "canary.txt",
    "docs/folder": ".",
    "templates/note.html": "canary.html",
    "templates/assets/inquiry.css": "canary.txt",
    "templates/languages/en.toml": "canary.toml",
    "references.bib": "canary.bib",
}
BODY = """
![a](../../outside/canary.png) [b](../../outside/canary.txt) [c](OUTSIDE/canary.txt) ![d](OUTSIDE/canary.png)
<img src="../../outside/canary.png"> <img src="file://OUTSIDE/canary.png"> <object data="OUTSIDE/canary.txt"></object>

--8<-- "../outside/canary.txt"

--8<-- "OUTSIDE/canary.txt"

--8<--
../outside/canary.txt
OUTSIDE/canary.md
--8<--

{!../outside/canary.txt!} {% include "OUTSIDE/canary.html" %} {{ include("../outside/canary.html") }}
{{ config }} <!--#include file="OUTSIDE/canary.txt" -->

```{.text file="OUTSIDE/canary.txt"}
```

$\\input{OUTSIDE/canary.txt}$ ![[../../outside/canary.png]]
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write(tmp_path / "outside", CONTENT)
    files = {
        "notes/a.md": note(),
        "lines/l.md": line(body="It holds [[a]]."),
        "docs/about.md": "# About\n",
        "mkdocs.yml": mkdocs_yml(more=EXTENSIONS),
    }
    return write(tmp_path / "project", files)


def outputs(project: Path) -> str:
    """Return everything that the commands print and write, whether they succeed or not."""
    text = ""
    for command in (["check"], ["check", "--format", "json"], ["check", "--format", "sarif"], ["graph"], ["next", "l"]):
        done = inquiry(project, *command)
        text += done.stdout + done.stderr
    done = mkdocs_build(project)
    text += done.stdout + done.stderr
    for folder in (project / "site", project / ".cache"):
        for name, content in contents(folder).items() if folder.exists() else ():
            text += f"{name}\n{content.decode('utf-8', 'replace')}\n"
    return text


@pytest.mark.parametrize("path", LINKS)
def test_a_link_out_of_the_project_is_reported_and_its_target_is_never_shown(project: Path, path: str):
    (project / path).parent.mkdir(parents=True, exist_ok=True)
    (project / path).symlink_to(project.parent / "outside" / LINKS[path])
    text = outputs(project)
    assert CANARY not in text
    assert f"{path}: error: This path cannot be read: it is a link that leads out of the project" in text or (
        f"{path}:1:1: error: This path cannot be read" in text
    )


@pytest.mark.parametrize("folder", ["notes", "lines", "docs", "templates"])
def test_a_folder_that_is_a_link_out_of_the_project_is_reported(project: Path, folder: str):
    if (project / folder).exists():
        (project / folder).rename(project / f"former-{folder}")
    (project / folder).symlink_to(project.parent / "outside")
    text = outputs(project)
    assert CANARY not in text
    assert "it is a link that leads out of the project" in text


@pytest.mark.parametrize("target", [".git/config", ".env", ".venv/secret.txt"])
def test_a_link_to_a_hidden_file_of_the_project_is_not_published(project: Path, target: str):
    write(project, {target: CANARY})
    (project / "notes" / "leak.txt").symlink_to(project / target)
    assert CANARY not in outputs(project)


def test_a_link_within_the_project_is_followed(project: Path):
    write(project, {"figures/curve.png": "PNG", "shared/b.md": note("Does it hold too?")})
    (project / "notes" / "curve.png").symlink_to("../figures/curve.png")
    (project / "notes" / "b.md").symlink_to("../shared/b.md")
    assert mkdocs_build(project, "-q").returncode == 0
    assert (project / "site" / "notes" / "curve.png").read_text() == "PNG"
    assert (project / "site" / "notes" / "b" / "index.html").exists()


@pytest.mark.parametrize("link", [".cache", ".cache/inquiry", ".cache/inquiry/spare"])
def test_a_link_in_place_of_the_cache_changes_no_other_folder(project: Path, link: str):
    precious = write(project.parent / "outside", {"spare/precious.txt": "mine", "inquiry/spare/precious.txt": "mine"})
    assert mkdocs_build(project, "-q").returncode == 0
    cache = project / link
    cache.rename(project / "moved") if cache.exists() else cache.parent.mkdir(parents=True, exist_ok=True)
    cache.symlink_to(precious / "spare" if link.endswith("spare") else precious)
    before = contents(precious)
    for body in ("One.", "Two.", "Three."):
        write(project, {"notes/a.md": note(body=body)})
        assert mkdocs_build(project, "-q").returncode == 0
        assert body in (project / "site/notes/a/index.html").read_text()
        assert contents(precious) == before
    inquiry(project, "clean")
    assert contents(precious) == before


def test_a_link_in_place_of_the_site_replaces_no_other_folder(project: Path):
    precious = write(project.parent / "outside", {"precious.txt": "mine"})
    (project / "site").symlink_to(precious)
    before = contents(precious)
    done = mkdocs_build(project)
    assert done.returncode == 1
    assert "whose files are no site and would be replaced" in done.stderr
    assert contents(precious) == before


def test_a_docs_folder_outside_the_project_is_allowed(project: Path):
    (project / "docs").rename(project.parent / "manual")
    (project / "mkdocs.yml").write_text(mkdocs_yml(more="docs_dir: ../manual\n"))
    assert mkdocs_build(project, "-q").returncode == 0


def test_no_syntax_in_a_body_includes_a_file(project: Path):
    outside = str(project.parent / "outside")
    body = BODY.replace("OUTSIDE", outside)
    names = f"[../../outside/canary, {outside}/canary, ../outside/canary.txt]"
    write(project, {"notes/b.md": note("What does it bring?", body, aliases=names)})
    write(project, {"references.bib": f"@article{{c,\n  title = {{T}},\n  file = {{{outside}/canary.txt}}\n}}\n"})
    config = Config(rules={"evidence": False, "shape": False, "sources": False})
    assert [error for error in build(read_tree(project), config).errors if "b.md" not in error.span.path] == []
    assert CANARY not in outputs(project)
    built = build({path: content for path, content in read_tree(project).items() if "[[../" not in str(content)})
    assert all(CANARY not in built.html(page) for page in built.pages)


def test_a_body_that_builds_includes_no_file(project: Path):
    body = BODY.replace("OUTSIDE", str(project.parent / "outside")).replace("![[../../outside/canary.png]]", "")
    body = "\n\n".join(part for part in body.split("\n\n") if "![a]" not in part)
    write(project, {"notes/b.md": note("What does it bring?", body)})
    text = outputs(project)
    assert (project / "site" / "notes" / "b" / "index.html").exists(), text[-2000:]
    assert CANARY not in text


@pytest.mark.parametrize("name", ["..", "../x", "a/../../x", "/etc/x", "C:x", "a\\b", "a\0b", "%2e%2e%2fx"])
def test_no_name_puts_a_page_outside_the_site(name: str):
    files = {
        "notes/a.md": note(
            tags=f"[{name!r}]" if "\0" not in name else "[x]", aliases=f'["{name.encode("unicode_escape").decode()}"]'
        ),
        f"notes/{name}.md": note("Is this a file?"),
    }
    built = build(files, Config(rules={"evidence": False, "shape": False, "sources": False}))
    paths = [page.file for page in built.pages] + [redirect.path for redirect in built.redirects]
    for path in paths:
        assert os.path.normpath(path) == path
        assert not path.startswith(("/", ".."))
        assert "\0" not in path
