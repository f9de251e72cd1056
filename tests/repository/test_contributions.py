"""Whoever runs ``make kb`` before a pull request learns what CI accepts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inquiry_site.adapters.cli.site_config import read_config
from inquiry_site.build import check
from tests.cases import Case
from tests.support.contributions import contributions, day, with_contributions
from tests.support.knowledge_bases import ROOT

CONFIG = replace(read_config(ROOT), today=day())
GOOD, BAD = contributions("good"), contributions("bad")


@pytest.mark.parametrize("case", GOOD, ids=lambda case: case["about"])
def test_nothing_is_reported_about_a_good_contribution(case: Case):
    assert check(with_contributions([case]), CONFIG).diagnostics == ()


@pytest.mark.parametrize("case", BAD, ids=lambda case: case["about"])
def test_what_is_wrong_with_a_bad_contribution_is_reported(case: Case):
    diagnostics = check(with_contributions([case]), CONFIG).diagnostics
    assert {diagnostic.code for diagnostic in diagnostics} == set(case["expect"]), diagnostics


def test_good_contributions_can_be_merged_together():
    assert check(with_contributions(GOOD), CONFIG).diagnostics == ()
