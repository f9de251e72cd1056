"""Test cases in YAML; README.md describes how to read and add them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

Case = dict[str, Any]


def case_files(folder: str) -> list[Path]:
    return sorted(Path(__file__).with_name(folder).glob("[!_]*.yaml"))


def check_cases(path: Path, outcome: Callable[[Case], Any]) -> None:
    """Compare the outcome of each case of a file with the expected one, or record it with ``UPDATE_CASES``."""
    cases: list[Case] = yaml.safe_load(path.read_text(encoding="utf-8"))
    outcomes = {case["about"]: outcome(case) for case in cases}
    assert len(outcomes) == len(cases), "two cases are about the same thing"
    if os.environ.get("UPDATE_CASES"):
        updated = [{**case, "expect": outcomes[case["about"]]} for case in cases]
        path.write_text("\n".join(_dumped(case) for case in updated), encoding="utf-8")
    else:
        assert outcomes == {case["about"]: case.get("expect") for case in cases}


class _Dumper(yaml.SafeDumper):
    """Dumps strings of several lines as blocks."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def _dumped(case: Case) -> str:
    return yaml.dump([case], Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1000)
