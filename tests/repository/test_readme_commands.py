"""The commands in the README work as they stand, pasted one after the other into a shell in an empty folder."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.repository.test_wheel import source_files
from tests.support.knowledge_bases import ROOT

CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SERVERS = {"make serve": "http://127.0.0.1:8000/", "mkdocs serve -a 127.0.0.1:8001": "http://127.0.0.1:8001/"}

PRELUDE = """
set -eu
wait_for() {
  for attempt in $(seq 200); do
    python3 -c "import sys, urllib.request; urllib.request.urlopen(sys.argv[1], timeout=5)" "$1" 2>/dev/null && return
    sleep 0.3
  done
  echo "no answer: $1" >&2
  return 1
}
"""

SUPPLY = """
mkdir -p .venv/bin
cp "$SUPPLIED/mkdocs" .venv/bin/mkdocs
sed -i.bak 's#exec python#exec "$(dirname "$0")/python"#' .venv/bin/mkdocs
"""
"""Gives the Makefile's environment the script that pip would write if it installed the engine itself."""


def shown_commands() -> list[str]:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return [line[2:] for block in CONSOLE.findall(text) for line in block.splitlines() if line.startswith("$ ")]


def script(repository: Path) -> str:
    """Return the README's commands as a script.

    Three differ: ``ADDRESS`` is the address of ``repository``, servers run in the background until they answer, and
    ``make test``, which is the very run that this test is part of, only lists its commands.
    """
    lines = [PRELUDE]
    for command in shown_commands():
        bare = command.partition(" #")[0].rstrip()
        if bare in SERVERS:
            lines += [f"{command} &".replace(" #", " & #", 1).removesuffix(" &"), f"wait_for {SERVERS[bare]}"]
        elif bare == "make test":
            lines.append("make -n test")
        else:
            lines.append(command.replace("ADDRESS", str(repository)))
        if command.startswith("git clone"):
            lines.append(SUPPLY)
    return "\n".join(lines)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository of the files here, with those that are not committed yet."""
    folder = tmp_path / "repository"
    for path in source_files():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, folder / path)
    git = ["git", "-c", "user.name=A Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"]
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "All files"]):
        subprocess.run([*git, *arguments], cwd=folder, check=True)
    return folder


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Variables with which pip finds every dependency installed, so that it asks no index.

    Each Python that a command starts also imports from the environment of the tests, except this project: its editable
    install is a ``.pth`` file, which has no effect there.
    """
    supplied = tmp_path / "supplied"
    supplied.mkdir()
    base = Path(getattr(sys, "_base_executable", sys.executable))
    for name, text in {"python3": f'exec "{base}" "$@"', "mkdocs": 'exec python -m mkdocs "$@"'}.items():
        (supplied / name).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        (supplied / name).chmod(0o755)
    own = str(Path(sys.executable).parent)
    path = [folder for folder in os.environ["PATH"].split(os.pathsep) if folder != own]
    outer = {"PYTHONPATH", "VIRTUAL_ENV", "MAKEFLAGS", "MAKELEVEL", "NO_MKDOCS_2_WARNING", "DISABLE_MKDOCS_2_WARNING"}
    return {
        **{name: value for name, value in os.environ.items() if name not in outer},
        "PATH": os.pathsep.join([str(supplied), *path]),
        "SUPPLIED": str(supplied),
        "PYTHONPATH": sysconfig.get_path("purelib"),
        "PIP_NO_INDEX": "1",
        "PIP_NO_CACHE_DIR": "1",
        # pip reads the variable of an option whose name begins with “no” the wrong way round.
        "PIP_NO_BUILD_ISOLATION": "false",
    }


def require_free_ports() -> None:
    for address in SERVERS.values():
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", int(address.rstrip("/").rpartition(":")[2])))
            except OSError:
                # In CI nothing else is served, and no test may be skipped.
                (pytest.fail if os.environ.get("CI") else pytest.skip)(f"something else is served at {address}")


def test_the_commands_work_when_pasted_in_order(tmp_path: Path, repository: Path, environment: dict[str, str]):
    require_free_ports()
    here = tmp_path / "empty"
    here.mkdir()
    with (tmp_path / "log.txt").open("w+", encoding="utf-8") as log:
        shell = subprocess.Popen(
            ["bash", "-c", script(repository)],
            cwd=here,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            status = shell.wait(timeout=240)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(shell.pid, signal.SIGTERM)
        log.seek(0)
        output = log.read()
    assert status == 0, output
    assert "3 notes, 2 lines and 1 hand-written page: no findings." in output
    assert "Traceback" not in output
    assert "reaches end of life" not in output
    installed = list(here.glob("my-env/lib/python*/site-packages/inquiry_site/adapters/starter/mkdocs.yml"))
    assert len(installed) == 1, "the commands ran what the README installs"


def test_every_command_is_run():
    commands = shown_commands()
    assert len(commands) == 8
    assert sum("serve" in command for command in commands) == len(SERVERS)
