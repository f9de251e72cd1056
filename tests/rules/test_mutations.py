"""Nearly all single faults planted in a clean knowledge base are reported at the right line."""

from __future__ import annotations

from inquiry_site.build import check
from tests.support.mutations import CONFIG, FAULTS, clean, mutations, reported


def test_the_clean_base_has_no_finding():
    assert check(clean(), CONFIG).diagnostics == ()


def test_nearly_all_planted_faults_are_reported_at_the_right_line():
    planted = list(mutations(200, seed=0))
    assert {mutation.kind for mutation in planted} == set(FAULTS)
    assert all(mutation.files != clean() for mutation in planted)
    missed = [(mutation.kind, sorted(mutation.places)) for mutation in planted if not reported(mutation)]
    assert len(missed) <= 6, missed
