"""Tags that read alike are one topic, and each topic has an address of its own."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inquiry_site import build
from tests.support.knowledge_bases import note


def slugs_of(*tags: str) -> dict[str, str]:
    """The slug of each topic by its name."""
    built = build({"notes/a.md": note(tags=json.dumps(tags, ensure_ascii=False))})
    assert built.errors == ()
    return {topic.name: slug for slug, topic in built.knowledge.topics.by_slug.items()}


@pytest.mark.parametrize("tags", [("Post Training", "post-training", "post_training"), ("memory", "#memory", "Memory")])
def test_tags_that_read_alike_are_one_topic(tags: tuple[str, ...]):
    assert list(slugs_of(*tags)) == [tags[0]]


def test_names_that_differ_only_in_signs_are_topics_of_their_own():
    found = slugs_of("C++", "C#")
    assert set(found) == {"C++", "C#"}
    assert found["C#"] == "c", "the first in sorted order keeps the plain address"
    assert found["C++"].startswith("c-")
    assert slugs_of("C++") == {"C++": "c"}


def test_a_tag_without_a_letter_has_a_page_too():
    found = slugs_of("🧠", "💡")
    assert set(found) == {"🧠", "💡"}
    assert len(set(found.values())) == 2
    assert all(slug.isalnum() for slug in found.values())


@pytest.mark.parametrize("letter", ["a", "间"])
def test_the_address_of_a_topic_fits_into_the_name_of_a_file(letter: str):
    found = slugs_of(letter * 300, letter * 301)
    assert len(set(found.values())) == 2
    assert all(len(slug.encode()) <= 100 for slug in found.values())


_tags = st.text(st.characters(exclude_categories=["Cc", "Cn", "Co", "Cs", "Zl", "Zp"]), min_size=1, max_size=5)


@given(st.lists(_tags.filter(str.strip), max_size=6))
def test_no_two_topics_share_an_address(tags: list[str]):
    found = build({"notes/a.md": note(tags=json.dumps(tags, ensure_ascii=False))}).knowledge.topics
    given_names = {" ".join(tag.split()) for tag in tags}
    assert {topic.name for topic in found.by_slug.values()} <= given_names
    assert bool(found.by_slug) == bool(tags)
