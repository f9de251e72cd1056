"""Spellings of one tag are one topic, and each topic has a slug of its own."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inquiry_site import build
from inquiry_site.knowledge.topics import in_words
from tests.support.knowledge_bases import line, note, topic


def slugs_of(*tags: str) -> dict[str, str]:
    """Return the slug of each topic by name."""
    built = build({"notes/a.md": note(tags=json.dumps(tags, ensure_ascii=False))})
    assert built.errors == ()
    return {topic.name: slug for slug, topic in built.knowledge.topics.by_slug.items()}


@pytest.mark.parametrize(
    ("tags", "name"),
    [
        (("Post Training", "post-training", "post_training"), "Post Training"),
        (("memory", "#memory", "Memory"), "Memory"),
        (("#memory",), "Memory"),
        (("reward-signal",), "Reward signal"),
        (("pass@k",), "pass@k"),
        (("gsm8k-math",), "gsm8k math"),
        (("iPhone_use",), "iPhone use"),
        (("RL",), "RL"),
        (("élan-vital",), "Élan vital"),
        (("强化学习",), "强化学习"),
        (("---",), "---"),
    ],
)
def test_a_topic_is_called_by_its_first_tag_in_words(tags: tuple[str, ...], name: str):
    assert list(slugs_of(*tags)) == [name]


def test_tags_that_differ_in_punctuation_are_different_topics():
    slugs = slugs_of("C++", "C#")
    assert set(slugs) == {"C++", "C#"}
    assert slugs["C#"] == "c", "the first in sorted order keeps the plain slug"
    assert slugs["C++"].startswith("c-")
    assert slugs_of("C++") == {"C++": "c"}


def test_a_tag_without_letters_has_a_slug():
    slugs = slugs_of("🧠", "💡")
    assert set(slugs) == {"🧠", "💡"}
    assert len(set(slugs.values())) == 2
    assert all(slug.isalnum() for slug in slugs.values())


@pytest.mark.parametrize("letter", ["a", "间"])
def test_the_slug_of_a_topic_fits_into_a_file_name(letter: str):
    slugs = slugs_of(letter * 300, letter * 301)
    assert len(set(slugs.values())) == 2
    assert all(len(slug.encode()) <= 100 for slug in slugs.values())


_tags = st.text(st.characters(exclude_categories=["Cc", "Cn", "Co", "Cs", "Zl", "Zp"]), min_size=1, max_size=5)


@given(st.lists(_tags.filter(str.strip), max_size=6))
def test_no_two_topics_share_a_slug(tags: list[str]):
    topics = build({"notes/a.md": note(tags=json.dumps(tags, ensure_ascii=False))}).knowledge.topics
    given_names = {in_words(" ".join(tag.split())) for tag in tags}
    assert {topic.name for topic in topics.by_slug.values()} <= given_names
    assert bool(topics.by_slug) == bool(tags)


FILES = {
    "notes/a.md": note(tags="[rewards]"),
    "notes/b.md": note(tags="[Reward_Signal, C++]"),
    "lines/l.md": line(tags="[feedback]"),
}


def test_a_file_names_a_topic_and_merges_its_aliases():
    text = topic("Reward signals", description="How far it can be trusted.", aliases="[rewards, Feedback]")
    topics = build({**FILES, "topics/reward-signal.md": text}).knowledge.topics
    merged = topics.by_slug["reward-signal"]
    assert (merged.name, merged.notes, merged.lines) == ("Reward signals", ("a", "b"), ("l",))
    assert merged.file is not None
    assert merged.file.description == "How far it can be trusted."
    assert set(topics.by_slug) == {"reward-signal", "c"}
    assert topics.of_document["a"] == topics.of_document["l"] == ("reward-signal",)
    assert topics.former_slugs == {"feedback": "reward-signal", "rewards": "reward-signal"}


def test_an_alias_names_a_tag_that_cannot_be_a_file_name():
    topics = build({**FILES, "topics/c-plus-plus.md": topic("C++", aliases='["c++"]')}).knowledge.topics
    assert topics.by_slug["c-plus-plus"].notes == ("b",)
    assert topics.former_slugs == {"c": "c-plus-plus"}


def test_a_tag_with_a_file_of_its_own_is_no_alias():
    files = {"topics/feedback.md": topic("B"), "topics/rewards.md": topic("A", aliases="[feedback]")}
    topics = build({**FILES, **files}).knowledge.topics
    assert {slug: one.name for slug, one in topics.by_slug.items()} == {
        "c": "C++",
        "feedback": "B",
        "reward-signal": "Reward Signal",
        "rewards": "A",
    }
    assert topics.former_slugs == {}


def test_a_file_for_an_unused_tag_is_no_topic():
    assert set(build({**FILES, "topics/other.md": topic()}).knowledge.topics.by_slug) == set(
        build(FILES).knowledge.topics.by_slug
    )
