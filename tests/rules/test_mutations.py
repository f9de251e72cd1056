"""Of single faults put into a clean knowledge base nearly all are reported at the right line."""

from __future__ import annotations

from inquiry_site.build import check
from tests.support.mutations import CONFIG, FAULTS, clean, mutations, reported


def test_the_clean_base_has_no_finding():
    assert check(clean(), CONFIG).diagnostics == ()


def test_of_two_hundred_faults_nearly_all_are_reported_at_the_right_line():
    put = list(mutations(200, seed=0))
    assert {mutation.kind for mutation in put} == set(FAULTS)
    assert all(mutation.files != clean() for mutation in put)
    missed = [(mutation.kind, sorted(mutation.places)) for mutation in put if not reported(mutation)]
    assert len(missed) <= 6, missed
