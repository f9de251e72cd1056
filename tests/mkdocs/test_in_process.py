"""Builds in the process of the tests: they equal those of a separate process, which the tests of processes use."""

from __future__ import annotations

import gc
import logging
import os
import re
import shutil
import signal
import sys
import warnings
from pathlib import Path
from typing import Any

from tests.support.in_process import mkdocs_build
from tests.support.knowledge_bases import mkdocs_yml, note, write
from tests.support.sites import contents, run

HOOK = "import os\ndef on_config(config, **_):\n    config.site_name = os.environ['NAME']\n"
UNSTABLE = re.compile(r"building-\w+|in \d+\.\d+ seconds|kb-\d")


def process_state() -> list[Any]:
    logger = logging.getLogger("mkdocs")
    return [
        {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"},
        Path.cwd(),
        [*sys.path],
        [name for name in sys.modules if "hook" in name],
        signal.getsignal(signal.SIGTERM),
        [*warnings.filters],
        warnings.showwarning,
        (logger.level, logger.propagate, [*logger.handlers], [*logging.getLogger("mkdocs.commands.build").filters]),
        [*logging.getLogger().handlers],
        gc.get_freeze_count(),
        gc.isenabled(),
    ]


def test_a_build_equals_that_of_a_separate_process(small_copy: Path):
    write(small_copy, {"notes/warned.md": note("Is there a warning?", **{"unheard-of": "1"})})
    one = Path(shutil.copytree(small_copy, small_copy.with_name("kb-1")))
    other = Path(shutil.copytree(small_copy, small_copy.with_name("kb-2")))
    for options, status in (((), 0), (("--strict",), 1), (("--quiet",), 0)):
        here, separate = mkdocs_build(one, *options), run("mkdocs", "build", *options, cwd=other)
        assert here.returncode == separate.returncode == status
        assert UNSTABLE.sub("", here.stderr) == UNSTABLE.sub("", separate.stderr)
        assert here.stdout == separate.stdout
    assert contents(one / "site") == contents(other / "site")


def test_builds_restore_the_process_and_share_no_hooks(tmp_path: Path):
    config = mkdocs_yml(more="hooks: [hook.py]\n")
    before = process_state()
    for name in ("One", "Two"):
        files = {"mkdocs.yml": config, "hook.py": f"# {name}\n{HOOK}", "notes/a.md": note(), "docs/b.md": "# B\n"}
        folder = write(tmp_path / name, files)
        assert mkdocs_build(folder, NAME=name).returncode == 0
        assert f"<title>B - {name}</title>" in (folder / "site/b/index.html").read_text(encoding="utf-8")
        assert process_state() == before


def test_an_exception_is_in_the_output(tmp_path: Path):
    hook = "def on_config(config, **_):\n    raise ZeroDivisionError('in a hook')\n"
    files = {"mkdocs.yml": mkdocs_yml(more="hooks: [hook.py]\n"), "hook.py": hook, "docs/b.md": "# B\n"}
    before = process_state()
    done = mkdocs_build(write(tmp_path, files))
    assert done.returncode == 1
    assert "Traceback" in done.stderr
    assert "ZeroDivisionError: in a hook" in done.stderr
    assert process_state() == before
