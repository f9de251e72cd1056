"""Whole sites from what people paste out of Obsidian and GitHub, whatever extensions their settings list."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.in_process import mkdocs_build
from tests.support.knowledge_bases import line, mkdocs_yml, note, write
from tests.support.sites import contents

PICTURE = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0\x90wS\xde\0\0\0\x0cIDATx\x9cc\xf8\xff\xff?\0\x05\xfe"
    b"\2\xfe\r\xefF\xb8\0\0\0\0IEND\xaeB`\x82"
)
BODY = """# Own heading

> [!note] A title
> It holds for small models [[notes/a.md|as shown]].
>
> ```python
> print("[[nothing]]")
> ```
>
> > [!tip]- Folded
> > - one

> [!WARNING]
> Take care.

Visible %%secret [[gone]]%% and ==marked== and ~~struck~~ words.

%%
secret block

of text
%%

## Second heading

- [x] done
- [ ] to do

!!! note
    An admonition.

![[figure.png|300]], [[paper.pdf|the paper]], <img src="../notes/img/figure.png" alt="f">, [[#second heading]].

A note[^1].

[^1]: Its text, %% secret %% in part.
"""
FILES: dict[str, str | bytes] = {
    "notes/a.md": note(body="# Part\n\n> [!quote] Ann\n> Words.\n"),
    "notes/img/figure.png": PICTURE,
    "notes/paper.pdf": b"%PDF-1.4\n",
    "lines/l.md": line(body=BODY),
    "docs/about.md": "# About\n\nSeen [[a]] %% secret %% and ![[figure.png]].\n",
}
SETTINGS = {
    "none": "",
    "few": "markdown_extensions: [footnotes, tables, toc]\n",
    "those of another kind": "markdown_extensions: [extra, codehilite, pymdownx.quotes, pymdownx.tilde]\n",
}
HOOK = "def on_page_context(context, **_):\n    return context\n"
"""With a hook for every page, the engine renders them all."""


def built(folder: Path, more: str, plugin: str = "inquiry: {rules: {evidence: off, shape: off, sources: off}}") -> Path:
    write(folder, {**FILES, "mkdocs.yml": mkdocs_yml([plugin], more)})
    done = mkdocs_build(folder)
    assert done.returncode == 0, done.stderr
    return folder / "site"


def prose(site: Path) -> str:
    html = (site / "lines" / "l" / "index.html").read_text(encoding="utf-8")
    return html.split('<div class="iq-prose"')[1].split('<section id="iq-sources"')[0]


EXPECTED = [
    '<h2 id="own-heading">Own heading</h2>',
    '<div class="admonition note">\n<p class="admonition-title">A title</p>',
    '<a class="iq-cite" id="iq-c1" href="../../notes/a/" data-n="1">as shown</a>.</p>',
    '<details class="tip">\n<summary>Folded</summary>\n<ul>\n<li>one</li>',
    '<div class="admonition warning">\n<p class="admonition-title">Warning</p>\n<p>Take care.</p>',
    "<p>Visible  and <mark>marked</mark> and <del>struck</del> words.</p>",
    '<h3 id="second-heading">Second heading</h3>',
    '<input aria-label="done" type="checkbox" disabled="" checked="">',
    '<p class="admonition-title">Note</p>\n<p>An admonition.</p>',
    '<img alt="figure" src="../../notes/img/figure.png" width="300">',
    '<a href="../../notes/paper.pdf">the paper</a>',
    '<img src="../../notes/img/figure.png" alt="f">',
    'href="#second-heading">Second heading</a>',
    'class="footnote-ref"',
]


@pytest.mark.parametrize("name", SETTINGS)
def test_what_people_paste_is_shown_as_they_meant_it(tmp_path: Path, name: str):
    site = built(tmp_path, SETTINGS[name])
    shown = prose(site)
    assert [part for part in EXPECTED if part not in shown] == []
    assert (site / "notes" / "img" / "figure.png").read_bytes() == PICTURE
    about = (site / "about" / "index.html").read_text(encoding="utf-8")
    assert re.search(r'<p>Seen <a href="../notes/a/">Does it hold\?</a>\s+and <img alt="figure" src="../notes', about)


@pytest.mark.parametrize("html", ["safe", "trusted"])
def test_comments_are_nowhere_in_the_site(tmp_path: Path, html: str):
    site = built(tmp_path, SETTINGS["few"], f"inquiry: {{rules: {{evidence: off, shape: off}}, html: {html}}}")
    assert [path for path, content in contents(site).items() if b"secret" in content] == []
    assert [part for part in EXPECTED if "input" not in part and part not in prose(site)] == []


def test_the_engine_renders_the_same(tmp_path: Path):
    quick = contents(built(tmp_path / "quick", SETTINGS["few"]))
    write(tmp_path / "engine", {"hook.py": HOOK})
    by_engine = contents(built(tmp_path / "engine", SETTINGS["few"] + "hooks: [hook.py]\n"))
    assert quick["lines/l/index.html"] == by_engine["lines/l/index.html"]
    assert quick["notes/a/index.html"] == by_engine["notes/a/index.html"]
    assert b'<a href="#part" class="md-nav__link">Part</a>' in quick["notes/a/index.html"]
