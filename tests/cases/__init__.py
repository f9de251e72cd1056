"""Cases in plain text; README.md says how to read and how to add one."""

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
    """The cases of a folder with their files, each a test named after what the case is about."""
    return [
        pytest.param(path, case, id=f"{path.stem}: {case['about']}")
        for path in case_files(folder)
        for case in load_cases(path)
    ]


def check_case(path: Path, case: Case, found: Any) -> None:
    """Compare the result of a case with what it expects, or write it into its file."""
    if os.environ.get("UPDATE_CASES"):
        updated = {other["about"]: other for other in load_cases(path)} | {case["about"]: {**case, "expect": found}}
        path.write_text("\n".join(map(_dumped, updated.values())), encoding="utf-8")
    else:
        assert found == case.get("expect")


class _Dumper(yaml.SafeDumper):
    """Texts of several lines as they are."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def _dumped(case: Case) -> str:
    return yaml.dump([case], Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1000)
