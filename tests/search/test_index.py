"""The index of the site's own search: what is found under which word, in which files, and what an edit changes."""

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
    """The pages of each term by their numbers, with their levels."""
    rows: list[list[str]]

    def found(self, word: str) -> list[str]:
        """The addresses of the pages that hold a word, the likeliest first."""
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
    assert order == sorted(order, key=lambda term: term.encode("utf-16-be")), "as JavaScript compares texts"
    rows = [row for name in _names(manifest["results"]) for row in json.loads(files[f"search/{name}.json"])]
    assert len(rows) == sum(manifest["kinds"].values())
    return Index(manifest, postings, rows)


def _names(joined: str) -> list[str]:
    return [joined[at : at + 10] for at in range(0, len(joined), 10)]


def _unpack(packed: bytes):
    number = value = place = 0
    for byte in packed:
        value |= (byte & 127) << 7 * place
        place += 1
        if byte < 128:
            number += value >> 3
            yield number, value & 7
            value = place = 0
    assert place == 0


@pytest.mark.parametrize("case", CASES, ids=[case["text"] for case in CASES])
def test_a_text_is_cut_into_words(case: dict[str, Any]):
    assert segment(case["text"]) == case["words"]


@given(st.text())
def test_words_stay_words(text: str):
    assert all(word in segment(word) for word in segment(text) if len(word) <= 60)


def test_a_run_that_is_too_long_is_no_word():
    assert segment(f"a {'x' * 64} {'y' * 65} é{'z' * 64} b") == ["a", "x" * 64, "b"]


@given(strategies.knowledge_bases)
def test_every_page_is_found_by_each_word_of_its_title_claim_answer_authors_and_tags(files: dict[str, str]):
    built = build(files)
    index = read(built.search(OTHERS))
    addresses = {page.source: page.url for page in built.pages if page.source}
    for document in built.knowledge.graph.documents.values():
        said = f"{document.title} {document.description} {getattr(document, 'answer', '')} {' '.join(document.tags)}"
        if document in built.knowledge.graph.notes and built.knowledge.bibliography.of_note.get(document.id):
            said += " T A B"
        for word in segment(said):
            assert addresses[document.path] in index.found(word), word
    for key in built.knowledge.bibliography.sources:
        assert all(f"sources/{key}/" in index.found(word) for word in ("t", "a", "b", "2020"))
    assert "method/" in index.found("twice")


def test_bodies_are_found_but_not_by_what_they_cite_and_link():
    body = "Körper [[b|worded]] [[b]] [linked](https://address.example/path) <!-- secret --> ![[b]] last"
    files = {
        "notes/a.md": note(body=body, scope="{holds: [held], not_shown: [unshown]}"),
        "notes/b.md": note("Cited?", description="Other.", sources="[{title: U, authors: [C], year: 2021, isbn: '1'}]"),
        "lines/l.md": line(body="Prose of a line [[b]]."),
    }
    index = read(build(files).search())
    for word in ("korper", "worded", "linked", "last", "held", "unshown"):
        assert index.found(word) == ["notes/a/"], word
    for word in ("address", "path", "secret"):
        assert index.found(word) == [], word
    assert index.found("cited") == ["notes/b/"]
    assert index.found("prose") == ["lines/l/"]


def test_titles_outweigh_claims_and_claims_bodies():
    files = {
        "notes/a.md": note("Of nothing?", "A word."),
        "notes/b.md": note("Of nothing?", description="A word."),
        "notes/c.md": note("Of a word?", description="Nothing."),
        "notes/d.md": note("Of a word?", "A word of words.", description="A word."),
    }
    assert read(build(files).search()).found("word") == ["notes/d/", "notes/c/", "notes/b/", "notes/a/"]


def test_the_longer_a_body_the_less_a_mention_says():
    entries = [SearchEntry(SearchResult("note", "", "", ""), "word " * 3 + "other " * length) for length in (10, 2000)]
    short, long = (indexed_document(entry).levels[0] for entry in entries)
    assert short > long


def test_results_show_what_they_are_in_the_order_of_the_kinds():
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


def test_filters_are_terms_with_the_pages_that_they_leave():
    files = {
        "notes/a.md": note(tags="[Deep Topic]"),
        "lines/l.md": line(tags="[deep-topic]", verdict="partly"),
    }
    made = build(files, Config(language="de")).search()
    index = read(made)
    filters = json.loads(made[f"search/{index.manifest['filters']}.json"])
    assert filters == {
        "topic": [[":topic:deep-topic", "Deep Topic", 2]],
        "verdict": [[":verdict:partly", "Teilweise beantwortet", 1]],
        "year": [[":year:2020", "2020", 2]],
    }
    assert index.found(":topic:deep-topic") == ["lines/l/", "notes/a/"]
    assert index.found(":year:2020") == ["notes/a/", "sources/doi-10.1000-x/"]
    assert index.manifest["words"]["search"] == "Suche"


@given(strategies.knowledge_bases, st.randoms())
def test_the_same_files_give_the_same_bytes_in_whatever_order_they_come(files: dict[str, str], chance: random.Random):
    shuffled = list(files.items())
    chance.shuffle(shuffled)
    others = [HandWrittenPage(str(number), f"{number}/", "") for number in range(3)]
    assert build(files).search(others) == build(dict(shuffled)).search(others[::-1])


