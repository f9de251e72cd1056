"""Every kind of change, in plain text. The cases are in tests/cases/diff."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from inquiry_site import Config
from inquiry_site.changes.change import Change
from inquiry_site.changes.comparison import KINDS, compare
from inquiry_site.changes.terminal_report import render_changes_text
from tests.cases import Case, case_files, check_case, every_case, load_cases
from tests.support.revisions import QUIET, patched, revision

COMMON: dict[str, str] = yaml.safe_load((Path(__file__).parents[1] / "cases/diff/_common.yaml").read_text("utf-8"))

ROW = re.compile(r"^(?:critical|review|info): .* \[([\w-]+)\]$", re.MULTILINE)


def changes_of(case: Case) -> tuple[Change, ...]:
    config = Config.from_mapping({"rules": QUIET.rules, "today": QUIET.today, **case.get("config", {})})
    before = {**COMMON, **case.get("before", {})}
    after = patched(before, case["change"])
    is_ranked = case.get("ranking", False)
    return compare(revision(before, "BASE", config), revision(after, "HEAD", config), is_ranked)


@pytest.mark.parametrize(("path", "case"), every_case("diff"))
def test_changes(path: Path, case: Case) -> None:
    check_case(path, case, render_changes_text(changes_of(case)) + "\n")


def test_every_kind_has_a_case() -> None:
    cases = [case for path in case_files("diff") for case in load_cases(path)]
    with_case = {kind for case in cases for kind in ROW.findall(case["expect"])}
    assert with_case == {kind.kind for kind in KINDS}


def test_kinds_are_unique_and_listed() -> None:
    assert len({kind.kind for kind in KINDS}) == len(KINDS)
    assert {kind.kind for kind in KINDS} == {kind.kind for kind in _subclasses(Change) if hasattr(kind, "kind")}


def test_kinds_are_listed_worst_first() -> None:
    ranks = [kind.importance.rank for kind in KINDS]
    assert ranks == sorted(ranks)


def _subclasses(base: type[Change]) -> set[type[Change]]:
    direct = {kind for kind in base.__subclasses__() if kind.__module__.startswith("inquiry_site")}
    return direct | {inner for kind in direct for inner in _subclasses(kind)}
