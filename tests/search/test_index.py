"""The index of the site's own search: its terms, postings and files, and which files an edit changes."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from inquiry_site import Config, build, read_tree
from inquiry_site.adapters.material.search_control import html_to_text
from inquiry_site.search.entries import HandWrittenPage, SearchEntry, SearchResult
from inquiry_site.search.index_files import common_words
from inquiry_site.search.postings import IndexedDocument, indexed_document, merge
from inquiry_site.search.segmentation import segment
from tests.support import strategies
from tests.support.in_process import mkdocs_build
from tests.support.knowledge_bases import ROOT, SMALL, line, mkdocs_yml, note, write
from tests.support.sites import build_site

CASES = yaml.safe_load((ROOT / "tests/cases/search/words.yaml").read_text(encoding="utf-8"))
OTHERS = (HandWrittenPage("How we work", "method/", "Everything was read twice."),)


@dataclass
class Index:
    """An index as a browser reads it."""

    manifest: dict[str, Any]
    postings: dict[str, dict[int, int]]
    """The level of each page that contains a term, by term and page number."""
    rows: list[list[str]]

    def urls(self, word: str) -> list[str]:
        """Return the URLs of the pages that contain a word, the best first."""
        levels = self.postings.get(word, {})
        return [self.rows[number][1] for number in sorted(levels, key=lambda number: (-levels[number], number))]


def read(files: Mapping[str, bytes]) -> Index:
    manifest = json.loads(files["search/index.json"])
    postings: dict[str, dict[int, int]] = {}
    order = []
    for name, first in zip(_names(manifest["terms"]), manifest["first"], strict=True):
        head, _, packed = files[f"search/{name}.bin"].partition(b"\0")
        listed = [entry.rsplit(" ", 1) for entry in head.decode().split("\n")]
        assert listed[0][0] == first
        for term, size in listed:
            order.append(term)
            postings[term], packed = dict(_unpack(packed[: int(size)])), packed[int(size) :]
        assert packed == b""
    assert order == sorted(order, key=lambda term: term.encode("utf-16-be")), (
        "in the order in which JavaScript compares strings"
    )
    rows = [row for name in _names(manifest["results"]) for row in json.loads(files[f"search/{name}.json"])]
    assert len(rows) == sum(manifest["kinds"].values())
    return Index(manifest, postings, rows)


def _names(joined: str) -> list[str]:
    return [joined[start : start + 10] for start in range(0, len(joined), 10)]


def _unpack(packed: bytes):
    number = value = shift = 0
    for byte in packed:
        value |= (byte & 127) << 7 * shift
        shift += 1
        if byte < 128:
            number += value >> 3
            yield number, value & 7
            value = shift = 0
    assert shift == 0


@pytest.mark.parametrize("case", CASES, ids=[case["text"] for case in CASES])
def test_text_is_split_into_words(case: dict[str, Any]):
    assert segment(case["text"]) == case["words"]


@given(st.text())
def test_words_are_split_no_further(text: str):
    assert all(word in segment(word) for word in segment(text) if len(word) <= 60)


def test_overlong_words_are_dropped():
    assert segment(f"a {'x' * 64} {'y' * 65} é{'z' * 64} b") == ["a", "x" * 64, "b"]


@given(strategies.knowledge_bases)
def test_every_page_is_found_by_each_word_of_its_title_claim_answer_authors_and_tags(files: dict[str, str]):
    built = build(files)
    index = read(built.search(OTHERS))
    urls = {page.source: page.url for page in built.pages if page.source}
    for document in built.knowledge.graph.documents.values():
        text = f"{document.title} {document.description} {getattr(document, 'answer', '')} {' '.join(document.tags)}"
        if document in built.knowledge.graph.notes and built.knowledge.bibliography.of_note.get(document.id):
            text += " T A B"
        for word in segment(text):
            assert urls[document.path] in index.urls(word), word
    for key in built.knowledge.bibliography.sources:
        assert all(f"sources/{key}/" in index.urls(word) for word in ("t", "a", "b", "2020"))
    assert "method/" in index.urls("twice")


def test_bodies_are_searched_without_citations_and_link_destinations():
    body = "Körper [[b|worded]] [[b]] [linked](https://address.example/path) <!-- secret --> ![[b]] last"
    files = {
        "notes/a.md": note(body=body, scope="{holds: [held], not_shown: [unshown]}"),
        "notes/b.md": note("Cited?", description="Other.", sources="[{title: U, authors: [C], year: 2021, isbn: '1'}]"),
        "lines/l.md": line(body="Prose of a line [[b]]."),
    }
    index = read(build(files).search())
    for word in ("korper", "worded", "linked", "last", "held", "unshown"):
        assert index.urls(word) == ["notes/a/"], word
    for word in ("address", "path", "secret"):
        assert index.urls(word) == [], word
    assert index.urls("cited") == ["notes/b/"]
    assert index.urls("prose") == ["lines/l/"]


def test_titles_outweigh_claims_and_claims_outweigh_bodies():
    files = {
        "notes/a.md": note("Of nothing?", "A word."),
        "notes/b.md": note("Of nothing?", description="A word."),
        "notes/c.md": note("Of a word?", description="Nothing."),
        "notes/d.md": note("Of a word?", "A word of words.", description="A word."),
    }
    assert read(build(files).search()).urls("word") == ["notes/d/", "notes/c/", "notes/b/", "notes/a/"]


def test_a_word_counts_less_in_a_longer_body():
    entries = [SearchEntry(SearchResult("note", "", "", ""), "word " * 3 + "other " * length) for length in (10, 2000)]
    short, long = (indexed_document(entry).levels[0] for entry in entries)
    assert short > long


def test_results_are_ordered_by_kind_and_have_badges():
    files = {
        "notes/a.md": note(status="retracted", description=f"{'Long ' * 100}claim."),
        "lines/l.md": line(answer="Yes.", verdict="contested"),
        "lines/o.md": line("Open?", ""),
    }
    index = read(build(files).search(OTHERS))
    assert index.manifest["kinds"] == {"line": 2, "note": 1, "source": 1, "page": 1}
    titles, urls, texts, badges = zip(*index.rows, strict=True)
    assert urls == ("lines/l/", "lines/o/", "notes/a/", "sources/doi-10.1000-x/", "method/")
    assert titles[4] == "How we work"
    assert badges == ("verdict_contested", "verdict_open", "status_retracted", "", "")
    assert (texts[0], texts[3]) == ("Yes.", "B, 2020")
    assert len(texts[2]) <= 240


def test_filters_are_terms_of_the_pages_that_match():
    files = {
        "notes/a.md": note(tags="[Deep Topic]"),
        "lines/l.md": line(tags="[deep-topic]", verdict="partly"),
    }
    search_files = build(files, Config(language="de")).search()
    index = read(search_files)
    filters = json.loads(search_files[f"search/{index.manifest['filters']}.json"])
    assert filters == {
        "topic": [[":topic:deep-topic", "Deep Topic", 2]],
        "verdict": [[":verdict:partly", "Teilweise beantwortet", 1]],
        "year": [[":year:2020", "2020", 2]],
    }
    assert index.urls(":topic:deep-topic") == ["lines/l/", "notes/a/"]
    assert index.urls(":year:2020") == ["notes/a/", "sources/doi-10.1000-x/"]
    assert index.manifest["words"]["search"] == "Suche"


@given(strategies.knowledge_bases, st.randoms())
def test_the_order_of_files_does_not_change_the_index(files: dict[str, str], chance: random.Random):
    shuffled = list(files.items())
    chance.shuffle(shuffled)
    others = [HandWrittenPage(str(number), f"{number}/", "") for number in range(3)]
    assert build(files).search(others) == build(dict(shuffled)).search(others[::-1])


@given(st.lists(st.dictionaries(st.text(max_size=3), st.integers(0, 7), max_size=6), max_size=300))
def test_packed_postings_can_be_unpacked(documents: list[dict[str, int]]):
    postings = merge(IndexedDocument(tuple(levels), bytes(levels.values())) for levels in documents)
    for index, term in enumerate(postings.terms):
        unpacked = dict(_unpack(postings.packed[postings.byte_offsets[index] : postings.byte_offsets[index + 1]]))
        assert unpacked == {number: levels[term] for number, levels in enumerate(documents) if term in levels}


@pytest.fixture(scope="module")
def large() -> dict[str, str]:
    """Return eight hundred notes with a few common and many rare words."""
    chance = random.Random(1)
    syllables = "ba ce di fo gu ha ke li mo nu pa re si to vu".split()
    words = ["reward", *(f"{a}{b}{c}" for a in syllables for b in syllables for c in syllables)]
    weights = [1 / rank for rank in range(1, len(words) + 1)]

    def random_text(count: int) -> str:
        return " ".join(chance.choices(words, weights, k=count))

    return {
        f"notes/note-{number}.md": note(f"Does {random_text(8)}?", random_text(150), description=random_text(25))
        for number in range(800)
    }


def changed(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> set[str]:
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def test_an_edit_of_one_note_changes_few_files(large: dict[str, str]):
    before = build(large).search()
    assert len(before) > 80
    worded = {**large, "notes/note-7.md": large["notes/note-7.md"] + "\nOne zyzzyva more.\n"}
    # The old and new files of at most three words, and the list of files.
    assert len(changed(before, build(worded).search())) <= 2 * 3 + 1
    claimed = {**large, "notes/note-7.md": large["notes/note-7.md"].replace("description: ", "description: Zyzzyva ")}
    # Also the files with its result, and those of the prefixes for which it is among the best results.
    assert len(changed(before, build(claimed).search())) <= 2 * 12


def test_files_are_small_and_named_after_their_content(large: dict[str, str]):
    files = build(large).search()
    assert max(map(len, files.values())) < 30_000
    later_files = build({**large, "notes/new.md": note("New?")}).search()
    common_names = files.keys() & later_files.keys() - {"search/index.json"}
    assert all(files[name] == later_files[name] for name in common_names)


def test_a_prefix_of_many_words_has_precomputed_results(large: dict[str, str]):
    files = build(large).search()
    index = read(files)
    broad = index.manifest["broad"]
    assert broad
    for prefix, name in broad.items():
        matches = {number for term, levels in index.postings.items() if term.startswith(prefix) for number in levels}
        groups = json.loads(files[f"search/{name}.json"])
        assert [count for count, _ in groups] == [
            sum(index.rows[number][1].startswith(kind) for number in matches) for kind in ("lines", "notes", "sources")
        ] + [0]
        for (_, rows), limit in zip(groups, (4, 6, 3, 3), strict=True):
            assert len(rows) >= min(limit, len(rows))
            assert all(row in index.rows for row in rows)


def test_common_words_of_a_large_base_are_listed():
    documents = [IndexedDocument(("common", f"rare{number}", ":year:2020"), bytes(3)) for number in range(9000)]
    assert common_words(merge(documents)) == ["common"]
    assert common_words(merge(documents[:7000])) == []


def test_the_vocabulary_lists_the_most_common_words_first(large: dict[str, str]):
    files = build(large).search()
    index = read(files)
    words = files[f"search/{index.manifest['vocabulary']}.txt"].decode().split("\n")
    counts = [len(index.postings[word]) for word in words]
    assert counts == sorted(counts, reverse=True)
    assert "reward" in words[:10]
    assert all(len(word) >= 4 for word in words)


def test_an_empty_knowledge_base_has_no_results():
    files = build({}).search()
    assert read(files).rows == []


# --- in a site ------------------------------------------------------------------------------------------------------


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
    index = read({path.relative_to(built).as_posix(): path.read_bytes() for path in built.glob("search/*")})
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
    built = site(tmp_path, "search", QUIET % "", theme="mkdocs")
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


def test_the_small_base_is_searched_without_an_engine():
    assert read(build(read_tree(SMALL)).search()).urls("spacing")[0] == "notes/spacing-helps/"
