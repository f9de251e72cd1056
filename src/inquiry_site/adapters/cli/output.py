"""What every command writes: results on standard output, failures on standard error with an exit status."""

from __future__ import annotations

import sys
from typing import NoReturn

import click

FINDINGS, COULD_NOT_RUN = 1, 2
"""Exit status if the files have problems, and if the command could not run."""


def fail(message: str, hint: str = "", status: int = COULD_NOT_RUN) -> NoReturn:
    """End the command with a message on standard error."""
    click.echo(click.style("error: ", fg="red", bold=True, reset=True) + message, err=True)
    if hint:
        click.echo(f"help: {hint}", err=True)
    sys.exit(status)


def write_stdout(text: str) -> None:
    """Write to standard output as UTF-8, whatever the terminal's encoding: the bytes are part of the contract.

    Names of files that are not UTF-8 are escaped as in JSON.
    """
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()
