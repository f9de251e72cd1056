"""Links with which readers contribute, with and without a code host."""

from __future__ import annotations

import re

import pytest

from inquiry_site import Build, Config, build
from inquiry_site.code_host import Repository
from tests.support.knowledge_bases import line, note
from tests.support.rendered import html_of

FILES = {
    "notes/sub/a.md": note(tags="[b c]"),
    "lines/l.md": line(body="So [[a]]."),
    "lines/o.md": line("Open <b>'quoted\"?", "", tags="[b c]"),
}
HOSTED = Config(repository=Repository("github", "https://github.com/x/y", "main"))


def offers(built: Build, path: str) -> list[tuple[str, str]]:
    """Return the links of a page with which readers contribute: without a script, and with it."""
    return re.findall(r'<a href="([^"]*)" data-iq-form="([^"]*)"', html_of(built, path))


@pytest.mark.parametrize("config", [Config(), Config(use_directory_urls=False)])
def test_without_a_code_host_links_lead_to_the_form_alone(config: Config):
    built = build(FILES, config)
    assert offers(built, "notes/sub/a.md".replace("sub/", "")) == offers(built, "lines/l.md") == []
    form = "propose/" if config.use_directory_urls else "propose/index.html"
    up = "../" if config.use_directory_urls else ""
    assert offers(built, "notes/index.md") == [(f"../{form}?kind=note",) * 2]
    assert offers(built, "lines/o.md") == [(f"../{up}{form}?kind=answer&amp;id=o",) * 2]
    assert offers(built, "topics/b-c.md") == [(f"../{up}{form}?kind=note&amp;tag=b-c",) * 2]
    assert "github" not in html_of(built, "propose/index.md")


def test_with_a_code_host_links_lead_to_the_file_and_the_form():
    built = build(FILES, HOSTED)
    host, form = "https://github.com/x/y", "../../propose/?kind="
    assert offers(built, "notes/a.md") == [
        (f"{host}/edit/main/notes/sub/a.md", f"{form}edit&amp;id=a&amp;file=notes%2Fsub%2Fa.md"),
        (f"{host}/issues/new?title=a&amp;body=", f"{form}problem&amp;id=a&amp;file=notes%2Fsub%2Fa.md"),
    ]
    assert [href for href, _ in offers(built, "lines/o.md")] == [
        f"{host}/edit/main/lines/o.md",
        f"{host}/edit/main/lines/o.md",
        f"{host}/issues/new?title=o&amp;body=",
    ]
    ((href, _),) = offers(built, "notes/index.md")
    assert href.startswith(f"{host}/new/main?filename=notes%2Fnew-note.md&amp;value=---%0Atitle%3A%0A")
    assert len(offers(built, "sources/doi-10.1000-x.md")) == 1


def test_the_form_offers_topics_and_open_questions():
    html = html_of(build(FILES, HOSTED), "propose/index.md")
    assert '<option value="b-c">' in html
    (record,) = re.findall(r'data-record="([^"]*)"', html)
    assert "Open &lt;b&gt;" in record
    assert "<b>" not in html
    assert 'data-longest="8190"' in html


def test_a_form_without_anything_to_answer_has_no_such_choice():
    html = html_of(build({}, HOSTED), "propose/index.md")
    assert 'value="answer"' not in html
    assert 'value="note" checked' in html
