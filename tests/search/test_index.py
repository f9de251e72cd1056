"""The index of the site's own search: its terms, postings and files, and which files an edit changes."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inquiry_site import Config, build, read_tree
from inquiry_site.search.entries import HandWrittenPage
from inquiry_site.search.index_files import common_words
from inquiry_site.search.postings import IndexedDocument, merge
from inquiry_site.search.segmentation import segment
from tests.support import strategies
from tests.support.knowledge_bases import SMALL, line, note
from tests.support.search_index import read_index

OTHERS = (HandWrittenPage("How we work", "method/", "Everything was read twice."),)


@given(strategies.knowledge_bases)
def test_every_page_is_found_by_each_word_of_its_title_claim_answer_authors_and_tags(files: dict[str, str]):
    built = build(files)
    index = read_index(built.search(OTHERS))
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


def test_results_are_ordered_by_kind_and_have_badges():
    files = {
        "notes/a.md": note(status="retracted", description=f"{'Long ' * 100}claim."),
        "lines/l.md": line(answer="Yes.", verdict="contested"),
        "lines/o.md": line("Open?", ""),
    }
    index = read_index(build(files).search(OTHERS))
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
    index = read_index(search_files)
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
    index = read_index(files)
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
    index = read_index(files)
    words = files[f"search/{index.manifest['vocabulary']}.txt"].decode().split("\n")
    counts = [len(index.postings[word]) for word in words]
    assert counts == sorted(counts, reverse=True)
    assert "reward" in words[:10]
    assert all(len(word) >= 4 for word in words)


def test_an_empty_knowledge_base_has_no_results():
    files = build({}).search()
    assert read_index(files).rows == []


def test_the_small_base_is_searched_without_an_engine():
    assert read_index(build(read_tree(SMALL)).search()).urls("spacing")[0] == "notes/spacing-helps/"
