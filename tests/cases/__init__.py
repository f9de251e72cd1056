"""Test cases in YAML; README.md describes how to read and add them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

if TYPE_CHECKING:
    from _pytest.mark import ParameterSet

Case = dict[str, Any]


def case_files(folder: str) -> list[Path]:
    return sorted(Path(__file__).with_name(folder).glob("[!_]*.yaml"))


def load_cases(path: Path) -> list[Case]:
    cases: list[Case] = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert len({case["about"] for case in cases}) == len(cases), f"two cases of {path.name} are about the same thing"
    return cases


def every_case(folder: str) -> list[ParameterSet]:
    """Return the cases of a folder as parameters (file, case), named after what each case is about."""
    return [
        pytest.param(path, case, id=f"{path.stem}: {case['about']}")
        for path in case_files(folder)
        for case in load_cases(path)
    ]


def check_case(path: Path, case: Case, outcome: Any) -> None:
    """Compare the outcome of a case with the expected one, or record it with ``UPDATE_CASES``."""
    if os.environ.get("UPDATE_CASES"):
        updated = {other["about"]: other for other in load_cases(path)} | {case["about"]: {**case, "expect": outcome}}
        path.write_text("\n".join(map(_dumped, updated.values())), encoding="utf-8")
    else:
        assert outcome == case.get("expect")


class _Dumper(yaml.SafeDumper):
    """Dumps strings of several lines as blocks."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def _dumped(case: Case) -> str:
    return yaml.dump([case], Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1000)
