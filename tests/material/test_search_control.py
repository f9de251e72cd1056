"""The search in the header of the theme."""

from __future__ import annotations

from pathlib import Path

from inquiry_site.adapters.material.search_control import html_to_text
from tests.support.in_process import mkdocs_build
from tests.support.knowledge_bases import line, mkdocs_yml, note, write
from tests.support.search_index import read_index
from tests.support.sites import build_site


def test_the_text_of_a_page_is_what_readers_see():
    page = (
        '<h1>A <em>b</em>old<a class="headerlink" href="#a">¶</a></h1><!-- c --><p>d&amp;e</p><script>f</script>'
        "<div data-search-exclude><div>g</div>h</div><ul><li>i</li><li>j</li></ul>k < l"
    )
    assert html_to_text(page) == "A bold d&e i j k < l"
    assert html_to_text("<div data-search-exclude>never closed") == ""


FILES = {
    "notes/a.md": note("Does it hold?"),
    "lines/l.md": line(body="It is so [[a]]."),
    "docs/about.md": "# About us\n\nWe read *every* paper.\n",
    "docs/secret.md": "---\nsearch: {exclude: true}\n---\n# Secret\n",
    "docs/deep/er.md": "---\ntitle: Named\n---\n# The *heading*\nBelow.\n",
    "docs/bare.md": "No heading.\n",
}


QUIET = "inquiry: {rules: {evidence: off, shape: off, sources: off}%s}"


def site(folder: Path, *plugins: str, theme: str = "{name: material, font: false}") -> Path:
    config = mkdocs_yml(plugins).replace("{name: material, font: false}", theme)
    return build_site(write(folder, {**FILES, "mkdocs.yml": config}))


def test_the_search_replaces_the_themes_and_logs_it(tmp_path: Path):
    built = site(tmp_path, "search", QUIET % "")
    assert not (built / "search/search_index.json").exists()
    page = (built / "deep/er/index.html").read_text(encoding="utf-8")
    assert "md-search" not in page
    assert '<a class="md-header__button iq-search" href="../../lines/" aria-keyshortcuts="/">Search</a>' in page
    log = mkdocs_build(tmp_path).stderr
    assert log.count("`inquiry: {search: false}` keeps the theme's") == 1
    index = read_index({path.relative_to(built).as_posix(): path.read_bytes() for path in built.glob("search/*")})
    assert index.urls("paper") == ["about/"]
    assert ["About us", "about/", "We read every paper.", ""] in index.rows
    assert ["The heading", "deep/er/", "Below.", ""] in index.rows
    assert ["Bare", "bare/", "No heading.", ""] in index.rows
    assert index.urls("secret") == []


def test_every_page_has_the_search_control_in_its_header(tmp_path: Path):
    settings = mkdocs_yml([QUIET % ""], "site_url: https://example.org/kb/\nrepo_url: https://example.org/r\n")
    built = build_site(write(tmp_path, {**FILES, "mkdocs.yml": settings}))
    for path in built.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        header = page[page.index("<header") : page.index("</header>")]
        assert header.count("iq-search") == 1, path
        assert header.index("iq-search") < header.index("md-header__source")
    assert 'href="/kb/lines/"' in (built / "404.html").read_text(encoding="utf-8")


def test_a_site_can_keep_the_search_of_its_theme(tmp_path: Path):
    built = site(tmp_path, "search", QUIET % ", search: false")
    page = (built / "lines/l/index.html").read_text(encoding="utf-8")
    assert 'data-md-component="search"' in page
    assert "iq-search" not in page
    assert "search.js" not in page
    assert [path.name for path in (built / "search").iterdir()] == ["search_index.json"]
    assert not (built / "assets/inquiry/search.js").exists()


def test_other_themes_keep_their_search(tmp_path: Path):
    write(tmp_path, {"own/img/mark.txt": ""})
    built = site(tmp_path, "search", QUIET % "", theme="{name: mkdocs, custom_dir: own}")
    assert "iq-search" not in (built / "lines/l/index.html").read_text(encoding="utf-8")
    assert (built / "search/search_index.json").exists()
    assert not (built / "search/index.json").exists()


def test_both_engines_write_the_same_index(tmp_path: Path):
    sites = [
        build_site(Path(write(tmp_path / engine, {**FILES, "mkdocs.yml": mkdocs_yml([QUIET % ""])})), engine)
        for engine in ("mkdocs", "properdocs")
    ]
    one, other = ({path.name: path.read_bytes() for path in built.glob("search/*")} for built in sites)
    assert one == other
