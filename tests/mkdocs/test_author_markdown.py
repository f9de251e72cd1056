"""Markdown of authors that an extension cannot convert."""

from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.support.in_process import mkdocs_build
from tests.support.knowledge_bases import mkdocs_yml, note, write
from tests.support.sites import served_by

FAILING = """
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

class Fail(Preprocessor):
    def run(self, lines):
        if any("explode" in line for line in lines):
            raise {error}
        return lines

class FailExtension(Extension):
    def extendMarkdown(self, md):
        md.preprocessors.register(Fail(md), "fail", 100)

def makeExtension(**kwargs):
    return FailExtension(**kwargs)
"""


@pytest.mark.parametrize(
    ("error", "message"),
    [("RecursionError()", "nested too deeply"), ("ValueError('bad \\x1b[31m')", "ValueError: bad")],
)
@pytest.mark.parametrize("body", ["explode", "explode [a](a.md)"])
def test_a_failing_extension_is_an_error_that_names_the_file(
    tmp_path: Path, error: str, message: str, body: str
) -> None:
    settings = mkdocs_yml() + "\nmarkdown_extensions: [failing]\n"
    write(tmp_path, {"notes/a.md": note(body=body), "mkdocs.yml": settings, "docs/b.md": "# B\n"})
    write(tmp_path, {"failing.py": FAILING.format(error=error)})
    done = mkdocs_build(tmp_path)
    assert done.returncode == 1
    assert "notes/a.md cannot be converted" in done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert "\x1b[31mb" not in done.stderr


def test_a_preview_names_the_file_on_which_an_extension_fails(tmp_path: Path) -> None:
    settings = mkdocs_yml() + "\nmarkdown_extensions: [failing]\n"
    write(tmp_path, {"notes/a.md": note(body="explode"), "mkdocs.yml": settings, "docs/b.md": "# B\n"})
    write(tmp_path, {"failing.py": FAILING.format(error="ValueError('bad')")})
    with served_by("mkdocs", tmp_path) as address:
        with pytest.raises(urllib.error.HTTPError) as failed:
            urllib.request.urlopen(f"{address}notes/a/", timeout=30)
        shown = failed.value.read().decode()
    assert failed.value.code == 500
    assert "notes/a.md cannot be converted" in shown
    assert "Traceback" not in shown
