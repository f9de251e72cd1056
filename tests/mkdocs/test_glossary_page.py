"""The page of the glossary, and the pages of topics with a file of their own."""

from __future__ import annotations

from pathlib import Path

from tests.support.in_process import mkdocs_build
from tests.support.knowledge_bases import line, mkdocs_yml, note, topic, write
from tests.support.sites import build_site

GLOSSARY = "# Words\n\nReward (RW)\n:   What is gained. See [[a]].\n"
FILES = {"notes/a.md": note("Is it RW?", "It is RW.", tags="[t, u]"), "docs/glossary.md": GLOSSARY}


def test_terms_have_the_ids_to_which_pages_link(tmp_path: Path):
    config = mkdocs_yml(more="markdown_extensions: [def_list]\n")
    site = build_site(write(tmp_path, {**FILES, "mkdocs.yml": config}))
    assert '<a class="iq-term" href="../../glossary/#rw">RW</a>' in (site / "notes/a/index.html").read_text()
    page = (site / "glossary/index.html").read_text()
    assert '<dt id="rw">Reward (RW)</dt>' in page
    assert '<a href="../notes/a/">Is it RW?</a>' in page


def test_a_glossary_that_the_engine_shows_as_plain_text_is_a_warning(tmp_path: Path):
    folder = write(tmp_path, {**FILES, "mkdocs.yml": mkdocs_yml()})
    for _ in range(2):
        done = mkdocs_build(folder)
        assert "Add “def_list” to markdown_extensions in mkdocs.yml." in done.stderr
    write(tmp_path, {"docs/glossary.md": "# Words\n\nNone yet.\n"})
    assert "def_list" not in mkdocs_build(folder).stderr


def test_an_excluded_glossary_defines_nothing(tmp_path: Path):
    config = mkdocs_yml(more="exclude_docs: glossary.md\n")
    site = build_site(write(tmp_path, {**FILES, "docs/b.md": "# B\n", "mkdocs.yml": config}))
    assert "iq-term" not in (site / "notes/a/index.html").read_text()


def test_a_topic_with_a_file_is_edited_there(tmp_path: Path):
    theme = "repo_url: https://example.org/ours\nedit_uri: edit/main/docs/\n"
    config = mkdocs_yml(more=theme).replace("font: false", "font: false, features: [content.action.edit]")
    files = {
        "mkdocs.yml": config,
        "topics/t.md": topic("About T", "See [the figure](t.svg) and [[a]].", description="What T is."),
        "topics/t.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
        "lines/l.md": line(body="So [[a]]."),
        "docs/b.md": "# B\n\nSee [the topic](topics/t.md).\n",
    }
    site = build_site(write(tmp_path, {**FILES, "docs/glossary.md": "# None\n", **files}))
    page = (site / "topics/t/index.html").read_text()
    assert 'href="https://example.org/ours/edit/main/topics/t.md"' in page
    assert '<meta name="description" content="What T is.">' in page
    assert '<a href="../t.svg">the figure</a>' in page
    assert (site / "topics/t.svg").is_file()
    assert "edit/main" not in (site / "topics/u/index.html").read_text()
    assert 'href="../topics/t/"' in (site / "b/index.html").read_text()


def test_a_hand_written_page_with_the_address_of_a_topic_file_is_an_error(tmp_path: Path):
    files = {
        "mkdocs.yml": mkdocs_yml(),
        "topics/t.md": topic(),
        "docs/topics/t.md": "# T\n",
        "notes/a.md": note(tags="[t]"),
    }
    done = mkdocs_build(write(tmp_path, files))
    assert done.returncode == 1
    assert "topics/t.md" in done.stderr
    assert "files/address-taken" in done.stderr
