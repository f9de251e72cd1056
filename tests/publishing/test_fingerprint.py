"""Hashes of sources, settings and the program."""

from __future__ import annotations

import functools

import pytest

from inquiry_site import Config
from inquiry_site.file_content import FileContent
from inquiry_site.publishing.fingerprint import hash_files, hash_program, hash_values

FILES: dict[str, FileContent] = {"notes/a.md": "one", "notes/b.md": b"two"}


@pytest.mark.parametrize(
    "other",
    [
        {"notes/a.md": "one"},
        {"notes/a.md": "one", "notes/c.md": b"two"},
        {"notes/a.md": "oneX", "notes/b.md": b"two"},
        {"notes/a.md": b"one", "notes/b.md": b"two"},
        {"notes/a.md": "onenotes/b.mdtwo"},
    ],
    ids=["one less", "another path", "another text", "bytes for text", "all in one"],
)
def test_other_files_have_another_hash(other: dict[str, FileContent]):
    assert hash_files(other) != hash_files(FILES)


def test_the_order_of_files_changes_no_hash():
    assert hash_files(dict(reversed(FILES.items()))) == hash_files(FILES)


def test_half_a_character_is_hashed():
    assert hash_files({"notes/\udcff.md": "\ud800"}) != hash_files({"notes/\udcff.md": "\ud801"})


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        (Config(), Config(), True),
        (Config(), Config(next_lines=3), False),
        ({"a": 1, "b": [2]}, {"b": [2], "a": 1}, True),
        ({"a": 1}, {"a": "1"}, False),
        ([1, 2], (1, 2), True),
        (functools.partial(sorted, reverse=True), functools.partial(sorted, reverse=True), True),
        (functools.partial(sorted, reverse=True), functools.partial(sorted), False),
        (sorted, reversed, False),
        (lambda: 1, lambda: 1, False),
    ],
    ids=["settings", "other settings", "order", "types", "sequences", "partials", "others", "functions", "no names"],
)
def test_settings_with_stable_names_have_the_same_hash(one: object, other: object, is_same: bool):
    assert (hash_values(one) == hash_values(other)) is is_same


def test_the_program_has_one_hash_in_a_process():
    assert hash_program() == hash_program.__wrapped__()
