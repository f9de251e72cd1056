"""Runs the shell steps of a workflow as a runner does, in a repository and with tools that a test supplies."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.support.knowledge_bases import ROOT

EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
SHELLS = {
    # What the documentation of GitHub gives for each, with the file of the script at the end.
    "bash": ["bash", "--noprofile", "--norc", "-eo", "pipefail"],
    "python": [sys.executable],
}


@dataclass
class Job:
    """One run of a job: its values, its folders, and what its steps did.

    Attributes:
        values: the value of each expression that an ``env`` uses, such as ``github.token``.
        environment: variables of the runner.
        outcomes: of each step with an id or a name.
        output: what the steps printed, in order.
    """

    folder: Path
    temporary: Path
    values: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    outcomes: dict[str, str] = field(default_factory=dict)
    output: dict[str, str] = field(default_factory=dict)

    def run(self, path: Path, job: str) -> bool:
        """Run all shell steps of a job; return whether it succeeded. Steps that use an action count as successful."""
        steps = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"][job]["steps"]
        succeeded = True
        for number, step in enumerate(steps):
            name = step.get("id") or step.get("name") or str(number)
            if not self._is_run(str(step.get("if", "success()")), succeeded):
                self.outcomes[name] = "skipped"
                continue
            self.outcomes[name] = "success"
            if "run" in step and self._execute(step, name, number):
                self.outcomes[name] = "failure"
                succeeded = False
        return succeeded

    def summary(self) -> str:
        """Return what the steps added to the summary of the run."""
        path = self.temporary / "summary.md"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def _is_run(self, condition: str, succeeded: bool) -> bool:
        """Evaluate a condition: conjunctions of comparisons, of which the workflows use no others."""
        bare = EXPRESSION.sub(r"\1", condition)
        terms = [term.strip() for term in bare.split("&&")]
        if not any(term in {"!cancelled()", "always()"} for term in terms) and not succeeded:
            return False
        for term in terms:
            if term in {"!cancelled()", "always()", "success()"}:
                continue
            left, operator, right = re.fullmatch(r"(\S+) (==|!=) '([^']*)'", term).groups()  # type: ignore[union-attr]
            if (self._value(left) == right) != (operator == "=="):
                return False
        return True

    def _value(self, expression: str) -> str:
        found = re.fullmatch(r"steps\.(\w+)\.outcome", expression)
        return self.outcomes[found[1]] if found else self.values[expression]

    def _execute(self, step: Mapping[str, Any], name: str, number: int) -> int:
        assert not EXPRESSION.search(step["run"]), "a value would become part of the script"
        script = self.temporary / f"step-{number}"
        script.write_text(step["run"], encoding="utf-8")
        given = {
            key: EXPRESSION.sub(lambda match: self._value(match[1]), str(value))
            for key, value in step.get("env", {}).items()
        }
        done = subprocess.run(
            [*SHELLS[step.get("shell", "bash")], str(script)],
            cwd=self.folder,
            env={
                **os.environ,
                "RUNNER_TEMP": str(self.temporary),
                "GITHUB_STEP_SUMMARY": str(self.temporary / "summary.md"),
                "GITHUB_OUTPUT": str(self.temporary / "output.txt"),
                **self.environment,
                **given,
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
        )
        self.output[name] = done.stdout + done.stderr
        return done.returncode


def supply_tools(folder: Path) -> dict[str, str]:
    """Write the commands that a workflow installs, and return the environment in which they are found.

    ``pip`` installs nothing: what it would install is the code of this repository.
    """
    folder.mkdir()
    tools = {
        "pip": 'echo "pip $*"',
        "inquiry": f'exec "{sys.executable}" -m inquiry_site.adapters.cli "$@"',
        "mkdocs": f'exec "{sys.executable}" -m mkdocs "$@"',
    }
    for name, text in tools.items():
        (folder / name).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    return {
        "PATH": os.pathsep.join([str(folder), os.environ["PATH"]]),
        "PYTHONPATH": str(ROOT / "src"),
        "NO_MKDOCS_2_WARNING": "1",
        "DISABLE_MKDOCS_2_WARNING": "true",
    }
