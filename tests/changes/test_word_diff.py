"""Texts compared word by word."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from inquiry_site.changes.word_diff import Presence, diff_words


def marked(before: str, after: str) -> str:
    marks = {Presence.BOTH: "", Presence.REMOVED: "-", Presence.ADDED: "+"}
    return "".join(f"{marks[p.presence]}{p.text}{marks[p.presence]}" for p in diff_words(before, after))


def test_a_word_is_replaced_as_a_whole() -> None:
    assert marked("cut by 41 minutes.", "cut by 47 minutes.") == "cut by -41-+47+ minutes."


def test_a_figure_is_one_word() -> None:
    assert marked("over 1,350 of 3.5", "over 1,530 of 3.6") == "over -1,350-+1,530+ of -3.5-+3.6+"


def test_neighbouring_words_are_replaced_together() -> None:
    assert marked("it was very bad", "it was rather good") == "it was -very bad-+rather good+"


def test_words_are_added_and_removed() -> None:
    assert marked("a b", "a new b") == "a +new +b"
    assert marked("", "all") == "+all+"


@given(st.text(alphabet="ab .1间\u0301", max_size=30), st.text(alphabet="ab .1间\u0301", max_size=30))
def test_both_texts_can_be_read_from_the_pieces(before: str, after: str) -> None:
    pieces = diff_words(before, after)
    assert "".join(p.text for p in pieces if p.presence is not Presence.ADDED) == before
    assert "".join(p.text for p in pieces if p.presence is not Presence.REMOVED) == after


def test_long_texts_are_not_compared() -> None:
    start = time.perf_counter()
    pieces = diff_words("a b " * 100_000, "b a " * 100_000)
    assert [piece.presence for piece in pieces] == [Presence.REMOVED, Presence.ADDED]
    assert time.perf_counter() - start < 2
