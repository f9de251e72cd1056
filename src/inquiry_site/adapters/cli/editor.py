"""Open a file in the author's editor."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import click


def is_interactive() -> bool:
    """Return whether a person can answer questions and use an editor."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def open_editor(path: Path) -> None:
    """Open a file in ``$VISUAL`` or ``$EDITOR`` and wait; report if that is impossible."""
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not command:
        click.echo("Set $EDITOR to open new files at once.", err=True)
        return
    try:
        # Without a shell, which would interpret the name of the folder.
        status = subprocess.run([*shlex.split(command, posix=os.name != "nt"), str(path)], check=False).returncode  # noqa: S603
    except (OSError, ValueError) as error:
        click.echo(f"The editor “{command}” cannot be started: {error}.", err=True)
        return
    if status:
        click.echo(f"The editor “{command}” ended with status {status}.", err=True)
