"""Properties of similarity that hold for any collection of pages."""

from __future__ import annotations

import math
import warnings
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inquiry_site.similarity import signals, sparse
from inquiry_site.similarity.corpus import Item
from inquiry_site.similarity.engine import Related, relate
from inquiry_site.similarity.neighbours import SearchBudget
from tests.support.profiles import costly

WORDS = "reward model policy entropy verifier sample budget trace token step proof answer".split()


def nearest(related: Related, page: str) -> list[str]:
    return [other for other, _ in related.scored[page]]


def relate_checked(pages: list[Item]) -> Related:
    """Return related pages; fail on a warning of a library and on scores outside 0 to 1."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        related = relate(pages)
    for page, scored in related.scored.items():
        assert page not in dict(scored)
        assert all(math.isfinite(score) and 0 < score <= 1 for _, score in scored)
        assert [score for _, score in scored] == sorted((score for _, score in scored), reverse=True)
    return related


@st.composite
def collections(draw: st.DrawFn, least: int = 1, most: int = 9) -> list[Item]:
    ids = [f"p{number}" for number in range(draw(st.integers(least, most)))]
    text = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
    links = st.lists(st.sampled_from(ids), max_size=4)
    shared = st.fixed_dictionaries({"topics": st.lists(st.sampled_from("xyz"), max_size=2, unique=True)})
    return [Item(i, draw(text), draw(text), draw(text), draw(links), draw(shared)) for i in ids]


@given(collections(), st.randoms())
def test_the_order_of_pages_changes_nothing(pages: list[Item], chance):
    before = relate_checked(pages)
    shuffled = list(pages)
    chance.shuffle(shuffled)
    assert relate(shuffled).scored == before.scored


@given(collections())
def test_an_unrelated_page_changes_no_first_neighbour(pages: list[Item]):
    before = relate_checked(pages)
    after = relate_checked([*pages, Item("apart", "zebra", "quagga okapi", "giraffe")])
    assert after.scored["apart"] == ()
    for page in before.scored:
        assert nearest(after, page)[:1] == nearest(before, page)[:1]


@costly
@given(collections(), st.lists(st.tuples(st.integers(0, 8), collections(9)), max_size=3), st.booleans())
def test_an_update_equals_a_first_run(pages: list[Item], edits: list[tuple[int, list[Item]]], is_small: bool):
    """With a small and a large budget, and with any number of changed pages."""
    budget = (
        SearchBudget(max_candidates=2, max_terms=3, max_cost=6)
        if is_small
        else SearchBudget(max_candidates=100, max_terms=160, max_cost=24_000)
    )
    with patch.object(sparse, "FEW_SHARE", 1.0), patch.object(signals, "search_budget", lambda pages: budget):
        related = relate(pages)
        for index, others in edits:
            pages = [others[index] if page.id == others[index].id else page for page in pages]
            related = relate(pages, before=related)
            first_run = relate(pages)
            assert related == first_run
            for page in pages:
                for other in pages:
                    assert related.words.shared_by(page.id, other.id) == first_run.words.shared_by(page.id, other.id)
                    assert related.contributions(page.id, other.id) == first_run.contributions(page.id, other.id)


@given(st.lists(st.tuples(st.text(max_size=30), st.text(max_size=60)), max_size=6))
def test_any_text_is_accepted(texts: list[tuple[str, str]]):
    relate_checked([Item(f"p{number}", title, body, body) for number, (title, body) in enumerate(texts)])


@pytest.mark.parametrize(
    "pages",
    [
        [],
        [Item("alone", "One?", "Only one.", "Nothing else.")],
        [Item(f"p{number}", "The same?", "All alike.", "The same words.") for number in range(60)],
        [Item(f"p{number}") for number in range(20)],
        [Item("long", "word?", "", "word " * 100_000), Item("short", "word?", "A word.", "Another.")],
        [Item("hub", "All?", "", "", [f"p{number}" for number in range(500)])]
        + [Item(f"p{number}", f"Page {number}?", "", "", ["hub"]) for number in range(500)],
    ],
    ids=["none", "one", "all alike", "empty", "one word", "a hub"],
)
def test_every_page_of_a_hard_collection_has_a_list(pages: list[Item]):
    related = relate_checked(pages)
    assert set(related.scored) == {page.id for page in pages}


@pytest.mark.parametrize(
    ("asked", "same", "other"),
    [
        ("强化学习能创造新的推理能力吗", "强化学习是否带来推理能力", "睡眠是否巩固记忆"),
        ("強化学習は新しい推論を生むか", "強化学習による推論の獲得", "睡眠は記憶を固定するか"),
        ("การเรียนรู้แบบเสริมกำลังสร้างเหตุผลใหม่หรือไม่", "การเรียนรู้แบบเสริมกำลังกับเหตุผล", "การนอนหลับช่วยความจำหรือไม่"),
        ("Erzeugt RL neues Schließen?", "Was RL am Schließen ändert", "Festigt Schlaf das Gedächtnis?"),
    ],
    ids=["Chinese", "Japanese", "Thai", "German"],
)
def test_every_script_has_words(asked: str, same: str, other: str):
    related = relate_checked([Item("asked", asked), Item("other", other), Item("same", same)])
    assert nearest(related, "asked")[0] == "same"


def test_titles_count_more_where_pages_cited_together_share_them():
    def collection(shared: bool) -> list[Item]:
        """Return groups of pages that are cited together and share words of the text; with ``shared`` of titles too."""
        pages = []
        for group in range(30):
            names = [f"p{group:02}{member}" for member in range(4)]
            for member, name in enumerate(names):
                title = f"topic{group} word{member}" if shared else f"topic{(group + 7 * member) % 30} word{member}"
                pages.append(Item(name, title, "", f"body{group} more{group} text{group}"))
            pages.append(Item(f"q{group:02}", f"list{group}", "", "", names))
        return pages

    more, less = (relate_checked(collection(shared)).abstract_trust for shared in (True, False))
    assert more.pairs == less.pairs > 100
    assert more.factor > 1 > less.factor


def test_a_page_that_is_no_candidate_has_neighbours_and_is_none():
    pages = [
        Item("a", "Does sleep help?"),
        Item("b", "Does sleep matter?"),
        Item("q", "What of sleep?", is_candidate=False),
    ]
    related = relate_checked(pages)
    assert set(nearest(related, "q")) == {"a", "b"}
    assert nearest(related, "a") == ["b"]


def test_contributions_add_up_to_the_score():
    pages = [
        Item("a", "Does sleep help memory?", "Sleep helps.", "Long text of sleep.", ["c"], {"topics": ["sleep"]}),
        Item("b", "Does sleep fix memory?", "Sleep fixes.", "More text of sleep.", ["c"], {"topics": ["sleep"]}),
        Item("c", "What is memory?", "", "Memory."),
    ]
    related = relate_checked(pages)
    ((other, score), *_) = related.scored["a"]
    assert other == "b"
    assert sum(related.contributions("a", "b").values()) == pytest.approx(score, abs=0.001)
    assert sum(related.weights.values()) == pytest.approx(1)
    assert "c" not in nearest(related, "a"), "pages that it already links are excluded"