@given(st.lists(st.dictionaries(st.text(max_size=3), st.integers(0, 7), max_size=6), max_size=300))
def test_what_is_packed_is_what_is_unpacked(documents: list[dict[str, int]]):
    postings = merge(IndexedDocument(tuple(one), bytes(one.values())) for one in documents)
    for at, term in enumerate(postings.terms):
        unpacked = dict(_unpack(postings.packed[postings.byte_offsets[at] : postings.byte_offsets[at + 1]]))
        assert unpacked == {number: one[term] for number, one in enumerate(documents) if term in one}


@pytest.fixture(scope="module")
def large() -> dict[str, str]:
    """Eight hundred notes of words of which some are common and most are rare."""
    chance = random.Random(1)
    syllables = "ba ce di fo gu ha ke li mo nu pa re si to vu".split()
    words = ["reward", *(f"{a}{b}{c}" for a in syllables for b in syllables for c in syllables)]
    weights = [1 / rank for rank in range(1, len(words) + 1)]

    def some(count: int) -> str:
        return " ".join(chance.choices(words, weights, k=count))

    return {
        f"notes/note-{number}.md": note(f"Does {some(8)}?", some(150), description=some(25)) for number in range(800)
    }


def changed(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> set[str]:
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def test_an_edit_of_one_note_changes_few_files(large: dict[str, str]):
    before = build(large).search()
    assert len(before) > 80
    worded = {**large, "notes/note-7.md": large["notes/note-7.md"] + "\nOne zyzzyva more.\n"}
    # Old and new of three words at most, and the list of files.
    assert len(changed(before, build(worded).search())) <= 2 * 3 + 1
    claimed = {**large, "notes/note-7.md": large["notes/note-7.md"].replace("description: ", "description: Zyzzyva ")}
    # Also what results show: of it, and of the beginnings that it is among the best of.
    assert len(changed(before, build(claimed).search())) <= 2 * 12


def test_files_are_small_and_bear_the_names_of_their_content(large: dict[str, str]):
    files = build(large).search()
    assert max(map(len, files.values())) < 30_000
    again = build({**large, "notes/new.md": note("New?")}).search()
    both = files.keys() & again.keys() - {"search/index.json"}
    assert all(files[name] == again[name] for name in both)


def test_a_beginning_of_too_many_words_has_its_best_pages_worked_out(large: dict[str, str]):
    files = build(large).search()
    index = read(files)
    broad = index.manifest["broad"]
    assert broad
    for beginning, name in broad.items():
        holding = {number for term, held in index.postings.items() if term.startswith(beginning) for number in held}
        groups = json.loads(files[f"search/{name}.json"])
        assert [count for count, _ in groups] == [
            sum(index.rows[number][1].startswith(kind) for number in holding) for kind in ("lines", "notes", "sources")
        ] + [0]
        for (_, rows), most in zip(groups, (4, 6, 3, 3), strict=True):
            assert len(rows) >= min(most, len(rows))
            assert all(row in index.rows for row in rows)


def test_the_words_that_most_pages_of_a_large_base_hold_are_told():
    documents = [IndexedDocument(("common", f"rare{number}", ":year:2020"), bytes(3)) for number in range(9000)]
    assert common_words(merge(documents)) == ["common"]
    assert common_words(merge(documents[:7000])) == []


def test_slips_are_looked_for_among_the_most_common_words(large: dict[str, str]):
    files = build(large).search()
    index = read(files)
    words = files[f"search/{index.manifest['vocabulary']}.txt"].decode().split("\n")
    counts = [len(index.postings[word]) for word in words]
    assert counts == sorted(counts, reverse=True)
    assert "reward" in words[:10]
    assert all(len(word) >= 4 for word in words)


def test_nothing_written_is_nothing_found():
    files = build({}).search()
    assert read(files).rows == []


# --- in a site ------------------------------------------------------------------------------------------------------


def test_the_text_of_a_page_is_what_a_reader_sees_of_it():
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


def test_the_search_takes_the_place_of_the_themes_and_says_so(tmp_path: Path):
    built = site(tmp_path, "search", QUIET % "")
    assert not (built / "search/search_index.json").exists()
    page = (built / "deep/er/index.html").read_text(encoding="utf-8")
    assert "md-search" not in page
    assert '<a class="md-header__button iq-search" href="../../lines/" aria-keyshortcuts="/">Search</a>' in page
    said = mkdocs_build(tmp_path).stderr
    assert said.count("`inquiry: {search: false}` keeps that one") == 1
    read_back = read({path.relative_to(built).as_posix(): path.read_bytes() for path in built.glob("search/*")})
    assert read_back.found("paper") == ["about/"]
    assert ["About us", "about/", "We read every paper.", ""] in read_back.rows
    assert ["The heading", "deep/er/", "Below.", ""] in read_back.rows
    assert ["Bare", "bare/", "No heading.", ""] in read_back.rows
    assert read_back.found("secret") == []


def test_every_page_has_the_control_whatever_stands_in_the_header(tmp_path: Path):
    more = mkdocs_yml([QUIET % ""], "site_url: https://example.org/kb/\nrepo_url: https://example.org/r\n")
    built = build_site(write(tmp_path, {**FILES, "mkdocs.yml": more}))
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


def test_both_engines_write_the_same_search(tmp_path: Path):
    sites = [
        build_site(Path(write(tmp_path / engine, {**FILES, "mkdocs.yml": mkdocs_yml([QUIET % ""])})), engine)
        for engine in ("mkdocs", "properdocs")
    ]
    one, other = ({path.name: path.read_bytes() for path in built.glob("search/*")} for built in sites)
    assert one == other


def test_the_small_base_is_searched_without_an_engine():
    assert read(build(read_tree(SMALL)).search()).found("spacing")[0] == "notes/spacing-helps/"
