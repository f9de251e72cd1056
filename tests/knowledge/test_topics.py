"""Spellings of one tag are one topic, and each topic has a slug of its own."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inquiry_site import build
from tests.support.knowledge_bases import note


def slugs_of(*tags: str) -> dict[str, str]:
    """Return the slug of each topic by name."""
    built = build({"notes/a.md": note(tags=json.dumps(tags, ensure_ascii=False))})
    assert built.errors == ()
    return {topic.name: slug for slug, topic in built.knowledge.topics.by_slug.items()}


@pytest.mark.parametrize("tags", [("Post Training", "post-training", "post_training"), ("memory", "#memory", "Memory")])
def test_tags_that_differ_in_case_and_separators_are_one_topic(tags: tuple[str, ...]):
    assert list(slugs_of(*tags)) == [tags[0]]


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
    given_names = {" ".join(tag.split()) for tag in tags}
    assert {topic.name for topic in topics.by_slug.values()} <= given_names
    assert bool(topics.by_slug) == bool(tags)
