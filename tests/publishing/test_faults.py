"""Rounds of ``tests.support.faults``: whatever ends a build, the published site is one whole version."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

from tests.support.faults import FAULTS, Base, play

GROUPS = 4
KINDS = [*FAULTS, "killed_while_publishing", "changing_files", "full_disk", "killed_at_a_call"]


@pytest.mark.skipif(sys.platform != "linux", reason="faults are put in as Linux allows")
@pytest.mark.parametrize("group", range(GROUPS))
def test_the_published_site_is_always_one_whole_version(tmp_path: Path, group: int):
    base, chance = Base(tmp_path), random.Random(group)
    rounds = [(kind, *play(base, kind, chance)) for kind in KINDS[group::GROUPS]]
    print(f"\n{len(rounds)} rounds, {sum(published for _, published, _ in rounds)} published")
    assert [(kind, wrong) for kind, _, wrong in rounds if wrong] == []
