"""Fixes are applied together only if they do not overlap, and each as a whole."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from inquiry_site.diagnostics import Edit
from inquiry_site.diagnostics.edits import apply_edits, compatible_edits


def applied(text: str, *fixes: tuple[Edit, ...]) -> tuple[str, int]:
    edits, count = compatible_edits(fixes)
    return apply_edits(text.encode(), edits).decode(), count


def test_a_fix_that_overlaps_an_earlier_one_is_left_out_as_a_whole():
    quoting, inner = (Edit(0, 0, '"'), Edit(5, 5, '"')), (Edit(2, 4, "x"), Edit(8, 9, "y"))
    assert applied("abcdefghij", (Edit(1, 3, "_"),), inner) == ("a_defghij", 1)
    assert applied("abcdefghij", quoting, (Edit(7, 8, ""),)) == ('"abcde"fgij', 2)


def test_two_findings_may_have_the_same_fix():
    assert applied("abc", (Edit(1, 2, "x"),), (Edit(1, 2, "x"),)) == ("axc", 2)
    assert applied("abc", (Edit(1, 1, "x"),), (Edit(1, 1, "y"),)) == ("axbc", 1)


_edits = st.builds(
    lambda start, length, new: Edit(start, start + length, new),
    st.integers(0, 12),
    st.integers(0, 3),
    st.sampled_from(["", "x", "yy"]),
)


@given(st.lists(st.lists(_edits, max_size=2).map(tuple), max_size=6))
def test_chosen_edits_never_overlap(fixes: list[tuple[Edit, ...]]):
    separate = [fix for fix in fixes if len(fix) < 2 or max(fix).start >= min(fix).end]
    edits, count = compatible_edits(separate)
    assert count <= len(separate)
    assert edits == sorted(set(edits))
    assert all(one.end <= other.start for one, other in pairwise(edits))
