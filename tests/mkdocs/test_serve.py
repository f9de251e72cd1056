"""A preview never loses a page: whatever is saved or deleted, an address shows its text or what is wrong."""

from __future__ import annotations

import re
import shutil
from functools import partial
from pathlib import Path

import pytest

from tests.support.knowledge_bases import line, mkdocs_yml, note, write
from tests.support.previews import previewed

RELOADS = "livereload("
HOOK = """
def on_page_markdown(markdown, **_):
    if "boom" in markdown:
        raise ValueError("a hook failed")
"""


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A note, a line that cites it, and a hand-written page."""
    return write(
        tmp_path / "kb",
        {
            "mkdocs.yml": mkdocs_yml(more="hooks: [hook.py]\n"),
            "hook.py": HOOK,
            "docs/about.md": "# About\n",
            "notes/a.md": note("Is a true?", "The body of a."),
            "lines/l.md": line(body="It is so [[a]]."),
        },
    )


def test_a_faulty_page_keeps_its_text_and_comes_back(base: Path):
    with previewed(base) as preview:
        assert "The body of a." in preview.get("notes/a/")[1]
        write(base, {"notes/a.md": "---\ntitle: [a\n---\n"})
        page = preview.until("notes/a/", lambda page: "This file has errors" in page)
        assert "The body of a." in page
        assert "Below is the last valid version." in page
        assert "a list in brackets is not closed" in page
        assert RELOADS in page
        write(base, {"notes/a.md": note("Is a true?", "The new body.")})
        page = preview.until("notes/a/", lambda page: "The new body." in page)
        assert "This file has errors" not in page


def test_a_missing_page_shows_the_problems_and_reloads(base: Path):
    with previewed(base) as preview:
        status, page = preview.get("notes/never/")
        assert status == 404
        assert "No file has this address now." in page
        assert RELOADS in page
        write(base, {"notes/b.md": (base / "notes/a.md").read_text()})
        (base / "notes/a.md").unlink()
        page = preview.until("notes/a/", lambda page: "notes/a.md</code> was shown at this address" in page)
        assert preview.get("notes/a/")[0] == 404
        assert '<a href="../../notes/b/">Is a true?</a>' in page
        assert "lines/l.md:6:10" in page
        assert "No note or line is called “a”." in page
        assert RELOADS in page
        assert preview.get("assets/none.css") == (404, preview.get("assets/none.css")[1])
        assert "No file has this address" not in preview.get("assets/none.css")[1]
        write(base, {"notes/a.md": note("Is a back?")})
        preview.until("notes/a/", lambda page: "Is a back?" in page)
        assert preview.get("notes/a/")[0] == 200


@pytest.mark.parametrize("name", ["mkdocs.yml", "docs/about.md"])
def test_a_failing_build_leaves_the_last_site(base: Path, name: str):
    valid = (base / name).read_text()
    reason = "error parsing the configuration file" if name == "mkdocs.yml" else "a hook failed"
    with previewed(base) as preview:
        preview.get("notes/a/")
        for _ in range(2):
            output = preview.logged(lambda: write(base, {name: f"{valid}\nboom: ["}))
            assert "The site could not be rebuilt; its last version is still served." in output
            for path, text in {"notes/a/": "The body of a.", "about/": "About"}.items():
                status, page = preview.get(path)
                assert status == 200
                assert text in page
                assert "The site could not be rebuilt:" in page
                assert reason in page
                assert RELOADS in page
            status, page = preview.get("notes/never/")
            assert (status, reason in page) == (500, True)
            assert preview.get("assets/inquiry/inquiry.css")[0] == 200
        write(base, {name: valid, "notes/a.md": note("Is a true?", "The new body.")})
        page = preview.until("notes/a/", lambda page: "The new body." in page)
        assert "The site could not be rebuilt" not in preview.until("about/", lambda page: "About" in page)


def test_a_missing_docs_folder_is_explained_on_the_pages(base: Path):
    with previewed(base) as preview:
        preview.get("notes/a/")
        preview.logged(lambda: shutil.rmtree(base / "docs"))
        page = preview.until("notes/a/", lambda page: "could not be rebuilt" in page)
        assert "The body of a." in page
        assert "docs_dir" in page
        preview.logged(lambda: write(base, {"docs/about.md": "# About\n"}))
        preview.logged(lambda: write(base, {"docs/new.md": "# New\n"}))
        assert "New" in preview.until("new/", lambda page: "New" in page)


def test_paths_that_appear_while_serving_are_followed(base: Path):
    shutil.rmtree(base / "lines")
    entry = "@misc{k, title={T}, author={A B}, year={2020}, doi={10.1000/k}}\n"
    cited = note("Is a true?", sources='["@k"]')
    with previewed(base) as preview:
        preview.logged(lambda: write(base, {"notes/a.md": cited}))
        preview.until("notes/a/", lambda page: "iq-problems" in page)
        for _ in range(2):
            preview.logged(lambda: write(base, {"references.bib": entry}))
            preview.until("notes/a/", lambda page: "iq-problems" not in page)
            preview.logged((base / "references.bib").unlink)
            preview.until("notes/a/", lambda page: "iq-problems" in page)
        for _ in range(2):
            write(base, {"templates/note.html": "<h1>One</h1>"})
            preview.until("notes/a/", lambda page: "<h1>One</h1>" in page)
            write(base, {"templates/note.html": "<h1>Two</h1>"})
            preview.until("notes/a/", lambda page: "<h1>Two</h1>" in page)
            shutil.rmtree(base / "templates")
            preview.until("notes/a/", lambda page: "<h1>Two</h1>" not in page)
        for folder in ("topics", "lines", "topics", "notes"):
            shutil.rmtree(base / folder, ignore_errors=True)
            for text in ("Created.\n", "Changed.\n"):
                preview.wait_until_quiet()
                preview.logged(partial(write, base, {f"{folder}/x.md": text}))


def test_the_terminal_shows_what_a_save_changed(base: Path):
    write(base, {"notes/b.md": note("Is b true?", "See [[nothing]]."), "notes/c.md": "", "notes/d.md": note(wrong="1")})
    with previewed(base) as preview:
        log = preview.log()
        assert log.count("[files/empty]") == log.count("[citations/not-found]") == 1
        assert re.search(r"^ERROR +- +notes/b\.md:\d+:\d+: No note or line is called “nothing”", log, re.MULTILINE)
        assert re.search(r"^WARNING +- +notes/d\.md:\d+:\d+: ", log, re.MULTILINE)
        count = re.search(r"^ERROR +- +inquiry: (2 errors and \d+ warnings?) in \d files", log, re.MULTILINE)
        assert count
        assert "inquiry: notes/" not in log

        # A finding that only moves is not new.
        moved = note("Is b true?", "One more line.\n\nSee [[nothing]].")
        output = preview.logged(lambda: write(base, {"notes/b.md": moved}))
        assert f"inquiry: no change: {count[1]} in" in output
        assert "notes/" not in output

        output = preview.logged(lambda: write(base, {"notes/c.md": "Text.\n"}))
        assert "This file has no frontmatter." in output
        assert "  help: " in output
        assert "inquiry: gone: notes/c.md:1:1: error: This file is empty. [files/empty]" in output
        assert "nothing" not in output
        assert f"inquiry: {count[1]} in" in output
        assert " remain\n" in output
