"""The wheel by itself, away from the repository."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.knowledge_bases import ROOT


def test_a_new_knowledge_base_builds_from_an_installed_wheel(tmp_path: Path):
    def python(*arguments: str, cwd: Path) -> str:
        environment = {**os.environ, "PYTHONPATH": str(tmp_path / "installed"), "PIP_NO_INDEX": "1"}
        done = subprocess.run(
            [sys.executable, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    python("-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), cwd=ROOT)
    (wheel,) = tmp_path.glob("*.whl")
    python("-m", "pip", "install", "--no-deps", "--target", str(tmp_path / "installed"), str(wheel), cwd=tmp_path)
    used = python("-c", "import inquiry_site; print(inquiry_site.__file__)", cwd=tmp_path)
    assert str(tmp_path / "installed") in used
    python("-m", "inquiry_site.adapters.commands", "init", "my-kb", cwd=tmp_path)
    python("-m", "mkdocs", "build", "--strict", cwd=tmp_path / "my-kb")
    page = (tmp_path / "my-kb/site/lines/does-rl-add-ability/index.html").read_text(encoding="utf-8")
    assert "Sources · 2 notes" in page
    assert (tmp_path / "my-kb/site/assets/inquiry/inquiry.css").stat().st_size > 1000
